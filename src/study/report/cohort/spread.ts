import { calcClusterBootstrap } from '../../statistics/index.js';

/** How a measure spreads over participants. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  /** Quartiles. */
  readonly low: number;
  readonly high: number;
  /** 95 % interval of the median; null of fewer than five participants, who cannot give one. */
  readonly interval: readonly [number, number] | null;
}

/** A median of four is one of two numbers, and so would be both ends of its interval. */
const fewest = 5;

/**
 * Median, quartiles and the percentile bootstrap interval of the median.
 * @param values one finite number per participant
 */
export function calcSpread(values: readonly number[], seed: number | string = 'spread'): Spread {
  const sorted = sort(values);
  return {
    n: values.length,
    median: calcQuantile(sorted, 0.5),
    low: calcQuantile(sorted, 0.25),
    high: calcQuantile(sorted, 0.75),
    interval: calcInterval(values, calcMedian, seed),
  };
}

/** The 95 % percentile bootstrap interval of a figure made of participants, who are drawn with replacement; null of fewer than five. */
export function calcInterval<T>(
  participants: readonly T[],
  measure: (drawn: readonly T[]) => number,
  seed: number | string = 'interval',
): readonly [number, number] | null {
  if (participants.length < fewest) return null;
  return calcClusterBootstrap(participants, measure, { seed, method: 'percentile' }).interval;
}

export function calcMedian(values: readonly number[]): number {
  return calcQuantile(sort(values), 0.5);
}

/** Mean and standard deviation (n − 1); the latter NaN of fewer than two. */
export function calcMeanSd(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1)) };
}

function sort(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** Linear between neighbours (Hyndman & Fan 1996, type 7). */
function calcQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
