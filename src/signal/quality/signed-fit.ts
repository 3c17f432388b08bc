/** A fit of one signal by others whose weights may not be negative. */
export interface SignedFit {
  /** Weight of each signal, at least 0, for signals of variance 1. */
  readonly weights: Float64Array;
  /** Share of the variance that is explained. */
  readonly r2: number;
}

/** Enough for a handful of signals: changes are below one part in 10⁶ by then. */
const SWEEPS = 200;

/**
 * Least squares of `target` on a constant and on signals with weights of at least 0, by coordinate descent on the normal equations
 * (Franc, Hlaváč & Navara 2005, CAIP, LNCS 3691:407–414, doi 10.1007/11556121_50). Samples that any of them lacks are left out.
 * @returns undefined with fewer than three samples per signal, or where the target does not vary
 */
export function fitSigned(target: Float64Array, signals: readonly Float64Array[]): SignedFit | undefined {
  const count = signals.length;
  const series = [...signals, target];
  const length = Math.min(...series.map((values) => values.length));
  const sums = new Float64Array(count + 1);
  const products = new Float64Array((count + 1) ** 2);
  let samples = 0;
  const row = new Float64Array(count + 1);
  for (let i = 0; i < length; i++) {
    let whole = true;
    for (let s = 0; s <= count; s++) {
      row[s] = series[s][i];
      if (!Number.isFinite(row[s])) whole = false;
    }
    if (!whole) continue;
    samples++;
    for (let s = 0; s <= count; s++) {
      sums[s] += row[s];
      for (let t = s; t <= count; t++) products[s * (count + 1) + t] += row[s] * row[t];
    }
  }
  if (samples < 3 * (count + 1)) return undefined;
  const covariance = (s: number, t: number) =>
    products[Math.min(s, t) * (count + 1) + Math.max(s, t)] / samples - (sums[s] * sums[t]) / samples ** 2;
  const deviations = series.map((_, s) => Math.sqrt(Math.max(0, covariance(s, s))));
  if (!(deviations[count] > 0)) return undefined;
  const correlate = (s: number, t: number) =>
    deviations[s] > 0 && deviations[t] > 0 ? covariance(s, t) / (deviations[s] * deviations[t]) : 0;
  const gram = signals.map((_, s) => Float64Array.from(signals, (__, t) => correlate(s, t)));
  const aim = Float64Array.from(signals, (_, s) => correlate(s, count));
  const weights = new Float64Array(count);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let s = 0; s < count; s++) {
      if (gram[s][s] === 0) continue;
      let rest = aim[s];
      for (let t = 0; t < count; t++) if (t !== s) rest -= gram[s][t] * weights[t];
      weights[s] = Math.max(0, rest);
    }
  }
  // At the optimum of a constrained fit the explained share is Σ w·aim.
  return { weights, r2: weights.reduce((sum, weight, s) => sum + weight * aim[s], 0) };
}
