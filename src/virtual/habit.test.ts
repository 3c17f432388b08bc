import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { activityNames, getActivity } from './activities.js';
import { makeAngles, straighten } from './angles.js';
import { calcHabitDrive, makeHabit, makeStyle } from './habit.js';
import { calcHarmonics } from './harmonics.js';
import { ankleMuscles, kneeMuscles } from './muscles.js';
import { makeRhythm } from './rhythm.js';

const muscles = [...kneeMuscles, ...ankleMuscles];
const degrees = 180 / Math.PI;

describe.each(activityNames)('%s', (name) => {
  const activity = getActivity(name);

  it('gives twenty values per curve and drives every muscle', () => {
    const { norm } = activity;
    for (const curve of [
      norm.hip_flexion_deg,
      norm.hip_adduction_deg,
      norm.knee_flexion_deg,
      norm.ankle_dorsiflexion_deg,
      norm.knee_moment_Nm_per_kg,
    ])
      expect(curve).toHaveLength(20);
    for (const muscle of muscles) expect(norm.bursts.some((b) => b.muscles.includes(muscle))).toBe(true);
  });

  it('keeps angles within what a leg can do, for many people', () => {
    for (let person = 0; person < 20; person++) {
      const rng = makeRandom(person);
      const habit = makeHabit(rng, activity, makeStyle(rng.fork('style'), muscles), 70);
      const rhythm = makeRhythm(rng, 0, 1000, 100, habit.cycle_s, activity.cadence_variation);
      const angles = makeAngles(rng, habit, rhythm.phase, 100);
      const knee = angles.get('knee_angle_r')!.map((x) => x * degrees);
      expect(Math.max(...knee)).toBeLessThanOrEqual(-1);
      expect(Math.min(...knee)).toBeGreaterThan(-120);
      const hip = angles.get('hip_flexion_r')!.map((x) => x * degrees);
      expect(Math.min(...hip)).toBeGreaterThan(-30);
      expect(Math.max(...hip)).toBeLessThan(115);
      const ankle = angles.get('ankle_angle_r')!.map((x) => x * degrees);
      expect(Math.min(...ankle)).toBeGreaterThan(-35);
      expect(Math.max(...ankle)).toBeLessThan(40);
    }
  });

  it('keeps drive within 0…1', () => {
    const rng = makeRandom('drive');
    const style = makeStyle(rng, muscles);
    const habit = makeHabit(rng, activity, style, 70);
    for (const muscle of muscles) {
      for (let i = 0; i < 50; i++) {
        const drive = calcHabitDrive(habit, style, muscle, i / 50);
        expect(drive).toBeGreaterThan(0);
        expect(drive).toBeLessThan(1);
      }
    }
  });
});

it('gives walking its double knee wave: 10–25° in loading response, 55–70° at 70–76 % of the cycle', () => {
  for (const [name, loading_deg] of [
    ['walk_08', 11],
    ['walk_12', 17],
    ['walk_16', 23.5],
  ] as const) {
    const rng = makeRandom(0);
    const style = makeStyle(rng, muscles);
    const plain = {
      ...style,
      tempo: 1,
      moment_scale: 1,
      offset_deg: { ...style.offset_deg, knee_flexion_deg: 0 },
      amplitude: { ...style.amplitude, knee_flexion_deg: 1 },
    };
    const knee = makeHabit(rng, getActivity(name), plain, 70).angles.get('knee_angle_r')!;
    const flexion = Array.from({ length: 100 }, (_, i) => -calcHarmonics(knee, i / 100) * degrees);
    const swing = Math.max(...flexion);
    expect(swing).toBeGreaterThan(53);
    expect(swing).toBeLessThan(70);
    expect(flexion.indexOf(swing)).toBeGreaterThanOrEqual(69);
    expect(flexion.indexOf(swing)).toBeLessThanOrEqual(77);
    expect(Math.abs(Math.max(...flexion.slice(0, 30)) - loading_deg)).toBeLessThan(5);
  }
});

it('leaves a bent knee as it is, and keeps a straight one from hyperextending', () => {
  expect(straighten(-0.5)).toBeCloseTo(-0.5, 5);
  expect(straighten(0.3) * degrees).toBeCloseTo(-1, 2);
  // Derivative between 0 and 1 by central difference: no kink, no reversal.
  for (let x = -0.3; x < 0.2; x += 0.01) {
    const slope = (straighten(x + 1e-5) - straighten(x - 1e-5)) / 2e-5;
    expect(slope).toBeGreaterThan(0);
    expect(slope).toBeLessThan(1);
  }
});

it('names the activities there are', () => {
  expect(() => getActivity('walk_2')).toThrow(/walk_08/);
});
