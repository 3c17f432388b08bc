import { calcSplineSlopes } from './cubic.js';
import { findStretches } from './filter.js';

/**
 * First derivative of an evenly sampled signal, each stretch between gaps by itself. `central`: (x[i+1] − x[i−1]) / 2Δt, with the one-sided
 * second-order formula at the ends. `spline`: slopes of the cubic spline through all samples, fourth-order accurate inside.
 * @returns unit per second; NaN in gaps and for a sample alone between two gaps
 */
export function calcDerivative(
  values: Float64Array,
  rate_Hz: number,
  method: 'central' | 'spline' = 'spline',
): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (const { start, end } of findStretches(values)) {
    if (end - start < 2) continue;
    const stretch = values.subarray(start, end);
    if (method === 'central') calcCentralInto(out.subarray(start, end), stretch, rate_Hz);
    else {
      const times_s = Float64Array.from(stretch, (_, i) => i / rate_Hz);
      out.set(calcSplineSlopes(times_s, stretch), start);
    }
  }
  return out;
}

function calcCentralInto(out: Float64Array, x: Float64Array, rate_Hz: number): void {
  const n = x.length;
  if (n === 2) {
    out.fill((x[1] - x[0]) * rate_Hz);
    return;
  }
  for (let i = 1; i < n - 1; i++) out[i] = ((x[i + 1] - x[i - 1]) * rate_Hz) / 2;
  out[0] = ((-3 * x[0] + 4 * x[1] - x[2]) * rate_Hz) / 2;
  out[n - 1] = ((3 * x[n - 1] - 4 * x[n - 2] + x[n - 3]) * rate_Hz) / 2;
}

/** State of the causal derivative: the sample before, NaN when there is none. */
export interface DerivativeState {
  previous: number;
}

/** State of a causal derivative that has seen no sample yet. */
export function makeDerivativeState(): DerivativeState {
  return { previous: Number.NaN };
}

/** Backward difference, sample by sample: half a sample late. NaN for the first sample and next to a gap. Moves `state` on. */
export function stepDerivative(state: DerivativeState, value: number, rate_Hz: number): number {
  const derivative = (value - state.previous) * rate_Hz;
  state.previous = value;
  return derivative;
}

/** The causal derivative of a whole signal: what `stepDerivative` gives, sample by sample. */
export function calcDerivativeCausal(values: Float64Array, rate_Hz: number): Float64Array {
  const state = makeDerivativeState();
  return values.map((value) => stepDerivative(state, value, rate_Hz));
}
