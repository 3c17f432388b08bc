import { LearnError } from '../errors.js';
import { bendInto, calcRelations, type Kernel, relate } from './kernel.js';
import { makePace, type Pace } from './pace.js';
import {
  calcRowError,
  checkRowPair,
  fitColumnScaling,
  joinRows,
  type LabelledRows,
  standardiseColumns,
  sumWeights,
  thinRows,
} from './rows.js';
import { solveEpsilonRegression } from './smo.js';

/** What support-vector regression leaves open. Features and labels are standardised, so these have no units. */
export interface SupportVectorSettings {
  /** Cost of a residual beyond epsilon. */
  readonly C: number;
  /** Residual that costs nothing, in deviations of the label. */
  readonly epsilon: number;
  /** Of the kernel exp(−gamma |x − z|² / features); without effect on the linear kernel. */
  readonly gamma: number;
}

/** A fitted support-vector regression: plain JSON, read back as it is. */
export interface SupportVector extends SupportVectorSettings {
  readonly kind: 'support-vector';
  readonly kernel: Kernel;
  readonly features: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  readonly label: { readonly mean: number; readonly deviation: number };
  /** rbf: standardised support vectors, row-major [coefficients, features]. Linear: the one vector of weights. */
  readonly vectors: readonly number[];
  readonly coefficients: readonly number[];
  readonly bias: number;
  /** Rows it was fitted to, after thinning. */
  readonly rows: number;
  /** False where the iterations ran out before the tolerance was met. */
  readonly converged: boolean;
  /** Every setting tried, with its weighted mean squared error on the validation rows. */
  readonly tried: readonly (SupportVectorSettings & { readonly error: number })[];
}

export interface SupportVectorOptions {
  readonly kernel: Kernel;
  /** Settings tried: each C with each gamma, then each epsilon with the best of them. */
  readonly C: readonly number[];
  readonly gamma: readonly number[];
  readonly epsilon: readonly number[];
  /** Most rows in the final fit, evenly thinned: time and memory (4 bytes each) grow with the square. */
  readonly maxRows: number;
  /** Most training rows while settings are tried. */
  readonly searchRows: number;
  /** Of the optimality conditions, in deviations of the label. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

const SUPPORT_VECTOR_DEFAULTS: SupportVectorOptions = {
  kernel: 'rbf',
  C: [0.1, 1, 10],
  gamma: [0.1, 0.3, 1],
  epsilon: [0.1, 0.03, 0.3],
  maxRows: 4000,
  searchRows: 1500,
  tolerance: 1e-3,
  maxIterations: 200_000,
};

/**
 * Chooses C, gamma and epsilon on the validation rows, then fits on training and validation rows together. No random numbers:
 * equal rows give equal models.
 * @param validation may be empty: then the first epsilon, with the middle C and gamma, are taken
 * @throws LearnError for unfit rows or options
 * @throws the signal's reason where it aborts
 */
export async function fitSupportVector(
  training: LabelledRows,
  validation: LabelledRows,
  options: Partial<SupportVectorOptions> = {},
): Promise<SupportVector> {
  const full = { ...SUPPORT_VECTOR_DEFAULTS, ...options };
  const { kernel, C, epsilon, maxRows, searchRows, signal, onProgress } = full;
  checkOptions(full);
  checkRowPair(training, validation);
  const pace = makePace(signal);
  const gamma = kernel === 'linear' ? full.gamma.slice(0, 1) : full.gamma;
  const tried: (SupportVectorSettings & { error: number })[] = [];
  const middle = <T>(list: readonly T[]): T => list[Math.floor(list.length / 2)];
  let best: SupportVectorSettings = { C: middle(C), epsilon: epsilon[0], gamma: middle(gamma) };
  if (sumWeights(validation) > 0) {
    const trial = await prepareTrials(thinRows(training, searchRows), thinRows(validation, searchRows), full, pace);
    const runs = C.length * gamma.length + epsilon.length;
    let least = Number.POSITIVE_INFINITY;
    const attempt = async (settings: SupportVectorSettings) => {
      const error = await trial(settings);
      tried.push({ ...settings, error });
      if (error < least) {
        least = error;
        best = settings;
      }
      // The final fit counts as two.
      onProgress?.(tried.length / (runs + 1));
    };
    for (const g of gamma) for (const c of C) await attempt({ C: c, epsilon: epsilon[0], gamma: g });
    const { C: bestC, gamma: bestGamma } = best;
    for (const e of epsilon.slice(1)) await attempt({ C: bestC, epsilon: e, gamma: bestGamma });
  }
  const model = await solveSupportVector(thinRows(joinRows(training, validation), maxRows), best, full);
  onProgress?.(1);
  return { ...model, tried };
}

/** Fits at given settings; what `fitSupportVector` ends with. Same errors. */
export async function solveSupportVector(
  rows: LabelledRows,
  settings: SupportVectorSettings,
  options: Partial<Pick<SupportVectorOptions, 'kernel' | 'tolerance' | 'maxIterations' | 'signal'>> = {},
): Promise<SupportVector> {
  const { kernel, tolerance, maxIterations, signal } = { ...SUPPORT_VECTOR_DEFAULTS, ...options };
  const pace = makePace(signal);
  const p = rows.features;
  const scaled = scaleRows(rows);
  const relations = await calcRelations(kernel, scaled.values, scaled.values, p, pace);
  bendInto(relations, kernel, relations, settings.gamma / p);
  const { coefficients, bias, violation } = await solveEpsilonRegression(
    {
      kernel: relations,
      labels: scaled.labels,
      limits: scaled.weights.map((weight) => weight * settings.C),
      epsilon: settings.epsilon,
      tolerance,
      maxIterations,
    },
    pace,
  );
  const support = Array.from(coefficients.keys()).filter((k) => coefficients[k] !== 0);
  const rowOf = (k: number) => Array.from(scaled.values.subarray(k * p, (k + 1) * p));
  const weights = new Array<number>(p).fill(0);
  if (kernel === 'linear')
    for (const k of support) for (let c = 0; c < p; c++) weights[c] += coefficients[k] * scaled.values[k * p + c];
  return {
    kind: 'support-vector',
    kernel,
    ...settings,
    features: scaled.features,
    label: scaled.label,
    vectors: kernel === 'linear' ? weights : support.flatMap(rowOf),
    coefficients: kernel === 'linear' ? [1] : support.map((k) => coefficients[k]),
    bias,
    rows: rows.labels.length,
    converged: violation < tolerance,
    tried: [],
  };
}

/** The prediction for one row of features, in units of the label. */
export function predictSupportVector(model: SupportVector, row: ArrayLike<number>): number {
  const { kernel, vectors, coefficients, features, label } = model;
  const { mean, deviation } = features;
  const p = mean.length;
  const scaled = new Float64Array(p);
  for (let c = 0; c < p; c++) scaled[c] = (row[c] - mean[c]) / deviation[c];
  let sum = model.bias;
  for (let k = 0; k < coefficients.length; k++) {
    const relation = relate(kernel, vectors, k * p, scaled, 0, p);
    sum += coefficients[k] * (kernel === 'linear' ? relation : Math.exp((-model.gamma / p) * relation));
  }
  return label.mean + label.deviation * sum;
}

/** Scales once and relates all rows once; what comes back tells the validation error at any settings. */
async function prepareTrials(
  training: LabelledRows,
  validation: LabelledRows,
  { kernel, tolerance, maxIterations }: SupportVectorOptions,
  pace: Pace,
): Promise<(settings: SupportVectorSettings) => Promise<number>> {
  const p = training.features;
  const n = training.labels.length;
  const scaled = scaleRows(training);
  const relations = await calcRelations(kernel, scaled.values, scaled.values, p, pace);
  const seen = standardiseColumns(validation.values, scaled.features);
  const across = await calcRelations(kernel, seen, scaled.values, p, pace);
  const matrix = new Float32Array(relations.length);
  const unseen = new Float32Array(across.length);
  let bent = Number.NaN;
  return async ({ C, epsilon, gamma }) => {
    if (bent !== gamma) {
      bendInto(matrix, kernel, relations, gamma / p);
      bendInto(unseen, kernel, across, gamma / p);
      bent = gamma;
    }
    const limits = scaled.weights.map((weight) => weight * C);
    const { coefficients, bias } = await solveEpsilonRegression(
      { kernel: matrix, labels: scaled.labels, limits, epsilon, tolerance, maxIterations },
      pace,
    );
    const predictions = Float64Array.from(validation.labels, (_, row) => {
      let sum = bias;
      for (let k = 0; k < n; k++) sum += coefficients[k] * unseen[row * n + k];
      return scaled.label.mean + scaled.label.deviation * sum;
    });
    return calcRowError(validation, predictions);
  };
}

/** Standardised features and labels, and weights of mean 1. */
function scaleRows(rows: LabelledRows) {
  const features = fitColumnScaling(rows.values, rows.features, rows.weights);
  const { mean, deviation } = fitColumnScaling(rows.labels, 1, rows.weights);
  const label = { mean: mean[0], deviation: deviation[0] };
  const average = sumWeights(rows) / rows.labels.length;
  return {
    features,
    label,
    values: standardiseColumns(rows.values, features),
    labels: standardiseColumns(rows.labels, { mean, deviation }),
    weights: Float64Array.from(rows.labels, (_, k) => (rows.weights ? rows.weights[k] / average : 1)),
  };
}

function checkOptions(options: SupportVectorOptions): void {
  const demand = (key: keyof SupportVectorOptions, holds: boolean, expected: string) => {
    if (!holds)
      throw new LearnError(`must be ${expected}, is ${String(options[key])}.`, { where: `support-vector ${key}` });
  };
  const areAbove = (list: readonly number[], least: number) =>
    list.length > 0 && list.every((value) => value > least && Number.isFinite(value));
  demand('C', areAbove(options.C, 0), 'a list of numbers above 0');
  demand('gamma', areAbove(options.gamma, 0), 'a list of numbers above 0');
  demand('epsilon', areAbove(options.epsilon, -Number.MIN_VALUE), 'a list of numbers of at least 0');
  for (const key of ['maxRows', 'searchRows', 'maxIterations'] as const)
    demand(key, Number.isInteger(options[key]) && options[key] >= 1, 'a whole number of at least 1');
  demand('tolerance', options.tolerance > 0, 'greater than 0');
}
