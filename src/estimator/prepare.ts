import { calcMuscleGeometry } from '../body/index.js';
import { type Channel, findGaps, GenuError, getChannel, type Recording } from '../data/index.js';
import { findPeak } from '../math/index.js';
import {
  calcDerivative,
  calcEnvelope,
  clipEnvelope,
  designEnvelope,
  fillGaps,
  filterLowpassZeroPhase,
  makeCommonClock,
  resample,
} from '../signal/index.js';
import type { KneeBody } from './knee.js';
import { filterTrialCausal, zero_lag_order } from './prepare-causal.js';
import { checkEmg, type FilteredChannels, getAngle, getRate, listCoordinates } from './prepare-channels.js';
import type { EstimatorSpec } from './spec.js';

/** The recordings of one trial; they may be one and the same when a file holds everything. */
export interface TrialRecordings {
  readonly id: string;
  readonly emg: Recording;
  readonly motion: Recording;
  readonly moments?: Recording | undefined;
}

/** One trial (or one part of it) at the common rate. Arrays are channel-major; missing samples are NaN. */
export interface PreparedTrial {
  readonly id: string;
  readonly rate_Hz: number;
  readonly times_s: Float64Array;
  /** Per EMG channel of the spec: envelope, not yet divided by its maximum. */
  readonly envelopes: readonly Float64Array[];
  /** Every coordinate of the motion file that the model or the spec knows, rad or m. */
  readonly coordinates: ReadonlyMap<string, Float64Array>;
  /** Per coordinate of the spec, rad and rad/s. */
  readonly angles: readonly Float64Array[];
  readonly speeds: readonly Float64Array[];
  /** Per muscle of the body: muscle-tendon length (m), lengthening speed (m/s) and moment arm about the coordinate (m). */
  readonly lengths_m: readonly Float64Array[];
  readonly speeds_m_per_s: readonly Float64Array[];
  readonly moment_arms_m: readonly Float64Array[];
  readonly notes: readonly string[];
}

/** `zero-phase` filters forwards and backwards, for recordings; `causal` as a real-time system has to, see `prepare-causal.ts`. */
export type Filters = EstimatorSpec['filters'];

/** A knee that never bends further is held straight, or its angles were converted once too often. */
const straight_rad = 0.05;

/** Gaps up to this long are bridged by interpolation, and said; longer ones stay missing. */
const longest_filled_gap_s = 0.1;

/**
 * Brings one trial to the common rate: EMG to envelopes, angles filtered with their speeds, muscle geometry.
 * @throws GenuError naming the channel that is missing, dead, in another unit or too short
 */
export function prepareTrial(
  trial: TrialRecordings,
  spec: EstimatorSpec,
  knee: KneeBody,
  filters: Filters = spec.filters,
): PreparedTrial {
  const notes: string[] = [];
  const emg = spec.emg.channels.map(({ channel }) => getChannel(trial.emg, channel, `${trial.id}: EMG`));
  const coordinateNames = listCoordinates(trial.motion, spec, knee);
  const motion = coordinateNames.map((name) => getAngle(trial.motion, name, spec, `${trial.id}: motion`));
  const filterTrial = filters === 'causal' ? filterTrialCausal : filterTrialZeroPhase;
  const filtered = filterTrial(emg, motion, spec, trial.id, notes);
  const angles = new Map(coordinateNames.map((name, i) => [name, filtered.angles[i]]));
  const speeds = new Map(coordinateNames.map((name, i) => [name, filtered.speeds[i]]));
  const inModel = coordinateNames.filter((name) => knee.body.coordinates.has(name));
  const geometry = calcMuscleGeometry(knee.body, {
    coordinates: pick(angles, inModel),
    speeds: pick(speeds, inModel),
    muscles: knee.muscles,
    about: [knee.coordinate],
  });
  notes.push(...geometry.notes);
  const bend = angles.get(knee.coordinate);
  if (bend?.every((angle) => !(Math.abs(angle) > straight_rad))) {
    notes.push(
      `${trial.id}: ${knee.coordinate} stays within 3° of straight. Where the knee did bend, the angles are in radians and the file says degrees: say motion.unit: rad.`,
    );
  }
  return {
    id: trial.id,
    rate_Hz: spec.rate_Hz,
    times_s: filtered.times_s,
    envelopes: filtered.envelopes,
    coordinates: angles,
    angles: spec.motion.coordinates.map((name) => angles.get(name)!),
    speeds: spec.motion.coordinates.map((name) => speeds.get(name)!),
    lengths_m: geometry.lengths_m,
    speeds_m_per_s: geometry.speeds_m_per_s!,
    moment_arms_m: geometry.momentArms_m[knee.coordinate],
    notes: [...new Set(notes)],
  };
}

/**
 * The measured torque of one trial in N·m/kg at the given times: filtered at its own rate, then resampled.
 * @throws GenuError when the channel is missing, has another unit, or holds values that cannot be the unit it is said to have
 */
export function prepareLabel(
  trial: TrialRecordings,
  times_s: Float64Array,
  spec: EstimatorSpec,
  mass_kg: number,
  notes: string[],
): Float64Array {
  const where = `${trial.id}: moments`;
  if (!trial.moments)
    throw new GenuError('there is no moments file, so no label.', { where, mend: 'Name it under files.moments.' });
  const channel = getChannel(trial.moments, spec.torque.channel, where);
  const factor = { 'N.m': 1 / mass_kg, 'N.m/kg': 1, 'N.mm': 1e-3 / mass_kg, 'N.mm/kg': 1e-3 }[spec.torque.unit];
  const label = resample(smooth(channel, spec.torque.lowpass_Hz, trial.id, notes), {
    times_s,
    rate_Hz: spec.rate_Hz,
  }).map((value) => value * factor);
  const peak = findPeak(label);
  if (peak > 12) {
    throw new GenuError(
      `"${channel.name}" reaches ${peak.toFixed(1)} N·m/kg when read as ${spec.torque.unit}; no human knee does.`,
      {
        where,
        mend: `Say what unit the file has under torque.unit (N.m, N.m/kg, N.mm or N.mm/kg)${spec.torque.unit === 'N.m/kg' ? '; it looks like N.m' : ''}.`,
      },
    );
  }
  return label;
}

/** @throws GenuError when a label (N·m/kg) is next to nothing throughout: an empty channel, or another unit */
export function checkLabel(label: Float64Array, where: string): void {
  const peak = findPeak(label);
  if (peak >= 0.01) return;
  throw new GenuError(`the measured torque never exceeds ${peak.toExponential(1)} N·m/kg.`, {
    where,
    mend: 'The channel is empty, or torque.unit is wrong (N.m, N.m/kg, N.mm or N.mm/kg).',
  });
}

/** Forwards and backwards at each channel's own rate, then resampled; short gaps are bridged before. */
function filterTrialZeroPhase(
  emg: readonly Channel[],
  motion: readonly Channel[],
  spec: EstimatorSpec,
  id: string,
  notes: string[],
): FilteredChannels {
  const clock = makeCommonClock([...emg, ...motion], spec.rate_Hz);
  const envelopes = emg.map((channel) =>
    resample(makeEnvelope(channel, spec, id, notes), clock).map((value) => Math.max(0, value)),
  );
  const angles = motion.map((channel) => resample(smooth(channel, spec.motion.lowpass_Hz, id, notes), clock));
  const speeds = angles.map((angle) => calcDerivative(angle, spec.rate_Hz));
  return { times_s: clock.times_s, envelopes, angles, speeds };
}

function makeEnvelope(channel: Channel, spec: EstimatorSpec, id: string, notes: string[]): Channel {
  const where = `${id}: EMG channel "${channel.name}"`;
  const bridged = { ...channel, values: bridgeGaps(channel, where, notes) };
  checkEmg(bridged, spec, id, notes);
  if (spec.emg.kind === 'envelope')
    return { ...bridged, values: clipEnvelope(`${id}: ${channel.name}`, bridged.values) };
  const filter = designEnvelope({
    rate_Hz: getRate(channel, where),
    band_Hz: spec.emg.bandpass_Hz,
    smooth_Hz: spec.emg.lowpass_Hz,
    order: zero_lag_order,
  });
  notes.push(...filter.notes.map((note) => `EMG: ${note}`));
  return { ...bridged, kind: 'emg_envelope', values: sayWhere(where, () => calcEnvelope(bridged.values, filter)) };
}

function smooth(channel: Channel, lowpass_Hz: number | null, id: string, notes: string[]): Channel {
  const where = `${id}: channel "${channel.name}"`;
  const values = bridgeGaps(channel, where, notes);
  if (lowpass_Hz === null) return { ...channel, values };
  const design = { order: zero_lag_order, cutoff_Hz: lowpass_Hz, rate_Hz: getRate(channel, where) };
  return { ...channel, values: sayWhere(where, () => filterLowpassZeroPhase(values, design)) };
}

/** A filter knows no names; its errors get the channel's here. */
function sayWhere<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GenuError && error.where === undefined ? new GenuError(error.message, { where }) : error;
  }
}

function bridgeGaps(channel: Channel, where: string, notes: string[]): Float64Array {
  const gaps = findGaps(channel.values);
  if (gaps.length === 0) return channel.values;
  const rate = getRate(channel, where);
  const { values, filled, remaining } = fillGaps(channel.values, rate, longest_filled_gap_s);
  if (filled.length > 0)
    notes.push(`${where}: ${filled.length} short gaps (up to ${longest_filled_gap_s} s) were interpolated.`);
  if (remaining.length > 0) {
    const longest = Math.max(...remaining.map((gap) => gap.end - gap.start)) / rate;
    notes.push(
      `${where}: ${remaining.length} longer gaps (up to ${longest.toFixed(2)} s) stay missing; frames that need them are not predicted.`,
    );
  }
  return values;
}

function pick(map: ReadonlyMap<string, Float64Array>, names: readonly string[]): Map<string, Float64Array> {
  return new Map(names.map((name) => [name, map.get(name)!]));
}
