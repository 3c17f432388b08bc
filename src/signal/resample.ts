import { type Channel, type Clock, calcMeanRate_Hz, GenuError, makeUniformClock } from '../data/index.js';
import { designButterworth } from './butterworth.js';
import { calcHermite, calcSplineSlopes } from './cubic.js';
import { filterZeroPhase, findStretches } from './filter.js';

export type Interpolation = 'cubic' | 'linear';

/** Anti-alias low-pass: cutoff as a part of the new rate, and order of one of its two passes. */
const ANTI_ALIAS_PART = 0.4;
const ANTI_ALIAS_ORDER = 4;

/**
 * Interpolates a signal at other times: by the cubic spline through each stretch between gaps, or by straight lines. Times before the first
 * sample, after the last one, or inside a gap give NaN; a time on a sample gives that sample.
 * @param times_s of `values`, strictly increasing, even or not
 * @param at_s increasing
 */
export function interpolate(
  times_s: Float64Array,
  values: Float64Array,
  at_s: Float64Array,
  method: Interpolation = 'cubic',
): Float64Array {
  const out = new Float64Array(at_s.length).fill(Number.NaN);
  let j = 0;
  for (const { start, end } of findStretches(values)) {
    const times = times_s.subarray(start, end);
    const samples = values.subarray(start, end);
    const slopes = method === 'cubic' ? calcSplineSlopes(times, samples) : undefined;
    const last = times.length - 1;
    while (j < at_s.length && at_s[j] < times[0]) j++;
    for (let i = 0; j < at_s.length && at_s[j] <= times[last]; j++) {
      while (i < last && times[i + 1] <= at_s[j]) i++;
      if (at_s[j] === times[i]) out[j] = samples[i];
      else if (slopes) {
        out[j] = calcHermite(at_s[j], times[i], times[i + 1], samples[i], samples[i + 1], slopes[i], slopes[i + 1]);
      } else {
        const u = (at_s[j] - times[i]) / (times[i + 1] - times[i]);
        out[j] = (1 - u) * samples[i] + u * samples[i + 1];
      }
    }
  }
  return out;
}

/**
 * Brings a signal to an even clock. Going down in rate, it is first low-passed at 0.4 of the new rate (8th-order zero-lag Butterworth), so
 * that what the new clock cannot hold does not fold into it; a signal with an uneven clock is brought to an even one at its mean rate before.
 * Nothing is extrapolated: samples outside the signal, or in its gaps, are NaN.
 * @throws GenuError when the target's clock is uneven, or the signal is too short for the low-pass
 */
export function resample(channel: Channel, clock: Clock, method: Interpolation = 'cubic'): Float64Array {
  if (clock.rate_Hz === undefined) {
    throw new GenuError('the clock to resample to is uneven.', { where: channel.name, mend: 'Choose a rate.' });
  }
  const { times_s } = channel.clock;
  const count = times_s.length;
  if (count < 2) return interpolate(times_s, channel.values, clock.times_s, method);
  const rate_Hz = channel.clock.rate_Hz ?? calcMeanRate_Hz(times_s);
  if (clock.rate_Hz >= rate_Hz * (1 - 1e-9)) return interpolate(times_s, channel.values, clock.times_s, method);
  const even = channel.clock.rate_Hz !== undefined;
  const times = even ? times_s : makeUniformClock(times_s[0], rate_Hz, count).times_s;
  const values = even ? channel.values : interpolate(times_s, channel.values, times, method);
  const cutoff_Hz = ANTI_ALIAS_PART * clock.rate_Hz;
  const sections = designButterworth({ order: ANTI_ALIAS_ORDER, type: 'lowpass', cutoff_Hz, rate_Hz });
  return interpolate(
    times,
    nameChannel(channel.name, () => filterZeroPhase(sections, values)),
    clock.times_s,
    method,
  );
}

function nameChannel<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GenuError) || error.where !== undefined) throw error;
    throw new GenuError(error.message, { where });
  }
}

/**
 * The even clock over the time that all channels share, from the latest start on.
 * @throws GenuError when the channels share no time
 */
export function makeCommonClock(channels: readonly Channel[], rate_Hz: number): Clock {
  if (channels.length === 0) throw new GenuError('there are no channels to find a common clock for.');
  if (!(rate_Hz > 0 && Number.isFinite(rate_Hz))) {
    throw new GenuError(`${rate_Hz} Hz is no sampling rate.`, { mend: 'Give a positive number.' });
  }
  const first = (channel: Channel) => channel.clock.times_s[0];
  const last = (channel: Channel) => channel.clock.times_s[channel.clock.times_s.length - 1];
  const latest = channels.reduce((a, b) => (first(b) > first(a) ? b : a));
  const earliest = channels.reduce((a, b) => (last(b) < last(a) ? b : a));
  const [start_s, end_s] = [first(latest), last(earliest)];
  if (end_s < start_s) {
    throw new GenuError(
      `the channels share no time: "${earliest.name}" ends at ${end_s} s, "${latest.name}" begins at ${start_s} s.`,
      { mend: 'Check that they are of one trial and count time from the same instant.' },
    );
  }
  const clock = makeUniformClock(start_s, rate_Hz, Math.floor((end_s - start_s) * rate_Hz * (1 + 1e-12) + 1e-6) + 1);
  // Rounding may carry the last stamp past the end by parts of a nanosecond, where nothing could be interpolated.
  const final = clock.times_s.length - 1;
  if (clock.times_s[final] > end_s) clock.times_s[final] = end_s;
  return clock;
}
