import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { fitLaggedRegression, fitLaggedRidge, predictLaggedRegression, predictLaggedRidge } from './lagged.js';
import { makePart, spec, split } from './training.fixture.js';
import { calcActivityWeights, fitMean } from './training.js';
import { type InputTable, listRidgeOffsets, listWindowFrames } from './windows.js';

describe('lagged ridge', () => {
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const valueAt = (table: InputTable, i: number, c: number) => table.values[3 * i + c];
  /** 0.4 + 0.8 a(now) − 0.3 b(0.1 s ago) + 0.5 c(0.2 s ago). */
  const law = (table: InputTable, i: number) =>
    i < 20 ? 0 : 0.4 + 0.8 * valueAt(table, i, 0) - 0.3 * valueAt(table, i - 10, 1) + 0.5 * valueAt(table, i - 20, 2);
  const train = [makePart(800, 1, { label: law }), makePart(500, 2, { label: law, activity: 'running' })];

  it('finds a lagged linear law, weight by weight, and predicts by it', () => {
    const frames = split(train);
    const ridge = fitLaggedRidge(frames, spec, calcActivityWeights(frames, true));
    const expected = offsets.flatMap((offset) => [
      offset === 0 ? 0.8 : 0,
      offset === -10 ? -0.3 : 0,
      offset === -20 ? 0.5 : 0,
    ]);
    ridge.weights.forEach((weight, k) => {
      expect(weight).toBeCloseTo(expected[k], 3);
    });
    expect(ridge.intercept).toBeCloseTo(0.4, 3);
    const { part, table } = makePart(200, 9, { label: law });
    const torque = predictLaggedRidge(ridge, table, 3, listWindowFrames(table, spec.window), spec);
    torque.forEach((value, i) => {
      if (i < 20) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(part.label[i], 3);
    });
  });

  it('looks at nothing outside the frames it was given', () => {
    const fit = (made: typeof train) => {
      const frames = split(made);
      return { ridge: fitLaggedRidge(frames, spec, calcActivityWeights(frames, true)), mean: fitMean(frames), frames };
    };
    const mask = (made: ReturnType<typeof makePart>, from: number) => {
      made.part.usable.fill(0, from);
      return made;
    };
    // The second part is trained on up to frame 400. What follows changes: labels, and inputs that no window of these frames reaches.
    const before = fit([train[0], mask(makePart(500, 2, { label: law }), 400)]);
    const changed = mask(makePart(500, 2, { label: law }), 400);
    const random = makeRandom('changed');
    for (let i = 400; i < 500; i++) {
      changed.part.label[i] = 10 * random.normal();
      for (let c = 0; c < 3; c++) changed.table.values[3 * i + c] = 10 * random.normal();
    }
    const after = fit([train[0], changed]);
    expect(before.frames[1].validation.at(-1)).toBe(399);
    expect(after.ridge).toEqual(before.ridge);
    expect(after.mean).toEqual(before.mean);
    // And the check can fail: one label within them changes the fit.
    changed.part.label[399] += 1;
    expect(fit([train[0], changed]).ridge).not.toEqual(before.ridge);
  });
});

describe('lagged support-vector and random-forest regression', () => {
  /** A bend that no linear model follows, of one input now and another 0.1 s ago. */
  const bend = (table: InputTable, i: number) =>
    i < 20 ? 0 : Math.abs(table.values[3 * i]) + 0.5 * Math.abs(table.values[3 * (i - 10) + 1]);
  const train = [makePart(900, 1, { label: bend }), makePart(600, 2, { label: bend, activity: 'running' })];

  it.each(['svr', 'forest'] as const)('%s explains what ridge cannot, on frames it has not seen', async (kind) => {
    const frames = split(train);
    const weights = calcActivityWeights(frames, true);
    const shares: number[] = [];
    const model = await fitLaggedRegression(kind, frames, spec, weights, {
      stride: 1,
      seed: 1,
      onProgress: (share) => shares.push(share),
    });
    expect(shares.at(-1)).toBe(1);
    const { part, table } = makePart(400, 9, { label: bend });
    const seen = listWindowFrames(table, spec.window);
    const error = (torque: Float64Array) => seen.reduce((sum, i) => sum + (torque[i] - part.label[i]) ** 2, 0);
    const ridge = error(predictLaggedRidge(fitLaggedRidge(frames, spec, weights), table, 3, seen, spec));
    const torque = predictLaggedRegression(model, table, 3, seen, spec);
    expect(torque[19]).toBeNaN();
    expect(error(torque)).toBeLessThan(0.8 * ridge);
    // Through JSON, as in a bundle, it says the same.
    const again = predictLaggedRegression(JSON.parse(JSON.stringify(model)), table, 3, seen, spec);
    expect(again).toEqual(torque);
  });
});
