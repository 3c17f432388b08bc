import {
  fitRandomForest,
  fitRidge,
  fitSupportVector,
  type LabelledRows,
  predictRandomForest,
  predictRidge,
  predictSupportVector,
  type RandomForest,
  type Ridge,
  RidgeSums,
  type SupportVector,
} from '../learn/index.js';
import type { RegressionKind } from './kinds.js';
import type { EstimatorSpec } from './spec.js';
import type { TrainingFrames } from './training.js';
import { fillLagsInto, type InputTable, listRidgeOffsets } from './windows.js';

/** Adds the lagged inputs of some frames, with their labels and weights. @returns weighted sum of squared labels */
export function addLaggedRows(
  sums: RidgeSums,
  { part, table }: TrainingFrames,
  frames: readonly number[],
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
): number {
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const channels = table.names.length;
  const row = new Float64Array(offsets.length * channels);
  const weight = weights.get(part.activity) ?? 1;
  let squares = 0;
  for (const frame of frames) {
    fillLagsInto(row, table, frame, offsets, channels);
    sums.add(row, part.label[frame], weight);
    squares += weight * part.label[frame] ** 2;
  }
  return squares;
}

/** Sums for a ridge on the lagged inputs of a table. */
export const makeLaggedSums = ({ table }: TrainingFrames, { window, rate_Hz }: EstimatorSpec): RidgeSums =>
  new RidgeSums(listRidgeOffsets(window, rate_Hz).length * table.names.length);

/** Lagged ridge regression on the inputs of the plain network; the penalty is chosen on the validation frames. */
export function fitLaggedRidge(
  parts: readonly TrainingFrames[],
  spec: EstimatorSpec,
  weights: ReadonlyMap<string, number>,
): Ridge {
  const training = makeLaggedSums(parts[0], spec);
  const validation = makeLaggedSums(parts[0], spec);
  let squares = 0;
  for (const part of parts) {
    addLaggedRows(training, part, part.training, spec, weights);
    squares += addLaggedRows(validation, part, part.validation, spec, weights);
  }
  return fitRidge(training, validation, squares);
}

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
): Promise<SupportVector | RandomForest> {
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

/** The same of a support-vector or random-forest regression. */
export const predictLaggedRegression = (
  model: SupportVector | RandomForest,
  table: InputTable,
  channels: number,
  frames: readonly number[],
  spec: EstimatorSpec,
): Float64Array =>
  predictLagged(
    (row) => (model.kind === 'support-vector' ? predictSupportVector(model, row) : predictRandomForest(model, row)),
    table,
    channels,
    frames,
    spec,
  );

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
