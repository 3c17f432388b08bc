import { type Channel, calcMeanRate_Hz } from './recording.js';

/** Neighbouring samples: the first, and one past the last. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** A run of missing samples. */
export type Gap = Run;

/** The longest runs of samples 0 to `count` for which `holds` is true, in order. */
export function findRuns(count: number, holds: (sample: number) => boolean): Run[] {
  const runs: Run[] = [];
  let start = -1;
  for (let i = 0; i <= count; i++) {
    const inside = i < count && holds(i);
    if (inside && start < 0) start = i;
    if (!inside && start >= 0) {
      runs.push({ start, end: i });
      start = -1;
    }
  }
  return runs;
}

/** Runs of NaN in `values`. */
export function findGaps(values: Float64Array): Gap[] {
  return findRuns(values.length, (i) => Number.isNaN(values[i]));
}

/** The longest gap of a channel in seconds; 0 when it has none. */
export function findLongestGap_s(channel: Channel): number {
  const samples = findGaps(channel.values).reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
  return channel.values.length > 1 ? samples / calcMeanRate_Hz(channel.clock.times_s) : 0;
}
