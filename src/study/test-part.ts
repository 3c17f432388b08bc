import { findChannel } from '../data/index.js';
import {
  type Estimate,
  type Estimator,
  estimateSolved,
  margin_level,
  type Person,
  type PreparedTrial,
  solveTrial,
} from '../estimator/index.js';
import { sampleNearest } from './mask.js';
import type { TrialPart } from './parts.js';
import type { PreparedPart } from './preparation.js';
import { findMainModel } from './report/index.js';
import type { ShownTrial } from './report-data.js';
import { findComparedFrames } from './results.js';
import type { ModelKind, Study } from './schema.js';

/**
 * Tests estimators on one part of a trial, by the code that predicts new recordings. Nothing is fitted.
 * Of several estimators each brings its own model; the baselines come from the last one.
 */
export async function testPart(
  { source: part, prepared, label, mask, warnings: found }: PreparedPart,
  person: Person,
  estimators: readonly Estimator[],
  study: Study,
  warnings: Set<string>,
): Promise<ShownTrial> {
  for (const warning of found) warnings.add(warning);
  const solved = solveTrial(estimators[0], prepared, person);
  const predicted: Partial<Record<ModelKind, Float64Array>> = {};
  const intervals: { model: ModelKind; level: number; half_width_Nm_per_kg: number }[] = [];
  const estimates: { readonly estimate: Estimate; readonly estimator: Estimator }[] = [];
  for (const estimator of estimators) {
    const estimate = await estimateSolved(estimator, solved, part.trial.activity);
    Object.assign(predicted, estimate.torque_Nm_per_kg);
    const { half_width_Nm_per_kg } = estimate;
    if (half_width_Nm_per_kg !== undefined)
      intervals.push({ model: estimator.bundle.kind, level: margin_level, half_width_Nm_per_kg });
    estimates.push({ estimate, estimator });
    for (const note of estimate.notes) warnings.add(note);
  }
  const { estimate, estimator } = estimates[estimates.length - 1];
  const main = findMainModel((model) => estimates.some(({ estimator }) => estimator.bundle.kind === model));
  const attention = estimates.find(({ estimator }) => estimator.bundle.kind === main)?.estimate.attention;
  const { spec, muscles } = estimator.bundle;
  const compared = findComparedFrames(mask.comparable ?? mask.usable, label, Object.values(predicted));
  if (!compared.includes(1)) {
    warnings.add(
      `${part.recordings.id}: no frame can be compared: all are masked, or without a label or a prediction.`,
    );
  }
  const name = (list: readonly string[], series: readonly Float64Array[]) =>
    new Map(list.map((label, k) => [label, series[k]]));
  return {
    participant: part.participant.id,
    mass_kg: part.participant.mass_kg,
    activity: part.trial.activity,
    trial: part.trial.id,
    times_s: estimate.times_s,
    measured: label,
    predicted,
    compared,
    usable: mask.usable,
    reasons: mask.reasons,
    intervals,
    emg: name(
      spec.emg.channels.map(({ muscle }) => muscle),
      estimate.envelopes,
    ),
    activations: name(muscles, estimate.activations),
    forces_N: name(muscles, estimate.forces_N),
    cycle: study.cycle && findCycleSignal(part, prepared, study.cycle.channel),
    attention: attention && summariseAttention(attention, compared),
  };
}

/** The channel that tells the cycle, at the times of the part; undefined where neither motion nor ground has it. */
function findCycleSignal(part: TrialPart, prepared: PreparedTrial, name: string): Float64Array | undefined {
  const force = part.ground && findChannel(part.ground, name);
  return prepared.coordinates.get(name) ?? (force && sampleNearest(force, prepared.times_s));
}

function summariseAttention(
  { lag_s, frames, weights }: { lag_s: readonly number[]; frames: readonly number[]; weights: Float32Array },
  compared: Uint8Array,
): ShownTrial['attention'] {
  const rows = frames.flatMap((frame, k) => (compared[frame] ? [k] : []));
  if (rows.length === 0) return undefined;
  const steps = lag_s.length;
  const mean = lag_s.map((_, s) => rows.reduce((sum, k) => sum + weights[k * steps + s], 0) / rows.length);
  const sd = lag_s.map((_, s) =>
    Math.sqrt(rows.reduce((sum, k) => sum + (weights[k * steps + s] - mean[s]) ** 2, 0) / rows.length),
  );
  return { lag_s, mean, sd, windows: rows.length };
}
