import { describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { makeTestBundle, makeTestRecording, testSpec } from './bundle.fixture.js';
import { calcTorqueSign, makeKneeBody } from './knee.js';
import { averagePeople, findEmgMaxima, makeNewcomer, makePerson, solveKnee } from './person.js';
import { prepareTrial } from './prepare.js';

const bundle = makeTestBundle('nms');
const { p1, p2 } = bundle.people;
const knee = makeKneeBody(bundle.geometries.leg, 'knee_angle_r');
const prepared = prepareTrial(makeTestRecording(), testSpec, knee);
const [channels, frames] = [testSpec.emg.channels.length, prepared.times_s.length];
const envelopes = testSpec.emg.channels.map((_, c) =>
  Float64Array.from({ length: frames }, (_, i) => (c + 1) * Math.sin((Math.PI * i) / frames)),
);
const trial = { ...prepared, envelopes };

describe('findEmgMaxima', () => {
  it('is the largest envelope of all trials, past missing samples, from each one’s own start on', () => {
    const doubled = envelopes.map((values) => values.map((value, i) => (i === 40 ? Number.NaN : 2 * value)));
    const louder = { ...trial, envelopes: doubled };
    const half_s = trial.times_s[Math.round(frames / 2)];
    expect(findEmgMaxima([trial], testSpec, [0])[0]).toBeCloseTo(1, 3);
    expect(findEmgMaxima([trial, louder], testSpec, [0, 0])[channels - 1]).toBeCloseTo(2 * channels, 3);
    const late = trial.times_s[frames - 10];
    expect(findEmgMaxima([trial, louder], testSpec, [half_s, late])[0]).toBeCloseTo(1, 2);
  });

  it('refuses to divide by nothing', () => {
    const dead = { ...trial, envelopes: envelopes.map((values, c) => (c === 1 ? values.map(() => 0) : values)) };
    expect(() => findEmgMaxima([dead], testSpec, [0])).toThrow(/EMG rect_fem_r": its envelope never rises above zero/);
    expect(() => findEmgMaxima([trial], testSpec, [100])).toThrow(GenuError);
  });
});

it('turns the torque round with the study’s direction, and nothing else', () => {
  const flexion = { ...testSpec, torque: { ...testSpec.torque, positive: 'flexion' as const } };
  expect(calcTorqueSign(knee, testSpec)).toBe(-calcTorqueSign(knee, flexion));
  const [a, b] = [testSpec, flexion].map((spec) => solveKnee(trial, envelopes, p1, bundle.excitations, knee, spec));
  a.torque_Nm_per_kg.forEach((torque, i) => {
    expect(torque).toBe(-b.torque_Nm_per_kg[i]);
  });
  expect(a.forces_N).toEqual(b.forces_N);
});

describe('somebody new', () => {
  const anyone = averagePeople([p1, p2]);
  it('has the average of every parameter', () => {
    expect(anyone.mass_kg).toBe(80);
    anyone.muscles.forEach(({ strength }, m) => {
      expect(strength).toBeCloseTo((p1.muscles[m].strength + p2.muscles[m].strength) / 2, 12);
    });
    expect(anyone.emg_maxima[0]).toBeCloseTo((p1.emg_maxima[0] + p2.emg_maxima[0]) / 2, 15);
  });

  it('with a known leg has that leg, changed as calibration changed the others', () => {
    const [short, long] = [0.9, 1.3].map((size) =>
      p1.muscles.map((muscle) => ({
        ...bundle.geometries.leg.muscles.find(({ name }) => name === muscle.name)!,
        optimal_fibre_length_m: size * 0.1,
        tendon_slack_length_m: size * 0.2,
        max_isometric_force_N: size * 1000,
      })),
    );
    const calibrated = (person: typeof p1, factor: number) => ({
      uncalibrated: short,
      person: {
        ...person,
        muscles: person.muscles.map((muscle, m) => ({
          ...muscle,
          optimal_fibre_length_m: factor * short[m].optimal_fibre_length_m,
          tendon_slack_length_m: short[m].tendon_slack_length_m / factor,
        })),
      },
    });
    const own = { uncalibrated: long, mass_kg: 50, emg_maxima: [3, 4], geometry: 'own' };
    const made = makeNewcomer([calibrated(p1, 0.8), calibrated(p2, 1.25)], own);
    expect([made.mass_kg, made.emg_maxima, made.geometry]).toEqual([50, [3, 4], 'own']);
    made.muscles.forEach((muscle, m) => {
      // 0.8 and 1.25 cancel.
      expect(muscle.optimal_fibre_length_m).toBeCloseTo(0.13, 12);
      expect(muscle.tendon_slack_length_m).toBeCloseTo(0.26, 12);
      expect(muscle.max_isometric_force_N).toBe(1300);
      expect(muscle.strength).toBeCloseTo((p1.muscles[m].strength + p2.muscles[m].strength) / 2, 12);
    });
    const [alone] = makeNewcomer([calibrated(p1, 0.8)], own).muscles;
    expect(alone.optimal_fibre_length_m).toBeCloseTo(0.104, 12);
  });

  it('is as strong per body mass as the average', () => {
    const heavy = makePerson(anyone, { mass_kg: 120 });
    heavy.muscles.forEach(({ max_isometric_force_N }, m) => {
      expect(max_isometric_force_N / 120).toBeCloseTo(anyone.muscles[m].max_isometric_force_N / 80, 9);
    });
    expect(heavy.emg_maxima).toBe(anyone.emg_maxima);
  });
});
