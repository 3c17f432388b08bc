import { type Channel, makeUniformClock, type Recording, type RecordingEvent } from '../data/index.js';
import type { Random } from '../math/index.js';
import { makeEmg } from './emg.js';
import { calcForces, calcLegMotion, calcTrueActivations } from './leg.js';
import type { Person } from './person.js';
import { EMG_RATE_HZ, LEAD_IN_S, MOTION_RATE_HZ } from './rates.js';
import type { VirtualTrial } from './types.js';
import { knotForCutoff_s, makeWobble } from './wobble.js';

/** What a trial is made from: everything begins `LEAD_IN_S` before time 0. */
export interface Performance {
  readonly name: string;
  readonly kind: VirtualTrial['kind'];
  readonly duration_s: number;
  /** At `EMG_RATE_HZ`, every muscle. */
  readonly drives: ReadonlyMap<string, Float64Array>;
  /** At `MOTION_RATE_HZ`, rad, every coordinate. */
  readonly angles: ReadonlyMap<string, Float64Array>;
  readonly events: readonly RecordingEvent[];
  readonly label_noise_Nm: number;
  readonly label_noise_cutoff_Hz: number;
}

/** Lets a person perform: drives become activations, forces and a knee moment, and electrodes record. */
export function makeTrial(rng: Random, person: Person, performance: Performance): VirtualTrial {
  const { name, kind, drives, angles, duration_s } = performance;
  const motion = calcLegMotion(person.leg, angles, MOTION_RATE_HZ);
  const activations = calcTrueActivations(person.truth, drives);
  const whole = calcForces(person.leg, motion, activations);
  const from = LEAD_IN_S * MOTION_RATE_HZ;
  const every = EMG_RATE_HZ / MOTION_RATE_HZ;
  const count = Math.round(duration_s * MOTION_RATE_HZ);
  const cut = (series: Float64Array) => series.slice(from, from + count);
  const cutAll = (series: ReadonlyMap<string, Float64Array>) => new Map([...series].map(([k, v]) => [k, cut(v)]));

  const noise = makeWobble(
    rng.fork('label noise'),
    count,
    MOTION_RATE_HZ,
    knotForCutoff_s(performance.label_noise_cutoff_Hz),
    performance.label_noise_Nm,
  );
  const truth = {
    drives: new Map([...drives].map(([muscle, drive]) => [muscle, cut(thin(drive, every))] as const)),
    activations: cutAll(activations),
    forces_N: cutAll(whole.forces_N),
    moment_arms_m: cutAll(motion.moment_arms_m),
    muscle_moment_Nm: cut(whole.muscle_moment_Nm),
    passive_moment_Nm: cut(whole.passive_moment_Nm),
    unmodelled_moment_Nm: cut(whole.unmodelled_moment_Nm),
    label_noise_Nm: noise,
    label_noise_deviation_Nm: performance.label_noise_Nm,
  };
  const moment = noise.map(
    (n, i) => truth.muscle_moment_Nm[i] + truth.passive_moment_Nm[i] + truth.unmodelled_moment_Nm[i] + n,
  );

  const drift = -0.02 + 0.06 * rng.fork('drift').uniform();
  const volts = makeEmg(rng.fork('emg'), person.emg, drives, EMG_RATE_HZ, drift, motion.knee_angle_rad, MOTION_RATE_HZ);
  const emgClock = makeUniformClock(0, EMG_RATE_HZ, Math.round(duration_s * EMG_RATE_HZ));
  const motionClock = makeUniformClock(0, MOTION_RATE_HZ, count);
  const channels: Channel[] = [];
  for (const [muscle, values] of volts)
    channels.push({
      name: muscle,
      kind: 'emg',
      unit: 'V',
      clock: emgClock,
      values: values.slice(LEAD_IN_S * EMG_RATE_HZ, LEAD_IN_S * EMG_RATE_HZ + emgClock.times_s.length),
    });
  for (const [coordinate, values] of angles)
    channels.push({
      name: coordinate,
      kind: 'coordinate',
      unit: 'rad',
      clock: motionClock,
      values: cut(values),
      positive: positiveDirections[coordinate],
    });
  channels.push({
    name: 'knee_angle_r_moment',
    kind: 'generalised_force',
    unit: 'N.m',
    clock: motionClock,
    values: moment,
    positive: 'extension',
  });
  const recording: Recording = {
    name,
    channels,
    events: performance.events,
    notes: [`Simulated: ${person.id} is a virtual participant of genu, not a person; nothing here was measured.`],
  };
  return { name, kind, recording, truth };
}

/** Every `every`-th sample. */
const thin = (series: Float64Array, every: number) =>
  Float64Array.from({ length: series.length / every }, (_, i) => series[i * every]);

const positiveDirections: Readonly<Record<string, string>> = {
  hip_flexion_r: 'flexion',
  hip_adduction_r: 'adduction',
  knee_angle_r: 'extension',
  ankle_angle_r: 'dorsiflexion',
};
