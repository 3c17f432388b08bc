// Inference of the network that a study trains by default (27 inputs, 16 samples): one window at a time, and 256 together; one thread.
// Usage: npm run build && node bench/infer.mjs [--json]; GENU_EXECUTOR chooses what runs it.
import { makeExecutor, readExecutorChoice } from '../dist/cli/runtime/executors.js';
import {
  listWeights,
  loadForward,
  makeNetwork,
  makeWeights,
  predictWindows,
  writeForwardOnnx,
} from '../dist/learn/index.js';
import { makeRandom } from '../dist/math/index.js';

const inputs = Array.from({ length: 27 }, (_, k) => `channel ${k}`);
const config = makeNetwork({ inputs, window: 16, padding: 'causal', normalisation: 'none', pool: 1 });
const ones = (count) => new Array(count).fill(1);
const zeros = (count) => new Array(count).fill(0);
const scaling = { inputs: { mean: zeros(27), deviation: ones(27) }, outputs: { mean: [0], deviation: [1] } };
const specs = listWeights(config);
const executor = await makeExecutor(readExecutorChoice(undefined));
const network = await loadForward(executor, writeForwardOnnx(config, makeWeights(specs, 1), scaling));

const count = 256;
const random = makeRandom('bench');
const sequences = [Float32Array.from({ length: (count + config.window) * inputs.length }, () => random.normal())];
const windowsOf = (size) => ({
  sequences,
  sequence: new Int32Array(size),
  end: Int32Array.from({ length: size }, (_, k) => k + config.window),
});

async function measure(size, seconds) {
  const windows = windowsOf(size);
  const times = [];
  const processor = [];
  const warm = performance.now() + 300;
  while (performance.now() < warm) await predictWindows(network, windows);
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const before = process.cpuUsage();
    const start = performance.now();
    await predictWindows(network, windows);
    times.push(performance.now() - start);
    const used = process.cpuUsage(before);
    processor.push((used.user + used.system) / 1000);
  }
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return { clock_ms: middle(times), processor_ms: middle(processor) };
}

const weights = specs.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
const [one, many] = [await measure(1, 2), await measure(count, 2)];
await network.program.release();
const results = {
  executor: executor.description,
  weights,
  one_window_ms: one.clock_ms,
  windows_per_s_batch_256: (1000 * count) / many.clock_ms,
  // On a shared machine the processor time says more than the clock.
  windows_per_s_of_processor_time_batch_256: (1000 * count) / many.processor_ms,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const [name, value] of Object.entries(results))
    console.log(`${name.padEnd(42)} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
