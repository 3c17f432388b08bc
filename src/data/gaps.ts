import type { Channel } from './recording.js';

/** A run of missing samples: first sample, one past the last. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Runs of NaN in `values`. */
export function findGaps(values: Float64Array): Gap[] {
  const gaps: Gap[] = [];
  let start = -1;
  for (let i = 0; i <= values.length; i++) {
    const missing = i < values.length && Number.isNaN(values[i]);
    if (missing && start < 0) start = i;
    if (!missing && start >= 0) {
      gaps.push({ start, end: i });
      start = -1;
    }
  }
  return gaps;
}

/** The longest gap of a channel in seconds; 0 when it has none. */
export function findLongestGap_s(channel: Channel): number {
  const { times_s } = channel.clock;
  const step = times_s.length > 1 ? (times_s[times_s.length - 1] - times_s[0]) / (times_s.length - 1) : 0;
  return findGaps(channel.values).reduce((longest, gap) => Math.max(longest, (gap.end - gap.start) * step), 0);
}
