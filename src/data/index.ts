/** Recordings, channels, units, sign conventions and musculoskeletal model descriptions: types and pure functions. */
export * from './cut.js';
export * from './errors.js';
export * from './gaps.js';
export * from './model.js';
export * from './recording.js';
export * from './side.js';
