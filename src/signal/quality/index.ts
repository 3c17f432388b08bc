/** What signals look like: spread, spectrum, hum, clipping, lag, jumps. Pure functions that `genu check` is made of. */
export * from './emg-form.js';
export * from './jumps.js';
export * from './lag.js';
export * from './mains-hum.js';
export * from './rail.js';
export * from './signed-fit.js';
export * from './spectrum.js';
export * from './spread.js';
