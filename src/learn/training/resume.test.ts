import { describe, expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.js';
import { onnxruntime } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import type { TrainingOptions } from './options.js';
import type { TrainingState } from './state.js';
import { toyData, toyNetwork } from './toy.test.support.js';
import { type TrainingRequest, trainNetwork } from './train.js';

// Everything that is drawn or remembered takes part: order, dropout, disturbances, moments, averages, a schedule that
// follows the validation loss. 108 windows in batches of 32: three whole ones and a partial one.
const options: Partial<TrainingOptions> = {
  batch: 32,
  epochs: 4,
  learningRate: 1e-2,
  averaging: 0.9,
  schedule: { kind: 'plateau', patience: 0, factor: 0.5, threshold: 0.9 },
  augmentation: {
    channels: ['emg a', 'emg b'],
    gain: 0.1,
    noise: 0.1,
    channelDropout: 0.1,
    electrodeShift: 0.2,
    timeWarp: 0.2,
  },
};
const BATCHES = 4;

describe.each([onnxruntime, ...wasmExecutors])('$name', (executor) => {
  const request = { network: toyNetwork, data: toyData, executor, options };
  const train = (more: Partial<TrainingRequest> = {}) => trainNetwork({ ...request, ...more });

  test('training that was killed goes on bit for bit as without a break, from any batch', async () => {
    const states: TrainingState[] = [];
    const whole = await train({
      checkpointEvery: { steps: 1 },
      // Through the file, as a program that was killed would find it.
      onCheckpoint: (state) => void states.push(readCheckpoint<TrainingState>(writeCheckpoint('toy', state), 'toy')),
    });
    expect(states.map(({ epoch, batch }) => [epoch, batch])).toEqual(
      Array.from({ length: 4 * BATCHES }, (_, k) => [Math.floor((k + 1) / BATCHES), (k + 1) % BATCHES]),
    );
    // The plateau schedule did fall, so its memory is put to the proof.
    expect(whole.history[3].learning_rate).toBeLessThan(whole.history[0].learning_rate);
    for (const from of [1, 3, 4, 6, 14]) {
      const resumed = await train({ resume: states[from - 1] });
      expect(resumed.weights, `from step ${from}`).toEqual(whole.weights);
      expect(resumed.bestEpoch).toBe(whole.bestEpoch);
      const figures = (history: typeof whole.history) =>
        history.map(({ train_loss, validation_loss, learning_rate }) => [train_loss, validation_loss, learning_rate]);
      expect(figures(resumed.history)).toEqual(figures(whole.history));
    }
    // What has ended stays as it is.
    expect((await train({ resume: states.at(-1)! })).weights).toEqual(whole.weights);
  });

  test('a kill between checkpoints costs the steps since the last one and nothing else', async () => {
    const whole = await train();
    const stop = new AbortController();
    let saved: TrainingState | undefined;
    let steps = 0;
    const killed = train({
      signal: stop.signal,
      checkpointEvery: { steps: 3 },
      onCheckpoint: (state) => {
        saved = structuredClone(state);
      },
      onProgress: () => {
        if (++steps === 8) stop.abort(new Error('killed'));
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect([saved!.epoch, saved!.batch]).toEqual([1, 2]);
    expect((await train({ resume: saved! })).weights).toEqual(whole.weights);
  });
});

describe('a saved state', () => {
  const train = (more: Partial<TrainingRequest>) =>
    trainNetwork({ network: toyNetwork, data: toyData, executor: wasmExecutors[0], ...more });

  test('of another training is refused', async () => {
    const states: TrainingState[] = [];
    const one = { options: { ...options, epochs: 1 } };
    await train({ ...one, checkpointEvery: { steps: 1 }, onCheckpoint: (state) => void states.push(state) });
    const [first] = states;
    await expect(train({ options: { ...options, averaging: 0 }, resume: first })).rejects.toThrow(
      /saved state, average: has \d+ numbers, this training has 0.*Resume with/,
    );
    await expect(train({ options: { ...options, batch: 108 }, resume: first })).rejects.toThrow(
      /saved state, batch: is 1; an epoch of this training has 1/,
    );
    await expect(train({ ...one, resume: { ...first, epoch: 3 } })).rejects.toThrow(/tells of 0 epochs, not of 3/);
  });

  test('is not asked for more often than it is due', async () => {
    const seen: number[] = [];
    await train({
      options: { ...options, epochs: 2 },
      checkpointEvery: { steps: 5 },
      onCheckpoint: ({ epoch, batch }) => void seen.push(epoch * BATCHES + batch),
    });
    expect(seen).toEqual([5]);
    const none: TrainingState[] = [];
    await train({
      options: { ...options, epochs: 1 },
      checkpointEvery: { seconds: 1e6 },
      onCheckpoint: (state) => void none.push(state),
    });
    expect(none).toEqual([]);
  });
});
