import { formatSignificant } from '../format.js';
import { element, textElement } from '../markup.js';
import { listDrawnModels, measuredLook, modelLooks, modelOrder } from '../models.js';
import { maskSeries } from '../stretch.js';
import { type Box, drawXAxis } from '../svg/axis.js';
import { figureWidth, fitText, writeSvg } from '../svg/document.js';
import { drawLegend } from '../svg/legend.js';
import { drawPanel, margin, maskColour } from '../svg/line-chart.js';
import { makeBandPath, makeLinePath } from '../svg/path.js';
import { findExtent, findRoundDomain, makeLinearScale } from '../svg/scale.js';
import type { MuscleChain, NamedSeries, Span } from '../types.js';
import { labelTorque, listTorqueKeys } from './torque-traces.js';

const laneHeight = 19;
const laneLabel = 104;
const torqueHeight = 168;

interface Stage {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly NamedSeries[];
  readonly colour: string;
}

/**
 * EMG, activation, muscle force and torque of one trial, one above the other over the same seconds.
 * Each muscle has its own lane, labelled at the left; the lanes of a stage share one scale, so that heights compare.
 * @param positive what a positive torque means
 */
export function drawMuscleChain(chain: MuscleChain, positive: string): string {
  const { times_s } = chain;
  const span: Span = { start_s: times_s[0], end_s: times_s[times_s.length - 1] };
  const stages: Stage[] = [
    { title: 'EMG envelope', unit: 'of maximum', series: chain.emg, colour: '#757575' },
    { title: 'Activation', unit: '(0 to 1)', series: chain.activation, colour: '#009E73' },
    { title: 'Muscle-tendon force', unit: 'N', series: chain.force_N, colour: '#0072B2' },
  ].filter((stage) => stage.series.length > 0);
  const parts: string[] = [];
  let y = 0;
  for (const stage of stages) {
    const box: Box = {
      x: laneLabel,
      y: y + 20,
      width: figureWidth - laneLabel - margin.right,
      height: stage.series.length * laneHeight,
    };
    parts.push(drawLanes(stage, chain, span, box));
    y = box.y + box.height + 12;
  }
  const models = listDrawnModels(modelOrder.filter((model) => chain.predicted_Nm_per_kg[model] !== undefined));
  const legend = drawLegend(listTorqueKeys(models), laneLabel, y, figureWidth - laneLabel);
  const mask = (values: readonly (number | null)[]) => maskSeries(times_s, values, chain.masked);
  const lines = [{ x: times_s, y: mask(chain.measured_Nm_per_kg), look: measuredLook }];
  for (const model of models)
    lines.push({ x: times_s, y: mask(chain.predicted_Nm_per_kg[model]!), look: modelLooks[model] });
  const extent = findExtent(
    lines.map((line) => line.y),
    [0],
  );
  const top = y + legend.height;
  parts.push(
    legend.svg,
    drawPanel(
      {
        title: 'Joint torque',
        x: { label: 'time in trial, s', domain: [span.start_s, span.end_s] },
        y: { label: labelTorque(positive), domain: findRoundDomain(...extent) },
        shaded: chain.masked,
        lines,
      },
      {
        x: laneLabel - margin.left,
        y: top,
        width: figureWidth - laneLabel + margin.left,
        height: torqueHeight,
      },
      { x: true, y: true },
    ),
  );
  return writeSvg(
    'From EMG to torque',
    `EMG, activation, muscle force and torque of trial ${chain.trial} of ${chain.participant} over time.`,
    figureWidth,
    top + torqueHeight,
    parts.join(''),
  );
}

/** One lane per series from 0 to the largest value of the stage. */
function drawLanes(stage: Stage, chain: MuscleChain, span: Span, box: Box): string {
  const [, top] = findRoundDomain(0, findExtent(stage.series.map((one) => one.values), [0])[1] || 1, 4); // biome-ignore format: one thought
  const xScale = makeLinearScale([span.start_s, span.end_s], [box.x, box.x + box.width], 12);
  const parts = [
    textElement('text', stage.title, { x: box.x, y: box.y - 6, 'font-weight': 600, 'font-size': 11.5 }),
    textElement('text', `each lane: 0 to ${formatSignificant(top, 2)} ${stage.unit}`, {
      x: box.x + box.width,
      y: box.y - 6,
      'text-anchor': 'end',
      'font-size': 9.5,
      fill: '#4d4d4d',
    }),
  ];
  for (const one of chain.masked) {
    const start = Math.max(one.start_s, span.start_s);
    const end = Math.min(one.end_s, span.end_s);
    if (end > start)
      parts.push(
        element('rect', {
          x: xScale.calc(start),
          y: box.y,
          width: xScale.calc(end) - xScale.calc(start),
          height: box.height,
          fill: maskColour,
        }),
      );
  }
  for (const tick of xScale.ticks) {
    const x = xScale.calc(tick);
    parts.push(element('line', { x1: x, x2: x, y1: box.y, y2: box.y + box.height, stroke: '#e6e6e6' }));
  }
  stage.series.forEach(({ name, values }, i) => {
    const base = box.y + (i + 1) * laneHeight;
    const yScale = makeLinearScale([0, top], [base, base - laneHeight + 2], 1);
    const area = makeBandPath(chain.times_s, values.map((value) => value === null ? null : 0), values, xScale, yScale); // biome-ignore format: one thought
    const line = makeLinePath(chain.times_s, values, xScale, yScale);
    parts.push(
      element('line', { x1: box.x, x2: box.x + box.width, y1: base, y2: base, stroke: '#b3b3b3', 'stroke-width': 0.7 }),
      area === '' ? '' : element('path', { d: area, fill: stage.colour, 'fill-opacity': 0.3 }),
      line === '' ? '' : element('path', { d: line, fill: 'none', stroke: stage.colour, 'stroke-width': 1 }),
      textElement('text', fitText(name, laneLabel - 12, 10), {
        x: box.x - 6,
        y: base - 4,
        'text-anchor': 'end',
        'font-size': 10,
      }),
    );
  });
  return parts.join('');
}
