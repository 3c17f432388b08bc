/** The estimator sample by sample, for real-time use: causal filters, plain state, results at every frame of the common rate. */
export { calcGroupDelay, type Latency } from './latency.js';
export { type LiveEstimator, type LiveFrame, type LiveSettings, type LiveState, makeLiveEstimator } from './live.js';
