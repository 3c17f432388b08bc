// A short training run, the same in Node and in the browser: everything it needs follows from the seed.

import { loadForward, makeWasmExecutor, predictWindows, trainNetwork } from '../../dist/learn/index.js';
import { makeRandom } from '../../dist/math/index.js';

const channels = 3;
const window = 12;

function makeWindows(trial, from, to) {
  const random = makeRandom(trial);
  const frames = Float32Array.from({ length: 300 * channels }, (_, at) => {
    const [frame, channel] = [Math.floor(at / channels), at % channels];
    return Math.fround(Math.sin(0.07 * (channel + trial) * frame)) + 0.1 * random.normal();
  });
  const end = Int32Array.from({ length: to - from }, (_, k) => from + k);
  const labels = Float32Array.from(end, (frame) => frames[(frame - 2) * channels] * frames[frame * channels + 1]);
  return { sequences: [frames], sequence: end.map(() => 0), end, labels };
}

/** The losses of two epochs and the predictions of the exported network, by the WebAssembly kernels `plain` or `fused`. */
export async function runToyTraining(kernels) {
  const executor = makeWasmExecutor({ kernels });
  const validation = makeWindows(2, 20, 120);
  const { history, forwardOnnx } = await trainNetwork({
    network: { inputs: ['a', 'b', 'c'], window, convolutionFilters: 8, gruUnits: 8, attentionUnits: 4, denseUnits: 8 },
    data: { train: makeWindows(1, 20, 280), validation },
    options: { batch: 64, epochs: 2, learningRate: 5e-3, seed: 3 },
    executor,
  });
  const network = await loadForward(executor, forwardOnnx);
  const { outputs } = await predictWindows(network, validation);
  await network.program.release();
  return {
    losses: history.flatMap(({ train_loss, validation_loss }) => [train_loss, validation_loss]),
    predictions: [...outputs.slice(0, 10)],
  };
}
