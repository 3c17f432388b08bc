import type { Matrix } from '../cohort/matrix.js';
import { listColumn } from '../cohort/matrix.js';
import { calcSpread } from '../cohort/spread.js';
import { formatNumber, isNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import type { Look } from '../models.js';
import { type Box, drawYAxis } from '../svg/axis.js';
import { estimateWidth, figureWidth, fitText, writeSvg } from '../svg/document.js';
import { drawLegend } from '../svg/legend.js';
import { findExtent, findRoundDomain, makeLinearScale, type Scale } from '../svg/scale.js';

export interface PairedPanel {
  readonly label: string;
  readonly matrix: Matrix<string>;
  /** Colours of the treatments' dots. */
  readonly colours: readonly string[];
  /** Values below it are drawn at the edge with their number: one useless model must not squeeze the others. */
  readonly lowest?: number;
  readonly decimals: number;
}

const plotHeight = 250;
const left = 52;
const lineHeight = 11.5;

const medianLook: Pick<Look, 'colour' | 'width' | 'dash' | 'marker'> = {
  colour: '#1a1a1a',
  width: 3,
  dash: undefined,
  marker: 'circle',
};

/** Every participant's value under each treatment, joined by a line; a dark bar and box show the median and its interval. Panels side by side. */
export function drawPairedDots(panels: readonly PairedPanel[], title: string): string {
  const legend = drawLegend(
    [
      { label: 'one participant', kind: 'line', look: { ...medianLook, colour: '#9a9a9a', width: 1 } },
      { label: 'median', kind: 'line', look: medianLook },
      { label: '95 % bootstrap interval of the median', kind: 'box', look: medianLook, opacity: 0.2 },
    ],
    left,
    0,
    figureWidth - left,
  );
  const cell = figureWidth / panels.length;
  const top = legend.height + 10;
  let lines = 1;
  const drawn = panels.map((panel, p) => {
    const plot: Box = { x: p * cell + left, y: top, width: cell - left - 10, height: plotHeight };
    const step = plot.width / panel.matrix.treatments.length;
    const labels = panel.matrix.treatments.map((name) => wrap(name, step - 4));
    lines = Math.max(lines, ...labels.map((label) => label.length));
    return drawPanel(panel, plot, step, labels);
  });
  return writeSvg(
    title,
    'Dots are participants, joined by a line from model to model; bars and boxes are the median and its interval.',
    figureWidth,
    top + plotHeight + 10 + lines * lineHeight + 4,
    legend.svg + drawn.join(''),
  );
}

function drawPanel(panel: PairedPanel, plot: Box, step: number, labels: readonly (readonly string[])[]): string {
  const { matrix, lowest } = panel;
  const [low, high] = findExtent(
    matrix.values.map((row) => row),
    lowest === undefined ? [0] : [],
  );
  const domain = findRoundDomain(lowest === undefined ? low : Math.max(low, lowest), high, 6);
  const scale = makeLinearScale(domain, [plot.y + plot.height, plot.y], 6);
  const x = (column: number) => plot.x + (column + 0.5) * step;
  const hold = (value: number) => Math.max(value, domain[0]);
  const parts = [drawYAxis(scale, plot, panel.label)];
  const paths = matrix.values.map((row) => {
    let path = '';
    let open = false;
    row.forEach((value, column) => {
      if (isNumber(value)) path += `${open ? 'L' : 'M'}${round(x(column))} ${round(scale.calc(hold(value)))}`;
      open = isNumber(value);
    });
    return element('path', { d: path, fill: 'none', stroke: '#9a9a9a', 'stroke-width': 0.9, 'stroke-opacity': 0.75 });
  });
  parts.push(...paths);
  matrix.treatments.forEach((_, column) => {
    parts.push(drawColumn(panel, column, x(column), step, scale, plot));
    labels[column].forEach((line, i) => {
      parts.push(
        textElement('text', line, {
          x: x(column),
          y: plot.y + plot.height + 15 + i * lineHeight,
          'text-anchor': 'middle',
          'font-size': 10,
        }),
      );
    });
  });
  parts.push(
    element('line', {
      x1: plot.x,
      x2: plot.x + plot.width,
      y1: plot.y + plot.height,
      y2: plot.y + plot.height,
      stroke: '#4d4d4d',
    }),
  );
  return parts.join('');
}

function drawColumn(panel: PairedPanel, column: number, x: number, step: number, scale: Scale, plot: Box): string {
  const values = listColumn(panel.matrix, column);
  if (values.length === 0) return '';
  const [bottom] = scale.domain;
  const hold = (value: number) => Math.min(scale.domain[1], Math.max(value, bottom));
  const { median, interval } = calcSpread(values, panel.matrix.treatments[column]);
  const half = Math.min(13, 0.36 * step);
  const below = values.filter((value) => value < bottom);
  return [
    interval === null
      ? ''
      : element('rect', {
          x: x - half,
          width: 2 * half,
          y: scale.calc(hold(interval[1])),
          height: Math.max(1, scale.calc(hold(interval[0])) - scale.calc(hold(interval[1]))),
          fill: '#1a1a1a',
          'fill-opacity': 0.2,
        }),
    ...values
      .filter((value) => value >= bottom)
      .map((value) =>
        element('circle', {
          cx: x,
          cy: scale.calc(value),
          r: 3,
          fill: panel.colours[column],
          'fill-opacity': 0.85,
          stroke: '#ffffff',
          'stroke-width': 0.7,
        }),
      ),
    element('line', {
      x1: x - half,
      x2: x + half,
      y1: scale.calc(hold(median)),
      y2: scale.calc(hold(median)),
      stroke: '#1a1a1a',
      'stroke-width': 2.6,
    }),
    below.length === 0
      ? ''
      : element('path', {
          d: `M${round(x - 4)} ${round(plot.y + plot.height - 8)}h8l-4 6z`,
          fill: panel.colours[column],
        }) +
        // A white ground, for dots and lines may lie under the number.
        element('rect', {
          x: x - 19,
          y: plot.y + plot.height - 20,
          width: 38,
          height: 11,
          fill: '#ffffff',
          'fill-opacity': 0.85,
        }) +
        textElement('text', `${below.length} below`, {
          x,
          y: plot.y + plot.height - 11,
          'text-anchor': 'middle',
          'font-size': 9,
          fill: '#333',
        }),
  ].join('');
}

/** Words of a label on lines that fit a width. */
function wrap(label: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of label.split(' ')) {
    const joined = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && estimateWidth(joined, 10) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines.map((line) => fitText(line, Math.max(width, 24), 10));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `0.121 (0.110 to 0.135)`: a median with its interval, for tables. */
export function sayMedian(values: readonly number[], decimals: number, seed?: string): string {
  if (values.length === 0) return formatNumber(null, 0);
  const { median, interval } = calcSpread(values, seed);
  const limits = interval ? ` (${formatNumber(interval[0], decimals)} to ${formatNumber(interval[1], decimals)})` : '';
  return `${formatNumber(median, decimals)}${limits}`;
}
