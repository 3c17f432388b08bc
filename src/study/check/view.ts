import {
  type Channel,
  fillSide,
  findChannel,
  findTimeSpan,
  hasSide,
  makeUniformClock,
  type Side,
} from '../../data/index.js';
import {
  calcEnvelope,
  designEnvelope,
  type EmgForm,
  findEmgForm,
  interpolate,
  USUAL_ENVELOPE,
} from '../../signal/index.js';
import type { Study } from '../schema.js';
import type { CheckedFile, CheckedTrial } from './evidence.js';
import { findLegQuantity, findMuscleGroup, findNamedSide, type LegQuantity, type MuscleGroup } from './names.js';

/** A channel and the file that it is in. */
export interface Signal {
  readonly file: CheckedFile;
  readonly channel: Channel;
}

/** One EMG channel. */
export interface EmgSignal extends Signal {
  /** The model's muscle, where a study says it. */
  readonly muscle: string | undefined;
  readonly group: MuscleGroup | undefined;
  readonly side: Side | undefined;
  /** What it looks like. */
  readonly form: EmgForm | undefined;
  /** Whether the study uses it; without a study, whether it names a muscle that moves knee or ankle. */
  readonly used: boolean;
}

export type Leg = { readonly side: Side } & Partial<Record<LegQuantity, Signal>>;

/** A trial as the checks see it: which channel is what, and everything on one clock. */
export interface TrialView {
  readonly trial: CheckedTrial;
  readonly legs: Readonly<Record<Side, Leg>>;
  /** The leg that the study is about; undefined where nobody said. */
  readonly side: Side | undefined;
  readonly emg: readonly EmgSignal[];
  /** Grid of `sample` and `envelope`. */
  readonly times_s: Float64Array;
  readonly rate_Hz: number;
  /** A channel on the grid, straight lines between its samples. */
  readonly sample: (signal: Signal) => Float64Array;
  /** The linear envelope of an EMG channel on the grid, whatever the file holds; undefined where it cannot be calculated. */
  readonly envelope: (signal: EmgSignal) => Float64Array | undefined;
}

const GRID_Hz = 100;
/** An hour: longer recordings, and clocks that damage made long, are looked at up to there. */
const MOST_SAMPLES = 3600 * GRID_Hz;

/** Finds out which channel is what: by the study where it says so, else by names. */
export function makeTrialView(trial: CheckedTrial, study: Study | undefined): TrialView {
  const side = trial.side ?? findStudiedSide(trial, study);
  const legs = { left: makeLeg(trial, study, 'left', side), right: makeLeg(trial, study, 'right', side) };
  const emg = listEmg(trial, study, side);
  const spans = trial.files.flatMap(({ recording }) => (recording?.channels.length ? [findTimeSpan(recording)] : []));
  const start_s = spans.length > 0 ? Math.max(...spans.map(([start]) => start)) : 0;
  const end_s = spans.length > 0 ? Math.min(...spans.map(([, end]) => end)) : 0;
  const samples = Math.min(MOST_SAMPLES, Math.max(0, Math.floor((end_s - start_s) * GRID_Hz) + 1));
  const { times_s } = makeUniformClock(start_s, GRID_Hz, samples);
  const sampled = new Map<Channel, Float64Array>();
  const enveloped = new Map<Channel, Float64Array | undefined>();
  const keep = <Value>(known: Map<Channel, Value>, key: Channel, make: () => Value): Value => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key)!;
  };
  return {
    trial,
    legs,
    side,
    emg,
    times_s,
    rate_Hz: GRID_Hz,
    sample: ({ channel }) =>
      keep(sampled, channel, () => interpolate(channel.clock.times_s, channel.values, times_s, 'linear')),
    envelope: (signal) => keep(enveloped, signal.channel, () => makeEnvelope(signal, times_s)),
  };
}

function findStudiedSide(trial: CheckedTrial, study: Study | undefined): Side | undefined {
  if (study) return study.torque.coordinate.endsWith('_l') ? 'left' : 'right';
  // A file of one leg's moments is about that leg.
  const sides = new Set(
    trial.files.flatMap(({ recording }) =>
      (recording?.channels ?? []).flatMap(({ name }) => {
        const found = findLegQuantity(name);
        return found?.quantity === 'moment' ? [found.side] : [];
      }),
    ),
  );
  return sides.size === 1 ? [...sides][0] : undefined;
}

function makeLeg(trial: CheckedTrial, study: Study | undefined, side: Side, studied: Side | undefined): Leg {
  const leg: { side: Side } & Partial<Record<LegQuantity, Signal>> = { side };
  for (const file of trial.files) {
    for (const channel of file.recording?.channels ?? []) {
      const found = findLegQuantity(channel.name);
      if (found?.side === side) leg[found.quantity] ??= { file, channel };
    }
  }
  if (!study || side !== studied) return leg;
  const { motion, torque } = study;
  const declare = (quantity: LegQuantity, role: 'motion' | 'moments', name: string | undefined) => {
    const signal = name === undefined ? undefined : findSignal(trial, role, name, side);
    if (signal) leg[quantity] = signal;
    // What the study names and the file lacks is missing, even where another channel sounds like it.
    else if (name !== undefined && trial.files.some(({ roles }) => roles.includes(role))) delete leg[quantity];
  };
  declare(
    'knee',
    'motion',
    motion.posture_deg?.[torque.coordinate] === undefined
      ? (motion.channels?.[torque.coordinate]?.channel ?? torque.coordinate)
      : undefined,
  );
  declare('moment', 'moments', torque.channel);
  return leg;
}

/** A channel of the file that has that role in the study. */
export function findSignal(
  trial: CheckedTrial,
  role: 'emg' | 'motion' | 'moments' | 'ground',
  name: string,
  side: Side | undefined,
): Signal | undefined {
  if (hasSide(name) && side === undefined) return undefined;
  const file = trial.files.find(({ roles }) => roles.includes(role));
  const channel = file?.recording && findChannel(file.recording, fillSide(name, side));
  return file && channel && { file, channel };
}

function listEmg(trial: CheckedTrial, study: Study | undefined, side: Side | undefined): EmgSignal[] {
  const describe = (file: CheckedFile, channel: Channel, muscle?: string): EmgSignal => ({
    file,
    channel,
    muscle,
    used: study ? muscle !== undefined : findMuscleGroup(channel.name) !== undefined,
    group: findMuscleGroup(muscle ?? channel.name),
    side: findNamedSide(channel.name) ?? (muscle === undefined ? undefined : side),
    form: channel.clock.rate_Hz === undefined ? undefined : findEmgForm(channel.values, channel.clock.rate_Hz),
  });
  const declared = Object.entries(study?.emg.channels ?? {}).flatMap(([muscle, name]) => {
    const signal = findSignal(trial, 'emg', name, side);
    return signal ? [describe(signal.file, signal.channel, muscle)] : [];
  });
  const others = trial.files.flatMap((file) =>
    (file.recording?.channels ?? [])
      .filter((channel) => isEmg(channel) && !declared.some((known) => known.channel === channel))
      .map((channel) => describe(file, channel)),
  );
  return [...declared, ...others];
}

const isEmg = ({ kind, clock }: Channel) => (kind === 'emg' || kind === 'emg_envelope') && clock.times_s.length > 0;

function makeEnvelope({ channel, form }: EmgSignal, times_s: Float64Array): Float64Array | undefined {
  const { values, clock } = channel;
  const { rate_Hz } = clock;
  if (form === 'envelope') return interpolate(clock.times_s, values, times_s, 'linear');
  if (rate_Hz === undefined || rate_Hz < 4 * USUAL_ENVELOPE.band_Hz[0]) return undefined;
  try {
    return interpolate(
      clock.times_s,
      calcEnvelope(values, designEnvelope({ ...USUAL_ENVELOPE, rate_Hz })),
      times_s,
      'linear',
    );
  } catch {
    return undefined; // Too short, or nothing but gaps: another check says so.
  }
}
