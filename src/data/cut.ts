import type { Channel, Clock, Recording } from './recording.js';

/**
 * The part of a recording with start_s ≤ time < end_s, sharing memory with the whole. Time stamps stay as they were.
 * A channel with no sample in that time is left out.
 */
export function cutRecording(recording: Recording, start_s: number, end_s: number): Recording {
  const clocks = new Map<Clock, { clock: Clock; from: number; to: number } | undefined>();
  const cutClock = (clock: Clock) => {
    if (!clocks.has(clock)) {
      const from = findFirst(clock.times_s, start_s);
      const to = findFirst(clock.times_s, end_s);
      clocks.set(
        clock,
        to > from
          ? { clock: { times_s: clock.times_s.subarray(from, to), rate_Hz: clock.rate_Hz }, from, to }
          : undefined,
      );
    }
    return clocks.get(clock);
  };
  const channels = recording.channels.flatMap((channel): Channel[] => {
    const cut = cutClock(channel.clock);
    return cut ? [{ ...channel, clock: cut.clock, values: channel.values.subarray(cut.from, cut.to) }] : [];
  });
  const events = recording.events.filter((event) => event.time_s >= start_s && event.time_s < end_s);
  return { ...recording, channels, events };
}

/** Index of the first time stamp that is at or after `time_s`; the count when there is none. */
export function findFirst(times_s: Float64Array, time_s: number): number {
  let low = 0;
  let high = times_s.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times_s[middle] < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First and last time stamp over all channels. */
export function findTimeSpan(recording: Recording): readonly [start_s: number, end_s: number] {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { clock } of recording.channels) {
    start = Math.min(start, clock.times_s[0]);
    end = Math.max(end, clock.times_s[clock.times_s.length - 1]);
  }
  return [start, end];
}
