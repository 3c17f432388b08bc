import { findRange } from '../math/index.js';

/** How a cycle is told from one coordinate. */
export interface CycleRule {
  readonly channel: string;
  readonly start: 'maximum' | 'minimum';
  readonly shortest_s: number;
}

/** Points of a cycle, 0 to 100 %. */
const cyclePoints = 101;

/**
 * Frames where cycles start: extrema of the signal that stand out by at least a quarter of its range and lie at least `shortest_s` apart.
 * @param values the coordinate at `rate_Hz`; NaN frames start no cycle
 */
export function findCycleStarts(values: Float64Array, rule: CycleRule, rate_Hz: number): number[] {
  const sign = rule.start === 'maximum' ? 1 : -1;
  const [low, high] = findRange(values);
  const prominence = 0.25 * (high - low);
  const gap = Math.max(1, Math.round(rule.shortest_s * rate_Hz));
  const starts: number[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    const value = sign * values[i];
    if (Number.isNaN(value)) continue;
    if (best < 0) {
      lowest = Math.min(lowest, value);
      if (value - lowest >= prominence && prominence > 0) best = i;
      continue;
    }
    const top = sign * values[best];
    if (value > top) best = i;
    else if (top - value >= prominence) {
      const last = starts[starts.length - 1];
      if (last === undefined || best - last >= gap) starts.push(best);
      else if (top > sign * values[last]) starts[starts.length - 1] = best;
      best = -1;
      lowest = value;
    }
  }
  return starts;
}

/** Cycles from start to start that last no longer than twice the median one (a pause is no cycle). */
export function pairCycles(starts: readonly number[]): [from: number, to: number][] {
  const pairs = starts.slice(1).map((to, i): [number, number] => [starts[i], to]);
  const durations = pairs.map(([from, to]) => to - from).sort((a, b) => a - b);
  const median = durations[durations.length >> 1];
  return pairs.filter(([from, to]) => to - from <= 2 * median);
}

/** One cycle of a signal at 0…100 %, by linear interpolation; NaN where the signal has none. */
export function resampleCycle(values: Float64Array, from: number, to: number): Float64Array {
  return Float64Array.from({ length: cyclePoints }, (_, k) => {
    const at = from + ((to - from) * k) / (cyclePoints - 1);
    const i = Math.min(Math.floor(at), values.length - 2);
    return values[i] + (at - i) * (values[i + 1] - values[i]);
  });
}

/** Mean and standard deviation over cycles, point by point, of the cycles that have a value there; NaN where fewer than two have. */
export function calcMeanCycle(cycles: readonly Float64Array[]): { mean: Float64Array; sd: Float64Array } {
  const mean = new Float64Array(cyclePoints).fill(Number.NaN);
  const sd = new Float64Array(cyclePoints).fill(Number.NaN);
  for (let k = 0; k < cyclePoints; k++) {
    const values = cycles.map((cycle) => cycle[k]).filter((value) => !Number.isNaN(value));
    if (values.length < 2) continue;
    mean[k] = values.reduce((a, b) => a + b, 0) / values.length;
    sd[k] = Math.sqrt(values.reduce((a, b) => a + (b - mean[k]) ** 2, 0) / (values.length - 1));
  }
  return { mean, sd };
}
