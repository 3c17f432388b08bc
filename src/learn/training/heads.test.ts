import { describe, expect, test } from 'vitest';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { loadForward, predictWindows } from '../predict.js';
import { calcPointLoss } from './loss.js';
import { makeToyWindows, toyInputs, toyWindow } from './toy.test.support.js';
import { trainNetwork } from './train.js';

const network = { kind: 'gru', inputs: toyInputs, window: toyWindow, gruUnits: 6, dropout: 0 };
const quantiles = [0.1, 0.5, 0.9];

describe.each([onnxruntime, ...wasmExecutors])('$name', (executor) => {
  describe.each(['window', 'sequence'] as const)('%s head', (head) => {
    const labelled = head === 'sequence' ? toyWindow : 1;
    const weigh = (from: number, to: number) => {
      const set = makeToyWindows(from, to, { labelled });
      return { ...set, weights: Float32Array.from({ length: set.end.length * labelled }, (_, k) => (k % 5) / 2) };
    };
    const data = { train: weigh(16, 70), validation: weigh(80, 110) };

    test('learns quantiles, and its file predicts as its validation loss says', async () => {
      const options = { batch: 32, epochs: 15, learningRate: 2e-2, weightDecay: 0 };
      const trained = await trainNetwork({ network: { ...network, head, quantiles }, data, executor, options });
      const { history, bestEpoch, scaling } = trained;
      expect(history.at(-1)!.train_loss).toBeLessThan(0.7 * history[0].train_loss);

      const forward = await loadForward(executor, trained.forwardOnnx);
      const { validation } = data;
      const { outputs } = await predictWindows(forward, validation);
      await forward.program.release();
      expect(outputs.length).toBe(validation.labels.length * quantiles.length);
      const scale = (value: number) => (value - scaling.outputs.mean[0]) / scaling.outputs.deviation[0];
      let [sum, total] = [0, 0];
      for (const [at, label] of validation.labels.entries()) {
        total += validation.weights[at];
        for (const [k, quantile] of quantiles.entries()) {
          const one = calcPointLoss(scale(outputs[at * 3 + k]), scale(label), { kind: 'quantile' }, quantile);
          sum += (validation.weights[at] * one) / 3;
        }
      }
      expect(sum / total).toBeCloseTo(history[bestEpoch - 1].validation_loss, 5);

      // On what it has learnt from, the quantiles lie as they should, roughly.
      const learnt = await loadForward(executor, trained.forwardOnnx);
      const known = await predictWindows(learnt, data.train);
      await learnt.program.release();
      const below = quantiles.map((_, k) => {
        const hits = data.train.labels.filter((label, at) => label < known.outputs[at * 3 + k]).length;
        return hits / data.train.labels.length;
      });
      expect(below[0]).toBeLessThan(0.4);
      expect(below[2]).toBeGreaterThan(0.6);
    });
  });
});

test('executors agree on the losses of the first steps', async () => {
  const losses = await Promise.all(
    [onnxruntime, ...wasmExecutors].map(async (executor) => {
      const found: number[] = [];
      const data = { train: makeToyWindows(16, 70), validation: makeToyWindows(80, 110) };
      const options = { batch: 16, epochs: 3, layerRates: { gru1: 0.5 }, averaging: 0.5 };
      await trainNetwork({ network, data, executor, options, onProgress: ({ loss }) => void found.push(loss) });
      return found;
    }),
  );
  expect(losses[0]).toHaveLength(21);
  for (const own of losses.slice(1)) {
    for (const [k, loss] of losses[0].entries()) expect(Math.abs(own[k] / loss - 1)).toBeLessThan(1e-5);
  }
});
