import type { Pace } from './pace.js';

export interface EpsilonRegressionProblem {
  /** Kernel of all rows with each other, row-major [rows, rows]. */
  readonly kernel: Float32Array;
  readonly labels: Float64Array;
  /** Bound C of each row's coefficient, at least 0. */
  readonly limits: Float64Array;
  /** Residual that costs nothing, in units of the label. */
  readonly epsilon: number;
  /** Greatest violation of the optimality conditions left over, in units of the label. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface EpsilonRegressionSolution {
  /** β = α − α* of each row; the prediction is Σ β K(row, ·) + bias. */
  readonly coefficients: Float64Array;
  readonly bias: number;
  readonly iterations: number;
  /** Violation of the optimality conditions at the end; above `tolerance` where the iterations ran out. */
  readonly violation: number;
}

// A pair of equal rows has no curvature; Fan et al. 2005, section 2.2, set a small one in its place.
const LEAST_CURVATURE = 1e-12;

/**
 * Epsilon-insensitive support-vector regression (Drucker et al. 1997; Smola & Schölkopf 2004, doi 10.1023/B:STCO.0000035301.49549.88,
 * eq. 10) by sequential minimal optimisation with the second-order choice of the working set (Fan, Chen & Lin 2005, JMLR 6:1889,
 * algorithm 2, "WSS 2"):
 *
 *   maximise  Σ z β − ε Σ |β| − ½ βᵀKβ   with Σ β = 0 and |β_t| ≤ C_t.
 *
 * Departures: the two multipliers α and α* of a row, of which at most one is above 0, are kept as their difference β; a step ends
 * at β = 0, where the slope of ε |β| changes. No shrinking: the kernel is in memory.
 */
export async function solveEpsilonRegression(
  problem: EpsilonRegressionProblem,
  pace: Pace,
): Promise<EpsilonRegressionSolution> {
  const { kernel, labels, limits, epsilon, tolerance, maxIterations } = problem;
  const n = labels.length;
  const beta = new Float64Array(n);
  // z − Kβ, the residual before the bias.
  const residual = labels.slice();
  const diagonal = Float64Array.from({ length: n }, (_, t) => kernel[t * n + t]);
  let iterations = 0;
  for (;;) {
    // Slopes of the objective: `up` where a coefficient may grow, `low` where it may fall. At the optimum up ≤ bias ≤ low for all.
    let i = -1;
    let up = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < n; t++) {
      if (beta[t] >= limits[t]) continue;
      const slope = beta[t] < 0 ? residual[t] + epsilon : residual[t] - epsilon;
      if (slope > up) {
        up = slope;
        i = t;
      }
    }
    let j = -1;
    let low = Number.POSITIVE_INFINITY;
    let lowOfJ = 0;
    let most = 0;
    for (let t = 0; t < n; t++) {
      if (beta[t] <= -limits[t]) continue;
      const slope = beta[t] > 0 ? residual[t] - epsilon : residual[t] + epsilon;
      if (slope < low) low = slope;
      const gap = up - slope;
      if (gap <= 0) continue;
      const gain = (gap * gap) / Math.max(diagonal[i] + diagonal[t] - 2 * kernel[i * n + t], LEAST_CURVATURE);
      if (gain > most) {
        most = gain;
        j = t;
        lowOfJ = slope;
      }
    }
    const violation = Math.max(0, up - low);
    if (j < 0 || violation < tolerance || iterations >= maxIterations) {
      return { coefficients: beta, bias: findBias(beta, residual, limits, epsilon, up, low), iterations, violation };
    }
    const roomUp = beta[i] < 0 ? -beta[i] : limits[i] - beta[i];
    const roomDown = beta[j] > 0 ? beta[j] : limits[j] + beta[j];
    const curvature = Math.max(diagonal[i] + diagonal[j] - 2 * kernel[i * n + j], LEAST_CURVATURE);
    const step = Math.min((up - lowOfJ) / curvature, roomUp, roomDown);
    // A bound that is reached is set, not added up to, so that it is known as reached.
    beta[i] = step < roomUp ? beta[i] + step : beta[i] < 0 ? 0 : limits[i];
    beta[j] = step < roomDown ? beta[j] - step : beta[j] > 0 ? 0 : -limits[j];
    const rowI = i * n;
    const rowJ = j * n;
    for (let t = 0; t < n; t++) residual[t] -= step * (kernel[rowI + t] - kernel[rowJ + t]);
    if (++iterations % 128 === 0) await pace();
  }
}

/** Mean over the coefficients inside their bounds, whose residual is ±ε exactly; else the middle of what is allowed. */
function findBias(
  beta: Float64Array,
  residual: Float64Array,
  limits: Float64Array,
  epsilon: number,
  up: number,
  low: number,
): number {
  let sum = 0;
  let count = 0;
  for (let t = 0; t < beta.length; t++) {
    if (beta[t] === 0 || Math.abs(beta[t]) >= limits[t]) continue;
    sum += residual[t] - Math.sign(beta[t]) * epsilon;
    count++;
  }
  if (count > 0) return sum / count;
  return Number.isFinite(up) && Number.isFinite(low) ? (up + low) / 2 : Number.isFinite(up) ? up : low;
}
