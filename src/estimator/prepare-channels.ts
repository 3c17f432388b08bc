import { type Channel, GenuError, getChannel, type Recording } from '../data/index.js';
import { findPeak } from '../math/index.js';
import { checkEnvelope, clipEnvelope } from '../signal/index.js';
import type { KneeBody } from './knee.js';
import type { EstimatorSpec } from './spec.js';

/** The filtered channels of one trial on its common clock. Arrays are channel-major; missing samples are NaN. */
export interface FilteredChannels {
  readonly times_s: Float64Array;
  /** Per EMG channel given. */
  readonly envelopes: readonly Float64Array[];
  /** Per motion channel given, with its rate of change. */
  readonly angles: readonly Float64Array[];
  readonly speeds: readonly Float64Array[];
}

/** Coordinates to read from a motion: those of the spec, then the others that the model knows and does not couple to them. */
export function listCoordinates(motion: Recording, spec: EstimatorSpec, knee: KneeBody): string[] {
  const { coordinates, couplerOf } = knee.body;
  const inFile = motion.channels
    .map(({ name }) => name)
    .filter((name) => coordinates.has(name) && !couplerOf.has(name));
  return [...new Set([...spec.motion.coordinates, ...inFile])];
}

/** No joint turns further than this; what does is in degrees. */
export const largest_angle_rad = 4 * Math.PI;

/** @throws GenuError when the channel is missing, holds degrees, or does not say what it holds */
export function getAngle(motion: Recording, name: string, spec: EstimatorSpec, where: string): Channel {
  const channel = getChannel(motion, name, where);
  if (channel.unit === 'm') return channel;
  const peak = findPeak(channel.values);
  if (peak > largest_angle_rad) {
    throw new GenuError(`"${name}" reaches ${peak.toFixed(0)} rad: these are degrees, or the channel is no angle.`, {
      where,
      mend: 'Say motion.unit: deg, or write inDegrees=yes into the file.',
    });
  }
  if (spec.motion.unit === 'header' && channel.unit === '?') {
    throw new GenuError(`the file does not say whether "${name}" is in degrees or radians.`, {
      where,
      mend: 'Say motion.unit: deg (or rad).',
    });
  }
  return channel;
}

/** @throws GenuError when an EMG channel is dead, or is said to be an envelope and is none */
export function checkEmg({ name, values }: Channel, spec: EstimatorSpec, id: string, notes: string[]): void {
  if (values.every((value) => Number.isNaN(value) || value === values[0])) {
    throw new GenuError('it never changes: the electrode is dead or the channel was not recorded.', {
      where: `${id}: EMG channel "${name}"`,
      mend: 'Take it out of emg.channels, or take the trial out.',
    });
  }
  if (spec.emg.kind === 'raw') {
    const low = values.reduce((least, value) => (value < least ? value : least), 0);
    // The band-pass takes an offset away; of a ready envelope it would leave next to nothing.
    if (-low < 0.05 * findPeak(values))
      notes.push(`${id}: ${name}: hardly ever below zero: an envelope rather than raw EMG, or raw EMG with an offset.`);
    return;
  }
  // Envelopes that are divided by their maximum may come in any unit; those taken as they are have to lie in 0…1.
  if (!spec.emg.normalise) notes.push(...checkEnvelope(`${id}: ${name}`, values));
  clipEnvelope(`${id}: ${name}`, values);
}

/** @throws GenuError when the samples are unevenly spaced */
export function getRate(channel: Channel, where: string): number {
  if (channel.clock.rate_Hz !== undefined) return channel.clock.rate_Hz;
  throw new GenuError('its samples are unevenly spaced, so it cannot be filtered.', {
    where,
    mend: 'Resample it evenly first; genu inspect shows where its time stamps jump.',
  });
}
