import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeForceLength, calcCurve, forceVelocity, passiveForceLength } from '../curves.js';
import type { MuscleParameters } from '../muscles.js';
import { ceinmsStiffTendon } from './ceinms.js';
import { makeHillPoint } from './hill.js';

const vastus: MuscleParameters = {
  name: 'vas_lat_r',
  max_isometric_force_N: 1871,
  optimal_fibre_length_m: 0.084,
  tendon_slack_length_m: 0.157,
  pennation_at_optimal_rad: (5 * Math.PI) / 180,
  max_contraction_velocity: 10,
  strength: 1,
  damping: 0.1,
  activation: { C1: -0.5, C2: -0.5, A: -0.1, delay_s: 0.015 },
};
const flat = { ...vastus, pennation_at_optimal_rad: 0 };

function solve(muscle: MuscleParameters, activation: number, length_m: number, speed = 0) {
  const point = makeHillPoint();
  ceinmsStiffTendon.build(muscle).calcInto(point, activation, length_m, speed);
  return point;
}

/** The equations again, term by term through the angle φ, slowly; fibre velocity as a numerical derivative of the fibre length. */
function solveSlowly(p: MuscleParameters, a: number, length: number, speed: number): number {
  const Lo = p.optimal_fibre_length_m;
  const fibreAt = (lmt: number) =>
    ((Lo * Math.sin(p.pennation_at_optimal_rad)) ** 2 + (lmt - p.tendon_slack_length_m) ** 2) ** 0.5;
  if (length <= p.tendon_slack_length_m) return 0;
  const l = fibreAt(length);
  const phi = Math.asin((Lo * Math.sin(p.pennation_at_optimal_rad)) / l);
  const h = 1e-6;
  const velocity = ((fibreAt(length + h) - fibreAt(length - h)) / (2 * h)) * speed;
  const v = Math.sign(velocity) * Math.min(1, Math.abs(velocity / Lo / p.max_contraction_velocity));
  const active = calcCurve(activeForceLength, l / (Lo * (1 + 0.15 * (1 - a)))) * calcCurve(forceVelocity, v) * a;
  const passive = calcCurve(passiveForceLength, l / Lo) + p.damping * v;
  return Math.max(0, p.max_isometric_force_N * p.strength * (active + passive) * Math.cos(phi));
}

const anyMuscle = fc
  .record({
    force: fc.double({ min: 1, max: 1e4, noNaN: true }),
    fibre: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
    tendon: fc.double({ min: 0, max: 0.5, noNaN: true }),
    pennation: fc.double({ min: 0, max: 0.8, noNaN: true }),
    strength: fc.double({ min: 0.5, max: 2.5, noNaN: true }),
  })
  .map(
    (m): MuscleParameters => ({
      ...vastus,
      max_isometric_force_N: m.force,
      optimal_fibre_length_m: m.fibre,
      tendon_slack_length_m: m.tendon,
      pennation_at_optimal_rad: m.pennation,
      strength: m.strength,
    }),
  );
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('CEINMS Hill muscle with a stiff tendon', () => {
  it('gives Fmax·s at optimal length, full activation and rest', () => {
    // The published curve is 1.0002 there.
    expect(solve(flat, 1, 0.157 + 0.084).force_N / 1871).toBeCloseTo(1, 3);
    const along = 0.084 * Math.cos(vastus.pennation_at_optimal_rad);
    const pennate = solve(vastus, 1, 0.157 + along);
    expect(pennate.normalisedFibreLength).toBeCloseTo(1, 12);
    expect(pennate.force_N / (1871 * Math.cos(vastus.pennation_at_optimal_rad))).toBeCloseTo(1, 3);
  });

  it('is the passive curve without activation, and nothing below optimal length', () => {
    for (const stretch of [1.05, 1.1, 1.3, 1.45, 1.6, 1.8])
      expect(solve(flat, 0, 0.157 + 0.084 * stretch).force_N).toBeCloseTo(
        1871 * calcCurve(passiveForceLength, stretch),
        8,
      );
    expect(solve(flat, 0, 0.157 + 0.084 * 0.9).force_N).toBe(0);
  });

  it('follows the force–velocity curve, with damping, and clips the velocity', () => {
    const isometric = calcCurve(activeForceLength, 1);
    for (const v of [-1, -0.4, -0.05, 0, 0.2, 0.8]) {
      const expected = Math.max(0, isometric * calcCurve(forceVelocity, v) + 0.1 * v);
      expect(solve(flat, 1, 0.241, v * 0.84).force_N / 1871).toBeCloseTo(expected, 10);
    }
    expect(solve(flat, 1, 0.241, 50)).toEqual(solve(flat, 1, 0.241, 0.85));
    const shortening = solve(flat, 0, 0.241, -0.5);
    expect([shortening.force_N, shortening.pushing]).toEqual([0, true]);
  });

  it('carries no force when slack, and reaches zero without a jump when pennate', () => {
    expect(solve(vastus, 1, 0.15)).toMatchObject({ force_N: 0, slack: true });
    expect(solve({ ...vastus, pennation_at_optimal_rad: 0.6 }, 1, 0.157 + 1e-9, 0.8).force_N).toBeLessThan(1e-3);
  });

  it('agrees with the equations computed slowly', () => {
    fc.assert(
      fc.property(
        anyMuscle,
        share,
        fc.double({ min: 0.3, max: 1.9, noNaN: true }),
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        (muscle, a, stretch, relativeSpeed) => {
          const length = muscle.tendon_slack_length_m + stretch * muscle.optimal_fibre_length_m;
          const speed = relativeSpeed * 10 * muscle.optimal_fibre_length_m;
          const { force_N } = solve(muscle, a, length, speed);
          expect(Math.abs(force_N - solveSlowly(muscle, a, length, speed))).toBeLessThan(
            1e-6 * muscle.max_isometric_force_N * muscle.strength,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('scales with strength', () => {
    fc.assert(
      fc.property(anyMuscle, share, fc.double({ min: 0.05, max: 1.2, noNaN: true }), (muscle, a, length) => {
        const one = solve({ ...muscle, strength: 1 }, a, length, 0.1).force_N;
        expect(solve({ ...muscle, strength: 2 }, a, length, 0.1).force_N).toBeCloseTo(2 * one, 6);
      }),
    );
  });

  it('is finite and not negative for any finite input', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(anyMuscle, share, any, any, (muscle, a, length, speed) => {
        const { force_N } = solve(muscle, a, length, speed);
        expect(force_N).toBeGreaterThanOrEqual(0);
        expect(force_N).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 1000 },
    );
  });

  it('never falls with activation up to 1.25 optimal lengths', () => {
    fc.assert(
      fc.property(
        anyMuscle,
        share,
        share,
        fc.double({ min: 0.3, max: 1.25, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (muscle, a, b, stretch, v) => {
          const flatMuscle = { ...muscle, pennation_at_optimal_rad: 0 };
          const length = muscle.tendon_slack_length_m + stretch * muscle.optimal_fibre_length_m;
          const speed = v * 10 * muscle.optimal_fibre_length_m;
          const [less, more] = [Math.min(a, b), Math.max(a, b)].map((x) => solve(flatMuscle, x, length, speed).force_N);
          expect(more).toBeGreaterThanOrEqual(less - 1e-9 * muscle.max_isometric_force_N);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives NaN for NaN', () => {
    expect(solve(vastus, Number.NaN, 0.24).force_N).toBeNaN();
    expect(solve(vastus, 0.5, Number.NaN).force_N).toBeNaN();
    expect(solve(vastus, 0.5, 0.24, Number.NaN).force_N).toBeNaN();
    expect(solve(vastus, 0.5, 0.1, Number.NaN).force_N).toBeNaN();
  });
});

const shared = new URL('../../../../shared/reference/opensim/muscle_models/equilibrium.tsv', import.meta.url);
const isThere = existsSync(shared);
if (!isThere) console.warn('No OpenSim muscle reference: the comparison of fibre geometry is skipped.');

describe.skipIf(!isThere)('against OpenSim 4.5.2', () => {
  it('has the fibre length and velocity of its rigid-tendon muscle', () => {
    const rows = readFileSync(shared, 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([model]) => model === 'Millard2012Equilibrium_rigidTendon');
    expect(rows.length).toBe(644);
    for (const [, a, length, speed, fibre, velocity] of rows.map((row) => row.map(Number))) {
      const point = solve(vastus, a, length, speed);
      // The largest difference is 4e-11 m.
      expect(point.normalisedFibreLength * 0.084).toBeCloseTo(fibre, 9);
      expect(point.normalisedFibreVelocity * 0.84).toBeCloseTo(velocity, 8);
    }
  });
});
