// Training throughput: windows per second and core, and the time to create a session.
// Usage after `npm run build`: node bench/learn.mjs [large|small] [batch]

import { Tensor } from 'onnxruntime-common';
import { InferenceSession } from 'onnxruntime-node';

const { makeCnnGruAttention } = await import('../dist/learn/networks/cnn-gru-attention.js');
const { listWeights, makeWeights, flattenWeights } = await import('../dist/learn/networks/weights.js');
const { groupWeights } = await import('../dist/learn/training/groups.js');
const { writeTrainingOnnx } = await import('../dist/learn/training/step.js');

const which = process.argv[2] ?? 'small';
const batch = Number(process.argv[3] ?? 128);
const inputs = (count) => Array.from({ length: count }, (_, k) => `channel ${k}`);
const config = makeCnnGruAttention(
  which === 'large'
    ? {
        inputs: inputs(25),
        window: 100,
        convolutionFilters: 64,
        gruUnits: 128,
        attentionUnits: 64,
        denseUnits: 64,
        lastState: false,
        dropout: 0,
      }
    : { inputs: inputs(20) },
);
const specs = listWeights(config);
const groups = groupWeights(specs, []);
const first = makeWeights(specs, 1);
let started = performance.now();
const { onnx, masks } = writeTrainingOnnx(config, groups, first, {
  batch,
  huber: Infinity,
  clip: which === 'large' ? Infinity : 1,
  average: false,
});
const written = performance.now() - started;
started = performance.now();
const options = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};
const session = await InferenceSession.create(onnx, options);
const created = performance.now() - started;

const tensor = (data, shape) => new Tensor('float32', Float32Array.from(data), shape);
const weights = flattenWeights(groups.weights, first);
const count = weights.length;
const random = (size) => Float32Array.from({ length: size }, () => 2 * Math.random() - 1);
const feeds = {
  features: tensor(random(config.window * batch * config.inputs.length), [config.window, batch, config.inputs.length]),
  labels: tensor(random(batch), [batch, 1]),
  sampleWeights: tensor(new Float32Array(batch).fill(1), [batch, 1]),
  step: tensor([1e-3], [1]),
  correction: tensor([1], [1]),
  shrink: tensor([0], [1]),
  weights: tensor(weights, [count]),
  first: tensor(new Float32Array(count), [count]),
  second: tensor(new Float32Array(count), [count]),
  statistics: tensor(flattenWeights(groups.statistics, first), [flattenWeights(groups.statistics, first).length]),
};
for (const { name, shape } of masks)
  feeds[name] = tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);
const step = async () => {
  const out = await session.run(feeds);
  for (const part of ['weights', 'first', 'second', 'statistics'])
    feeds[part] = out[`next${part[0].toUpperCase()}${part.slice(1)}`];
};
const until = performance.now() + 800;
while (performance.now() < until) await step();
const times = [];
const processor = [];
const end = performance.now() + 3000;
while (performance.now() < end) {
  const before = process.cpuUsage();
  const at = performance.now();
  await step();
  times.push(performance.now() - at);
  const used = process.cpuUsage(before);
  processor.push((used.user + used.system) / 1000);
}
const middle = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const rate = (ms) => ((1000 * batch) / ms).toFixed(0);
console.log(
  `${which}: ${count} weights, batch ${batch}; ${onnx.length} bytes written in ${written.toFixed(0)} ms, session in ${created.toFixed(0)} ms`,
);
console.log(
  `step, wall clock: median ${middle(times).toFixed(1)} ms, ${rate(middle(times))} windows/s; least ${Math.min(...times).toFixed(1)} ms`,
);
// On a shared machine the processor time says more than the clock.
console.log(
  `step, processor: median ${middle(processor).toFixed(1)} ms, ${rate(middle(processor))} windows/s; least ${Math.min(...processor).toFixed(1)} ms`,
);
await session.release();
