import { LearnError } from '../errors.js';
import type { Graph, Tensor } from '../graph/graph.js';
import type { NetworkConfig } from '../networks/network.js';
import { weightedLoss } from '../operators/loss.js';
import { QUANTILE_ROUNDING, quantileLoss } from '../operators/quantile-loss.js';

/**
 * What training makes small, of residuals in standard deviations of the label; see `operators/loss.ts` and
 * `operators/quantile-loss.ts`.
 * 'squared': the mean squared error. 'huber': squared up to `delta`, linear beyond. 'quantile': the pinball loss of the
 * quantiles that the network predicts.
 */
export type Loss =
  | { readonly kind: 'squared' }
  | { readonly kind: 'huber'; readonly delta: number }
  | { readonly kind: 'quantile' };

/**
 * The loss of a network: as given, or else the one that fits what it predicts.
 * @throws LearnError where the loss does not fit
 */
export function makeLoss(given: Loss | undefined, { quantiles }: Pick<NetworkConfig, 'quantiles'>): Loss {
  const loss = given ?? { kind: quantiles.length > 0 ? 'quantile' : 'squared' };
  const where = 'training.loss';
  if (!['squared', 'huber', 'quantile'].includes(loss.kind)) {
    throw new LearnError(`must be squared, huber or quantile, is ${loss.kind}.`, { where });
  }
  if (loss.kind === 'huber' && !(loss.delta > 0)) {
    throw new LearnError(`must be greater than 0, is ${loss.delta}.`, { where: `${where}.delta` });
  }
  if ((loss.kind === 'quantile') !== quantiles.length > 0) {
    const mend =
      quantiles.length > 0 ? "Use { kind: 'quantile' }." : 'Name the quantiles in the network, e.g. [0.05, 0.5, 0.95].';
    throw new LearnError(`is ${loss.kind}, but the network predicts ${quantiles.length} quantiles.`, { where, mend });
  }
  return loss;
}

/** The loss as a part of a graph; shapes as its operator has them. Result [1]. */
export function buildLoss(
  graph: Graph,
  [prediction, labels, sampleWeights]: readonly [Tensor, Tensor, Tensor],
  loss: Loss,
  quantiles: readonly number[],
): Tensor {
  if (loss.kind === 'quantile') return quantileLoss(graph, prediction, labels, sampleWeights, quantiles);
  const delta = loss.kind === 'huber' ? loss.delta : Number.POSITIVE_INFINITY;
  return weightedLoss(graph, prediction, labels, sampleWeights, delta);
}

/** The same loss of one prediction of one output, in double precision. `quantile` is the one predicted, if any. */
export function calcPointLoss(prediction: number, label: number, loss: Loss, quantile: number | undefined): number {
  const u = label - prediction;
  const size = Math.abs(u);
  if (loss.kind === 'quantile') {
    const rounded = size < QUANTILE_ROUNDING ? u ** 2 / (2 * QUANTILE_ROUNDING) : size - QUANTILE_ROUNDING / 2;
    return rounded * (u < 0 ? 1 - quantile! : quantile!);
  }
  if (loss.kind === 'huber' && size > loss.delta) return loss.delta * (2 * size - loss.delta);
  return u ** 2;
}
