/** OpenSim-format models: joints and couplers, forward kinematics, muscle-tendon lengths, speeds and moment arms. */
export { type Body, buildBody } from './body.js';
export { calcCoordinateSpeeds } from './coordinate-speeds.js';
export { findMusclesCrossing } from './crossing.js';
export { makeGenericLeg } from './generic-leg.js';
export * from './muscle-geometry.js';
export { buildMusclePlan, type MusclePlan } from './muscle-plan.js';
export { trimModel } from './trim.js';
