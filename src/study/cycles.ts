import { findRange } from '../math/index.js';

/** How a cycle is told from one channel. */
export interface CycleRule {
  readonly channel: string;
  readonly start: 'maximum' | 'minimum' | 'rise';
  /** Level of `rise`. */
  readonly above: number;
  readonly shortest_s: number;
}

/** Points of a cycle, 0 to 100 %. */
const cyclePoints = 101;

/**
 * Frames where cycles start: where the signal rises through the rule's level, or its extrema.
 * @param values the channel at `rate_Hz`; NaN frames start no cycle
 */
export function findCycleStarts(values: Float64Array, rule: CycleRule, rate_Hz: number): number[] {
  const gap = Math.max(1, Math.round(rule.shortest_s * rate_Hz));
  return rule.start === 'rise' ? findRises(values, rule.above, gap) : findExtrema(values, rule.start, gap);
}

function findRises(values: Float64Array, above: number, gap: number): number[] {
  const starts: number[] = [];
  for (let i = 1; i < values.length; i++) {
    if (!(values[i - 1] <= above && values[i] > above)) continue;
    if (starts.length === 0 || i - starts[starts.length - 1] >= gap) starts.push(i);
  }
  return starts;
}

/** Extrema of the signal that stand out by at least a quarter of its range and lie at least `gap` frames apart. */
function findExtrema(values: Float64Array, start: 'maximum' | 'minimum', gap: number): number[] {
  const sign = start === 'maximum' ? 1 : -1;
  const [low, high] = findRange(values);
  const prominence = 0.25 * (high - low);
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

/** Cycles from start to start that last between half and twice the median one (a pause is no cycle, nor is half a step). */
export function pairCycles(starts: readonly number[]): [from: number, to: number][] {
  const pairs = starts.slice(1).map((to, i): [number, number] => [starts[i], to]);
  const durations = pairs.map(([from, to]) => to - from).sort((a, b) => a - b);
  const median = durations[durations.length >> 1];
  return pairs.filter(([from, to]) => to - from <= 2 * median && to - from >= 0.5 * median);
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
