/** Filters, EMG envelopes, gaps, resampling, derivatives: pure functions over samples. */
export * from './butterworth.js';
export * from './derivative.js';
export * from './envelope.js';
export {
  type FilterState,
  filterCausal,
  filterLowpassZeroPhase,
  filterZeroPhase,
  makeFilterState,
  stepFilter,
  type ZeroPhaseLowpass,
} from './filter.js';
export * from './gaps.js';
export * from './instrumented-side.js';
export * from './quality/index.js';
export * from './resample.js';
