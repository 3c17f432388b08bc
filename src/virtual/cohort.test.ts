import { expect, it } from 'vitest';
import { buildBody, calcCoordinateSpeeds, calcMuscleGeometry } from '../body/index.js';
import { type Channel, getChannel } from '../data/index.js';
import { makeRandom } from '../math/index.js';
import { solveMuscles } from '../nms/index.js';
import { calcEnvelope, designEnvelope, USUAL_ENVELOPE } from '../signal/index.js';
import { activityNames } from './activities.js';
import { makeCohort } from './cohort.js';
import { calcCorrelation } from './correlation.test.support.js';
import { electrodes } from './muscles.js';
import { makePerson } from './person.js';
import { makeTrialTables } from './tables.js';
import type { VirtualParticipant, VirtualTrial } from './types.js';

const small = { participants: 1, seed: 5, activities: ['walk_12'], duration_s: 5 };
const cohort = makeCohort({ participants: 3, seed: 1, duration_s: 10 });
const trials = cohort.flatMap((person) => person.trials.map((trial) => [person, trial] as const));
const moving = trials.filter(([, trial]) => trial.kind === 'motion');

const getMoment = (trial: VirtualTrial) => getChannel(trial.recording, 'knee_angle_r_moment').values;
const find = (person: VirtualParticipant, name: string) => person.trials.find((trial) => trial.name === name)!;

const isSame = (a: VirtualTrial, b: VirtualTrial) =>
  a.recording.channels.every(({ name, values }) =>
    Buffer.from(values.buffer).equals(Buffer.from(getChannel(b.recording, name).values.buffer)),
  );

it('gives the same bits for the same seed, whatever else is asked for', () => {
  const [one] = makeCohort(small);
  const [again] = makeCohort(small);
  expect(one.trials).toHaveLength(4);
  one.trials.forEach((trial, t) => {
    expect(isSame(trial, again.trials[t])).toBe(true);
  });
  const [first, second] = makeCohort({ ...small, participants: 2, activities: ['squat', 'walk_12'] });
  expect(isSame(find(first, 'walk_12'), find(one, 'walk_12'))).toBe(true);
  expect(isSame(find(second, 'walk_12'), find(one, 'walk_12'))).toBe(false);
  expect(second.truth).not.toEqual(first.truth);
});

it('says in every recording that it is simulated', () => {
  for (const [, trial] of trials) expect(trial.recording.notes.join(' ')).toMatch(/Simulated.*not a person/);
});

it('records raw EMG, angles, the knee moment and cycle starts, and no truth', () => {
  for (const [, { recording, kind }] of trials) {
    const of = (wanted: Channel['kind']) => recording.channels.filter((channel) => channel.kind === wanted);
    expect(of('emg').map(({ name }) => name)).toEqual([...electrodes]);
    expect(of('emg').every(({ unit, clock }) => unit === 'V' && clock.rate_Hz === 1000)).toBe(true);
    expect(of('coordinate').every(({ unit, clock }) => unit === 'rad' && clock.rate_Hz === 100)).toBe(true);
    expect(of('generalised_force')).toHaveLength(1);
    expect(recording.channels).toHaveLength(electrodes.length + 5);
    for (const { values, clock } of recording.channels) {
      expect(values).toHaveLength(clock.times_s.length);
      expect(values.every(Number.isFinite)).toBe(true);
    }
    if (kind === 'motion') expect(recording.events.length).toBeGreaterThan(0);
  }
  expect(cohort[0].trials.map(({ name }) => name).slice(3)).toEqual(activityNames);
});

it('balances: the moment is Σ r·F + passive + unmodelled + label noise and nothing else', () => {
  for (const [, trial] of trials) {
    const { truth } = trial;
    const moment = getMoment(trial);
    for (let i = 0; i < moment.length; i += 7) {
      let sum = truth.passive_moment_Nm[i] + truth.unmodelled_moment_Nm[i] + truth.label_noise_Nm[i];
      for (const [muscle, force] of truth.forces_N) sum += force[i] * truth.moment_arms_m.get(muscle)![i];
      expect(Math.abs(moment[i] - sum)).toBeLessThan(1e-9);
    }
  }
});

it('has the forces that the solver of nms finds for the true muscles and activations', () => {
  const [person] = cohort;
  const trial = find(person, 'run_26');
  const clock = getMoment(trial).map((_, i) => i / 100);
  const coordinates = new Map(
    trial.recording.channels.filter((c) => c.kind === 'coordinate').map((c) => [c.name, c.values]),
  );
  const speeds = new Map([...coordinates].map(([name, values]) => [name, calcCoordinateSpeeds(clock, values)]));
  const muscles = person.truth.muscles.map((m) => ({ ...m, activation: { C1: 0, C2: 0, A: 0, delay_s: 0 } }));
  const names = muscles.map(({ name }) => name);
  const geometry = calcMuscleGeometry(buildBody(person.model), {
    coordinates,
    speeds,
    muscles: names,
    about: ['knee_angle_r'],
  });
  const { forces_N } = solveMuscles({
    muscles,
    excitations: names.map((name) => trial.truth.activations.get(name)!),
    lengths_m: geometry.lengths_m,
    speeds_m_per_s: geometry.speeds_m_per_s!,
    momentArms_m: geometry.momentArms_m.knee_angle_r,
    rate_Hz: 100,
  });
  names.forEach((name, m) => {
    const truth = trial.truth.forces_N.get(name)!;
    // At the cut ends the spline knows less of the speeds.
    for (let i = 30; i < truth.length - 30; i++) expect(Math.abs(forces_N[m][i] - truth[i])).toBeLessThan(1e-3);
  });
});

it('has label noise of the declared size, largest in running', () => {
  for (const [person, { name, truth }] of moving) {
    const { label_noise_Nm: noise, label_noise_deviation_Nm: declared } = truth;
    const deviation = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
    expect(deviation / declared).toBeGreaterThan(0.75);
    expect(deviation / declared).toBeLessThan(1.3);
    if (name !== 'run_26') expect(declared).toBeLessThan(find(person, 'run_26').truth.label_noise_deviation_Nm);
  }
});

/** Published peaks of the knee moment, N·m/kg, widened by what people and strides differ. */
const peaks: Record<string, readonly [number, number]> = {
  walk_08: [0.1, 0.6],
  walk_12: [0.3, 1],
  walk_16: [0.5, 1.5],
  run_26: [1.2, 3.2],
  stair_ascent: [0.7, 1.9],
  squat: [0.6, 1.9],
  sit_to_stand: [0.6, 1.6],
};

it('has physiologic knee moments and MVC moments', () => {
  for (const [person, trial] of trials) {
    const most = Math.max(...getMoment(trial)) / person.mass_kg;
    const least = Math.min(...getMoment(trial)) / person.mass_kg;
    if (trial.kind === 'motion') {
      expect(most).toBeGreaterThan(peaks[trial.name][0]);
      expect(most).toBeLessThan(peaks[trial.name][1]);
      expect(least).toBeGreaterThan(-1.2);
      expect(least).toBeLessThan(0.1);
    }
    if (trial.name === 'mvc_knee_extension') expect(most > 1.2 && most < 3.8).toBe(true);
    if (trial.name === 'mvc_knee_flexion') expect(least < -0.6 && least > -2.2).toBe(true);
  }
});

it('walks with peak swing flexion of 52–72° at 68–80 % of the stride and the moment peak at 8–22 %', () => {
  for (const [, trial] of moving.filter(([, { name }]) => name === 'walk_12')) {
    const knee = getChannel(trial.recording, 'knee_angle_r').values;
    const moment = getMoment(trial);
    const starts = trial.recording.events.map(({ time_s }) => Math.round(100 * time_s));
    const [flexionAt, momentAt] = [0, 0].map(() => [] as number[]);
    for (let k = 1; k < starts.length; k++) {
      const flexion = [...knee.subarray(starts[k - 1], starts[k])].map((x) => (-x * 180) / Math.PI);
      const swing = Math.max(...flexion);
      expect(swing).toBeGreaterThan(52);
      expect(swing).toBeLessThan(72);
      flexionAt.push(flexion.indexOf(swing) / flexion.length);
      const stance = [...moment.subarray(starts[k - 1], starts[k - 1] + Math.round(0.4 * flexion.length))];
      momentAt.push(stance.indexOf(Math.max(...stance)) / flexion.length);
    }
    const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    expect(mean(flexionAt)).toBeGreaterThan(0.68);
    expect(mean(flexionAt)).toBeLessThan(0.8);
    expect(mean(momentAt)).toBeGreaterThan(0.08);
    expect(mean(momentAt)).toBeLessThan(0.22);
  }
});

it('shows the drive in the envelope of raw EMG: r > 0.9 wherever the muscle works', () => {
  const filter = designEnvelope({ rate_Hz: 1000, ...USUAL_ENVELOPE });
  for (const [, trial] of moving) {
    for (const muscle of ['vas_lat_r', 'med_gas_r', 'bifemlh_r']) {
      const drive = trial.truth.drives.get(muscle)!;
      if (Math.max(...drive) < 0.15) continue;
      const envelope = calcEnvelope(getChannel(trial.recording, muscle).values, filter);
      expect(
        calcCorrelation(
          drive,
          envelope.filter((_, i) => i % 10 === 0),
        ),
      ).toBeGreaterThan(0.9);
    }
  }
});

it('keeps strengths within 0.7–1.6 and people of laboratory size', () => {
  for (let seed = 0; seed < 30; seed++) {
    const { truth, height_m, mass_kg } = makePerson(makeRandom(seed), 'virtual01');
    for (const strength of Object.values(truth.strengths)) {
      expect(strength).toBeGreaterThanOrEqual(0.7);
      expect(strength).toBeLessThanOrEqual(1.6);
    }
    expect(height_m).toBeGreaterThan(1.45);
    expect(height_m).toBeLessThan(1.92);
    expect(mass_kg / height_m ** 2).toBeGreaterThan(18.5);
    expect(mass_kg / height_m ** 2).toBeLessThan(28);
  }
});

it('writes tables with angles in degrees and everything else as recorded', () => {
  const trial = find(cohort[0], 'walk_12');
  const [emg, motion, moments] = makeTrialTables(trial);
  expect([emg, motion, moments].map((t) => [t.name, t.columns.length, t.in_degrees])).toEqual([
    ['emg', electrodes.length, false],
    ['motion', 4, true],
    ['moments', 1, false],
  ]);
  const knee = motion.columns.find(({ name }) => name === 'knee_angle_r')!.values;
  expect(knee[42]).toBeCloseTo((getChannel(trial.recording, 'knee_angle_r').values[42] * 180) / Math.PI, 10);
  expect(moments.columns[0].values).toEqual(getMoment(trial));
  expect(emg.times_s).toHaveLength(10 * motion.times_s.length);
});

it('refuses what it cannot make', () => {
  expect(() => makeCohort({ ...small, participants: 0 })).toThrow(/whole number/);
  expect(() => makeCohort({ ...small, participants: 1.5 })).toThrow(/whole number/);
  expect(() => makeCohort({ ...small, duration_s: 2 })).toThrow(/at least 5 s/);
  expect(() => makeCohort({ ...small, duration_s: Number.NaN })).toThrow(/at least 5 s/);
  expect(() => makeCohort({ ...small, activities: ['jump'] })).toThrow(/there is no virtual activity "jump"/);
});
