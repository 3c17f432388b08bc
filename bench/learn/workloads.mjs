// What is timed, on any executor: a training step, a single window, a large product of matrices, a streamed frame.
import { Graph } from '../../dist/learn/graph/graph.js';
import { buildForwardGraph } from '../../dist/learn/networks/forward.js';
import { makeNetwork } from '../../dist/learn/networks/registry.js';
import { flattenWeights, listWeights, makeWeights } from '../../dist/learn/networks/weights.js';
import { dense } from '../../dist/learn/operators/dense.js';
import { groupWeights } from '../../dist/learn/training/groups.js';
import { buildTrainingGraph } from '../../dist/learn/training/step.js';
import { Stepper } from '../../dist/learn/training/stepper.js';
import { makeRandom } from '../../dist/math/index.js';

const SEED = 1;
const RATES = { learningRate: 1e-3, weightDecay: 1e-3, averageShare: 0 };

/** On a shared machine it says more than the clock. */
const processorTime_ms = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const fillNormal = (size, random) => Float32Array.from({ length: size }, () => random.normal());

/** A training step as a study runs it: dropout masks are drawn, weights stay in the executor. The data lie in memory. */
async function prepareTraining({ executor, team }, { network, batch, clip }) {
  const start = processorTime_ms();
  const config = makeNetwork(network);
  const specs = listWeights(config);
  const groups = groupWeights(specs, []);
  const first = makeWeights(specs, SEED);
  const options = { batch, loss: { kind: 'squared' }, clip: clip ?? Number.POSITIVE_INFINITY, average: false };
  const { graph, outputs, carry, masks } = buildTrainingGraph(config, groups, first, options);
  const built = processorTime_ms();
  const program = team
    ? await team.compile({ config, groups, frozenWeights: first, options })
    : await executor.compile(graph, outputs, { carry });
  const compiled = processorTime_ms();

  const weights = flattenWeights(groups.weights, first);
  const statistics = flattenWeights(groups.statistics, first);
  const state = {
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    statistics,
  };
  const stepper = new Stepper(program, carry, masks, state);
  const random = makeRandom('bench');
  const data = {
    features: fillNormal(config.window * batch * config.inputs.length, random),
    labels: fillNormal(batch, random),
    sampleWeights: new Float32Array(batch).fill(1),
  };
  let step = 0;
  const run = async () => {
    const loss = await stepper.run(data, step++, RATES, random);
    if (!Number.isFinite(loss)) throw new Error(`the loss of step ${step} is ${loss}`);
  };
  return {
    run,
    release: () => program.release(),
    about: { parameters: weights.length, build_ms: built - start, compile_ms: compiled - built },
  };
}

/** One window in SI units to its prediction in SI units. */
async function prepareWindow({ executor }, { network }) {
  const config = makeNetwork(network);
  const weights = makeWeights(listWeights(config), SEED);
  const { graph, outputs } = buildForwardGraph(config, weights, makeScaling(config));
  const program = await executor.compile(graph, outputs);
  const features = fillNormal(config.window * config.inputs.length, makeRandom('bench'));
  const run = async () => {
    const { prediction } = await program.run({ features });
    if (!Number.isFinite(prediction[0])) throw new Error(`the prediction is ${prediction[0]}`);
  };
  return { run, release: () => program.release(), about: {} };
}

/** A product of two matrices of 1024 × 1024: what one core can do at most with an executor's instructions. */
async function prepareProduct({ executor }) {
  const size = 1024;
  const random = makeRandom('bench');
  const graph = new Graph();
  const matrix = (name) => graph.input(name, [size, size]);
  const product = dense(graph, matrix('a'), matrix('b'));
  const program = await executor.compile(graph, { product }, { held: ['a', 'b'] });
  for (const name of ['a', 'b']) program.set(name, fillNormal(size * size, random));
  return { run: () => program.run({}), release: () => program.release(), about: { flop: 2 * size ** 3 } };
}

export const preparations = { training: prepareTraining, window: prepareWindow, product: prepareProduct };

/**
 * One frame after the other with the state carried along. Only a causal network that says something of every frame can
 * do so, so the network looks only back and pools nothing.
 */
export async function prepareStream({ network }) {
  const { makeStreamingNetwork } = await import('../../dist/learn/streaming/streaming.js');
  // As many states as the window head attends to.
  const attentionFrames = Math.floor(network.window / network.pool);
  const config = makeNetwork({ ...network, padding: 'causal', pool: 1, head: 'sequence', attentionFrames });
  const streaming = await makeStreamingNetwork(config, makeWeights(listWeights(config), SEED), makeScaling(config));
  const random = makeRandom('bench');
  const frames = Array.from({ length: 512 }, () => fillNormal(config.inputs.length, random));
  let at = 0;
  return () => streaming.step(frames[at++ % frames.length]);
}

function makeScaling({ inputs, outputs }) {
  const plain = (count) => ({ mean: new Float32Array(count), deviation: new Float32Array(count).fill(1) });
  return { inputs: plain(inputs.length), outputs: plain(outputs) };
}
