import { describe, expect, it } from 'vitest';
import { fitLaggedRidge, predictLaggedRidge } from './lagged.js';
import { predictOutOfFold, takeResiduals } from './residual.js';
import { makePart, spec, split } from './training.fixture.js';
import { calcActivityWeights } from './training.js';
import type { InputTable } from './windows.js';

/** Part linear, part not, and noise-free: what a ridge leaves is known to be there. */
const law = (table: InputTable, i: number) => 0.8 * table.values[3 * i] + 0.6 * Math.sin(3 * table.values[3 * i + 1]);
const make = () => split([makePart(700, 1, { label: law }), makePart(500, 2, { label: law, activity: 'running' })]);
const weights = calcActivityWeights(make(), false);
const alpha = 1e-3;

describe('predictOutOfFold', () => {
  it('says something of every training and validation frame, and of no other', () => {
    const frames = make();
    predictOutOfFold(frames, alpha, spec, weights).forEach((torque, k) => {
      const { training, validation } = frames[k];
      const known = Array.from(torque.keys()).filter((i) => Number.isFinite(torque[i]));
      expect(known).toEqual([...training, ...validation]);
    });
  });

  it('does not know the label of the frame it predicts, nor those whose windows meet its own', () => {
    const before = predictOutOfFold(make(), alpha, spec, weights);
    const span = spec.window.past + spec.window.future;
    for (const target of [20, 150, 333, 524, 600, 699]) {
      const frames = make();
      for (let i = Math.max(0, target - span); i <= Math.min(699, target + span); i++) frames[0].part.label[i] += 5;
      expect(predictOutOfFold(frames, alpha, spec, weights)[0][target]).toBe(before[0][target]);
    }
    // And the check can fail: the rest of the part is what it knows.
    const frames = make();
    frames[0].part.label[300] += 5;
    expect(predictOutOfFold(frames, alpha, spec, weights)[0][150]).not.toBe(before[0][150]);
  });

  it('predicts validation frames without any of them, of whichever part', () => {
    const before = predictOutOfFold(make(), alpha, spec, weights);
    const frames = make();
    for (const { part, validation } of frames) for (const i of validation) part.label[i] += 5;
    expect(predictOutOfFold(frames, alpha, spec, weights)).toEqual(before);
  });

  it('leaves more than the ridge leaves of its own training frames', () => {
    const frames = make();
    const ridge = fitLaggedRidge(frames, spec, weights);
    const out = predictOutOfFold(frames, ridge.alpha, spec, weights);
    const sum = (torques: readonly Float64Array[]) =>
      frames.reduce(
        (total, { part, training }, k) =>
          total + training.reduce((s, i) => s + (part.label[i] - torques[k][i]) ** 2, 0),
        0,
      );
    const own = frames.map(({ table, training }) => predictLaggedRidge(ridge, table, 3, training, spec));
    expect(sum(out)).toBeGreaterThan(1.01 * sum(own));
  });

  it('refuses parts too short to leave anything to fit to', () => {
    const short = split([makePart(60, 1)], spec.window, 0.25);
    expect(short[0].training.length).toBeGreaterThan(5);
    expect(() => predictOutOfFold(short, alpha, spec, new Map())).toThrow(/residual_ridge: .*too short.*longer/);
  });
});

it('takeResiduals leaves inputs and frames as they are', () => {
  const frames = make();
  const base = frames.map(({ table }) => new Float64Array(table.frames).fill(0.25));
  takeResiduals(frames, base).forEach((left, k) => {
    expect(left).toEqual({
      ...frames[k],
      part: { ...frames[k].part, label: frames[k].part.label.map((x) => x - 0.25) },
    });
  });
});
