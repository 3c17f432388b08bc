import { calcSpread } from './spread.js';

/** Where a signal stays at the end of its recorder's range. */
export interface Rail {
  /** The value it stays at, with its sign; the larger one where there are two. */
  readonly level: number;
  /** Share of all samples at that distance from zero. */
  readonly share: number;
}

/** A sample is at the rail within this part of the level: recorders clip within a few counts of their range. */
const CLOSE = 0.005;

/** The extreme of a signal and the share of samples that sit there; undefined for a signal without samples, or all zero. */
export function findRail(values: Float64Array): Rail | undefined {
  const { min, max, count } = calcSpread(values);
  const level = Math.abs(max) >= Math.abs(min) ? max : min;
  if (count === 0 || level === 0) return undefined;
  const edge = Math.abs(level) * (1 - CLOSE);
  const at = values.reduce((sum, value) => sum + (Math.abs(value) >= edge ? 1 : 0), 0);
  return { level, share: at / count };
}
