import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { onnxruntime, sessions } from '../executors/executors.test.support.js';
import { wasmExecutors } from '../executors/wasm.test.support.js';
import { emitOnnx } from '../graph/emit.js';
import { double, sumProducts } from '../graph/finite-difference.test.support.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { evaluate, findDifference } from '../networks/networks.test.support.js';
import { makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, nameWeights } from '../networks/weights.js';
import { groupWeights } from '../training/groups.js';
import { TRAINING_DEFAULTS } from '../training/options.js';
import { buildTrainingGraph } from '../training/step.js';
import { Stepper } from '../training/stepper.js';
import { selfAttentionLayer } from './attention.js';
import { convolutionLayer, normalisationLayer } from './layers.js';
import { bidirectional, gruLayer, lstmLayer } from './recurrent.js';
import { Scope } from './scope.js';

// Made by validate/layers_reference.py with PyTorch in double precision.
const reference = JSON.parse(readFileSync(new URL('torch-reference.json', import.meta.url), 'utf8'));

const attend = (causal: boolean) => (scope: Scope, x: Tensor) =>
  selfAttentionLayer(scope, 'layer', x, { heads: 2, causal, span: Number.POSITIVE_INFINITY });
const dilated = { filters: 3, taps: 3, padding: 'causal', bias: true, dilation: 2 } as const;

const layers: Record<string, (scope: Scope, x: Tensor) => Tensor> = {
  gru: (scope, x) => gruLayer(scope, 'layer', x, 3),
  lstm: (scope, x) => lstmLayer(scope, 'layer', x, 3),
  bidirectional: (scope, x) => bidirectional(lstmLayer, scope, 'layer', x, 3).states,
  selfAttention: attend(false),
  causalSelfAttention: attend(true),
  layerNormalisation: (scope, x) => normalisationLayer(scope, 'layer', x, 'layer'),
  dilatedConvolution: (scope, x) => convolutionLayer(scope, 'layer', x, dilated),
};

describe('layers and their gradients agree with PyTorch', () => {
  for (const [name, build] of Object.entries(layers)) {
    test(name, async () => {
      const expected = reference.layers[name];
      const graph = new Graph();
      const x = graph.input('x', expected.shape);
      const found = new Map<string, Tensor>();
      const find = (spec: { name: string; shape: readonly number[] }) => {
        found.set(spec.name, graph.input(spec.name, spec.shape));
        return found.get(spec.name)!;
      };
      const output = build(new Scope(graph, { training: true, find }), x);
      const r = graph.constant(expected.r, output.shape as readonly number[]);
      const gradients = buildGradients(graph, sumProducts(graph, output, r), [x, ...found.values()]);
      const names = ['x', ...found.keys()];
      expect(names.toSorted()).toEqual(Object.keys(expected.gradient).toSorted());

      const outputs = Object.fromEntries(gradients.map((gradient, k) => [`gradient ${names[k]}`, gradient]));
      const session = await sessions.create(emitOnnx(graph, { output, ...outputs }, { realType: 'float64' }), {});
      const feeds = [...found].map(([key, { shape }]) => [
        key,
        double(expected.weights[key], shape as readonly number[]),
      ]);
      const results = await session.run({ x: double(expected.x, expected.shape), ...Object.fromEntries(feeds) });
      await session.release();
      const differ = (key: string, values: number[]) => findDifference(results[key].data as Float64Array, values);
      // The factor 1/√d of self-attention is folded into a product in single precision by ONNX Runtime.
      const tolerance = name.endsWith('Attention') ? 1e-7 : 1e-10;
      expect(differ('output', expected.output)).toBeLessThan(tolerance);
      for (const key of names) expect(differ(`gradient ${key}`, expected.gradient[key]), key).toBeLessThan(tolerance);
    });
  }
});

interface NetworkReference {
  readonly network: Parameters<typeof makeNetwork>[0];
  readonly batch: number;
  readonly features: readonly number[];
  readonly labels: readonly number[];
  readonly sampleWeights: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly prediction: readonly number[];
  readonly gradient: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly number[];
}

describe.each([onnxruntime, ...wasmExecutors])('networks agree with PyTorch on $name', (executor) => {
  for (const expected of reference.networks as readonly NetworkReference[]) {
    test(String(expected.network.kind), async () => {
      const config = makeNetwork(expected.network);
      const { batch } = expected;
      const groups = groupWeights(listWeights(config), []);
      expect(groups.weights.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected.weights).toSorted());
      const initial = Object.fromEntries(
        Object.entries(expected.weights).map(([name, values]) => [name, Float32Array.from(values)]),
      );
      const features = Float32Array.from(expected.features);
      expect(findDifference(await evaluate(config, initial, features, executor), expected.prediction)).toBeLessThan(
        1e-5,
      );

      const options = { ...TRAINING_DEFAULTS, batch, clip: Number.POSITIVE_INFINITY, average: false };
      const step = buildTrainingGraph(config, groups, initial, options, { gradient: true });
      const program = await executor.compile(step.graph, step.outputs, { carry: step.carry });
      const weights = flattenWeights(groups.weights, initial);
      const zeros = () => new Float32Array(weights.length);
      const state = { weights, first: zeros(), second: zeros(), statistics: new Float32Array(), average: undefined };
      const stepper = new Stepper(program, step.carry, step.masks, state);
      const feeds = {
        features,
        labels: Float32Array.from(expected.labels),
        sampleWeights: Float32Array.from(expected.sampleWeights),
      };
      const one = Float32Array.of(1);
      const first = await program.run({
        ...feeds,
        step: Float32Array.of(0),
        correction: one,
        shrink: Float32Array.of(0),
      });
      const gradient = nameWeights(groups.weights, first.gradient);
      const greatest = Math.max(...Object.values(expected.gradient).flat().map(Math.abs));
      for (const [name, values] of Object.entries(expected.gradient)) {
        expect(findDifference(gradient[name], values), name).toBeLessThan(2e-6 * greatest);
      }

      for (const part of ['weights', 'first', 'second'] as const) program.set(part, state[part]);
      const { learningRate, weightDecay } = reference;
      for (const [k, loss] of expected.losses.entries()) {
        const got = await stepper.run(feeds, k, { learningRate, weightDecay, averageShare: 1 }, makeRandom(1));
        expect(Math.abs(got - loss)).toBeLessThan(1e-4 * loss);
      }
      await program.release();
    });
  }
});
