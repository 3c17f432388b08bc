import type { Series } from '../types.js';
import { decimate } from './decimate.js';
import type { Scale } from './scale.js';

/**
 * The `d` of a line through (x, y), broken where either is missing. Coordinates are relative and in tenths of a pixel,
 * which halves the file. A sample alone between gaps becomes a dot (with round line caps). Empty when nothing can be drawn.
 */
export function makeLinePath(x: Series, y: Series, xScale: Scale, yScale: Scale): string {
  const columns = Math.abs(Math.ceil(xScale.calc(xScale.domain[1]) - xScale.calc(xScale.domain[0])));
  let path = '';
  let previous: readonly [number, number] | undefined;
  let alone = false;
  const endRun = () => {
    if (alone) path += 'h0';
    alone = false;
    previous = undefined;
  };
  for (const i of decimate(y, Math.max(1, columns))) {
    const point = calcPoint(x[i], y[i], xScale, yScale);
    if (point === undefined) {
      endRun();
    } else if (previous === undefined) {
      path += `M${tenths(point[0])} ${tenths(point[1])}`;
      previous = point;
      alone = true;
    } else {
      path += `l${tenths(point[0] - previous[0])} ${tenths(point[1] - previous[1])}`;
      previous = point;
      alone = false;
    }
  }
  endRun();
  return path;
}

/** The `d` of the area between two curves over x, in pieces where any of the three is missing. */
export function makeBandPath(x: Series, lower: Series, upper: Series, xScale: Scale, yScale: Scale): string {
  let path = '';
  let above: string[] = [];
  let below: string[] = [];
  for (let i = 0; i <= x.length; i++) {
    const top = i < x.length ? calcPoint(x[i], upper[i], xScale, yScale) : undefined;
    const bottom = i < x.length ? calcPoint(x[i], lower[i], xScale, yScale) : undefined;
    if (top && bottom) {
      above.push(`${tenths(top[0])} ${tenths(top[1])}`);
      below.push(`${tenths(bottom[0])} ${tenths(bottom[1])}`);
    } else {
      if (above.length > 1) path += `M${above.join('L')}L${below.reverse().join('L')}Z`;
      above = [];
      below = [];
    }
  }
  return path;
}

/** In whole tenths of a pixel, so that relative steps add up without drift. */
function calcPoint(
  x: number | null,
  y: number | null,
  xScale: Scale,
  yScale: Scale,
): readonly [number, number] | undefined {
  if (x === null || y === null) return undefined;
  const point = [Math.round(10 * xScale.calc(x)), Math.round(10 * yScale.calc(y))] as const;
  return Number.isFinite(point[0]) && Number.isFinite(point[1]) ? point : undefined;
}

function tenths(value: number): string {
  return String(value / 10);
}
