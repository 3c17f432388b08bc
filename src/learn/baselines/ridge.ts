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

  /** Adds the sums of another set of rows, each counting `weight` times as much as it did there. */
  addSums(other: RidgeSums, weight = 1): void {
    for (let i = 0; i < this.gram.length; i++) this.gram[i] += weight * other.gram[i];
    for (let i = 0; i < this.features; i++) {
      this.moment[i] += weight * other.moment[i];
      this.sums[i] += weight * other.sums[i];
    }
    this.weight += weight * other.weight;
    this.labelSum += weight * other.labelSum;
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
export const ridgePenalties: readonly number[] = Array.from({ length: 15 }, (_, i) => 10 ** (-5 + i / 2));

/**
 * The penalty whose ridge of the training rows has the least error on the validation rows; 0.01 where there are none.
 * @param validationLabelSquares weighted sum of squared validation labels
 */
export function chooseRidgePenalty(training: RidgeSums, validation: RidgeSums, validationLabelSquares: number): number {
  if (!(validation.weight > 0)) return 1e-2;
  const errors = ridgePenalties.map((alpha) =>
    calcRidgeError(solveRidge(training, alpha), validation, validationLabelSquares),
  );
  return ridgePenalties[errors.indexOf(Math.min(...errors))];
}

/**
 * Chooses the penalty on the validation rows, then fits on training and validation rows together.
 * @param validationLabelSquares weighted sum of squared validation labels
 */
export function fitRidge(training: RidgeSums, validation: RidgeSums, validationLabelSquares: number): Ridge {
  const alpha = chooseRidgePenalty(training, validation, validationLabelSquares);
  const all = new RidgeSums(training.features);
  all.addSums(training);
  all.addSums(validation);
  return solveRidge(all, alpha);
}

/**
 * Moves a ridge to other rows: what it leaves of their labels is fitted by a ridge of its own and added to it, so that few rows move it
 * little. Its penalty is chosen on the validation rows, and the largest moves little but the intercept.
 * This is the ridge that is pulled towards given weights instead of zero (L2-SP, Li, Grandvalet & Davoine 2018, arXiv 1802.01483).
 */
export function adaptRidge(
  source: Ridge,
  training: RidgeSums,
  validation: RidgeSums,
  validationLabelSquares: number,
): Ridge {
  const squaresLeft =
    validation.weight > 0 ? validation.weight * calcRidgeError(source, validation, validationLabelSquares) : 0;
  const moved = fitRidge(takeFrom(training, source), takeFrom(validation, source), squaresLeft);
  return {
    weights: source.weights.map((weight, i) => weight + moved.weights[i]),
    intercept: source.intercept + moved.intercept,
    alpha: moved.alpha,
  };
}

/** The sums of the same rows with what a ridge leaves of their labels. */
function takeFrom(rows: RidgeSums, { weights, intercept }: Ridge): RidgeSums {
  const p = rows.features;
  const left = new RidgeSums(p);
  left.addSums(rows);
  left.labelSum -= rows.weight * intercept;
  for (let i = 0; i < p; i++) {
    left.labelSum -= weights[i] * rows.sums[i];
    left.moment[i] -= intercept * rows.sums[i];
    // The Gram matrix holds its upper half alone.
    for (let j = 0; j < p; j++) left.moment[i] -= weights[j] * rows.gram[i < j ? i * p + j : j * p + i];
  }
  return left;
}
