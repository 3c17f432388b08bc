// One small network in PyTorch and in genu: loss, 20 AdamW steps, inference; and the files it exports, with the onnx package.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import {
  listWeights,
  loadForward,
  makeCnnGruAttention,
  makeWeights,
  predictWindows,
  writeForwardOnnx,
} from '../dist/learn/index.js';
import { flattenWeights, nameWeights } from '../dist/learn/networks/weights.js';
import { numbers, tensor } from '../dist/learn/runtime.js';
import { groupWeights } from '../dist/learn/training/groups.js';
import { writeTrainingOnnx } from '../dist/learn/training/step.js';
import { findDifference, findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

const runtime = { createSession: (onnx, options) => InferenceSession.create(onnx, options) };
const unit = (size) => ({ mean: new Array(size).fill(0), deviation: new Array(size).fill(1) });
const toWeights = (lists) =>
  Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Float32Array.from(list)]));

export async function checkTraining(python) {
  const fresh = ask(python, 'torch_reference.py');
  const committed = JSON.parse(
    readFileSync(new URL('../src/learn/training/torch-reference.json', import.meta.url), 'utf8'),
  );
  const config = makeCnnGruAttention(fresh.network);
  const groups = groupWeights(listWeights(config), []);
  const initial = toWeights({ ...fresh.weights, ...fresh.statistics });
  const { losses, gradient, trained } = await train(fresh, config, groups, initial);
  const worst = (found, expected) =>
    Math.max(...Object.keys(expected).map((name) => findDifference(found[name], expected[name])));
  const loss = Math.max(...fresh.losses.map((expected, step) => Math.abs(losses[step] - expected) / expected));
  const { prediction, attention } = await predict(fresh, config);
  const name = 'CNN-GRU-attention, batch normalisation, weighted loss';
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'torch', quantity, difference, tolerance });
  return [
    row(name, 'gradient of the first step', worst(gradient, fresh.gradient), 1e-6),
    row(name, `loss over ${losses.length} AdamW steps, relative`, loss, 1e-4),
    row(
      name,
      `weights after ${losses.length} steps`,
      worst(trained, { ...fresh.trained.weights, ...fresh.trained.statistics }),
      2e-4,
    ),
    row(name, 'prediction of the exported network', findDifference(prediction, fresh.trained.prediction), 1e-5),
    row(name, 'attention of the exported network', findDifference(attention, fresh.trained.attention), 1e-6),
    row(
      'src/learn/training/torch-reference.json',
      'committed against fresh',
      findTreeDifference(committed, fresh),
      1e-6,
    ),
  ];
}

async function train(reference, config, groups, initial) {
  const { batch } = reference;
  const { window, inputs } = config;
  const options = { batch, huber: Number.POSITIVE_INFINITY, clip: Number.POSITIVE_INFINITY, average: false };
  const { onnx } = writeTrainingOnnx(config, groups, initial, options, { gradient: true });
  const session = await runtime.createSession(onnx);
  // genu's training graph is time-major.
  const features = Float32Array.from({ length: reference.features.length }, (_, at) => {
    const k = at % inputs.length;
    const row = Math.floor(at / inputs.length) % batch;
    const frame = Math.floor(at / (inputs.length * batch));
    return reference.features[(row * window + frame) * inputs.length + k];
  });
  const flat = (values) => tensor(Float32Array.from(values), [values.length]);
  const weights = flattenWeights(groups.weights, initial);
  let state = {
    weights: flat(weights),
    first: flat(weights.map(() => 0)),
    second: flat(weights.map(() => 0)),
    statistics: flat(flattenWeights(groups.statistics, initial)),
  };
  const losses = [];
  let gradient;
  for (let step = 1; step <= reference.losses.length; step++) {
    const out = await session.run({
      ...state,
      features: tensor(features, [window, batch, inputs.length]),
      labels: tensor(Float32Array.from(reference.labels), [batch, 1]),
      sampleWeights: tensor(Float32Array.from(reference.sampleWeights), [batch, 1]),
      step: flat([reference.learningRate / (1 - 0.9 ** step)]),
      correction: flat([1 / Math.sqrt(1 - 0.999 ** step)]),
      shrink: flat([reference.learningRate * reference.weightDecay]),
    });
    gradient ??= nameWeights(groups.weights, numbers(out.gradient));
    losses.push(numbers(out.loss)[0]);
    state = { weights: out.nextWeights, first: out.nextFirst, second: out.nextSecond, statistics: out.nextStatistics };
  }
  const trained = {
    ...nameWeights(groups.weights, numbers(state.weights)),
    ...nameWeights(groups.statistics, numbers(state.statistics)),
  };
  await session.release();
  return { losses, gradient, trained };
}

async function predict({ trained, features, batch }, config) {
  const scaling = { inputs: unit(config.inputs.length), outputs: unit(config.outputs) };
  const file = writeForwardOnnx(config, toWeights({ ...trained.weights, ...trained.statistics }), scaling);
  const network = await loadForward(runtime, file);
  const end = Array.from({ length: batch }, (_, row) => (row + 1) * config.window - 1);
  const found = await predictWindows(network, {
    sequences: [Float32Array.from(features)],
    sequence: end.map(() => 0),
    end,
  });
  await network.session.release();
  return { prediction: found.outputs, attention: found.attention };
}

/** A network as a study trains it by default, exported, checked and run by the onnx package; and the training graph, checked. */
export async function checkOnnx(python) {
  const inputs = Array.from({ length: 27 }, (_, k) => `channel ${k}`);
  const config = makeCnnGruAttention({ inputs, window: 16, normalisation: 'none', pool: 1, padding: 'causal' });
  const specs = listWeights(config);
  const weights = makeWeights(specs, 1);
  const scaling = { inputs: unit(inputs.length), outputs: { mean: [0.1], deviation: [0.5] } };
  const forward = writeForwardOnnx(config, weights, scaling);
  const options = { batch: 8, huber: Number.POSITIVE_INFINITY, clip: 1, average: true };
  const training = writeTrainingOnnx(config, groupWeights(specs, []), weights, options).onnx;
  const count = 5;
  const values = Array.from({ length: count * config.window * inputs.length }, (_, i) =>
    Math.fround(Math.sin(1.7 * i)),
  );
  const folder = mkdtempSync(join(tmpdir(), 'genu-onnx-'));
  try {
    const files = [join(folder, 'forward.onnx'), join(folder, 'training.onnx')];
    writeFileSync(files[0], forward);
    writeFileSync(files[1], training);
    const features = { shape: [count, config.window, inputs.length], values };
    const [first, second] = ask(python, 'onnx_reference.py', [
      { file: files[0], inputs: { features } },
      { file: files[1], inputs: null },
    ]);
    const network = await loadForward(runtime, forward);
    const end = Array.from({ length: count }, (_, row) => (row + 1) * config.window - 1);
    const found = await predictWindows(network, {
      sequences: [Float32Array.from(values)],
      sequence: end.map(() => 0),
      end,
    });
    await network.session.release();
    const row = (check, quantity, difference, tolerance) => ({ check, peer: 'onnx', quantity, difference, tolerance });
    const faults = (answer) => (answer.error === null ? 0 : 1);
    for (const { error } of [first, second]) if (error) console.error(`validate: the ONNX checker says: ${error}`);
    return [
      row('exported network', 'faults the checker finds', faults(first), 0),
      row(
        'exported network',
        'prediction of the reference evaluator',
        first.outputs ? findDifference(found.outputs, first.outputs.prediction) : Number.POSITIVE_INFINITY,
        1e-6,
      ),
      row('training graph', 'faults the checker finds', faults(second), 0),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
