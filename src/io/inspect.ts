import { type Channel, findGaps, findLongestGap_s, type Recording } from '../data/index.js';

/** What one channel looks like. Numbers are over the samples that are there; null where there are none. */
export interface ChannelSummary {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  /** Null for an uneven clock. */
  readonly rate_Hz: number | null;
  readonly samples: number;
  readonly start_s: number;
  /** From the first to the last sample. */
  readonly duration_s: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly gaps: { readonly count: number; readonly missing_samples: number; readonly longest_s: number };
  /** What looks wrong, in plain sentences. */
  readonly warnings: readonly string[];
}

/** A summary that `JSON.stringify` writes without loss. */
export interface RecordingSummary {
  readonly name: string;
  readonly channels: readonly ChannelSummary[];
  readonly events: readonly { readonly name: string; readonly time_s: number; readonly side: string | null }[];
  readonly notes: readonly string[];
  /** What looks wrong with the recording as a whole. */
  readonly warnings: readonly string[];
}

/** Below this many samples nothing is said about flat or clipped stretches. */
const FEW_SAMPLES = 20;
/** A signal is called clipped when this many samples in a row sit exactly on its extreme. */
const CLIPPED_RUN = 4;
/** A stretch of one unchanging value this long, in a signal that otherwise moves, is called flat. */
const FLAT_s = 0.5;
/** Few joints turn further than this; degrees nearly always do. */
const WIDEST_ANGLE_rad = 2 * Math.PI;
/** An envelope may dip this share of its maximum below zero: overshoot of the filter that smoothed it. */
const OVERSHOOT = 0.05;
/** An envelope divided by its maximum may pass 1 by this much in print. */
const ROUNDING = 0.01;
/** Raw EMG swings about zero: a mean this large a part of its standard deviation is an offset. */
const LARGE_OFFSET = 0.5;

/** Sums a recording up for a reader, and says what looks wrong with it. Changes and refuses nothing. */
export function inspectRecording(recording: Recording): RecordingSummary {
  return {
    name: recording.name,
    channels: recording.channels.map(inspectChannel),
    events: recording.events.map(({ name, time_s, side }) => ({ name, time_s, side: side ?? null })),
    notes: recording.notes,
    warnings: inspectWhole(recording),
  };
}

function inspectChannel(channel: Channel): ChannelSummary {
  const { name, kind, unit, clock, values } = channel;
  const { times_s } = clock;
  const count = times_s.length;
  const range = findRange(values);
  const gaps = findGaps(values);
  const missing_samples = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  return {
    name,
    kind,
    unit,
    rate_Hz: clock.rate_Hz ?? null,
    samples: count,
    start_s: times_s[0],
    duration_s: times_s[count - 1] - times_s[0],
    min: range?.min ?? null,
    max: range?.max ?? null,
    mean: range?.mean ?? null,
    gaps: { count: gaps.length, missing_samples, longest_s: findLongestGap_s(channel) },
    warnings: warnAboutChannel(channel, range, missing_samples),
  };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Over finite values; undefined when there are none. */
function findRange(values: Float64Array): Range | undefined {
  let [min, max, mean, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  return count === 0 ? undefined : { min, max, mean, deviation: Math.sqrt(squares / count) };
}

function warnAboutChannel(channel: Channel, range: Range | undefined, missing: number): string[] {
  const { name, kind, unit, clock, values } = channel;
  const warnings: string[] = [];
  const infinite = values.reduce((count, value) => count + (Math.abs(value) === Number.POSITIVE_INFINITY ? 1 : 0), 0);
  if (infinite > 0) warnings.push(`${name}: ${infinite} samples are infinite.`);
  if (!range) return [...warnings, `${name}: there is no sample with a value.`];
  if (missing > 0) {
    warnings.push(
      `${name}: ${missing} of ${values.length} samples are missing; the longest gap is ${print(findLongestGap_s(channel))} s.`,
    );
  }
  if (range.min === range.max) return [...warnings, ...warnAboutConstant(channel, range.min)];
  if (unit === 'rad' && Math.max(-range.min, range.max) > WIDEST_ANGLE_rad) {
    warnings.push(
      `${name}: reaches ${print(Math.max(-range.min, range.max))} rad, more than a full turn; the values are probably degrees.`,
    );
  }
  if (kind === 'emg_envelope' && range.min < -OVERSHOOT * range.max) {
    const negative = values.reduce((count, value) => count + (value < 0 ? 1 : 0), 0);
    warnings.push(`${name}: ${negative} samples of this envelope are negative (lowest ${print(range.min)}).`);
  }
  if (kind === 'emg_envelope' && unit === '1' && range.max > 1 + ROUNDING) {
    warnings.push(`${name}: the envelope reaches ${print(range.max)}, above the maximum of 1 it was normalised to.`);
  }
  if (kind === 'emg' && range.min >= 0) {
    warnings.push(`${name}: called raw EMG, but never negative; it is probably rectified or an envelope.`);
  } else if (kind === 'emg' && Math.abs(range.mean) > LARGE_OFFSET * range.deviation) {
    warnings.push(`${name}: raw EMG with an offset of ${print(range.mean)}.`);
  }
  warnings.push(...warnAboutRuns(name, kind, values, clock.rate_Hz, range));
  return warnings;
}

function warnAboutConstant({ name, kind, unit }: Channel, value: number): string[] {
  const every = `${name}: every sample is ${value === 0 ? 'zero' : print(value)}`;
  if (kind === 'coordinate' || kind === 'speed') return [`${every}; right for a locked coordinate only.`];
  // The height of the centre of pressure and two of the three free moments are constant by definition.
  if (kind === 'ground_reaction') return unit === 'N' ? [`${every}; nobody stepped on this plate.`] : [];
  return [`${every}; the sensor or the export is dead.`];
}

/** Stretches of one unchanging value: at an extreme they are clipping, elsewhere a flat line. */
function warnAboutRuns(
  name: string,
  kind: string,
  values: Float64Array,
  rate_Hz: number | undefined,
  range: Range,
): string[] {
  if (values.length < FEW_SAMPLES) return [];
  let [at_top, at_bottom, longest_flat, start] = [0, 0, 0, 0];
  for (let i = 1; i <= values.length; i++) {
    if (i < values.length && values[i] === values[start]) continue;
    const length = i - start;
    const value = values[start];
    // Rest at zero is how force plates, envelopes and locked coordinates look; it is no fault.
    if (value !== 0) {
      if (value === range.max && length >= CLIPPED_RUN) at_top += length;
      else if (value === range.min && length >= CLIPPED_RUN) at_bottom += length;
      else if (!Number.isNaN(value)) longest_flat = Math.max(longest_flat, length);
    }
    start = i;
  }
  const warnings: string[] = [];
  if (kind !== 'ground_reaction' && at_top + at_bottom > 0) {
    const where =
      at_top === 0
        ? print(range.min)
        : at_bottom === 0
          ? print(range.max)
          : `${print(range.min)} and ${print(range.max)}`;
    warnings.push(
      `${name}: ${at_top + at_bottom} samples sit exactly at ${where}; the signal is clipped or saturated.`,
    );
  }
  if (kind !== 'ground_reaction' && rate_Hz !== undefined && longest_flat > FLAT_s * rate_Hz) {
    warnings.push(
      `${name}: stays at one value for ${print(longest_flat / rate_Hz)} s; the signal dropped out or was held.`,
    );
  }
  return warnings;
}

function inspectWhole({ channels, events }: Recording): string[] {
  const warnings: string[] = [];
  if (channels.length === 0) return ['There are no channels.'];
  const clocks = new Set(channels.map(({ clock }) => clock));
  for (const clock of clocks) {
    if (clock.rate_Hz !== undefined || clock.times_s.length < 3) continue;
    const { times_s } = clock;
    let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
    for (let i = 1; i < times_s.length; i++) {
      const step = times_s[i] - times_s[i - 1];
      shortest = Math.min(shortest, step);
      longest = Math.max(longest, step);
    }
    const of = channels.filter((channel) => channel.clock === clock);
    warnings.push(
      `Time is uneven for ${of.length} channels (${of[0].name}${of.length > 1 ? ', …' : ''}): steps from ${print(shortest)} to ${print(longest)} s.`,
    );
  }
  const start = Math.max(...[...clocks].map(({ times_s }) => times_s[0]));
  const end = Math.min(...[...clocks].map(({ times_s }) => times_s[times_s.length - 1]));
  if (end <= start && clocks.size > 1) warnings.push('The channels share no time: some end before others begin.');
  const outside = events.filter(({ time_s }) => time_s < start || time_s > end).length;
  if (outside > 0) warnings.push(`${outside} of ${events.length} events lie outside the time that all channels share.`);
  const twice = channels.map(({ name }) => name).filter((name, i, all) => all.indexOf(name) !== i);
  if (twice.length > 0) warnings.push(`More than one channel is called ${[...new Set(twice)].join(', ')}.`);
  return warnings;
}

function print(value: number): string {
  return String(Number(value.toPrecision(4)));
}
