import {
  fitRandomForest,
  fitSupportVector,
  type LabelledRows,
  predictRandomForest,
  predictRidge,
  predictSupportVector,
  type RandomForest,
  type Ridge,
  type SupportVector,
} from '../learn/index.js';
import type { RegressionKind } from './kinds.js';
import { fillProductsInto, fitQuadratic, type Quadratic } from './quadratic.js';
import { fitRidgeOn, type RowMaker } from './ridge-sums.js';
import type { EstimatorSpec } from './spec.js';
import type { TrainingFrames } from './training.js';
import { fillLagsInto, type InputTable, listRidgeOffsets } from './windows.js';

/** What a bundle carries of its own beside the ridge. */
export type Regression = SupportVector | RandomForest | Quadratic;

/** The inputs of a table at the lags of the ridge. */
export function makeLaggedRows({ table }: Pick<TrainingFrames, 'table'>, { window, rate_Hz }: EstimatorSpec): RowMaker {
  const offsets = listRidgeOffsets(window, rate_Hz);
  const channels = table.names.length;
  return {
    key: `lags ${offsets.join()}`,
    features: offsets.length * channels,
    fillInto: (row, { table: inputs }, frame) => fillLagsInto(row, inputs, frame, offsets, channels),
  };
}

/** Lagged ridge regression on the inputs of the plain network; see `fitRidgeOn` for its penalty. */
export const fitLaggedRidge = (
  parts: readonly TrainingFrames[],
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
): Ridge => fitRidgeOn(parts, makeLaggedRows(parts[0], spec), weights);

/**
 * Support-vector or random-forest regression on the same inputs, of every `stride`-th frame; its settings are chosen on the validation
 * frames.
 */
export function fitLaggedRegression(
  kind: RegressionKind,
  parts: readonly TrainingFrames[],
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
  { stride, seed, onProgress }: { stride: number; seed: number; onProgress: (share: number) => void },
): Promise<Regression> {
  if (kind === 'quadratic') return Promise.resolve(fitQuadratic(parts, makeLaggedRows(parts[0], spec), weights));
  const training = listLaggedRows(parts, 'training', spec, weights, stride);
  const validation = listLaggedRows(parts, 'validation', spec, weights, stride);
  return kind === 'svr'
    ? fitSupportVector(training, validation, { onProgress })
    : fitRandomForest(training, validation, { seed, onProgress });
}

function listLaggedRows(
  parts: readonly TrainingFrames[],
  which: 'training' | 'validation',
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
  stride: number,
): LabelledRows {
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const channels = parts[0].table.names.length;
  const features = offsets.length * channels;
  const chosen = parts.map((part) => part[which].filter((frame) => frame % stride === 0));
  const count = chosen.reduce((sum, frames) => sum + frames.length, 0);
  const rows = {
    features,
    values: new Float64Array(count * features),
    labels: new Float64Array(count),
    weights: new Float64Array(count),
  };
  let at = 0;
  parts.forEach(({ part, table }, k) => {
    for (const frame of chosen[k]) {
      fillLagsInto(rows.values.subarray(at * features, (at + 1) * features), table, frame, offsets, channels);
      rows.labels[at] = part.label[frame];
      rows.weights[at] = weights.get(part.activity) ?? 1;
      at++;
    }
  });
  return rows;
}

/** The ridge's torque at each of the given frames; NaN elsewhere. */
export const predictLaggedRidge = (
  ridge: Ridge,
  table: InputTable,
  channels: number,
  frames: readonly number[],
  spec: EstimatorSpec,
): Float64Array => predictLagged((row) => predictRidge(ridge, row), table, channels, frames, spec);

/** The same of another regression. */
export const predictLaggedRegression = (
  model: Regression,
  table: InputTable,
  channels: number,
  frames: readonly number[],
  spec: EstimatorSpec,
): Float64Array =>
  model.kind === 'quadratic'
    ? predictQuadratic(model, table, channels, frames, spec)
    : predictLagged(
        (row) => (model.kind === 'support-vector' ? predictSupportVector(model, row) : predictRandomForest(model, row)),
        table,
        channels,
        frames,
        spec,
      );

function predictQuadratic(
  { ridge, products }: Quadratic,
  table: InputTable,
  channels: number,
  frames: readonly number[],
  spec: EstimatorSpec,
): Float64Array {
  const row = new Float64Array(ridge.weights.length);
  const lags = row.subarray(0, row.length - products.length);
  const rest = row.subarray(lags.length);
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const torque = new Float64Array(table.frames).fill(Number.NaN);
  for (const frame of frames) {
    fillLagsInto(lags, table, frame, offsets, channels);
    fillProductsInto(rest, table, frame, products);
    torque[frame] = predictRidge(ridge, row);
  }
  return torque;
}

function predictLagged(
  predictRow: (row: Float64Array) => number,
  table: InputTable,
  channels: number,
  frames: readonly number[],
  spec: EstimatorSpec,
): Float64Array {
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const row = new Float64Array(offsets.length * channels);
  const torque = new Float64Array(table.frames).fill(Number.NaN);
  for (const frame of frames) {
    fillLagsInto(row, table, frame, offsets, channels);
    torque[frame] = predictRow(row);
  }
  return torque;
}
