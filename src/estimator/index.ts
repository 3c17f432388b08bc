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
  estimateSolved,
  estimateTrial,
  findPerson,
  getKnee,
  makeInputs,
  normaliseEnvelopes,
  type SolvedTrial,
  type Subject,
  solveTrial,
} from './estimate.js';
export type { Estimator } from './estimator.js';
export { type GoldenRanges, makeGolden } from './golden.js';
export {
  type BundleKind,
  findBase,
  findRegression,
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
export { fitLaggedRegression, fitLaggedRidge, makeLaggedRows, predictLaggedRidge, type Regression } from './lagged.js';
export { loadEstimator, releaseEstimator } from './load.js';
export { orientTrial, renameChannels } from './orient.js';
export {
  averagePeople,
  buildExcitations,
  type CalibratedMuscles,
  findEmgMaxima,
  getKneeAngle,
  type KneeSolution,
  makeNewcomer,
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
export { makeQuadraticRows } from './quadratic.js';
export { predictOutOfFold, takeResiduals } from './residual.js';
export { addParts, fitRidgeOn, getSums, type RowMaker } from './ridge-sums.js';
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
  checkFrames,
  fitMean,
  makeWindowSet,
  splitFrames,
  splitPart,
  type TrainingFrames,
  type TrainingPart,
} from './training.js';
export { fitUncertainty, margin_level, type Uncertainty } from './uncertainty.js';
export { type InputTable, listSequences, listWindowFrames, locateWindow, makeInputTable } from './windows.js';
