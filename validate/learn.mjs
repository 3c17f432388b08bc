// One small network in PyTorch and in both of genu's executors: loss, 20 AdamW steps, inference.
import { readFileSync } from 'node:fs';
import { InferenceSession } from 'onnxruntime-node';
import {
  listWeights,
  loadForward,
  makeNetwork,
  makeOnnxRuntimeExecutor,
  makeWasmExecutor,
  predictWindows,
  writeForwardOnnx,
} from '../dist/learn/index.js';
import { flattenWeights, nameWeights } from '../dist/learn/networks/weights.js';
import { groupWeights } from '../dist/learn/training/groups.js';
import { buildTrainingGraph } from '../dist/learn/training/step.js';
import { findDifference, findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

const executors = [
  makeOnnxRuntimeExecutor({ create: (onnx, options) => InferenceSession.create(onnx, options) }),
  makeWasmExecutor(),
];
const unit = (size) => ({ mean: new Array(size).fill(0), deviation: new Array(size).fill(1) });
const toWeights = (lists) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float32Array.from(list)]));

export async function checkTraining(python) {
  const fresh = ask(python, 'torch_reference.py');
  const committed = JSON.parse(
    readFileSync(new URL('../src/learn/training/torch-reference.json', import.meta.url), 'utf8'),
  );
  const config = makeNetwork(fresh.network);
  const groups = groupWeights(listWeights(config), []);
  const initial = toWeights({ ...fresh.weights, ...fresh.statistics });
  const worst = (found, expected) =>
    Math.max(...Object.keys(expected).map((name) => findDifference(found[name], expected[name])));
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'torch', quantity, difference, tolerance });
  const rows = [];
  for (const executor of executors) {
    const { losses, gradient, trained } = await train(executor, fresh, config, groups, initial);
    const loss = Math.max(...fresh.losses.map((expected, step) => Math.abs(losses[step] - expected) / expected));
    const { prediction, attention } = await predict(executor, fresh, config);
    const name = `CNN-GRU-attention, batch normalisation, weighted loss, ${executor.name}`;
    const reached = { ...fresh.trained.weights, ...fresh.trained.statistics };
    rows.push(
      row(name, 'gradient of the first step', worst(gradient, fresh.gradient), 1e-6),
      row(name, `loss over ${losses.length} AdamW steps, relative`, loss, 1e-5),
      row(name, `weights after ${losses.length} steps`, worst(trained, reached), 2e-4),
      row(name, 'prediction of the exported network', findDifference(prediction, fresh.trained.prediction), 1e-5),
      row(name, 'attention of the exported network', findDifference(attention, fresh.trained.attention), 1e-6),
    );
  }
  const file = 'src/learn/training/torch-reference.json';
  return [...rows, row(file, 'committed against fresh', findTreeDifference(committed, fresh), 1e-6)];
}

async function train(executor, reference, config, groups, initial) {
  const { batch } = reference;
  const { window, inputs } = config;
  const options = { batch, loss: { kind: 'squared' }, clip: Number.POSITIVE_INFINITY, average: false };
  const { graph, outputs, carry, held } = buildTrainingGraph(config, groups, initial, options, { gradient: true });
  const program = await executor.compile(graph, outputs, { carry, held });
  // genu's training graph is time-major.
  const features = Float32Array.from({ length: reference.features.length }, (_, at) => {
    const k = at % inputs.length;
    const row = Math.floor(at / inputs.length) % batch;
    const frame = Math.floor(at / (inputs.length * batch));
    return reference.features[(row * window + frame) * inputs.length + k];
  });
  const weights = flattenWeights(groups.weights, initial);
  program.set('weights', weights);
  program.set('first', new Float32Array(weights.length));
  program.set('second', new Float32Array(weights.length));
  program.set('statistics', flattenWeights(groups.statistics, initial));
  const losses = [];
  let gradient;
  for (let step = 1; step <= reference.losses.length; step++) {
    const results = await program.run({
      features,
      labels: Float32Array.from(reference.labels),
      sampleWeights: Float32Array.from(reference.sampleWeights),
      step: Float32Array.of(reference.learningRate / (1 - 0.9 ** step)),
      correction: Float32Array.of(1 / Math.sqrt(1 - 0.999 ** step)),
      shrink: Float32Array.of(reference.learningRate * reference.weightDecay),
    });
    gradient ??= nameWeights(groups.weights, results.gradient);
    losses.push(results.loss[0]);
  }
  const trained = {
    ...nameWeights(groups.weights, program.get('weights')),
    ...nameWeights(groups.statistics, program.get('statistics')),
  };
  await program.release();
  return { losses, gradient, trained };
}

async function predict(executor, { trained, features, batch }, config) {
  const scaling = { inputs: unit(config.inputs.length), outputs: unit(config.outputs) };
  const file = writeForwardOnnx(config, toWeights({ ...trained.weights, ...trained.statistics }), scaling);
  const network = await loadForward(executor, file);
  const end = Array.from({ length: batch }, (_, row) => (row + 1) * config.window - 1);
  const found = await predictWindows(network, {
    sequences: [Float32Array.from(features)],
    sequence: end.map(() => 0),
    end,
  });
  await network.program.release();
  return { prediction: found.outputs, attention: found.attention };
}
