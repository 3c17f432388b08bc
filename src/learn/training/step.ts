import { emitOnnx } from '../graph/emit.js';
import { buildGradients } from '../graph/gradient.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { type DropoutMask, type NetworkWeights, Scope, type WeightSpec } from '../layers/scope.js';
import { buildCnnGruAttention, type CnnGruAttentionConfig } from '../networks/cnn-gru-attention.js';
import { unpackGroups } from '../networks/forward.js';
import { countNumbers } from '../networks/weights.js';
import type { RealType } from '../onnx/model.js';
import { adamStep, clipGradient } from '../operators/adam.js';
import { blend } from '../operators/arithmetic.js';
import { weightedLoss } from '../operators/loss.js';
import { pack } from '../operators/packing.js';

/** Share of a batch's statistics in the running averages. */
const STATISTICS_SHARE = 0.1;

/** The weights of a network by what training does with them. */
export interface WeightGroups {
  readonly weights: readonly WeightSpec[];
  /** Not trained. */
  readonly frozen: readonly WeightSpec[];
  /** Running averages of batch normalisation. */
  readonly statistics: readonly WeightSpec[];
}

export interface StepOptions {
  readonly batch: number;
  /** Where the loss turns from squared to linear, in standardised units; infinite for mean squared error. */
  readonly huber: number;
  /** Greatest norm of the gradient; infinite for no clipping. */
  readonly clip: number;
  /** Whether an exponential moving average of the weights is kept. */
  readonly average: boolean;
}

/**
 * One training step as one ONNX model: forward, gradients, Adam.
 * Inputs: `features` [window, batch, channels], `labels` [batch, outputs], `sampleWeights` [batch, 1], dropout masks,
 * rates [1] (see `operators/adam.ts`), and the state, all flat: `weights`, `first`, `second`, `statistics`, `average`.
 * Outputs: `loss` [1] before the step, and `next…` for each part of the state.
 */
export function writeTrainingOnnx(
  config: CnnGruAttentionConfig,
  groups: WeightGroups,
  frozenWeights: NetworkWeights,
  options: StepOptions,
  emission: { realType?: RealType; gradient?: boolean } = {},
): { onnx: Uint8Array; masks: readonly DropoutMask[] } {
  const { batch } = options;
  const graph = new Graph();
  const { weights: trained, statistics } = groups;
  const count = trained.reduce((sum, spec) => sum + countNumbers(spec), 0);
  const findFlat = unpackGroups(graph, { weights: trained, statistics });
  const frozen = new Map(
    groups.frozen.map((spec) => [spec.name, graph.constant(frozenWeights[spec.name], spec.shape)] as const),
  );
  const find = (spec: WeightSpec): Tensor => frozen.get(spec.name) ?? findFlat(spec);
  const scope = new Scope(graph, { training: true, find, isFrozen: (name) => frozen.has(name) });

  const features = graph.input('features', [config.window, batch, config.inputs.length]);
  const labels = graph.input('labels', [batch, config.outputs]);
  const sampleWeights = graph.input('sampleWeights', [batch, 1]);
  const { prediction } = buildCnnGruAttention(scope, features, config);
  const loss = weightedLoss(graph, prediction, labels, sampleWeights, options.huber);

  const flatGradient = pack(graph, buildGradients(graph, loss, trained.map(find)));
  const gradient = Number.isFinite(options.clip) ? clipGradient(graph, flatGradient, options.clip) : flatGradient;
  const rate = (name: string) => graph.input(name, [1]);
  const next = adamStep(
    graph,
    {
      weights: graph.inputs.get('weights')!,
      first: graph.input('first', [count]),
      second: graph.input('second', [count]),
    },
    gradient,
    {
      step: rate('step'),
      correction: rate('correction'),
      shrink: rate('shrink'),
      decayed: graph.constant(markDecayed(trained, count), [count]),
    },
  );

  const outputs: Record<string, Tensor> = {
    loss,
    nextWeights: next.weights,
    nextFirst: next.first,
    nextSecond: next.second,
  };
  if (scope.batchStatistics.size > 0) {
    const share = graph.constant([STATISTICS_SHARE], [1]);
    const updated = statistics.map((spec) => {
      const value = scope.batchStatistics.get(spec.name);
      return value ? blend(graph, find(spec), value, share) : find(spec);
    });
    outputs.nextStatistics = pack(graph, updated);
  }
  if (options.average) {
    outputs.nextAverage = blend(graph, graph.input('average', [count]), next.weights, rate('averageShare'));
  }
  if (emission.gradient) outputs.gradient = flatGradient;
  return { onnx: emitOnnx(graph, outputs, emission), masks: scope.masks };
}

/** One for matrices, which decay; zero for biases, gains and shifts, which only place things. */
function markDecayed(specs: readonly WeightSpec[], count: number): Float32Array {
  const marks = new Float32Array(count);
  let at = 0;
  for (const spec of specs) {
    marks.fill(spec.shape.length > 1 ? 1 : 0, at, at + countNumbers(spec));
    at += countNumbers(spec);
  }
  return marks;
}
