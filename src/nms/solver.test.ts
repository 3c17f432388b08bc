import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import type { MuscleParameters } from './muscles.js';
import { calcPassiveKneeTorque } from './passive-joint.js';
import {
  type MuscleProblem,
  makeMuscleFrameResult,
  makeMuscleSolver,
  solveMuscles,
  startMuscleSolver,
  stepMuscles,
} from './solver.js';

const makeMuscle = (name: string, more: Partial<MuscleParameters> = {}): MuscleParameters => ({
  name,
  max_isometric_force_N: 1000,
  optimal_fibre_length_m: 0.1,
  tendon_slack_length_m: 0.2,
  pennation_at_optimal_rad: 0.1,
  max_contraction_velocity: 10,
  strength: 1.2,
  damping: 0.1,
  activation: { C1: -0.5, C2: -0.3, A: -1, delay_s: 0.0234 },
  ...more,
});

function makeProblem(frames: number, seed: string): MuscleProblem {
  const random = makeRandom(seed);
  const muscles = [makeMuscle('vas_lat_r'), makeMuscle('bifemlh_r', { max_isometric_force_N: 700 })];
  const phases = muscles.map(() => 6 * random.uniform());
  const forEach = (f: (i: number, m: number) => number) =>
    muscles.map((_, m) => Float64Array.from({ length: frames }, (_, i) => f(i, m)));
  return {
    muscles,
    rate_Hz: 100,
    excitations: forEach((i, m) => 0.55 + 0.4 * Math.sin(0.11 * i + phases[m])),
    lengths_m: forEach((i, m) => 0.295 + 0.03 * Math.sin(0.07 * i + phases[m])),
    speeds_m_per_s: forEach((i, m) => 0.02 * Math.cos(0.07 * i + phases[m])),
    momentArms_m: forEach((i, m) => (m === 0 ? 0.04 : -0.035) + 0.002 * Math.sin(0.05 * i)),
  };
}

describe('solveMuscles', () => {
  it('is force times moment arm, summed', () => {
    const problem = makeProblem(200, 'sum');
    const out = solveMuscles(problem);
    out.torque_Nm.forEach((torque, i) => {
      const expected =
        out.forces_N[0][i] * problem.momentArms_m[0][i] + out.forces_N[1][i] * problem.momentArms_m[1][i];
      expect(torque).toBeCloseTo(expected, 9);
      expect(out.torqueByMuscle_Nm[0][i] + out.torqueByMuscle_Nm[1][i]).toBe(torque);
    });
    expect(out.warnings).toEqual([]);
    expect(Math.max(...out.forces_N[0])).toBeGreaterThan(400);
  });

  it('streams the same numbers bit for bit, with the state copied on the way and gaps in the input', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(59), fc.nat(59), fc.nat(3), (seed, gap, cut, what) => {
        const problem = makeProblem(60, seed);
        const arrays = [problem.excitations, problem.lengths_m, problem.speeds_m_per_s, problem.momentArms_m][what];
        arrays[1][gap] = Number.NaN;
        const angle_rad = Float64Array.from({ length: 60 }, (_, i) => -2.3 + 0.04 * i);
        const passive = { angle_rad, positive: 'extension', scale: 1.3 } as const;
        const batch = solveMuscles({ ...problem, passive });
        const solver = makeMuscleSolver({ ...problem, passive });
        let state = startMuscleSolver(solver);
        const out = makeMuscleFrameResult(2);
        for (let i = 0; i < 60; i++) {
          if (i === cut) state = structuredClone(state);
          stepMuscles(out, solver, state, {
            excitations: problem.excitations.map((a) => a[i]),
            lengths_m: problem.lengths_m.map((a) => a[i]),
            speeds_m_per_s: problem.speeds_m_per_s.map((a) => a[i]),
            momentArms_m: problem.momentArms_m.map((a) => a[i]),
            kneeAngle_rad: angle_rad[i],
          });
          expect(out.torque_Nm).toBe(batch.torque_Nm[i]);
          for (const key of ['activations', 'forces_N', 'normalisedFibreLengths', 'torqueByMuscle_Nm'] as const)
            expect([...out[key]]).toEqual(batch[key].map((a) => a[i]));
        }
        expect(state.counts).toEqual(batch.counts);
      }),
    );
  });

  it('keeps a missing input to its own frames', () => {
    const clean = solveMuscles(makeProblem(100, 'gap'));
    const problem = makeProblem(100, 'gap');
    problem.lengths_m[0][50] = Number.NaN;
    problem.momentArms_m[1][60] = Number.NaN;
    const out = solveMuscles(problem);
    out.torque_Nm.forEach((torque, i) => {
      if (i === 50 || i === 60) expect(torque).toBeNaN();
      else expect(torque).toBe(clean.torque_Nm[i]);
    });
    expect(out.forces_N[1][60]).toBe(clean.forces_N[1][60]);
    expect(out.counts.missing).toBe(2);
    expect(out.warnings).toEqual(['The torque is missing in 2 of 100 frames (2.0 %), where an input is missing.']);

    const emg = makeProblem(100, 'gap');
    emg.excitations[0].fill(Number.NaN, 30, 40);
    const after = solveMuscles(emg);
    // The gap comes out 2.34 samples later; thirty samples on, the restart is forgotten.
    expect(after.torque_Nm.findIndex(Number.isNaN)).toBe(32);
    expect(after.torque_Nm.findLastIndex(Number.isNaN)).toBe(42);
    for (let i = 75; i < 100; i++) expect(after.torque_Nm[i]).toBeCloseTo(clean.torque_Nm[i], 6);
    expect(after.warnings.join(' ')).toMatch(/broke off the activation of vas_lat_r in 1 place/);
  });

  it('counts and tells of slack tendons, lengths beyond the curves, negative forces and saturated activation', () => {
    const problem = makeProblem(10, 'odd');
    problem.lengths_m[0].set([0.19, 0.2, 0.37, 0.22]);
    problem.excitations[1].fill(1.2);
    problem.excitations[0].fill(0);
    problem.speeds_m_per_s[0].fill(-0.3);
    problem.lengths_m[0].fill(0.29, 4);
    const { counts, warnings } = solveMuscles(problem);
    expect(counts.slack).toEqual([2, 0]);
    expect(counts.outsideLength).toEqual([2, 0]);
    expect(counts.pushing).toEqual([7, 0]); // not where slack, nor where the passive force holds against it
    expect(counts.saturated).toEqual([0, 10]);
    expect(warnings.length).toBe(4);
    expect(warnings.join(' ')).toMatch(/tendon of vas_lat_r is slack in 2 of 10 frames \(20\.0 %\)/);
  });

  it('adds the passive knee torque where asked for', () => {
    const problem = makeProblem(20, 'passive');
    const angle_rad = Float64Array.from({ length: 20 }, (_, i) => 2 + 0.02 * i);
    const without = solveMuscles(problem).torque_Nm;
    const out = solveMuscles({ ...problem, passive: { angle_rad, positive: 'flexion', scale: 0.5 } }).torque_Nm;
    out.forEach((torque, i) => {
      expect(torque - without[i]).toBeCloseTo(0.5 * calcPassiveKneeTorque(angle_rad[i], 'flexion'), 9);
    });
    expect(out[19] - without[19]).toBeLessThan(-3);
  });

  it('refuses bad input', () => {
    const problem = makeProblem(10, 'bad');
    const refuse = (more: Partial<MuscleProblem>, message: RegExp) =>
      expect(() => solveMuscles({ ...problem, ...more })).toThrow(message);
    refuse({ lengths_m: [problem.lengths_m[0], new Float64Array(9)] }, /lengths_m of bifemlh_r has 9 frames where 10/);
    refuse({ excitations: [problem.excitations[0]] }, /excitations has 1 arrays for 2 muscles/);
    refuse({ lengths_m: [new Float64Array(0), new Float64Array(0)] }, /no frames/);
    refuse({ muscles: [] }, /no frames|0 muscles|no muscles/);
    refuse({ rate_Hz: Number.NaN }, /sampling rate is NaN Hz/);
    refuse({ passive: { angle_rad: new Float64Array(3), positive: 'flexion', scale: 1 } }, /knee angle has 3 frames/);
    refuse({ passive: { angle_rad: new Float64Array(10), positive: 'flexion', scale: -1 } }, /scale of the passive/);
    const bad = (more: Partial<MuscleParameters>, message: RegExp) =>
      refuse({ muscles: [problem.muscles[0], makeMuscle('bad', more)] }, message);
    bad({ max_isometric_force_N: -5 }, /muscle bad: max_isometric_force_N is -5; it must be a force above 0 N/);
    bad({ optimal_fibre_length_m: 0 }, /optimal_fibre_length_m is 0/);
    bad({ tendon_slack_length_m: Number.NaN }, /tendon_slack_length_m is NaN/);
    bad({ pennation_at_optimal_rad: 15 }, /pennation_at_optimal_rad is 15/);
    bad({ activation: { C1: -1, C2: 0, A: -1, delay_s: 0 } }, /C1 is -1/);
    bad({ activation: { C1: 0, C2: 0, A: 0.1, delay_s: 0 } }, /A is 0.1/);
    bad({ activation: { C1: 0, C2: 0, A: -1, delay_s: 15 } }, /delay_s is 15/);
  });
});
