import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { fitRandomForest, predictRandomForest } from './random-forest.js';
import { parseReference, rowsOf, splitRows } from './reference.test.support.js';
import type { LabelledRows } from './rows.js';
import { binRows, growTree, predictTree } from './tree.js';

const reference = parseReference(readFileSync(new URL('./sklearn-reference.json', import.meta.url), 'utf8'));

function makeRows(count: number, seed: number): LabelledRows {
  const random = makeRandom(seed);
  const values = Float64Array.from({ length: count * 4 }, () => random.normal());
  const labels = Float64Array.from({ length: count }, (_, k) => {
    const [a, b] = values.subarray(k * 4);
    return (a > 0 ? 3 : -3) + b + 0.2 * random.normal();
  });
  return { features: 4, values, labels };
}
const none: LabelledRows = { features: 4, values: new Float64Array(0), labels: new Float64Array(0) };

describe('regression tree', () => {
  const { tree: known } = reference;
  for (const { minLeaf, maxDepth, weighted, leaves, predictions } of known.cases) {
    it(`agrees with scikit-learn: leaves of ${minLeaf}, depth ${maxDepth}, ${weighted ? '' : 'no '}weights`, () => {
      const rows = rowsOf(known, weighted);
      const tree = growTree(
        binRows(rows.values, rows.features, rows.labels),
        rows.weights ?? new Float64Array(rows.labels.length).fill(1),
        { minLeaf, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY, featuresPerSplit: rows.features },
        makeRandom(1),
      );
      expect(tree.feature.filter((f) => f < 0).length).toBe(leaves);
      splitRows(known.test, known.features).forEach((row, k) => {
        expect(predictTree(tree, row)).toBeCloseTo(predictions[k], 9);
      });
    });
  }

  it('bins in order: a greater value never has a lesser code, equal values have equal codes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 900 }), (list) => {
        const values = Float64Array.from(list);
        const { codes, low, high } = binRows(values, 1, new Float64Array(list.length));
        const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
        for (let k = 1; k < order.length; k++) {
          const [a, b] = [order[k - 1], order[k]];
          expect(codes[b]).toBeGreaterThanOrEqual(codes[a]);
          if (values[a] === values[b]) expect(codes[b]).toBe(codes[a]);
        }
        for (let k = 0; k < list.length; k++) {
          expect(low[codes[k]]).toBeLessThanOrEqual(values[k]);
          expect(high[codes[k]]).toBeGreaterThanOrEqual(values[k]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the fewest rows in a leaf, and gives back the mean of each leaf', () => {
    const rows = makeRows(500, 2);
    const weights = new Float64Array(500).fill(1);
    const options = { minLeaf: 7, maxDepth: 30, featuresPerSplit: 2 };
    const tree = growTree(binRows(rows.values, 4, rows.labels), weights, options, makeRandom(3));
    const leaves = new Map<number, number[]>();
    for (let k = 0; k < 500; k++) {
      const value = predictTree(tree, rows.values, k * 4);
      leaves.set(value, [...(leaves.get(value) ?? []), rows.labels[k]]);
    }
    expect(leaves.size).toBeGreaterThan(10);
    for (const [value, labels] of leaves) {
      expect(labels.length).toBeGreaterThanOrEqual(7);
      expect(labels.reduce((a, b) => a + b, 0) / labels.length).toBeCloseTo(value, 9);
    }
  });
});

describe('random forest', () => {
  it("has scikit-learn's error on Friedman's function", async () => {
    const { forest: known } = reference;
    const { trees, minLeaf, share, errors } = known;
    const rows = rowsOf(known);
    const empty = { features: rows.features, values: new Float64Array(0), labels: new Float64Array(0) };
    const test = splitRows(known.test, known.features);
    const found: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const options = { trees, minLeaf: [minLeaf], featureShare: [share], seed };
      const forest = await fitRandomForest(rows, empty, options);
      const sum = test.reduce((a, row, k) => a + (predictRandomForest(forest, row) - known.test_labels[k]) ** 2, 0);
      found.push(sum / test.length);
    }
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    const spread = Math.sqrt(mean(errors.map((error) => (error - mean(errors)) ** 2)));
    // Five forests against twenty: four standard errors of the difference.
    expect(Math.abs(mean(found) - mean(errors))).toBeLessThan(4 * spread * Math.sqrt(1 / 5 + 1 / 20));
  });

  it('chooses by validation, is plain JSON and repeats exactly', async () => {
    const options = { trees: 12, searchTrees: 5 };
    const model = await fitRandomForest(makeRows(150, 1), makeRows(60, 2), options);
    const chosen = model.tried.find((t) => t.minLeaf === model.minLeaf && t.featureShare === model.featureShare);
    expect(model.tried.length).toBe(9);
    expect(chosen?.error).toBe(Math.min(...model.tried.map(({ error }) => error)));
    expect(await fitRandomForest(makeRows(150, 1), makeRows(60, 2), options)).toEqual(model);
    const other = await fitRandomForest(makeRows(150, 1), makeRows(60, 2), { ...options, seed: 2 });
    expect(other.trees).not.toEqual(model.trees);
    const back = JSON.parse(JSON.stringify(model));
    expect(back).toEqual(model);
    const row = Float64Array.of(1, 0.5, 0, 0);
    expect(predictRandomForest(back, row)).toBe(predictRandomForest(model, row));
    expect(Math.abs(predictRandomForest(model, row) - 3.5)).toBeLessThan(1);
  });

  it('does not mind how features are scaled', async () => {
    const rows = makeRows(100, 4);
    // Powers of two, so that no rounding moves a threshold.
    const scaled = { ...rows, values: rows.values.map((value, at) => value * 2 ** ((at % 4) * 5)) };
    const [a, b] = await Promise.all([rows, scaled].map((set) => fitRandomForest(set, none, { trees: 5 })));
    for (let k = 0; k < 100; k++)
      expect(predictRandomForest(a, rows.values.subarray(k * 4, k * 4 + 4))).toBe(
        predictRandomForest(b, scaled.values.subarray(k * 4, k * 4 + 4)),
      );
  });

  it('never predicts beyond the labels, and bears constants and a single row', async () => {
    const rows = makeRows(80, 6);
    const model = await fitRandomForest(rows, none, { trees: 8 });
    const [low, high] = [Math.min(...rows.labels), Math.max(...rows.labels)];
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 4, maxLength: 4 }), (row) => {
        const value = predictRandomForest(model, row);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }),
    );
    const constant = await fitRandomForest({ ...rows, labels: new Float64Array(80).fill(4) }, none, { trees: 2 });
    expect(constant.trees.every((tree) => tree.feature.length === 1)).toBe(true);
    expect(predictRandomForest(constant, [0, 0, 0, 0])).toBe(4);
    const single = { features: 4, values: new Float64Array(4), labels: Float64Array.of(5) };
    expect(predictRandomForest(await fitRandomForest(single, none, { trees: 2 }), [1, 1, 1, 1])).toBe(5);
  });

  it('reports progress up to 1, stops when told to, and names a bad option', async () => {
    const shares: number[] = [];
    const options = { trees: 6, searchTrees: 2, onProgress: (share: number) => shares.push(share) };
    await fitRandomForest(makeRows(50, 1), makeRows(20, 2), options);
    expect(shares.length).toBe(24);
    expect(shares.at(-1)).toBe(1);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(fitRandomForest(makeRows(50, 1), none, { signal })).rejects.toThrow('enough');
    await expect(fitRandomForest(makeRows(50, 1), none, { featureShare: [2] })).rejects.toThrow(/featureShare: must/);
    await expect(fitRandomForest(makeRows(50, 1), none, { trees: 0 })).rejects.toThrow(/random-forest trees: must/);
  });
});
