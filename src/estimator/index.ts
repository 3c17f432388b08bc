/** Joins signal, body, muscles and networks into one thing: recording in, knee torque out; the `*.genu` bundle. */
export {
  type Bundle,
  type Golden,
  type Person,
  type Provenance,
  readBundle,
  writeBundle,
} from './bundle.js';
export {
  type CalibrationJob,
  type CalibrationJobTrial,
  type CalibrationReport,
  type CalibrationResult,
  calibratePerson,
} from './calibrate-person.js';
export {
  type Estimate,
  estimateTrial,
  findPerson,
  getKnee,
  makeInputs,
  normaliseEnvelopes,
  type Subject,
} from './estimate.js';
export type { Estimator } from './estimator.js';
export { type GoldenRanges, makeGolden } from './golden.js';
export {
  type BundleKind,
  findBase,
  isNetworkKind,
  isRegressionKind,
  looksBack,
  modelKinds,
  type NetworkKind,
  networkKinds,
  type RegressionKind,
  regressionKinds,
  seesForces,
} from './kinds.js';
export { calcTorqueSign, type KneeBody, makeKneeBody } from './knee.js';
export { fitLaggedRegression, fitLaggedRidge, predictLaggedRidge } from './lagged.js';
export { loadEstimator, releaseEstimator } from './load.js';
export {
  averagePeople,
  buildExcitations,
  findEmgMaxima,
  getKneeAngle,
  type KneeSolution,
  makePerson,
  solveKnee,
  trimGeometry,
} from './person.js';
export { type ModelPrediction, predictModel, type WindowAttention } from './predict-model.js';
export {
  checkLabel,
  type Filters,
  type PreparedTrial,
  prepareLabel,
  prepareTrial,
  type TrialRecordings,
} from './prepare.js';
export {
  type CausalFilter,
  type CausalState,
  designCausalAngle,
  designCausalEmg,
  makeCausalState,
  stepCausal,
} from './prepare-causal.js';
export { largest_angle_rad } from './prepare-channels.js';
export { predictOutOfFold, takeResiduals } from './residual.js';
export { countWindowSamples, type EstimatorSpec, listInputs, makeWindowSpec, type WindowSpec } from './spec.js';
export {
  type KneeFrame,
  type KneeStepper,
  type KneeStepState,
  listKneeCoordinates,
  makeKneeStepper,
} from './step-knee.js';
export {
  calcActivityWeights,
  fitMean,
  makeWindowSet,
  splitFrames,
  type TrainingFrames,
  type TrainingPart,
} from './training.js';
export { fitUncertainty, type Uncertainty } from './uncertainty.js';
export { type InputTable, listSequences, listWindowFrames, locateWindow, makeInputTable } from './windows.js';
