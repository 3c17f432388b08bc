import { LearnError } from '../errors.js';
import { fixedSize, sequenceShape, type Tensor } from '../graph/graph.js';
import { exponential, tanh } from '../operators/activation.js';
import { softmaxOverTime, sumOverTime } from '../operators/attention.js';
import { selfAttentionOfFrame } from '../operators/attention-frame.js';
import { dense } from '../operators/dense.js';
import { divideFrames, offsetFrames, weightFrames } from '../operators/frames.js';
import { totalOfFrames } from '../operators/ring.js';
import { type SelfAttentionOptions, selfAttention } from '../operators/self-attention.js';
import { slidingSum } from '../operators/sliding-sum.js';
import { denseLayer } from './layers.js';
import { newestInAnyOrder } from './past.js';
import type { Scope } from './scope.js';

/**
 * Additive attention over time (Bahdanau, Cho & Bengio 2015, arXiv 1409.0473, appendix A.1.2) without a query:
 * a = softmaxₜ(v·tanh(h[t]·W + b)), context = Σₜ a[t]·h[t].
 */
export function attentionLayer(scope: Scope, name: string, states: Tensor, units: number) {
  const weights = softmaxOverTime(scope.graph, scoreFrames(scope, name, states, units));
  return { context: scope.graph.within(name, () => sumOverTime(scope.graph, states, weights)), weights };
}

/**
 * The same attention at every frame, over the last `span` states: context[t] = Σ eˢ·h / Σ eˢ over (t − span, t], s their
 * scores. No greatest score is subtracted: |s| ≤ Σ|v|, far from where eˢ overflows. Weights as of `attentionLayer`; of
 * the last frame of a sequence of `span` frames or less it says the same.
 */
export function slidingAttentionLayer(scope: Scope, name: string, states: Tensor, units: number, span: number): Tensor {
  const { graph } = scope;
  const scores = scoreFrames(scope, name, states, units);
  return scope.layer(name, () => {
    const shares = exponential(graph, scores);
    const weighted = weightFrames(graph, states, shares);
    if (!scope.streaming)
      return divideFrames(graph, slidingSum(graph, weighted, span), slidingSum(graph, shares, span));
    // All of the span is summed at each frame: a running sum would drift.
    const ring = newestInAnyOrder(scope, { weighted, shares }, span);
    return divideFrames(graph, totalOfFrames(graph, ring.weighted), totalOfFrames(graph, ring.shares));
  });
}

function scoreFrames(scope: Scope, name: string, states: Tensor, units: number): Tensor {
  const hidden = tanh(scope.graph, denseLayer(scope, `${name}Hidden`, states, units));
  return denseLayer(scope, `${name}Score`, hidden, 1, { bias: false });
}

/**
 * Self-attention of several heads (Vaswani et al. 2017, arXiv 1706.03762, section 3.2.2). Keys have no bias: it would
 * add one number to all scores of a query, which softmax does not see.
 */
export function selfAttentionLayer(scope: Scope, name: string, x: Tensor, options: SelfAttentionOptions): Tensor {
  return scope.layer(name, () => {
    const { graph } = scope;
    const channels = fixedSize(x.shape, -1);
    const initial = { bound: 1 / Math.sqrt(channels) };
    const project = (input: Tensor, part: string, hasBias: boolean) => {
      const weights = scope.weight(part, [channels, channels], initial);
      return dense(graph, input, weights, hasBias ? scope.weight(`${part}Bias`, [channels], initial) : undefined);
    };
    const [queries, keys] = [project(x, 'query', true), project(x, 'key', false)];
    const values = project(x, 'value', true);
    if (!scope.streaming) return project(selfAttention(graph, queries, keys, values, options), 'output', true);
    const { heads, causal, span } = options;
    if (!causal) {
      const mend = "Retrain with mask: 'causal'.";
      throw new LearnError('looks ahead, which a stream cannot.', { where: `layer ${name}`, mend });
    }
    const frame = { keys, values, seen: graph.constant([1], [1, 1, 1]) };
    const ring = newestInAnyOrder(scope, frame, span);
    const attended = selfAttentionOfFrame(graph, queries, ring.keys, ring.values, ring.seen, heads);
    return project(attended, 'output', true);
  });
}

/**
 * Adds to each frame what tells its place in the window: sines and cosines of it (Vaswani et al. 2017, section 3.5), or
 * learned numbers.
 */
export function positionLayer(scope: Scope, name: string, x: Tensor, kind: 'sinusoidal' | 'learned'): Tensor {
  return scope.layer(name, () => {
    const { time, channels } = sequenceShape(x.shape);
    if (scope.streaming) {
      throw new LearnError('counts the frames of a window; a stream has no end.', {
        where: `layer ${name}`,
        mend: "Retrain with position: 'none', or predict by windows.",
      });
    }
    const shape = [time, channels];
    const positions =
      kind === 'learned'
        ? scope.weight('positions', shape, { bound: 1 / Math.sqrt(channels) })
        : scope.graph.constant(makeSinusoids(time, channels), shape);
    return offsetFrames(scope.graph, x, positions);
  });
}

/** PE[t, 2i] = sin(t / 10000^(2i/d)), PE[t, 2i + 1] = cos of the same. */
function makeSinusoids(time: number, channels: number): Float64Array {
  return Float64Array.from({ length: time * channels }, (_, at) => {
    const [t, k] = [Math.floor(at / channels), at % channels];
    const angle = t / 10000 ** ((k - (k % 2)) / channels);
    return k % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
