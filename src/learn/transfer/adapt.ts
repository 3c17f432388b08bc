import { blendScaling } from '../alignment/statistics.js';
import { writeForwardOnnx } from '../networks/forward.js';
import { type TrainedNetwork, trainNetwork } from '../training/train.js';
import { checkFeatures } from '../training/windows.js';
import { estimateNormalisation } from './normalisation.js';
import {
  findChannels,
  listWindows,
  makeTransferRequest,
  measureFrames,
  type TransferSource,
  type TransferTarget,
} from './request.js';
import { findStrategy } from './strategies.js';

/**
 * Adapts a network of previous participants to a new one by a named strategy (`strategies.ts`).
 * What is not trained has no history, and 0 for its best epoch.
 * @throws LearnError where the data that the strategy needs is missing or unfit, or the network lacks the layers
 */
export async function adaptNetwork(
  strategyName: string,
  source: TransferSource,
  target: TransferTarget,
): Promise<TrainedNetwork> {
  const strategy = findStrategy(strategyName);
  if (strategy.action === 'train' || strategy.action === 'train-aligned') {
    return trainNetwork(makeTransferRequest(strategy, source, target));
  }
  let { weights, scaling } = source;
  const { config } = source;
  const notes: string[] = [];
  if (strategy.action === 'statistics') {
    const windows = listWindows(target, `transfer strategy ${strategy.name}`);
    checkFeatures(windows, 'windows of the target', config);
    const channels = target.channels ? { channels: findChannels(target.channels, config) } : {};
    const inputs = blendScaling(scaling.inputs, measureFrames(windows, config), { share: 1, ...channels });
    scaling = { ...scaling, inputs };
    const before = weights;
    weights = await estimateNormalisation(target.executor, { config, weights, scaling }, windows);
    if (weights === before) notes.push('The network has no batch normalisation: only its inputs are scaled anew.');
  }
  const forwardOnnx = writeForwardOnnx(config, weights, scaling, target.metadata);
  return { config, scaling, weights, history: [], notes, bestEpoch: 0, forwardOnnx };
}
