import { LearnError } from '../errors.js';

/** Rows of features with their labels, for the baselines that learn from rows and not from sequences. */
export interface LabelledRows {
  readonly features: number;
  /** Row-major [rows, features]. */
  readonly values: Float64Array;
  /** [rows]. */
  readonly labels: Float64Array;
  /** Weight of each row in the loss, at least 0; 1 where left out. */
  readonly weights?: Float64Array;
}

/**
 * Refuses rows that do not fit together or hold gaps.
 * @throws LearnError that names the row and the feature
 */
export function checkRows(rows: LabelledRows, part: string): void {
  const { features, values, labels, weights } = rows;
  const count = labels.length;
  const fail = (what: string, mend?: string): never => {
    throw new LearnError(what, mend === undefined ? { where: part } : { where: part, mend });
  };
  if (!(Number.isInteger(features) && features >= 1)) fail(`has ${features} features; at least 1 is needed.`);
  if (values.length !== count * features) {
    fail(`has ${values.length} values for ${count} labels of ${features} features.`);
  }
  if (weights && weights.length !== count) fail(`has ${weights.length} weights for ${count} labels.`);
  const mend = 'Leave that row out.';
  const gap = values.findIndex((value) => !Number.isFinite(value));
  if (gap >= 0) fail(`row ${Math.floor(gap / features)}, feature ${gap % features} is ${values[gap]}.`, mend);
  const label = labels.findIndex((value) => !Number.isFinite(value));
  if (label >= 0) fail(`the label of row ${label} is ${labels[label]}.`, mend);
  const weight = weights?.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY)) ?? -1;
  if (weight >= 0) fail(`the weight of row ${weight} is ${weights?.[weight]}.`, mend);
}

/** Checks training and validation rows as a pair; training needs a row with a weight, validation may be empty. */
export function checkRowPair(training: LabelledRows, validation: LabelledRows): void {
  checkRows(training, 'training rows');
  checkRows(validation, 'validation rows');
  if (training.features !== validation.features) {
    throw new LearnError(`has ${validation.features} features, training ${training.features}.`, {
      where: 'validation rows',
    });
  }
  if (!(sumWeights(training) > 0)) {
    throw new LearnError('holds no row with a weight above 0.', {
      where: 'training rows',
      mend: 'Give longer recordings.',
    });
  }
}

export function sumWeights({ labels, weights }: LabelledRows): number {
  return weights ? weights.reduce((sum, weight) => sum + weight, 0) : labels.length;
}

/** At most `count` rows, evenly spaced, after those of weight 0 are left out: neighbouring windows overlap and tell the same. */
export function thinRows(rows: LabelledRows, count: number): LabelledRows {
  const { features, values, labels, weights } = rows;
  const usable: number[] = [];
  for (let k = 0; k < labels.length; k++) if (!weights || weights[k] > 0) usable.push(k);
  const kept = Math.min(count, usable.length);
  if (kept === labels.length) return rows;
  const chosen = Array.from({ length: kept }, (_, k) => usable[Math.floor(((k + 0.5) * usable.length) / kept)]);
  const thinned = new Float64Array(kept * features);
  for (const [k, row] of chosen.entries()) {
    thinned.set(values.subarray(row * features, (row + 1) * features), k * features);
  }
  return {
    features,
    values: thinned,
    labels: Float64Array.from(chosen, (row) => labels[row]),
    ...(weights ? { weights: Float64Array.from(chosen, (row) => weights[row]) } : {}),
  };
}

/** One set after the other. */
export function joinRows(first: LabelledRows, second: LabelledRows): LabelledRows {
  const join = (a: Float64Array, b: Float64Array) => {
    const out = new Float64Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
  };
  const weightsOf = ({ weights, labels }: LabelledRows) => weights ?? new Float64Array(labels.length).fill(1);
  return {
    features: first.features,
    values: join(first.values, second.values),
    labels: join(first.labels, second.labels),
    ...(first.weights || second.weights ? { weights: join(weightsOf(first), weightsOf(second)) } : {}),
  };
}

/** Weighted mean squared error of predictions, one per row. */
export function calcRowError({ labels, weights }: LabelledRows, predictions: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let k = 0; k < labels.length; k++) {
    const weight = weights ? weights[k] : 1;
    sum += weight * (labels[k] - predictions[k]) ** 2;
    total += weight;
  }
  return sum / total;
}

/**
 * Weighted mean and deviation of columns; a column that never changes gets the deviation 1, so that it becomes 0.
 * @param values row-major [rows, columns]
 */
export function fitColumnScaling(
  values: Float64Array,
  columns: number,
  weights?: Float64Array,
): { mean: number[]; deviation: number[] } {
  const count = values.length / columns;
  const mean = new Array<number>(columns).fill(0);
  const squares = new Array<number>(columns).fill(0);
  let total = 0;
  for (let row = 0; row < count; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    total += weight;
    for (let c = 0; c < columns; c++) {
      const off = values[row * columns + c] - mean[c];
      mean[c] += (weight / total) * off;
      squares[c] += weight * off * (values[row * columns + c] - mean[c]);
    }
  }
  const deviation = squares.map((sum, c) => {
    const variance = sum / total;
    return variance > 1e-24 * (1 + mean[c] * mean[c]) ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}

/** (value − mean) / deviation, column by column. */
export function standardiseColumns(
  values: Float64Array,
  { mean, deviation }: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
): Float64Array {
  const columns = mean.length;
  return values.map((value, at) => (value - mean[at % columns]) / deviation[at % columns]);
}
