// Networks that go frame by frame, as files: the onnx package's checker, its reference evaluator and ONNX Runtime.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCausal, listWeights, makeNetwork, makeWeights, networks } from '../dist/learn/index.js';
import { writeStreamingOnnx } from '../dist/learn/streaming/onnx.js';
import { makeStreamingNetwork } from '../dist/learn/streaming/streaming.js';
import { findDifference } from './compare.mjs';
import { ask } from './python.mjs';

const inputs = Array.from({ length: 27 }, (_, k) => `channel ${k}`);
const scaling = {
  inputs: { mean: inputs.map((_, k) => 0.01 * k), deviation: inputs.map((_, k) => 1 + 0.01 * k) },
  outputs: { mean: [0.1], deviation: [0.5] },
};
const FRAMES = 30;
const makeFrame = (t) => Float32Array.from(inputs, (_, k) => Math.sin(1.7 * k + 0.3 * t * (k + 1)));

/** From a state in the middle of a stream: prediction and next state of one frame, of every causal network. */
export async function checkStreaming(python) {
  const folder = mkdtempSync(join(tmpdir(), 'genu-validate-'));
  try {
    const configs = networks
      .filter(({ heads }) => heads.includes('sequence'))
      .map(({ kind }) => makeNetwork({ kind, head: 'sequence', inputs, window: 16 }))
      .filter(isCausal);
    const cases = [];
    for (const config of configs) cases.push(await makeCase(folder, config));
    const answers = ask(
      python,
      'onnx_reference.py',
      cases.map(({ request }) => request),
    );
    for (const { error, shapes } of answers) {
      for (const fault of [error, ...shapes]) if (fault) console.error(`validate: ONNX says: ${fault}`);
    }
    const check = `${cases.length} streaming networks`;
    const row = (peer, quantity, difference, tolerance) => ({ check, peer, quantity, difference, tolerance });
    const worst = (kind) =>
      Math.max(
        ...answers.flatMap((answer, n) =>
          Object.entries(cases[n].expected).map(([name, values]) => findDifference(answer[kind]?.[name] ?? [], values)),
        ),
      );
    const faults = answers.filter(({ error, shapes }) => error !== null || shapes.length > 0).length;
    return [
      row('onnx', 'faults the checker or shape inference finds', faults, 0),
      row('onnx', 'prediction and next state, reference evaluator', worst('outputs'), 1e-5),
      answers.every(({ error, onnxruntime }) => error !== null || onnxruntime !== null)
        ? row('onnxruntime', 'prediction and next state', worst('onnxruntime'), 1e-5)
        : { check, peer: 'onnxruntime', missing: 'no onnxruntime in this Python' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeCase(folder, config) {
  const weights = makeWeights(listWeights(config), 1);
  const file = join(folder, `${config.kind}.onnx`);
  writeFileSync(file, writeStreamingOnnx(config, weights, scaling));
  const stream = await makeStreamingNetwork(config, weights, scaling);
  for (let t = 0; t < FRAMES; t++) stream.step(makeFrame(t));
  const before = stream.state();
  const prediction = stream.step(makeFrame(FRAMES)).slice();
  const list = ({ values, shape }) => ({ shape, values: [...values] });
  const states = Object.fromEntries(
    stream.states.map(({ input, shape }) => [input, list({ values: before[input], shape })]),
  );
  const after = stream.state();
  return {
    request: { file, inputs: { features: list({ values: makeFrame(FRAMES), shape: [1, inputs.length] }), ...states } },
    expected: { prediction, ...Object.fromEntries(stream.states.map(({ input, output }) => [output, after[input]])) },
  };
}
