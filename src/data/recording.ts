import { GenuError } from './errors.js';

/** What a channel measures. `other` is a column whose meaning the file does not say. */
export type ChannelKind =
  | 'emg' // raw surface EMG
  | 'emg_envelope' // rectified and smoothed EMG
  | 'coordinate' // generalised coordinate (joint angle or translation)
  | 'speed' // generalised speed
  | 'generalised_force' // joint moment or translational force of inverse dynamics
  | 'ground_reaction' // force plate force, moment or centre of pressure
  | 'marker'
  | 'muscle' // length, speed, moment arm, activation or force of a muscle
  | 'other';

/** Units in memory are SI. `1` is a plain number; `?` means that neither the file nor its reader knows. */
export type Unit = '1' | 'V' | 'rad' | 'rad/s' | 'm' | 'm/s' | 'N' | 'N.m' | 'N.m/kg' | 's' | '?';

/** The time stamps that one or more channels share. Strictly increasing, in seconds. */
export interface Clock {
  readonly times_s: Float64Array;
  /** Nominal rate when the stamps are evenly spaced (within 1 % of a step, or of their printed precision), else undefined. */
  readonly rate_Hz: number | undefined;
}

/** One measured signal. A gap is a run of NaN. */
export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly unit: Unit;
  readonly clock: Clock;
  readonly values: Float64Array;
  /** What the positive direction means, e.g. `flexion` or `extension`; undefined where the source does not say. */
  readonly positive?: string | undefined;
}

/** Something that happened at an instant, e.g. a right heel strike. */
export interface RecordingEvent {
  readonly name: string;
  readonly time_s: number;
  readonly side?: 'left' | 'right' | undefined;
}

/** One trial: channels at one or more rates, events, and what the reader wants the user to know. */
export interface Recording {
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly events: readonly RecordingEvent[];
  /** Plain sentences: what was converted, which label form was matched, what looked odd. */
  readonly notes: readonly string[];
}

/**
 * Makes a clock from time stamps.
 * @param times_s strictly increasing seconds
 * @param where names the file in errors
 * @throws GenuError when there is no sample, a stamp is not finite, or time does not run forwards
 */
export function makeClock(times_s: Float64Array, where?: string): Clock {
  const count = times_s.length;
  if (count === 0)
    throw new GenuError('there are no samples.', { where, mend: 'Export the trial again; its table is empty.' });
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(times_s[i])) throw new GenuError(`time stamp ${i + 1} is not a number.`, { where });
    if (i > 0 && times_s[i] <= times_s[i - 1]) {
      const how = times_s[i] === times_s[i - 1] ? 'stands still' : 'runs backwards';
      throw new GenuError(`time ${how} at sample ${i + 1}: ${times_s[i - 1]} s is followed by ${times_s[i]} s.`, {
        where,
        mend: 'Time stamps must increase; cut the file where two trials were joined, or sort its rows.',
      });
    }
  }
  return { times_s, rate_Hz: findRate(times_s) };
}

/** Samples per second from the first to the last stamp; NaN for a single one. */
export function calcMeanRate_Hz(times_s: Float64Array): number {
  return (times_s.length - 1) / (times_s[times_s.length - 1] - times_s[0]);
}

/** Evenly spaced clock: `count` stamps from `start_s` at `rate_Hz`. */
export function makeUniformClock(start_s: number, rate_Hz: number, count: number): Clock {
  return { times_s: Float64Array.from({ length: count }, (_, i) => start_s + i / rate_Hz), rate_Hz };
}

function findRate(times_s: Float64Array): number | undefined {
  const count = times_s.length;
  if (count < 2) return undefined;
  const step = (times_s[count - 1] - times_s[0]) / (count - 1);
  for (let i = 0; i < count; i++) {
    if (Math.abs(times_s[i] - (times_s[0] + i * step)) > Math.max(0.01 * step, 5e-7)) return undefined;
  }
  const rate = 1 / step;
  const whole = Math.round(rate);
  return Math.abs(rate - whole) < 1e-4 * rate ? whole : rate;
}

/** The channel of that name, or undefined. */
export function findChannel(recording: Recording, name: string): Channel | undefined {
  return recording.channels.find((channel) => channel.name === name);
}

/**
 * The channel of that name.
 * @throws GenuError naming the channels there are, the nearest first
 */
export function getChannel(recording: Recording, name: string, where: string = recording.name): Channel {
  const channel = findChannel(recording, name);
  if (channel) return channel;
  const names = recording.channels.map((c) => c.name);
  throw new GenuError(`there is no channel "${name}".`, { where, mend: `It has: ${listNearest(name, names)}.` });
}

/** Up to `most` names, those most like `name` first, for error messages. */
export function listNearest(name: string, names: readonly string[], most = 12): string {
  const ranked = [...names].sort((a, b) => editDistance(name, a) - editDistance(name, b));
  const rest = ranked.length - most;
  return ranked.slice(0, most).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
