import { solvePositiveDefinite } from '../../math/index.js';

/** Linear regression with an L2 penalty (Hoerl & Kennard 1970, doi 10.1080/00401706.1970.10488634) on standardised features. */
export interface Ridge {
  /** One weight per feature, in units of the label per unit of the feature. */
  readonly weights: Float64Array;
  readonly intercept: number;
  /** Penalty as a share of the summed sample weights. */
  readonly alpha: number;
}

/** Running sums from which a ridge for any penalty follows; sums of two sets of rows add up. */
export class RidgeSums {
  readonly gram: Float64Array;
  readonly moment: Float64Array;
  readonly sums: Float64Array;
  weight = 0;
  labelSum = 0;

  constructor(readonly features: number) {
    this.gram = new Float64Array(features * features);
    this.moment = new Float64Array(features);
    this.sums = new Float64Array(features);
  }

  /** Adds one row of features with its label and sample weight. */
  add(row: Float64Array, label: number, weight: number): void {
    const p = this.features;
    for (let i = 0; i < p; i++) {
      const wx = weight * row[i];
      this.sums[i] += wx;
      this.moment[i] += wx * label;
      const at = i * p;
      for (let j = i; j < p; j++) this.gram[at + j] += wx * row[j];
    }
    this.weight += weight;
    this.labelSum += weight * label;
  }

  /** Adds the sums of another set of rows. */
  addSums(other: RidgeSums): void {
    for (let i = 0; i < this.gram.length; i++) this.gram[i] += other.gram[i];
    for (let i = 0; i < this.features; i++) {
      this.moment[i] += other.moment[i];
      this.sums[i] += other.sums[i];
    }
    this.weight += other.weight;
    this.labelSum += other.labelSum;
  }
}

/**
 * Solves for the weights at one penalty. Features are standardised inside, so that the penalty treats them alike;
 * a feature that never changes gets weight 0.
 * @throws Error when no row was added
 */
export function solveRidge(sums: RidgeSums, alpha: number): Ridge {
  const p = sums.features;
  const W = sums.weight;
  if (!(W > 0)) throw new Error('ridge: no rows were added');
  const mean = sums.sums.map((s) => s / W);
  const labelMean = sums.labelSum / W;
  const deviation = Float64Array.from({ length: p }, (_, i) => {
    const variance = sums.gram[i * p + i] / W - mean[i] * mean[i];
    return variance > 1e-12 * (1 + mean[i] * mean[i]) ? Math.sqrt(variance) : 0;
  });
  const matrix = new Float64Array(p * p);
  const rhs = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    rhs[i] = deviation[i] ? (sums.moment[i] / W - mean[i] * labelMean) / deviation[i] : 0;
    for (let j = i; j < p; j++) {
      const correlation =
        deviation[i] && deviation[j]
          ? (sums.gram[i * p + j] / W - mean[i] * mean[j]) / (deviation[i] * deviation[j])
          : 0;
      matrix[i * p + j] = correlation;
      matrix[j * p + i] = correlation;
    }
    matrix[i * p + i] += alpha + (deviation[i] ? 0 : 1);
  }
  const [solved] = solvePositiveDefinite(matrix, [rhs]);
  const weights = solved.map((b, i) => (deviation[i] ? b / deviation[i] : 0));
  let intercept = labelMean;
  for (let i = 0; i < p; i++) intercept -= weights[i] * mean[i];
  return { weights, intercept, alpha };
}

/** Weighted mean squared error of a ridge over the rows behind `sums`, without going through them again. */
export function calcRidgeError(ridge: Ridge, sums: RidgeSums, labelSquares: number): number {
  const p = sums.features;
  const { weights, intercept } = ridge;
  let quadratic = 0;
  let linear = 0;
  let offset = 0;
  for (let i = 0; i < p; i++) {
    let row = 0.5 * weights[i] * sums.gram[i * p + i];
    for (let j = i + 1; j < p; j++) row += weights[j] * sums.gram[i * p + j];
    quadratic += 2 * weights[i] * row;
    linear += weights[i] * sums.moment[i];
    offset += weights[i] * sums.sums[i];
  }
  const W = sums.weight;
  return (
    (quadratic +
      2 * intercept * offset +
      W * intercept * intercept -
      2 * linear -
      2 * intercept * sums.labelSum +
      labelSquares) /
    W
  );
}

/** The prediction for one row of features. */
export function predictRidge(ridge: Ridge, row: Float64Array): number {
  let sum = ridge.intercept;
  for (let i = 0; i < row.length; i++) sum += ridge.weights[i] * row[i];
  return sum;
}

/** Penalties tried: half-decades. */
const ridgePenalties: readonly number[] = Array.from({ length: 13 }, (_, i) => 10 ** (-5 + i / 2));

/**
 * Chooses the penalty on the validation rows, then fits on training and validation rows together.
 * @param validationLabelSquares weighted sum of squared validation labels
 */
export function fitRidge(training: RidgeSums, validation: RidgeSums, validationLabelSquares: number): Ridge {
  let best = { alpha: ridgePenalties[ridgePenalties.length - 1], error: Number.POSITIVE_INFINITY };
  if (validation.weight > 0) {
    for (const alpha of ridgePenalties) {
      const error = calcRidgeError(solveRidge(training, alpha), validation, validationLabelSquares);
      if (error < best.error) best = { alpha, error };
    }
  } else best = { alpha: 1e-2, error: Number.NaN };
  const all = new RidgeSums(training.features);
  all.addSums(training);
  all.addSums(validation);
  return solveRidge(all, best.alpha);
}
