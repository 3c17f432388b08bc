/** Networks and ridge: a graph that differentiates itself and emits ONNX, the CNN-GRU-attention network, its training and prediction. Knows no muscles. */
export {
  fitRidge,
  predictRidge,
  type Ridge,
  RidgeSums,
} from './baselines/ridge.js';
export { LearnError } from './errors.js';
export type { NetworkWeights, WeightSpec } from './layers/scope.js';
export {
  CNN_GRU_ATTENTION_DEFAULTS,
  type CnnGruAttentionConfig,
  makeCnnGruAttention,
} from './networks/cnn-gru-attention.js';
export { type NetworkScaling, type Scaling, writeForwardOnnx } from './networks/forward.js';
export { listWeights, makeWeights } from './networks/weights.js';
export { readOnnxMetadata } from './onnx/model.js';
export { type ForwardNetwork, loadForward, type Predictions, predictWindows } from './predict.js';
export type { NetworkRuntime, NetworkSession } from './runtime.js';
export type { Augmentation } from './training/augment.js';
export type { TrainingProgress } from './training/epoch.js';
export { TRAINING_DEFAULTS, type TrainingOptions } from './training/options.js';
export type { Epoch, TrainingState } from './training/state.js';
export { type TrainedNetwork, type TrainingRequest, trainNetwork } from './training/train.js';
export type { WindowSet } from './training/windows.js';
