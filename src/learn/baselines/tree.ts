import type { Random } from '../../math/index.js';

/** A regression tree: nodes in order, the two children of a node side by side. Plain JSON. */
export interface Tree {
  /** Feature that a node asks about; −1 at a leaf. */
  readonly feature: readonly number[];
  /** A row goes to the first child where its value is at most this; at a leaf, the prediction. */
  readonly value: readonly number[];
  /** Position of the first child; 0 at a leaf. */
  readonly child: readonly number[];
}

export interface TreeOptions {
  /** Fewest rows in a leaf. */
  readonly minLeaf: number;
  readonly maxDepth: number;
  /** Features drawn at each node to find the split among. */
  readonly featuresPerSplit: number;
}

/** Features in at most 256 bins of about equally many rows: a split is found by one pass over the rows and one over the bins. */
export interface BinnedRows {
  readonly features: number;
  /** Feature-major [features, rows]. */
  readonly codes: Uint8Array;
  /** Least and greatest value in each bin, [features, 256]. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly labels: Float64Array;
}

const BINS = 256;

/** @param values row-major [rows, features] */
export function binRows(values: Float64Array, features: number, labels: Float64Array): BinnedRows {
  const rows = labels.length;
  const codes = new Uint8Array(values.length);
  const low = new Float64Array(features * BINS);
  const high = new Float64Array(features * BINS);
  const order = new Uint32Array(rows);
  const column = new Float64Array(rows);
  for (let f = 0; f < features; f++) {
    for (let row = 0; row < rows; row++) {
      column[row] = values[row * features + f];
      order[row] = row;
    }
    order.sort((a, b) => column[a] - column[b] || a - b);
    let distinct = 1;
    for (let k = 1; k < rows; k++) if (column[order[k]] !== column[order[k - 1]]) distinct++;
    let bin = 0;
    low[f * BINS] = column[order[0]];
    for (let k = 0; k < rows; k++) {
      const row = order[k];
      // Equal values share a bin; with few distinct values each has its own and nothing is lost.
      const isNew = k > 0 && column[row] !== column[order[k - 1]];
      if (isNew && (distinct <= BINS || k >= ((bin + 1) * rows) / BINS)) low[f * BINS + ++bin] = column[row];
      high[f * BINS + bin] = column[row];
      codes[f * rows + row] = bin;
    }
  }
  return { features, codes, low, high, labels };
}

/**
 * Grows a tree that at each node takes the split of least squared error (Breiman et al. 1984, chapter 8) among features drawn
 * anew (Breiman 2001, doi 10.1023/A:1010933404324). Departure: features are binned, so that with more than 256 distinct values
 * not every threshold is tried.
 * @param weights of each row; rows of weight 0 are not in the tree's sample
 */
export function growTree(data: BinnedRows, weights: Float64Array, options: TreeOptions, random: Random): Tree {
  const { features, codes, low, high, labels } = data;
  const { minLeaf, maxDepth } = options;
  const total = labels.length;
  const rows = Int32Array.from(weights.keys()).filter((row) => weights[row] > 0);
  const weighted = labels.map((label, row) => label * weights[row]);
  const pool = Int32Array.from({ length: features }, (_, f) => f);
  const spare = new Int32Array(rows.length);
  const weightIn = new Float64Array(BINS);
  const labelIn = new Float64Array(BINS);
  const countIn = new Int32Array(BINS);
  const tree = { feature: [-1], value: [0], child: [0] };
  const stack = [{ node: 0, from: 0, to: rows.length, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, from, to, depth } = next;
    let weight = 0;
    let sum = 0;
    for (let k = from; k < to; k++) {
      weight += weights[rows[k]];
      sum += weighted[rows[k]];
    }
    tree.value[node] = sum / weight;
    if (to - from < 2 * minLeaf || depth >= maxDepth) continue;

    // Squared error falls by S²/W of both sides less that of the whole; rounding alone is no gain.
    let best = ((sum * sum) / weight) * (1 + 1e-12) + 1e-300;
    let bestFeature = -1;
    let bestCode = 0;
    let threshold = 0;
    // A feature that cannot split here does not count as drawn.
    for (let drawn = 0, useful = 0; drawn < features && useful < options.featuresPerSplit; drawn++) {
      const pick = drawn + random.integer(features - drawn);
      const f = pool[pick];
      pool[pick] = pool[drawn];
      pool[drawn] = f;
      const at = f * total;
      let least = BINS;
      let most = -1;
      for (let k = from; k < to; k++) {
        const row = rows[k];
        const code = codes[at + row];
        weightIn[code] += weights[row];
        labelIn[code] += weighted[row];
        countIn[code]++;
        if (code < least) least = code;
        if (code > most) most = code;
      }
      if (most > least) useful++;
      let weightLeft = 0;
      let labelLeft = 0;
      let countLeft = 0;
      let waiting = -1;
      for (let code = least; code <= most; code++) {
        if (countIn[code] === 0) continue;
        // Whether to split before this bin is known only here, where the next value is.
        if (waiting >= 0 && countLeft >= minLeaf && to - from - countLeft >= minLeaf) {
          const labelRight = sum - labelLeft;
          const gain = (labelLeft * labelLeft) / weightLeft + (labelRight * labelRight) / (weight - weightLeft);
          if (gain > best) {
            best = gain;
            bestFeature = f;
            bestCode = waiting;
            threshold = (high[f * BINS + waiting] + low[f * BINS + code]) / 2;
          }
        }
        weightLeft += weightIn[code];
        labelLeft += labelIn[code];
        countLeft += countIn[code];
        waiting = code;
        weightIn[code] = 0;
        labelIn[code] = 0;
        countIn[code] = 0;
      }
    }
    if (bestFeature < 0) continue;

    let middle = from;
    let right = 0;
    for (let k = from; k < to; k++) {
      const row = rows[k];
      if (codes[bestFeature * total + row] <= bestCode) rows[middle++] = row;
      else spare[right++] = row;
    }
    rows.set(spare.subarray(0, right), middle);
    const child = tree.feature.length;
    tree.feature[node] = bestFeature;
    tree.value[node] = threshold;
    tree.child[node] = child;
    tree.feature.push(-1, -1);
    tree.value.push(0, 0);
    tree.child.push(0, 0);
    stack.push({ node: child + 1, from: middle, to, depth: depth + 1 });
    stack.push({ node: child, from, to: middle, depth: depth + 1 });
  }
  return tree;
}

/** The prediction for the row of features that starts at `at`. */
export function predictTree({ feature, value, child }: Tree, row: ArrayLike<number>, at = 0): number {
  let node = 0;
  while (feature[node] >= 0) node = child[node] + (row[at + feature[node]] <= value[node] ? 0 : 1);
  return value[node];
}
