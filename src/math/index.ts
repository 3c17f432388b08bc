/** Splines, small linear algebra, least squares, rotations, random numbers: pure functions. */
export * from './distributions.js';
export { calcLogGamma } from './gamma.js';
export * from './least-squares.js';
export * from './linear.js';
export * from './normal.js';
export * from './range.js';
export * from './rng.js';
export * from './rotation.js';
export * from './spline-quintic.js';
export * from './spline-simm.js';
export * from './studentized-range.js';
export * from './symmetric.js';
