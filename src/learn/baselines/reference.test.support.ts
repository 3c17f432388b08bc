import type { LabelledRows } from './rows.js';

interface Rows {
  features: number;
  train: number[];
  labels: number[];
  weights: number[];
  test: number[];
}
interface Reference {
  support_vector: Rows & {
    cases: {
      kernel: 'rbf' | 'linear';
      C: number;
      epsilon: number;
      gamma: number;
      weighted: boolean;
      support: number;
      bias: number;
      predictions: number[];
    }[];
  };
  tree: Rows & {
    cases: { minLeaf: number; maxDepth: number | null; weighted: boolean; leaves: number; predictions: number[] }[];
  };
  forest: Rows & { test_labels: number[]; trees: number; minLeaf: number; share: number; errors: number[] };
  covariance: { features: number; rows: number[]; shrinkage: number; covariance: number[] }[];
}

/** What scikit-learn makes of the same data: the text of sklearn-reference.json, written by validate/baselines_reference.py. */
export const parseReference = (text: string): Reference => JSON.parse(text);

export const rowsOf = ({ features, train, labels, weights }: Rows, weighted = false): LabelledRows => ({
  features,
  values: Float64Array.from(train),
  labels: Float64Array.from(labels),
  ...(weighted ? { weights: Float64Array.from(weights) } : {}),
});

/** The rows of a flat list. */
export const splitRows = (values: readonly number[], features: number): number[][] =>
  Array.from({ length: values.length / features }, (_, k) => values.slice(k * features, (k + 1) * features));
