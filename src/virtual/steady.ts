import type { DriveCycle } from './drives.js';
import { calcHabitDrive, type Habit } from './habit.js';
import { calcHarmonics, fitHarmonics } from './harmonics.js';
import { calcForces, calcLegMotion, type LegMotion } from './leg.js';
import { bendActivations, fitMoment } from './moment-fit.js';
import { allMuscles } from './muscles.js';
import type { Person } from './person.js';
import type { TrueActivation } from './types.js';

const NODES = 100;
const ORDER = 10;

/**
 * The mean drive of every muscle over a cycle: the person's habitual activations, bent until this person's muscles give the wanted knee
 * moment, and turned back from activation into drive. A strong person so ends with less EMG for the same movement.
 */
export function makeDriveCycle(person: Person, habit: Habit): DriveCycle {
  const phases = Float64Array.from({ length: NODES }, (_, i) => i / NODES);
  const habitual = new Map(
    allMuscles.map((muscle) => [muscle, phases.map((p) => calcHabitDrive(habit, person.style, muscle, p))]),
  );
  const motion = calcCycleMotion(person, habit);
  const wanted_Nm = phases.map((p) => calcHarmonics(habit.knee_moment, p));
  const bend = fitMoment(habitual, wanted_Nm, (activations) => calcForces(person.leg, motion, activations).moment_Nm);
  const smooth = fitHarmonics(bend, ORDER);
  const bent = bendActivations(
    habitual,
    phases.map((p) => calcHarmonics(smooth, p)),
  );
  const { A } = person.truth.activation;
  return new Map([...bent].map(([muscle, a]) => [muscle, a.map((x) => Math.log1p(x * Math.expm1(A)) / A)]));
}

/** One mean cycle, between two more so that speeds are right at its ends. */
function calcCycleMotion(person: Person, habit: Habit): LegMotion {
  const angles = new Map(
    [...habit.angles].map(([coordinate, curve]) => [
      coordinate,
      Float64Array.from({ length: 3 * NODES }, (_, i) => calcHarmonics(curve, i / NODES)),
    ]),
  );
  return calcLegMotion(person.leg, angles, NODES / habit.cycle_s, NODES, 2 * NODES);
}

/** How long activation lags behind drive, s: the electromechanical delay and the group delay of the recursive filter at 0 Hz. */
export function calcActivationLag_s({ C1, C2, delay_s, rate_Hz }: TrueActivation): number {
  const groupDelay_s = (C: number) => -C / (1 + C) / rate_Hz;
  return delay_s + groupDelay_s(C1) + groupDelay_s(C2);
}
