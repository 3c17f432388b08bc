/** EMG, drive and activation are simulated at this rate. */
export const EMG_RATE_HZ = 1000;
/** Motion, forces and moments are simulated at this rate. */
export const MOTION_RATE_HZ = 100;
/** Every trial is simulated from this long before time 0, and then cut, so that delays and filters have settled. */
export const LEAD_IN_S = 1;

/** Number of samples of a trial together with its lead-in. */
export const countSamples = (duration_s: number, rate_Hz: number): number =>
  Math.round((duration_s + LEAD_IN_S) * rate_Hz);
