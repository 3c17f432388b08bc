import { LearnError } from '../errors.js';

export interface ShrunkCovariance {
  readonly mean: Float64Array;
  /** Row-major [features, features]. */
  readonly covariance: Float64Array;
  /** Share of the identity in it, 0 to 1. */
  readonly shrinkage: number;
}

/**
 * Covariance drawn towards m·I, m the mean variance, by as much as lessens the expected squared error most
 * (Ledoit & Wolf 2004, J. Multivariate Anal. 88:365, doi 10.1016/S0047-259X(03)00096-4, lemmas 3.2 to 3.5):
 * shrinkage = min(b², d²) / d², d² = |S − mI|², b² = Σ_k |x_k x_kᵀ − S|² / n². Well posed with fewer rows than features.
 * @param rows row-major [rows, features]
 * @throws LearnError where there are fewer than 2 rows
 */
export function fitShrunkCovariance(rows: Float64Array, features: number): ShrunkCovariance {
  const n = rows.length / features;
  if (!(Number.isInteger(n) && n >= 2)) {
    throw new LearnError(`${rows.length} values of ${features} features; at least 2 rows are needed.`, {
      where: 'covariance',
    });
  }
  const mean = new Float64Array(features);
  for (let at = 0; at < rows.length; at++) mean[at % features] += rows[at] / n;
  const s = new Float64Array(features * features);
  const x = new Float64Array(features);
  // Σ_k |x_k|⁴, from which b² follows without the products of each row: Σ|x xᵀ − S|² = Σ|x|⁴ − n|S|².
  let fourth = 0;
  for (let k = 0; k < n; k++) {
    let square = 0;
    for (let i = 0; i < features; i++) {
      x[i] = rows[k * features + i] - mean[i];
      square += x[i] * x[i];
    }
    fourth += square * square;
    for (let i = 0; i < features; i++) for (let j = i; j < features; j++) s[i * features + j] += (x[i] * x[j]) / n;
  }
  let trace = 0;
  let norm = 0;
  for (let i = 0; i < features; i++) {
    trace += s[i * features + i];
    for (let j = i; j < features; j++) {
      s[j * features + i] = s[i * features + j];
      norm += (i === j ? 1 : 2) * s[i * features + j] ** 2;
    }
  }
  const m = trace / features;
  const d2 = norm - features * m * m;
  const b2 = (fourth - n * norm) / (n * n);
  const shrinkage = d2 > 1e-14 * norm ? Math.min(1, Math.max(0, b2 / d2)) : 1;
  const covariance = s.map((value, at) => (1 - shrinkage) * value + (at % (features + 1) === 0 ? shrinkage * m : 0));
  return { mean, covariance, shrinkage };
}
