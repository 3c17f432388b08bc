export * from './least-squares.js';
export * from './linear.js';
export * from './rng.js';
export * from './rotation.js';
export * from './spline-quintic.js';
export * from './spline-simm.js';
