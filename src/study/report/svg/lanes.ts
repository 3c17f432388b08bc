import { formatShort } from '../format.js';
import { element, textElement } from '../markup.js';
import type { NamedSeries, Span } from '../types.js';
import type { Box } from './axis.js';
import { fitText } from './document.js';
import { countTicks, drawShades, titleSize } from './line-chart.js';
import { makeAreaPath } from './path.js';
import { findExtent, findRoundDomain, makeLinearScale } from './scale.js';

export const laneHeight = 19;

/** Named signals one below the other over the same time. */
export interface Lanes {
  readonly title: string;
  /** Follows the number at the top of the scale, e.g. ` N`. */
  readonly unit: string;
  readonly colour: string;
  readonly times_s: readonly number[];
  readonly series: readonly NamedSeries[];
  readonly span: Span;
  readonly shaded: readonly Span[];
}

/** One lane per signal, labelled at the left; all lanes reach from 0 to the same value, so that heights compare. `box` is the plot itself. */
export function drawLanes(lanes: Lanes, box: Box): string {
  const values = lanes.series.map((one) => one.values);
  const [, top] = findRoundDomain(0, findExtent(values, [0])[1] || 1, 4);
  const xScale = makeLinearScale(
    [lanes.span.start_s, lanes.span.end_s],
    [box.x, box.x + box.width],
    countTicks(box.width),
  );
  const parts = [
    textElement('text', lanes.title, { x: box.x, y: box.y - 6, 'font-weight': 600, 'font-size': titleSize }),
    textElement('text', `each lane: 0 to ${formatShort(top)}${lanes.unit}`, {
      x: box.x + box.width,
      y: box.y - 6,
      'text-anchor': 'end',
      'font-size': 9.5,
      fill: '#4d4d4d',
    }),
    drawShades(lanes.shaded, box, xScale),
  ];
  for (const tick of xScale.ticks) {
    const x = xScale.calc(tick);
    parts.push(element('line', { x1: x, x2: x, y1: box.y, y2: box.y + box.height, stroke: '#e6e6e6' }));
  }
  lanes.series.forEach((one, i) => {
    const base = box.y + (i + 1) * laneHeight;
    const yScale = makeLinearScale([0, top], [base, base - laneHeight + 2], 1);
    const d = makeAreaPath(lanes.times_s, one.values, xScale, yScale);
    parts.push(
      element('line', { x1: box.x, x2: box.x + box.width, y1: base, y2: base, stroke: '#b3b3b3', 'stroke-width': 0.7 }),
      d === ''
        ? ''
        : element('path', { d, fill: lanes.colour, 'fill-opacity': 0.3, stroke: lanes.colour, 'stroke-width': 0.8 }),
      textElement('text', fitText(one.name, box.x - 12, 10), {
        x: box.x - 6,
        y: base - 4,
        'text-anchor': 'end',
        'font-size': 10,
      }),
    );
  });
  return parts.join('');
}
