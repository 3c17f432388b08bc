/**
 * Networks and what stands beside them: a graph that differentiates itself, two executors that run it, layers, the
 * networks of the field, training, transfer, uncertainty, search, and regression baselines. Knows no muscles.
 */
export { type CoralOptions, type FrameMap, fitCoral, foldIntoScaling, mapFrames } from './alignment/coral.js';
export { FrameMoments } from './alignment/moments.js';
export { blendScaling, calcTargetShare, type RescalingOptions } from './alignment/statistics.js';
export {
  fitRandomForest,
  predictRandomForest,
  type RandomForest,
  type RandomForestOptions,
  type RandomForestSettings,
} from './baselines/random-forest.js';
export {
  adaptRidge,
  calcRidgeError,
  chooseRidgePenalty,
  fitRidge,
  predictRidge,
  type Ridge,
  RidgeSums,
  ridgePenalties,
  solveRidge,
} from './baselines/ridge.js';
export type { LabelledRows } from './baselines/rows.js';
export {
  fitSupportVector,
  predictSupportVector,
  type SupportVector,
  type SupportVectorOptions,
  type SupportVectorSettings,
} from './baselines/support-vector.js';
export { readCheckpoint, writeCheckpoint } from './checkpoint/checkpoint.js';
export { LearnError } from './errors.js';
export { type CompileOptions, type Executor, type ExecutorName, executorNames, type Program } from './executor.js';
export { makeOnnxRuntimeExecutor, type OnnxSession, type OnnxSessionFactory } from './executors/onnxruntime.js';
export { makeWasmExecutor } from './executors/wasm.js';
export type { NetworkWeights, WeightSpec } from './layers/scope.js';
export type { CnnGruAttentionConfig } from './networks/cnn-gru-attention.js';
export { type NetworkScaling, type Scaling, writeForwardOnnx } from './networks/forward.js';
export { countPredictions, type NetworkConfig, type NetworkDefinition } from './networks/network.js';
export { findNetwork, type GivenNetwork, isCausal, makeNetwork, networks } from './networks/registry.js';
export { listWeights, makeWeights } from './networks/weights.js';
export { type ImportedNetwork, importNetworkOnnx } from './onnx/import.js';
export { type DescribedChannel, type NetworkDescription, readDescription, writeDescription } from './onnx/metadata.js';
export { readOnnxMetadata } from './onnx/model.js';
export { type OnnxFile, readOnnx } from './onnx/read.js';
export { type Port, serveTeam } from './parallel/member.js';
export { makeTrainingTeam, type TrainingTeam } from './parallel/team.js';
export { type ForwardNetwork, loadForward, type Predictions, predictWindows } from './predict.js';
export { type Candidate, drawCandidate, type Range, type SearchSpace } from './search/random.js';
export {
  type Evaluate,
  type Evaluation,
  type HalvingOptions,
  type SearchResult,
  searchByHalving,
  type Trial,
} from './search/successive-halving.js';
export { buildStreamingGraph, type StreamingGraph } from './streaming/graph.js';
export { writeStreamingOnnx } from './streaming/onnx.js';
export { makeStreamingNetwork, type StreamingNetwork, type StreamingState } from './streaming/streaming.js';
export { type EventWriter, makeEventFileName, makeEventWriter } from './tensorboard/events.js';
export type { Augmentation } from './training/augment.js';
export type { TrainingProgress } from './training/epoch.js';
export type { Loss } from './training/loss.js';
export { type Anchor, TRAINING_DEFAULTS, type TrainingOptions } from './training/options.js';
export type { GivenSchedule, Schedule } from './training/schedule.js';
export type { Epoch, TrainingState } from './training/state.js';
export type { StepRecipe } from './training/step.js';
export { type TrainedNetwork, type TrainingRequest, trainNetwork } from './training/train.js';
export type { FeatureWindows, WindowSet } from './training/windows.js';
export { adaptNetwork } from './transfer/adapt.js';
export { type LayerDepth, type LayerGroup, listDepths } from './transfer/depth.js';
export { estimateNormalisation } from './transfer/normalisation.js';
export { makeTransferRequest, type TransferSource, type TransferTarget } from './transfer/request.js';
export {
  findStrategy,
  type TransferStrategy,
  type TransferStrategyName,
  transferStrategies,
  transferStrategyNames,
} from './transfer/strategies.js';
export {
  type Conformal,
  type ConformalOptions,
  calcInterval,
  fitConformal,
  type IntervalForm,
  type UncertainPredictions,
} from './uncertainty/conformal.js';
export {
  combineMembers,
  combineQuantileMembers,
  type EnsemblePrediction,
  type QuantileEnsemblePrediction,
  type QuantileMember,
} from './uncertainty/ensemble.js';
export { findGroupMargin, findMargin, type Margin } from './uncertainty/margin.js';
export {
  calcNovelty,
  countSummary,
  fitNovelty,
  isNovel,
  type Novelty,
  summariseWindowInto,
} from './uncertainty/novelty.js';
export { findKernelVariant, hasFusedKernels, type KernelVariant, kernelVariants } from './wasm/kernels.js';
