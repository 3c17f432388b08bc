import type { Random } from '../math/index.js';
import type { Habit } from './habit.js';
import { calcHarmonics } from './harmonics.js';
import type { MvcTest } from './mvc.js';
import { makeWobble } from './wobble.js';

/** The straightest knee that a participant reaches. */
const STRAIGHTEST_RAD = (-1 * Math.PI) / 180;

/**
 * Angles over a trial, rad by coordinate: the person's mean cycle at each phase, its amplitude varying by 2 %, and 1.2° of slow variation
 * (stride-to-stride standard deviations of 1–2° are usual: Winter 1991).
 */
export function makeAngles(rng: Random, habit: Habit, phase: Float64Array, rate_Hz: number): Map<string, Float64Array> {
  const angles = new Map<string, Float64Array>();
  for (const [coordinate, curve] of habit.angles) {
    const size = makeWobble(rng.fork(`${coordinate} size`), phase.length, rate_Hz, habit.cycle_s, 0.02);
    const drift = makeWobble(rng.fork(coordinate), phase.length, rate_Hz, 0.6 * habit.cycle_s, (1.2 * Math.PI) / 180);
    const mean = curve.cosine[0];
    const values = phase.map((p, i) => mean + (1 + size[i]) * (calcHarmonics(curve, p) - mean) + drift[i]);
    angles.set(coordinate, coordinate === 'knee_angle_r' ? values.map(straighten) : values);
  }
  return angles;
}

/** Angles of an MVC test: fixed, but for 0.3° of give. */
export function makeMvcAngles(rng: Random, mvc: MvcTest, count: number, rate_Hz: number): Map<string, Float64Array> {
  return new Map(
    Object.entries(mvc.angles_rad).map(([coordinate, angle]) => [
      coordinate,
      makeWobble(rng.fork(coordinate), count, rate_Hz, 0.5, (0.3 * Math.PI) / 180).map((x) => angle + x),
    ]),
  );
}

/** Bends knee angles (flexion negative) smoothly away from hyperextension: a soft minimum of the angle and the limit, 2° wide. */
export function straighten(angle_rad: number): number {
  const width = (2 * Math.PI) / 180;
  return STRAIGHTEST_RAD - width * Math.log1p(Math.exp((STRAIGHTEST_RAD - angle_rad) / width));
}
