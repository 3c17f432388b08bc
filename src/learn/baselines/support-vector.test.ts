import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { parseReference, rowsOf, splitRows } from './reference.test.support.js';
import type { LabelledRows } from './rows.js';
import { fitSupportVector, predictSupportVector, solveSupportVector } from './support-vector.js';

const reference = parseReference(readFileSync(new URL('./sklearn-reference.json', import.meta.url), 'utf8'));

function makeRows(count: number, seed: number, noise = 0.1): LabelledRows {
  const random = makeRandom(seed);
  const values = Float64Array.from({ length: count * 3 }, () => random.normal());
  const labels = Float64Array.from({ length: count }, (_, k) => {
    const [a, b] = values.subarray(k * 3);
    return 50 + 10 * (Math.sin(2 * a) + b) + 10 * noise * random.normal();
  });
  return { features: 3, values, labels };
}
const none: LabelledRows = { features: 3, values: new Float64Array(0), labels: new Float64Array(0) };

describe('support-vector regression', () => {
  const { support_vector: known } = reference;
  for (const { kernel, C, epsilon, gamma, weighted, support, bias, predictions } of known.cases) {
    it(`agrees with scikit-learn: ${kernel}, C ${C}, epsilon ${epsilon}, ${weighted ? '' : 'no '}weights`, async () => {
      const model = await solveSupportVector(
        rowsOf(known, weighted),
        { C, epsilon, gamma },
        { kernel, tolerance: 1e-7 },
      );
      expect(model.converged).toBe(true);
      expect(model.bias).toBeCloseTo(bias, 5);
      if (kernel === 'rbf') expect(model.coefficients.length).toBe(support);
      splitRows(known.test, known.features).forEach((row, k) => {
        expect(predictSupportVector(model, row)).toBeCloseTo(predictions[k], 4);
      });
    });
  }

  it('meets the optimality conditions: residuals inside the tube, on it or at the bound', async () => {
    const rows = makeRows(80, 3);
    const [C, epsilon] = [0.5, 0.2];
    const model = await solveSupportVector(rows, { C, epsilon, gamma: 1 }, { tolerance: 1e-6 });
    const byRow = new Map(
      splitRows([...model.vectors], 3).map((vector, k) => [vector[0].toFixed(9), model.coefficients[k]]),
    );
    const seen = { inside: 0, on: 0, bound: 0 };
    for (let k = 0; k < 80; k++) {
      const row = rows.values.subarray(k * 3, k * 3 + 3);
      const residual = (rows.labels[k] - predictSupportVector(model, row)) / model.label.deviation;
      const scaled = ((row[0] - model.features.mean[0]) / model.features.deviation[0]).toFixed(9);
      const coefficient = byRow.get(scaled) ?? 0;
      if (coefficient === 0) {
        seen.inside++;
        expect(Math.abs(residual)).toBeLessThanOrEqual(epsilon + 1e-5);
      } else if (Math.abs(coefficient) < C) {
        seen.on++;
        expect(residual).toBeCloseTo(Math.sign(coefficient) * epsilon, 5);
      } else {
        seen.bound++;
        expect(residual * Math.sign(coefficient)).toBeGreaterThanOrEqual(epsilon - 1e-5);
      }
    }
    expect(Math.min(seen.inside, seen.on, seen.bound)).toBeGreaterThan(0);
    expect(model.coefficients.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
  });

  it('chooses by validation, and beats what it did not choose on fresh rows', async () => {
    const model = await fitSupportVector(makeRows(200, 1), makeRows(80, 2));
    const least = Math.min(...model.tried.map(({ error }) => error));
    const chosen = model.tried.find((t) => t.C === model.C && t.gamma === model.gamma && t.epsilon === model.epsilon);
    expect(model.tried.length).toBe(11);
    expect(chosen?.error).toBe(least);
    const fresh = makeRows(200, 9);
    let sum = 0;
    for (let k = 0; k < 200; k++)
      sum += (fresh.labels[k] - predictSupportVector(model, fresh.values.subarray(k * 3, k * 3 + 3))) ** 2;
    // Noise alone has the variance 1.
    expect(sum / 200).toBeLessThan(6);
    const worst = model.tried.reduce((a, b) => (a.error > b.error ? a : b));
    expect(least).toBeLessThan(0.5 * worst.error);
  });

  it('is plain JSON and repeats exactly', async () => {
    for (const kernel of ['rbf', 'linear'] as const) {
      const [first, second] = [0, 1].map(() => fitSupportVector(makeRows(60, 1), makeRows(20, 2), { kernel }));
      const model = await first;
      expect(await second).toEqual(model);
      const back = JSON.parse(JSON.stringify(model));
      expect(back).toEqual(model);
      const row = Float64Array.of(0.3, -1, 2);
      expect(predictSupportVector(back, row)).toBe(predictSupportVector(model, row));
    }
  });

  it('thins to the most rows asked for, and does without validation', async () => {
    const model = await fitSupportVector(makeRows(100, 1), none, { maxRows: 40 });
    expect([model.rows, model.C, model.gamma, model.epsilon, model.tried.length]).toEqual([40, 1, 0.3, 0.1, 0]);
  });

  it('ignores rows of weight 0, and bears constant features, constant labels and a single row', async () => {
    const rows = makeRows(60, 5);
    const weights = new Float64Array(60).fill(1, 0, 40);
    const spoilt = rows.labels.map((label, k) => (k < 40 ? label : 1e6));
    const without: LabelledRows = {
      features: 3,
      values: rows.values.slice(0, 120),
      labels: rows.labels.slice(0, 40),
    };
    const row = [0.1, 0.2, 0.3];
    const a = predictSupportVector(await fitSupportVector({ ...rows, labels: spoilt, weights }, none), row);
    expect(a).toBeCloseTo(predictSupportVector(await fitSupportVector(without, none), row), 9);

    const flat = { ...rows, values: rows.values.map((value, at) => (at % 3 === 2 ? 7 : value)) };
    expect(Number.isFinite(predictSupportVector(await fitSupportVector(flat, none), row))).toBe(true);
    const constant = await fitSupportVector({ ...rows, labels: new Float64Array(60).fill(4) }, none);
    expect(predictSupportVector(constant, row)).toBe(4);
    const single = { features: 3, values: Float64Array.of(1, 2, 3), labels: Float64Array.of(5) };
    expect(predictSupportVector(await fitSupportVector(single, none), row)).toBe(5);
  });

  it('reports progress up to 1, stops when told to, and says when the iterations ran out', async () => {
    const shares: number[] = [];
    await fitSupportVector(makeRows(50, 1), makeRows(20, 2), { onProgress: (share) => shares.push(share) });
    expect(shares.length).toBe(12);
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(fitSupportVector(makeRows(50, 1), none, { signal: aborted })).rejects.toThrow('enough');
    const stop = new AbortController();
    const running = fitSupportVector(makeRows(900, 1), makeRows(400, 2), {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('midway')),
    });
    await expect(running).rejects.toThrow('midway');
    expect((await fitSupportVector(makeRows(50, 1), none, { maxIterations: 3 })).converged).toBe(false);
  });

  it('names what is wrong with rows and options', async () => {
    const rows = makeRows(20, 1);
    const gap = { ...rows, values: rows.values.map((value, at) => (at === 7 ? Number.NaN : value)) };
    await expect(fitSupportVector(gap, none)).rejects.toThrow('training rows: row 2, feature 1 is NaN.');
    await expect(fitSupportVector(rows, { ...none, features: 2 })).rejects.toThrow(/validation rows: has 2 features/);
    await expect(fitSupportVector(none, none)).rejects.toThrow(/holds no row/);
    await expect(fitSupportVector({ ...rows, labels: new Float64Array(3) }, none)).rejects.toThrow(/60 values for 3/);
    await expect(fitSupportVector(rows, none, { C: [0] })).rejects.toThrow(/support-vector C: must be/);
    await expect(fitSupportVector(rows, none, { maxRows: 0 })).rejects.toThrow(/maxRows/);
  });
});
