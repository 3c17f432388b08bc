import type { Ridge } from '../learn/index.js';
import { fitRidgeOn, type RowMaker } from './ridge-sums.js';
import type { TrainingFrames } from './training.js';
import type { InputTable } from './windows.js';

/**
 * A ridge that sees, beside the lagged inputs, the products and squares of angles and angular velocities at the predicted frame: the
 * moments of a swinging leg are such products (gravity with an angle of two segments, Coriolis and centrifugal terms with two velocities).
 */
export interface Quadratic {
  readonly kind: 'quadratic';
  readonly ridge: Ridge;
  /** Columns of the table that are multiplied. */
  readonly products: readonly (readonly [number, number])[];
}

/** Fits it; see `fitRidgeOn` for its penalty. */
export function fitQuadratic(
  parts: readonly TrainingFrames[],
  lagged: RowMaker,
  weights: ReadonlyMap<string, number>,
): Quadratic {
  const products = listProducts(parts[0].table.names);
  return { kind: 'quadratic', products, ridge: fitRidgeOn(parts, makeQuadraticRows(lagged, products), weights) };
}

/** The lagged inputs, followed by the products. */
export function makeQuadraticRows(lagged: RowMaker, products: Quadratic['products']): RowMaker {
  return {
    key: `${lagged.key} products ${products.join(' ')}`,
    features: lagged.features + products.length,
    fillInto(row, part, frame) {
      lagged.fillInto(row.subarray(0, lagged.features), part, frame);
      fillProductsInto(row.subarray(lagged.features), part.table, frame, products);
    },
  };
}

/** Each angle or velocity with itself and with each after it. */
function listProducts(names: readonly string[]): [number, number][] {
  const columns = names.flatMap((name, c) => (/^(angle|speed) /.test(name) ? [c] : []));
  return columns.flatMap((a, i) => columns.slice(i).map((b): [number, number] => [a, b]));
}

export function fillProductsInto(
  row: Float64Array,
  { values, names }: InputTable,
  frame: number,
  products: Quadratic['products'],
): void {
  const start = frame * names.length;
  products.forEach(([a, b], k) => {
    row[k] = values[start + a] * values[start + b];
  });
}
