import type { ActivationParameters } from './muscles.js';

/**
 * Where the recursion of one muscle stands: plain numbers, so that it can be copied, stored and continued.
 * u₁ and u₂ are NaN while there is nothing to recur on.
 */
export interface ActivationState {
  /** The last excitations, a ring; empty before the first sample. */
  readonly recent: number[];
  /** Where the next excitation goes. */
  position: number;
  u1: number;
  u2: number;
  /** Times that missing samples broke off the recursion; it begins anew after each. */
  breaks: number;
}

/** Constants of the recursion at one sampling rate. */
export interface ActivationFilter {
  readonly alpha: number;
  readonly beta1: number;
  readonly beta2: number;
  /** The delay in samples: whole part, and the share of the sample before. */
  readonly delay: number;
  readonly fraction: number;
}

/**
 * u(t) = α e(t−d) − β₁ u(t−1) − β₂ u(t−2), β₁ = C1+C2, β₂ = C1·C2, α = 1+β₁+β₂ (Lloyd & Besier 2003, equations 2–4), at `rate_Hz`. C1 and C2 act
 * per sample: parameters calibrated at one rate hold at that rate only. A delay between two samples is interpolated linearly.
 *
 * Departures from CEINMS: CEINMS recurs from u = 0 and replaces it by a mean of two samples at the third; here the past before the first
 * sample is taken to be that sample, so that a constant excitation gives itself from the start.
 */
export function makeActivationFilter(parameters: ActivationParameters, rate_Hz: number): ActivationFilter {
  const { C1, C2 } = parameters;
  let samples = parameters.delay_s * rate_Hz;
  // 0.1 s at 30 Hz is 3 samples, not 3.0000000000000004.
  if (Math.abs(samples - Math.round(samples)) < 1e-9) samples = Math.round(samples);
  const delay = Math.floor(samples);
  return { alpha: 1 + C1 + C2 + C1 * C2, beta1: C1 + C2, beta2: C1 * C2, delay, fraction: samples - delay };
}

/** State of an activation filter that has seen no excitation yet. */
export function startActivation(): ActivationState {
  return { recent: [], position: 0, u1: Number.NaN, u2: Number.NaN, breaks: 0 };
}

/**
 * Takes one excitation and returns the neural activation u. Where the delayed excitation is missing (NaN or infinite), u is NaN; the recursion then
 * begins anew at the next one, as if that had been held before; the break is counted.
 */
export function stepNeuralActivation(state: ActivationState, filter: ActivationFilter, excitation: number): number {
  const { recent } = state;
  const { delay, fraction } = filter;
  const size = delay + 2;
  if (recent.length === 0) for (let i = 0; i < size; i++) recent.push(excitation);
  recent[state.position] = excitation;
  const now = (state.position + size - delay) % size;
  const before = (now + size - 1) % size;
  const delayed = fraction === 0 ? recent[now] : (1 - fraction) * recent[now] + fraction * recent[before];
  state.position = (state.position + 1) % size;

  if (!Number.isFinite(delayed)) {
    if (!Number.isNaN(state.u1)) state.breaks++;
    state.u1 = Number.NaN;
    return Number.NaN;
  }
  if (Number.isNaN(state.u1)) state.u1 = state.u2 = delayed;
  const u = filter.alpha * delayed - filter.beta1 * state.u1 - filter.beta2 * state.u2;
  state.u2 = state.u1;
  state.u1 = u;
  return u;
}

/**
 * a = (e^{Au} − 1)/(e^A − 1) (Lloyd & Besier 2003, equation 5); a = u for A = 0. Held within 0…1: an excitation above its maximum, or a dip below zero
 * left by a filter, does not make a muscle stronger than fully active or push. NaN gives NaN.
 */
export function calcActivation(u: number, A: number): number {
  if (u <= 0) return 0;
  if (u >= 1) return 1;
  return A === 0 ? u : Math.expm1(A * u) / Math.expm1(A);
}

/**
 * Neural activation of a whole trial; the same numbers as step by step.
 * @param out one number per excitation
 * @returns how often missing samples broke off the recursion
 */
export function calcNeuralActivationInto(
  out: Float64Array,
  filter: ActivationFilter,
  excitation: Float64Array,
): number {
  const state = startActivation();
  for (let i = 0; i < excitation.length; i++) out[i] = stepNeuralActivation(state, filter, excitation[i]);
  return state.breaks;
}
