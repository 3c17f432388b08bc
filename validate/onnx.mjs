// The files that genu writes for other programs, read by these: networks by onnx and ONNX Runtime, event files by TensorBoard.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { emitOnnx } from '../dist/learn/graph/emit.js';
import {
  listWeights,
  loadForward,
  makeNetwork,
  makeOnnxRuntimeExecutor,
  makeWasmExecutor,
  makeWeights,
  networks,
  predictWindows,
  writeForwardOnnx,
} from '../dist/learn/index.js';
import { importNetworkOnnx } from '../dist/learn/onnx/import.js';
import { makeEventFileName, makeEventWriter } from '../dist/learn/tensorboard/events.js';
import { groupWeights } from '../dist/learn/training/groups.js';
import { TRAINING_DEFAULTS } from '../dist/learn/training/options.js';
import { buildTrainingGraph } from '../dist/learn/training/step.js';
import { findDifference } from './compare.mjs';
import { ask } from './python.mjs';

const executors = [makeOnnxRuntimeExecutor(InferenceSession), makeWasmExecutor()];
const inputs = Array.from({ length: 27 }, (_, k) => `channel ${k}`);
const WINDOWS = 5;

/**
 * Every network of the registry with every head and its default sizes: the file passes the checker, states the shapes that
 * shape inference finds, gives the same numbers everywhere, and can be imported after the onnx package has saved it.
 * And the training graph of each passes the checker.
 */
export const checkOnnx = (python) =>
  inFolder(async (folder) => {
    const cases = networks.flatMap(({ kind, heads }) =>
      heads.map((head) => makeCase(folder, makeNetwork({ kind, head, inputs, window: 16 }))),
    );
    const requests = cases.flatMap(({ file, resaved, training, features }) => [
      { file, resaved, inputs: { features } },
      { file: training, inputs: null },
    ]);
    const answers = ask(python, 'onnx_reference.py', requests);
    for (const { error, shapes } of answers) {
      for (const fault of [error, ...shapes]) if (fault) console.error(`validate: ONNX says: ${fault}`);
    }
    const exported = answers.filter((_, at) => at % 2 === 0);
    const training = answers.filter((_, at) => at % 2 === 1);
    const found = await Promise.all(
      executors.map((executor) => Promise.all(cases.map((one) => predict(executor, one)))),
    );
    const check = `${cases.length} exported networks`;
    const row = (peer, quantity, difference, tolerance) => ({ check, peer, quantity, difference, tolerance });
    const worst = (lists, kind) =>
      Math.max(...lists.flatMap((list) => list.map((values, n) => findOutputDifference(values, exported[n][kind]))));
    return [
      row('onnx', 'faults the checker finds', countFaults(exported), 0),
      row('onnx', 'outputs of other shapes than inferred', exported.flatMap(({ shapes }) => shapes).length, 0),
      row('onnx', 'outputs of the reference evaluator, both executors', worst(found, 'outputs'), 1e-5),
      exported.every((answer) => answer.error !== null || answer.onnxruntime !== null)
        ? row('onnxruntime', 'outputs, both executors', worst(found, 'onnxruntime'), 1e-5)
        : { check, peer: 'onnxruntime', missing: 'no onnxruntime in this Python' },
      row('onnx', 'weights imported from files it has saved', findImportDifference(cases), 0),
      {
        ...row('onnx', 'faults the checker finds', countFaults(training), 0),
        check: `${cases.length} training graphs`,
      },
    ];
  });

const countFaults = (answers) => answers.filter(({ error }) => error !== null).length;

const findOutputDifference = (found, expected) =>
  expected === null
    ? Number.POSITIVE_INFINITY
    : Math.max(...Object.keys(expected).map((name) => findDifference(found[name] ?? [], expected[name])));

function makeCase(folder, config) {
  const name = `${config.kind}-${config.head}`;
  const specs = listWeights(config);
  const weights = makeWeights(specs, 1);
  const scaling = {
    inputs: { mean: inputs.map((_, k) => 0.01 * k), deviation: inputs.map((_, k) => 1 + 0.01 * k) },
    outputs: { mean: [0.1], deviation: [0.5] },
  };
  const [file, training] = [join(folder, `${name}.onnx`), join(folder, `${name}-training.onnx`)];
  writeFileSync(file, writeForwardOnnx(config, weights, scaling, { subject: 'S01' }));
  const options = { ...TRAINING_DEFAULTS, batch: 8, average: true };
  const { graph, outputs } = buildTrainingGraph(config, groupWeights(specs, []), weights, options);
  writeFileSync(training, emitOnnx(graph, outputs));
  const values = Array.from({ length: WINDOWS * config.window * inputs.length }, (_, i) =>
    Math.fround(Math.sin(1.7 * i)),
  );
  const features = { shape: [WINDOWS, config.window, inputs.length], values };
  return { file, resaved: join(folder, `${name}-resaved.onnx`), training, config, weights, features };
}

async function predict(executor, { file, config, features }) {
  const network = await loadForward(executor, readFileSync(file));
  const end = Array.from({ length: WINDOWS }, (_, row) => (row + 1) * config.window - 1);
  const { outputs, attention } = await predictWindows(network, {
    sequences: [Float32Array.from(features.values)],
    sequence: end.map(() => 0),
    end,
  });
  await network.program.release();
  return { prediction: outputs, attention };
}

function findImportDifference(cases) {
  const differences = cases.flatMap(({ resaved, weights }) => {
    const found = importNetworkOnnx(readFileSync(resaved)).weights;
    return Object.entries(weights).map(([name, values]) => findDifference(found[name], values));
  });
  return Math.max(...differences);
}

/** Scalars in an event file, as TensorBoard's own reader sees them. */
export const checkEvents = (python) =>
  inFolder((folder) => {
    let time = 1_700_000_000.25;
    const writer = makeEventWriter(() => time);
    const chunks = [writer.begin()];
    const written = { 'loss/train': [], 'loss/validation': [] };
    for (let step = 0; step < 1000; step++) {
      time += 0.5;
      const values = { 'loss/train': Math.exp(-0.01 * step), 'loss/validation': 2 + Math.sin(step) };
      for (const [tag, value] of Object.entries(values)) written[tag].push([time, step, Math.fround(value)]);
      chunks.push(writer.scalars(step, values));
    }
    const file = join(folder, makeEventFileName(1_700_000_000, 'S01'));
    writeFileSync(file, Buffer.concat(chunks));
    const { version, scalars } = ask(python, 'tensorboard_reference.py', { file });
    const row = (quantity, difference) => ({
      check: 'event file of 1000 steps',
      peer: 'tensorboard',
      quantity,
      difference,
      tolerance: 0,
    });
    const other = Object.keys(scalars).filter((tag) => !(tag in written)).length;
    const found = Object.keys(written).map((tag) => findDifference((scalars[tag] ?? []).flat(), written[tag].flat()));
    return [
      row('curves that were not written', other + (version === 'brain.Event:2' ? 0 : 1)),
      row('times, steps and values', Math.max(...found)),
    ];
  });

async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'genu-validate-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
