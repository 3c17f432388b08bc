import { element } from '../markup.js';
import type { Look } from '../models.js';

/** A model's marker centred at (x, y), as wide as 2 × `radius`. */
export function drawMarker(look: Look, x: number, y: number, radius = 3.6): string {
  const paint = { fill: look.colour, stroke: '#fff', 'stroke-width': 0.8 };
  switch (look.marker) {
    case 'circle':
      return element('circle', { cx: x, cy: y, r: radius, ...paint });
    case 'square':
      return element('rect', {
        x: x - 0.88 * radius,
        y: y - 0.88 * radius,
        width: 1.76 * radius,
        height: 1.76 * radius,
        ...paint,
      });
    case 'diamond':
      return drawPolygon(x, y, 1.2 * radius, [0, -1, 1, 0, 0, 1, -1, 0], paint);
    case 'triangle':
      return drawPolygon(x, y, 1.1 * radius, [0, -1, 1, 0.8, -1, 0.8], paint);
    case 'cross':
      return element('path', {
        d: `M${at(x - 0.8 * radius)} ${at(y - 0.8 * radius)}l${at(1.6 * radius)} ${at(1.6 * radius)}m0 ${at(-1.6 * radius)}l${at(-1.6 * radius)} ${at(1.6 * radius)}`,
        stroke: look.colour,
        'stroke-width': 1.8,
        fill: 'none',
      });
  }
}

function drawPolygon(
  x: number,
  y: number,
  radius: number,
  corners: readonly number[],
  paint: { readonly [name: string]: string | number },
): string {
  const points: string[] = [];
  for (let i = 0; i < corners.length; i += 2)
    points.push(`${at(x + corners[i] * radius)},${at(y + corners[i + 1] * radius)}`);
  return element('polygon', { points: points.join(' '), ...paint });
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
