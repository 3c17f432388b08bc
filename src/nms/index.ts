/** Neuromusculoskeletal solver: EMG envelopes, muscle lengths, speeds and moment arms in; activations, muscle forces and joint torque out. */
export * from './activation.js';
export * from './calibrate.js';
export type { CalibrationTrial } from './calibration-frames.js';
export { type Bounds, defaultBounds, defaultWeights, type Sharing, type Weights } from './calibration-parameters.js';
export * from './curves.js';
export * from './excitation-map.js';
export { ceinmsStiffTendon } from './hill/ceinms.js';
export * from './hill/hill.js';
export * from './knee-muscles.js';
export * from './muscles.js';
export * from './passive-joint.js';
export * from './solver.js';
