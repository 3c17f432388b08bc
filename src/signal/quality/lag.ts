import { calcCorrelation } from './spread.js';

/** How far one signal follows another. */
export interface Lag {
  /** Seconds by which the second signal comes after the first one. */
  readonly lag_s: number;
  /** Correlation at that lag. */
  readonly correlation: number;
}

/**
 * The lag, within a range, at which a signal correlates best with another one.
 * @param range_s lags looked at; positive: `follower` comes after `leader`
 * @param rate_Hz of both
 */
export function findLag(
  leader: Float64Array,
  follower: Float64Array,
  rate_Hz: number,
  range_s: readonly [number, number],
): Lag | undefined {
  let best: Lag | undefined;
  for (let lag = Math.ceil(range_s[0] * rate_Hz); lag <= Math.floor(range_s[1] * rate_Hz); lag++) {
    const [a, b] =
      lag >= 0
        ? [leader.subarray(0, leader.length - lag), follower.subarray(lag)]
        : [leader.subarray(-lag), follower.subarray(0, follower.length + lag)];
    const correlation = calcCorrelation(a, b);
    if (Number.isFinite(correlation) && correlation > (best?.correlation ?? Number.NEGATIVE_INFINITY)) {
      best = { lag_s: lag / rate_Hz, correlation };
    }
  }
  return best;
}
