/** Joins signal, body, muscles and networks into one thing: recording in, knee torque out; the `*.genu` bundle. */
export {
  type Bundle,
  type BundleKind,
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
  type Estimator,
  estimateTrial,
  findPerson,
  getKnee,
  makeInputs,
  normaliseEnvelopes,
  predictNetworks,
  type Subject,
} from './estimate.js';
export { type GoldenRanges, makeGolden } from './golden.js';
export { calcTorqueSign, type KneeBody, makeKneeBody } from './knee.js';
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
  fitLaggedRidge,
  fitMean,
  makeWindowSet,
  predictLaggedRidge,
  splitFrames,
  type TrainingFrames,
  type TrainingPart,
} from './training.js';
export { type InputTable, listWindowFrames, makeInputTable } from './windows.js';
