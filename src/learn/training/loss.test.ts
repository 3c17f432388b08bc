import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { draw, findGradientError, size } from '../graph/finite-difference.test.support.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph } from '../graph/graph.js';
import { buildLoss, calcPointLoss, type Loss, makeLoss } from './loss.js';

const quantiles = [0.1, 0.5, 0.8];
const losses: [string, Loss, readonly number[]][] = [
  ['squared', { kind: 'squared' }, []],
  ['Huber', { kind: 'huber', delta: 0.3 }, []],
  ['quantile', { kind: 'quantile' }, quantiles],
  ['quantile, one', { kind: 'quantile' }, [0.3]],
];
const heads: [string, number[]][] = [
  ['window head', [5]],
  ['sequence head', [3, 5]],
];

/** Two outputs; the third row has weight zero. */
function makeCase(rows: readonly number[], count: number, seed: string) {
  const random = makeRandom(seed);
  const total = size(rows);
  return {
    prediction: draw(random, total * 2 * count),
    target: draw(random, total * 2),
    weights: Float64Array.from({ length: total }, (_, k) => (k === 2 ? 0 : 0.5 + random.uniform())),
  };
}

/** The loss from its definition, without any of the code under test. */
function calcByHand(loss: Loss, taus: readonly number[], values: ReturnType<typeof makeCase>): number {
  const count = Math.max(1, taus.length);
  let sum = 0;
  for (const [row, weight] of values.weights.entries()) {
    for (let output = 0; output < 2; output++) {
      for (let q = 0; q < count; q++) {
        const u = values.target[row * 2 + output] - values.prediction[(row * 2 + output) * count + q];
        const a = Math.abs(u);
        let one = u * u;
        if (loss.kind === 'huber') one = a <= loss.delta ? u * u : 2 * loss.delta * (a - loss.delta / 2);
        if (loss.kind === 'quantile') {
          const h = a <= 0.01 ? (u * u) / 0.02 : a - 0.005;
          one = (u >= 0 ? taus[q] : 1 - taus[q]) * h;
        }
        sum += (weight * one) / count;
      }
    }
  }
  return sum / values.weights.reduce((total, weight) => total + weight);
}

describe.each(losses)('%s', (name, loss, taus) => {
  const count = Math.max(1, taus.length);

  test.each(heads)('has the derivative that finite differences find, %s', async (head, rows) => {
    const values = makeCase(rows, count, `${name} ${head}`);
    const error = await findGradientError(
      (graph, [prediction]) => {
        const labels = graph.constant(values.target, [...rows, 2]);
        const sampleWeights = graph.constant(values.weights, [...rows, 1]);
        return buildLoss(graph, [prediction, labels, sampleWeights], loss, taus);
      },
      [{ shape: [...rows, 2 * count], data: values.prediction }],
      makeRandom(1),
    );
    // No residual here lies within the step of a kink of the second derivative.
    expect(error).toBeLessThan(1e-9);
  });

  describe.each([onnxruntime, ...wasmExecutors])('$name', (executor) => {
    test.each(heads)('is what the definition says, %s', async (head, rows) => {
      const values = makeCase(rows, count, `${name} ${head}`);
      const graph = new Graph();
      const prediction = graph.input('prediction', [...rows, 2 * count]);
      const labels = graph.input('labels', [...rows, 2]);
      const sampleWeights = graph.input('sampleWeights', [...rows, 1]);
      const result = buildLoss(graph, [prediction, labels, sampleWeights], loss, taus);
      const [gradient] = buildGradients(graph, result, [prediction]);
      const program = await executor.compile(graph, { loss: result, gradient });
      const found = await program.run({
        prediction: Float32Array.from(values.prediction),
        labels: Float32Array.from(values.target),
        sampleWeights: Float32Array.from(values.weights),
      });
      expect(found.loss[0]).toBeCloseTo(calcByHand(loss, taus, values), 5);
      const h = 1e-6;
      for (const at of found.gradient.keys()) {
        const moved = (step: number) => ({
          ...values,
          prediction: values.prediction.map((value, k) => (k === at ? value + step : value)),
        });
        const slope = (calcByHand(loss, taus, moved(h)) - calcByHand(loss, taus, moved(-h))) / (2 * h);
        expect(found.gradient[at]).toBeCloseTo(slope, 5);
      }
      await program.release();
    });
  });

  test('of one prediction is the same, within the rounding and beyond', () => {
    for (const residual of [-2, -0.2, -0.004, 0, 0.004, 0.2, 2]) {
      for (const tau of taus.length > 0 ? taus : [undefined]) {
        const one = {
          prediction: Float64Array.from([1 - residual, 0]),
          target: Float64Array.from([1, 0]),
          weights: Float64Array.from([1]),
        };
        const expected = calcByHand(loss, tau === undefined ? [] : [tau], one);
        expect(calcPointLoss(1 - residual, 1, loss, tau)).toBeCloseTo(expected, 12);
      }
    }
  });
});

test('the quantile loss is least at the quantile', () => {
  const random = makeRandom(3);
  const sample = Float64Array.from({ length: 2001 }, () => 3 * random.normal());
  const sorted = sample.toSorted();
  for (const tau of quantiles) {
    const mean = (guess: number) =>
      sample.reduce((sum, value) => sum + calcPointLoss(guess, value, { kind: 'quantile' }, tau), 0) / sample.length;
    const wanted = sorted[Math.floor(tau * sample.length)];
    for (const off of [-0.1, 0.1]) expect(mean(wanted)).toBeLessThan(mean(wanted + off));
  }
});

describe('the loss of a network', () => {
  test('follows what it predicts where none is named', () => {
    expect(makeLoss(undefined, { quantiles: [] })).toEqual({ kind: 'squared' });
    expect(makeLoss(undefined, { quantiles })).toEqual({ kind: 'quantile' });
  });

  test('is refused where it does not fit', () => {
    expect(() => makeLoss({ kind: 'quantile' }, { quantiles: [] })).toThrow(/predicts 0 quantiles.*Name the quantiles/);
    expect(() => makeLoss({ kind: 'squared' }, { quantiles })).toThrow(/predicts 3 quantiles.*kind: 'quantile'/);
    expect(() => makeLoss({ kind: 'huber', delta: 0 }, { quantiles: [] })).toThrow(
      /training.loss.delta.*greater than 0/,
    );
    expect(() => makeLoss({ kind: 'mse' } as unknown as Loss, { quantiles: [] })).toThrow(/must be squared, huber/);
  });
});
