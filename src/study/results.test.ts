import { describe, expect, it } from 'vitest';
import { makeUniformClock } from '../data/index.js';
import { describeMaskEffect, findComparedFrames, makeRows, type TestedTrial } from './results.js';

const makeTrial = (participant: string, activity: string, error: number): TestedTrial => {
  const times_s = makeUniformClock(0, 100, 2000).times_s;
  const measured = times_s.map((t) => Math.sin(6 * t));
  const predicted = {
    mean: measured.map(() => 0),
    ridge: measured.map((y) => 0.5 * y),
    nms: measured.map((y) => y + 0.3),
    hybrid: measured.map((y, i) => y + error * (i % 2 ? 1 : -1)),
  };
  return {
    participant,
    mass_kg: 70,
    activity,
    trial: activity,
    times_s,
    measured,
    predicted,
    compared: new Uint8Array(2000).fill(1),
  };
};

describe('makeRows', () => {
  const rows = makeRows(
    [makeTrial('a', 'walk', 0.1), makeTrial('a', 'run', 0.2), makeTrial('b', 'walk', 0.1)],
    { protocol: 'within' },
    1,
  );
  it('has each participant and all, each activity and all, each model that predicted', () => {
    // a: walk, run, all; b: walk, all; all: walk, run, all.
    expect(rows).toHaveLength(8 * 4);
    expect(rows.some((row) => row.model === 'network')).toBe(false);
  });
  it('gives known errors, skills and intervals that hold them', () => {
    const row = rows.find((r) => r.participant === 'a' && r.activity === 'run' && r.model === 'hybrid')!;
    expect(row.rmse_Nm_per_kg).toBeCloseTo(0.2, 10);
    expect(row.rmse_Nm).toBeCloseTo(14, 8);
    const ridge = rows.find((r) => r.participant === 'a' && r.activity === 'run' && r.model === 'ridge')!;
    expect(row.skill_vs_ridge).toBeCloseTo(1 - (0.2 / ridge.rmse_Nm_per_kg!) ** 2, 10);
    const pooled = rows.find((r) => r.participant === 'all' && r.activity === 'all' && r.model === 'hybrid')!;
    expect(pooled.n).toBe(6000);
    // The error is the same in every block of `walk`, so the interval may have no width but rounding.
    expect(pooled.rmse_Nm_per_kg_interval![0]).toBeLessThan(pooled.rmse_Nm_per_kg! + 1e-9);
    expect(pooled.rmse_Nm_per_kg_interval![1]).toBeGreaterThan(pooled.rmse_Nm_per_kg! - 1e-9);
  });
  it('says what the masked frames would make of it', () => {
    const trial = makeTrial('a', 'walk', 0.1);
    const compared = trial.compared.map((_, i) => (i < 1500 ? 1 : 0));
    const hybrid = trial.predicted.hybrid!.map((value, i) => (i < 1500 ? value : value + 1));
    const masked = makeRows(
      [{ ...trial, compared, predicted: { ...trial.predicted, hybrid } }],
      { protocol: 'within' },
      1,
    );
    const row = masked.find((r) => r.model === 'hybrid' && r.activity === 'walk')!;
    expect(row.rmse_Nm_per_kg).toBeCloseTo(0.1, 10);
    expect(row.with_masked.n).toBe(2000);
    expect(row.with_masked.rmse_Nm_per_kg).toBeCloseTo(Math.sqrt((1500 * 0.01 + 500 * 1.01) / 2000), 10);
    expect(describeMaskEffect(masked)[0]).toMatch(
      /^walk: over all 2000 test frames.*0\.510 N·m\/kg.*over the 1500 frames.*0\.100/,
    );
    expect(describeMaskEffect(rows)).toEqual([]);
  });
  it('makes no row of a trial without a frame to compare', () => {
    const empty = { ...makeTrial('a', 'run', 0.2), compared: new Uint8Array(2000) };
    expect(
      makeRows([makeTrial('a', 'walk', 0.1), empty], { protocol: 'within' }, 1).map((row) => row.activity),
    ).not.toContain('run');
    expect(makeRows([empty], { protocol: 'within' }, 1)).toEqual([]);
  });
  it('compares every model on the same frames', () => {
    const compared = findComparedFrames(Uint8Array.of(1, 1, 0, 1), Float64Array.of(1, Number.NaN, 1, 1), [
      Float64Array.of(1, 1, 1, 1),
      Float64Array.of(1, 1, 1, Number.NaN),
    ]);
    expect(Array.from(compared)).toEqual([1, 0, 0, 0]);
  });
});
