import type { BlandAltmanResult } from '../../statistics/index.js';
import { formatCount, formatNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import { modelLooks } from '../models.js';
import { type Box, drawXAxis, drawYAxis } from '../svg/axis.js';
import { figureWidth, fitText, writeSvg } from '../svg/document.js';
import { findExtent, findRoundDomain, makeLinearScale, type Scale } from '../svg/scale.js';
import type { PeakPair } from '../types.js';

export interface AgreementPanel {
  readonly title: string;
  readonly peaks: readonly PeakPair[];
  readonly result: BlandAltmanResult;
}

const height = 200;
const space = { left: 50, right: 44, top: 22, bottom: 38 };

/** Difference against mean of measured and predicted peak torque: pale dots are cycles, ringed dots are participants' means; lines are bias and limits of agreement. */
export function drawAgreement(panels: readonly AgreementPanel[]): string {
  const columns = Math.min(2, panels.length);
  const width = (columns === 1 ? 0.62 * figureWidth : figureWidth) / columns;
  const drawn = panels.map((panel, i) =>
    drawPanel(panel, { x: (i % columns) * width, y: Math.floor(i / columns) * height, width, height }),
  );
  return writeSvg(
    'Agreement of predicted and measured peak torque',
    'Bland–Altman plots: predicted minus measured peak torque against their mean, with bias and limits of agreement.',
    columns * width,
    Math.ceil(panels.length / columns) * height,
    drawn.join(''),
  );
}

function drawPanel({ title, peaks, result }: AgreementPanel, box: Box): string {
  const plot: Box = {
    x: box.x + space.left,
    y: box.y + space.top,
    width: box.width - space.left - space.right,
    height: box.height - space.top - space.bottom,
  };
  const points = peaks.map(({ participant, measured_Nm_per_kg: y, predicted_Nm_per_kg: p }) => ({
    participant,
    x: (y + p) / 2,
    y: p - y,
  }));
  const [left, right] = findExtent([points.map(({ x }) => x)]);
  const [low, high] = findExtent([points.map(({ y }) => y)], [0, result.lower, result.upper]);
  const xScale = makeLinearScale(findRoundDomain(left, right, 5), [plot.x, plot.x + plot.width], 5);
  const yScale = makeLinearScale(findRoundDomain(low, high, 6), [plot.y + plot.height, plot.y], 6);
  const { colour } = modelLooks[peaks[0].model];
  const dot = (x: number, y: number, large: boolean) =>
    element('circle', {
      cx: xScale.calc(x),
      cy: yScale.calc(y),
      r: large ? 3.6 : 1.7,
      fill: colour,
      'fill-opacity': large ? 1 : 0.35,
      stroke: large ? '#1a1a1a' : undefined,
      'stroke-width': large ? 0.9 : undefined,
    });
  const people = [...new Set(points.map(({ participant }) => participant))];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return [
    textElement('text', fitText(title, plot.width - 110, 11.5), {
      x: plot.x,
      y: box.y + 14,
      'font-weight': 600,
      'font-size': 11.5,
    }),
    textElement('text', `n = ${result.n}, ${formatCount(peaks.length, 'peak')}`, {
      x: plot.x + plot.width,
      y: box.y + 14,
      'text-anchor': 'end',
      'font-size': 9.5,
      fill: '#4d4d4d',
    }),
    drawXAxis(xScale, plot, 'mean of measured and predicted peak, N·m/kg'),
    drawYAxis(yScale, plot, 'predicted − measured'),
    drawLimit(result.upper, result.upperInterval, 'upper', plot, yScale),
    drawLimit(result.bias, result.biasInterval, 'bias', plot, yScale),
    drawLimit(result.lower, result.lowerInterval, 'lower', plot, yScale),
    ...points.map(({ x, y }) => dot(x, y, false)),
    ...people.map((name) => {
      const own = points.filter(({ participant }) => participant === name);
      return dot(mean(own.map(({ x }) => x)), mean(own.map(({ y }) => y)), true);
    }),
  ].join('');
}

/** A line with the band of its interval (cut to the plot) and its number at the right. */
function drawLimit(
  value: number,
  [low, high]: readonly [number, number],
  kind: 'upper' | 'bias' | 'lower',
  plot: Box,
  scale: Scale,
): string {
  const hold = (y: number) => Math.min(plot.y + plot.height, Math.max(plot.y, y));
  const top = hold(scale.calc(high));
  const y = scale.calc(value);
  return (
    element('rect', {
      x: plot.x,
      width: plot.width,
      y: top,
      height: Math.max(0, hold(scale.calc(low)) - top),
      fill: kind === 'bias' ? '#4d4d4d' : '#D55E00',
      'fill-opacity': 0.1,
    }) +
    element('line', {
      x1: plot.x,
      x2: plot.x + plot.width,
      y1: y,
      y2: y,
      stroke: kind === 'bias' ? '#1a1a1a' : '#a14400',
      'stroke-width': 1.4,
      'stroke-dasharray': kind === 'bias' ? undefined : '6 3',
    }) +
    textElement('text', formatNumber(value, 2), { x: plot.x + plot.width + 4, y: y + 3.5, 'font-size': 10 })
  );
}
