import { combineMembers, predictWindows } from '../learn/index.js';
import type { Estimator } from './estimator.js';
import { findBase } from './kinds.js';
import { predictLaggedRegression, predictLaggedRidge } from './lagged.js';
import { listInputs } from './spec.js';
import { type InputTable, listSequences, locateWindow } from './windows.js';

/** Where a network looked: weights over its window, [frames, lags], each row summing to one. */
export interface WindowAttention {
  readonly lag_s: readonly number[];
  readonly frames: readonly number[];
  readonly weights: Float32Array;
}

/** What a model that looks at windows says; every series has one value per frame of the table, NaN where there is none. */
export interface ModelPrediction {
  readonly torque: Float64Array;
  /** Standard deviation over the members of an ensemble; undefined for a single one. */
  readonly spread: Float64Array | undefined;
  readonly attention: WindowAttention | undefined;
}

/**
 * The bundle's own model at the given frames of a table.
 * @param nms the solver's torque per frame of the table, which a residual network may correct
 */
export async function predictModel(
  estimator: Estimator,
  table: InputTable,
  frames: readonly number[],
  nms: Float64Array,
): Promise<ModelPrediction> {
  const { kind, spec, ridge, regression } = estimator.bundle;
  // The inputs of the ridge come first in every table.
  const channels = listInputs(spec).length;
  const plain = { spread: undefined, attention: undefined };
  const regressed = regression && predictLaggedRegression(regression, table, channels, frames, spec);
  if (regressed && kind !== 'blend') return { ...plain, torque: regressed };
  if (estimator.networks.length === 0) {
    return { ...plain, torque: predictLaggedRidge(ridge, table, channels, frames, spec) };
  }
  const predicted = await predictNetworks(estimator, table, frames);
  if (regressed) {
    // Three kinds of model err in different ways; their plain mean needs nothing fitted.
    const linear = predictLaggedRidge(ridge, table, channels, frames, spec);
    return { ...predicted, torque: predicted.torque.map((value, i) => (value + linear[i] + regressed[i]) / 3) };
  }
  const base = findBase(kind);
  if (base === undefined) return predicted;
  const from = base === 'nms' ? nms : predictLaggedRidge(ridge, table, channels, frames, spec);
  return { ...predicted, torque: predicted.torque.map((correction, i) => from[i] + correction) };
}

async function predictNetworks(
  { networks, bundle }: Estimator,
  table: InputTable,
  frames: readonly number[],
): Promise<ModelPrediction> {
  const { window, rate_Hz } = bundle.spec;
  const places = frames.map((frame) => locateWindow(frame, window));
  const windows = {
    sequences: listSequences(table, window.step),
    sequence: Int32Array.from(places, ({ sequence }) => sequence),
    end: Int32Array.from(places, ({ end }) => end),
  };
  const members: Float32Array[] = [];
  let weights = new Float32Array(0);
  for (const network of networks) {
    const { outputs, attention } = await predictWindows(network, windows);
    members.push(outputs);
    if (weights.length === 0) weights = new Float32Array(attention.length);
    for (let k = 0; k < attention.length; k++) weights[k] += attention[k] / networks.length;
  }
  const joined = combineMembers(members);
  const place = (values: Float64Array) => {
    const series = new Float64Array(table.frames).fill(Number.NaN);
    frames.forEach((frame, k) => {
      series[frame] = values[k];
    });
    return series;
  };
  const torque = place(joined.mean);
  const spread = members.length > 1 ? place(joined.spread) : undefined;
  // A pooled step stands for several samples, counted from the start of the window; its middle is what is shown.
  const [{ attention }] = networks;
  if (!attention) return { torque, spread, attention: undefined };
  const { steps, framesPerStep } = attention;
  const lag_s = Array.from(
    { length: steps },
    (_, k) => (-window.past + window.step * (k * framesPerStep + (framesPerStep - 1) / 2)) / rate_Hz,
  );
  return { torque, spread, attention: { lag_s, frames, weights } };
}
