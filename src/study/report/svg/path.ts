import type { Series } from '../types.js';
import { decimate } from './decimate.js';
import type { Scale } from './scale.js';

type Point = readonly [number, number];

/**
 * The `d` of a line through (x, y), broken where either is missing. Coordinates are relative and in tenths of a pixel,
 * which halves the file. A sample alone between gaps becomes a dot (with round line caps). Empty when nothing can be drawn.
 */
export function makeLinePath(x: Series, y: Series, xScale: Scale, yScale: Scale): string {
  let path = '';
  let previous: Point | undefined;
  let alone = false;
  const endRun = () => {
    if (alone) path += 'h0';
    alone = false;
    previous = undefined;
  };
  for (const i of decimate(y, countColumns(xScale))) {
    const point = calcPoint(x[i], y[i], xScale, yScale);
    if (point === undefined) {
      endRun();
    } else if (previous === undefined) {
      path += `M${tenths(point[0])} ${tenths(point[1])}`;
      previous = point;
      alone = true;
    } else {
      path += stepTo(point, previous);
      previous = point;
      alone = false;
    }
  }
  endRun();
  return path;
}

/** The `d` of the area between two curves over x, in pieces where any of the three is missing. */
export function makeBandPath(x: Series, lower: Series, upper: Series, xScale: Scale, yScale: Scale): string {
  const columns = countColumns(xScale);
  const shown = [...new Set([...decimate(upper, columns), ...decimate(lower, columns)])].sort((a, b) => a - b);
  let path = '';
  let above: Point[] = [];
  let below: Point[] = [];
  const endRun = () => {
    if (above.length > 1) {
      const outline = [...above, ...below.reverse()];
      path += `M${tenths(outline[0][0])} ${tenths(outline[0][1])}`;
      for (let k = 1; k < outline.length; k++) path += stepTo(outline[k], outline[k - 1]);
      path += 'z';
    }
    above = [];
    below = [];
  };
  for (const i of shown) {
    const top = calcPoint(x[i], upper[i], xScale, yScale);
    const bottom = calcPoint(x[i], lower[i], xScale, yScale);
    if (top && bottom) {
      above.push(top);
      below.push(bottom);
    } else endRun();
  }
  endRun();
  return path;
}

/** The `d` of the area between a curve and zero, in pieces where it is broken. */
export function makeAreaPath(x: Series, y: Series, xScale: Scale, yScale: Scale): string {
  const base = Math.round(10 * yScale.calc(0));
  let path = '';
  let previous: Point | undefined;
  const endRun = () => {
    if (previous) path += `V${tenths(base)}z`;
    previous = undefined;
  };
  for (const i of decimate(y, countColumns(xScale))) {
    const point = calcPoint(x[i], y[i], xScale, yScale);
    if (point === undefined) endRun();
    else {
      path += previous ? stepTo(point, previous) : `M${tenths(point[0])} ${tenths(base)}V${tenths(point[1])}`;
      previous = point;
    }
  }
  endRun();
  return path;
}

/** In whole tenths of a pixel, so that relative steps add up without drift. */
function calcPoint(x: number | null, y: number | null, xScale: Scale, yScale: Scale): Point | undefined {
  if (x === null || y === null) return undefined;
  const point = [Math.round(10 * xScale.calc(x)), Math.round(10 * yScale.calc(y))] as const;
  return Number.isFinite(point[0]) && Number.isFinite(point[1]) ? point : undefined;
}

/** Columns of two pixels: finer than print or eye resolves in a trace. */
function countColumns(xScale: Scale): number {
  return Math.max(1, Math.ceil(0.5 * Math.abs(xScale.calc(xScale.domain[1]) - xScale.calc(xScale.domain[0]))));
}

function stepTo(point: Point, previous: Point): string {
  return `l${tenths(point[0] - previous[0])} ${tenths(point[1] - previous[1])}`;
}

function tenths(value: number): string {
  return String(value / 10);
}
