import { element, textElement } from '../markup.js';
import { fontSize } from './document.js';
import type { Scale } from './scale.js';

/** A rectangle in px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const grid = { stroke: '#e6e6e6', 'stroke-width': 1 };
const axis = { stroke: '#4d4d4d', 'stroke-width': 1 };
const zero = { stroke: '#8c8c8c', 'stroke-width': 1 };

/** Horizontal axis below the plot: grid lines, ticks, numbers and, when given, a label with its unit. */
export function drawXAxis(scale: Scale, plot: Box, label?: string): string {
  const bottom = plot.y + plot.height;
  const parts: string[] = [];
  for (const tick of scale.ticks) {
    const x = scale.calc(tick);
    parts.push(
      element('line', { x1: x, x2: x, y1: plot.y, y2: bottom, ...(tick === 0 ? zero : grid) }),
      element('line', { x1: x, x2: x, y1: bottom, y2: bottom + 4, ...axis }),
      textElement('text', scale.format(tick), { x, y: bottom + 15, 'text-anchor': 'middle', 'font-size': 10 }),
    );
  }
  parts.push(element('line', { x1: plot.x, x2: plot.x + plot.width, y1: bottom, y2: bottom, ...axis }));
  if (label !== undefined)
    parts.push(textElement('text', label, { x: plot.x + plot.width / 2, y: bottom + 30, 'text-anchor': 'middle' }));
  return parts.join('');
}

/** Vertical axis left of the plot: grid lines (the zero line darker), ticks, numbers and, when given, a label with its unit. */
export function drawYAxis(scale: Scale, plot: Box, label?: string): string {
  const parts: string[] = [];
  for (const tick of scale.ticks) {
    const y = scale.calc(tick);
    parts.push(
      element('line', { x1: plot.x, x2: plot.x + plot.width, y1: y, y2: y, ...(tick === 0 ? zero : grid) }),
      element('line', { x1: plot.x - 4, x2: plot.x, y1: y, y2: y, ...axis }),
      textElement('text', scale.format(tick), { x: plot.x - 6, y: y + 3.5, 'text-anchor': 'end', 'font-size': 10 }),
    );
  }
  parts.push(element('line', { x1: plot.x, x2: plot.x, y1: plot.y, y2: plot.y + plot.height, ...axis }));
  if (label !== undefined) {
    const x = plot.x - 44 + fontSize / 2;
    const y = plot.y + plot.height / 2;
    parts.push(
      textElement('text', label, { x, y, 'text-anchor': 'middle', transform: `rotate(-90 ${round(x)} ${round(y)})` }),
    );
  }
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
