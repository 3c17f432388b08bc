import { element, textElement } from '../markup.js';
import { drawXAxis } from '../svg/axis.js';
import { figureWidth, fitText, writeSvg } from '../svg/document.js';
import { makeLinearScale } from '../svg/scale.js';
import type { TrialUse } from '../types.js';

const rowHeight = 20;
const labelWidth = 176;

/** Parts differ in lightness, height and letter, so that grey print keeps them apart. */
const looks = {
  train: { fill: '#9ccdea', text: '#1a1a1a', height: 13, letters: 'train' },
  validation: { fill: '#f3cc7a', text: '#1a1a1a', height: 9, letters: 'val' },
  test: { fill: '#0072B2', text: '#ffffff', height: 13, letters: 'test' },
} as const;

/** Where training, validation and test lie in each trial, on one time axis; dark ticks above a strip are masked frames. */
export function drawSplitStrip(trials: readonly TrialUse[]): string {
  const longest = Math.max(1e-3, ...trials.map((trial) => trial.end_s - trial.start_s));
  const plot = { x: labelWidth, y: 2, width: figureWidth - labelWidth - 14, height: trials.length * rowHeight };
  const scale = makeLinearScale([0, longest], [plot.x, plot.x + plot.width], 8);
  const parts = [drawXAxis(scale, plot, 'time since the start of the trial, s')];
  trials.forEach((trial, i) => {
    const middle = plot.y + i * rowHeight + rowHeight / 2 + 1.5;
    const place = (span: { start_s: number; end_s: number }) => {
      const x = scale.calc(Math.max(0, span.start_s - trial.start_s));
      return { x, width: Math.max(0, scale.calc(Math.min(longest, span.end_s - trial.start_s)) - x) };
    };
    parts.push(
      textElement('text', fitText(trial.trial, labelWidth - 14, 10), {
        x: labelWidth - 8,
        y: middle + 3,
        'text-anchor': 'end',
        'font-size': 10,
      }),
      element('rect', { ...place(trial), y: middle - 1, height: 2, fill: '#b3b3b3' }),
    );
    for (const part of trial.parts) {
      const look = looks[part.part];
      const { x, width } = place(part);
      parts.push(
        element('rect', {
          x,
          width,
          y: middle - look.height / 2,
          height: look.height,
          fill: look.fill,
          stroke: '#ffffff',
          'stroke-width': 0.8,
        }),
      );
      if (width > 5 * look.letters.length + 6)
        parts.push(
          textElement('text', look.letters, {
            x: x + width / 2,
            y: middle + 3,
            'text-anchor': 'middle',
            'font-size': 9,
            fill: look.text,
          }),
        );
    }
    for (const span of trial.masked_spans) {
      const { x, width } = place(span);
      parts.push(element('rect', { x, width: Math.max(0.8, width), y: middle - 9, height: 3, fill: '#1a1a1a' }));
    }
  });
  return writeSvg(
    'Use of the trials',
    'Strips show which seconds of each trial were used to train, to validate and to test; dark marks above a strip are masked frames.',
    figureWidth,
    plot.y + plot.height + 36,
    parts.join(''),
  );
}
