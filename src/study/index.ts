/** Studies: the study file, splits, protocols, metrics and statistics, report. */
export * from './check/index.js';
export * from './cite/index.js';
export * from './environment.js';
export { evaluateBundle } from './evaluate.js';
export { type IntakeWorld, resolveStudy } from './intake/resolve.js';
export { type LineOf, listStudyFiles, readStudy, resolveFiles, type TrialFiles } from './layout.js';
export { type Comparison, calcMetrics, calcSkill, type Metrics } from './metrics.js';
export { describeNetwork, listSizes } from './network-config.js';
export {
  type NetworkData,
  type ParticipantNetworkData,
  prepareNetworkData,
  type TestWindows,
} from './network-data.js';
export * from './report/index.js';
export type { ResultRow } from './results.js';
export { type OutputFile, type PredictionTable, runStudy, type StudyOutcome, type StudyResults } from './run.js';
export {
  type ModelKind,
  makeStudyJsonSchema,
  modelKinds,
  type Study,
  type StudyFile,
  type StudyParticipant,
  type StudyTrial,
} from './schema.js';
export { type ProtocolName, protocolNames } from './schema-protocols.js';
export { decodeResult, encodeResult, hashValue } from './tasks.js';
export { type FileRole, getTable } from './trial-files.js';
