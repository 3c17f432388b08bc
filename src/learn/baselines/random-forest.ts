import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import { makePace, type Pace } from './pace.js';
import { calcRowError, checkRowPair, joinRows, type LabelledRows, sumWeights, thinRows } from './rows.js';
import { type BinnedRows, binRows, growTree, predictTree, type Tree } from './tree.js';

/** What a random forest leaves open. */
export interface RandomForestSettings {
  /** Fewest rows in a leaf. */
  readonly minLeaf: number;
  /** Share of the features drawn at each split. */
  readonly featureShare: number;
}

/** A fitted random forest: plain JSON, read back as it is. */
export interface RandomForest extends RandomForestSettings {
  readonly kind: 'random-forest';
  readonly features: number;
  readonly trees: readonly Tree[];
  readonly seed: number;
  /** Rows it was fitted to, after thinning. */
  readonly rows: number;
  /** Every setting tried, with its weighted mean squared error on the validation rows. */
  readonly tried: readonly (RandomForestSettings & { readonly error: number })[];
}

export interface RandomForestOptions {
  readonly trees: number;
  /** Trees of the forests in which settings are tried. */
  readonly searchTrees: number;
  readonly maxDepth: number;
  /** Settings tried: each with each. */
  readonly minLeaf: readonly number[];
  readonly featureShare: readonly number[];
  /** Most rows in the final fit, and while settings are tried; evenly thinned. */
  readonly maxRows: number;
  readonly searchRows: number;
  readonly seed: number;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

const RANDOM_FOREST_DEFAULTS: RandomForestOptions = {
  trees: 100,
  searchTrees: 20,
  maxDepth: 24,
  minLeaf: [3, 10, 30],
  featureShare: [0.1, 1 / 3, 1],
  maxRows: 20_000,
  searchRows: 3000,
  seed: 1,
};

/**
 * Random forest (Breiman 2001, Machine Learning 45:5, doi 10.1023/A:1010933404324): trees on bootstrap samples of the rows, with
 * features drawn anew at each split; the prediction is their mean. Chooses the leaf size and the share of features on the
 * validation rows, then fits on training and validation rows together. Equal rows and seeds give equal forests.
 * Row weights multiply the bootstrap counts. Trees ask only which value is greater, so features need no scaling.
 * @param validation may be empty: then the middle settings are taken
 * @throws LearnError for unfit rows or options
 * @throws the signal's reason where it aborts
 */
export async function fitRandomForest(
  training: LabelledRows,
  validation: LabelledRows,
  options: Partial<RandomForestOptions> = {},
): Promise<RandomForest> {
  const full = { ...RANDOM_FOREST_DEFAULTS, ...options };
  const { minLeaf, featureShare, maxRows, searchRows, searchTrees, seed, signal, onProgress } = full;
  checkOptions(full);
  checkRowPair(training, validation);
  const pace = makePace(signal);
  const tried: (RandomForestSettings & { error: number })[] = [];
  const hasValidation = sumWeights(validation) > 0;
  const steps = (hasValidation ? minLeaf.length * featureShare.length * searchTrees : 0) + full.trees;
  let grown = 0;
  const onTree = () => onProgress?.(++grown / steps);
  let best: RandomForestSettings = {
    minLeaf: minLeaf[Math.floor(minLeaf.length / 2)],
    featureShare: featureShare[Math.floor(featureShare.length / 2)],
  };
  if (hasValidation) {
    const rows = thinRows(training, searchRows);
    const unseen = thinRows(validation, searchRows);
    const data = binRows(rows.values, rows.features, rows.labels);
    let least = Number.POSITIVE_INFINITY;
    for (const leaf of minLeaf)
      for (const share of featureShare) {
        const settings = { minLeaf: leaf, featureShare: share };
        const trees = await growTrees(data, rows.weights, settings, { ...full, trees: searchTrees }, pace, onTree);
        const predictions = unseen.labels.map((_, row) => predictTrees(trees, unseen.values, row * rows.features));
        const error = calcRowError(unseen, predictions);
        tried.push({ ...settings, error });
        if (error < least) {
          least = error;
          best = settings;
        }
      }
  }
  const rows = thinRows(joinRows(training, validation), maxRows);
  const data = binRows(rows.values, rows.features, rows.labels);
  const trees = await growTrees(data, rows.weights, best, full, pace, onTree);
  return {
    kind: 'random-forest',
    ...best,
    features: rows.features,
    trees,
    seed,
    rows: rows.labels.length,
    tried,
  };
}

/** The prediction for one row of features, in units of the label. */
export function predictRandomForest(forest: RandomForest, row: ArrayLike<number>): number {
  return predictTrees(forest.trees, row, 0);
}

function predictTrees(trees: readonly Tree[], row: ArrayLike<number>, at: number): number {
  let sum = 0;
  for (const tree of trees) sum += predictTree(tree, row, at);
  return sum / trees.length;
}

async function growTrees(
  data: BinnedRows,
  weights: Float64Array | undefined,
  { minLeaf, featureShare }: RandomForestSettings,
  { trees, maxDepth, seed }: Pick<RandomForestOptions, 'trees' | 'maxDepth' | 'seed'>,
  pace: Pace,
  onTree: () => void,
): Promise<Tree[]> {
  const rows = data.labels.length;
  const featuresPerSplit = Math.max(1, Math.round(featureShare * data.features));
  const grown: Tree[] = [];
  for (let k = 0; k < trees; k++) {
    // A stream for each tree: the trees of a small forest are the first ones of a large forest.
    const random = makeRandom(seed).fork(`tree ${k}`);
    const sample = new Float64Array(rows);
    for (let draw = 0; draw < rows; draw++) {
      const row = random.integer(rows);
      sample[row] += weights ? weights[row] : 1;
    }
    grown.push(growTree(data, sample, { minLeaf, maxDepth, featuresPerSplit }, random));
    onTree();
    await pace();
  }
  return grown;
}

function checkOptions(options: RandomForestOptions): void {
  const demand = (key: keyof RandomForestOptions, holds: boolean, expected: string) => {
    if (!holds)
      throw new LearnError(`must be ${expected}, is ${String(options[key])}.`, { where: `random-forest ${key}` });
  };
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  for (const key of ['trees', 'searchTrees', 'maxDepth', 'maxRows', 'searchRows'] as const)
    demand(key, isCount(options[key]), 'a whole number of at least 1');
  demand('minLeaf', options.minLeaf.length > 0 && options.minLeaf.every(isCount), 'a list of whole numbers above 0');
  const isShare = (value: number) => value > 0 && value <= 1;
  const { featureShare } = options;
  demand(
    'featureShare',
    featureShare.length > 0 && featureShare.every(isShare),
    'a list of numbers above 0 and at most 1',
  );
  demand('seed', Number.isInteger(options.seed), 'a whole number');
}
