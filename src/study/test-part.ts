import { findChannel } from '../data/index.js';
import {
  checkLabel,
  type Estimate,
  type Estimator,
  estimateTrial,
  type PreparedTrial,
  prepareLabel,
  type Subject,
} from '../estimator/index.js';
import { calcMask, sampleNearest } from './mask.js';
import type { TrialPart } from './parts.js';
import { findMainModel } from './report/index.js';
import type { ShownTrial } from './report-data.js';
import { findComparedFrames } from './results.js';
import type { ModelKind, Study } from './schema.js';

/**
 * Tests estimators on one part of a trial: the same `estimateTrial` that predicts new recordings. Nothing is fitted.
 * Of several estimators each brings its own model; the baselines come from the last one.
 */
export async function testPart(
  study: Study,
  part: TrialPart,
  estimators: readonly Estimator[],
  subject: Subject,
  warnings: string[],
): Promise<ShownTrial> {
  const predicted: Partial<Record<ModelKind, Float64Array>> = {};
  const estimates: { readonly estimate: Estimate; readonly estimator: Estimator }[] = [];
  for (const estimator of estimators) {
    const estimate = await estimateTrial(estimator, part.recordings, subject, part.trial.activity);
    Object.assign(predicted, estimate.torque_Nm_per_kg);
    estimates.push({ estimate, estimator });
    warnings.push(...estimate.notes);
  }
  const { estimate, estimator } = estimates[estimates.length - 1];
  const main = findMainModel((model) => estimates.some(({ estimator }) => estimator.bundle.kind === model));
  const attention = estimates.find(({ estimator }) => estimator.bundle.kind === main)?.estimate.attention;
  const { times_s, prepared } = estimate;
  const { spec, muscles } = estimator.bundle;
  const where = part.recordings.id;
  const measured = prepareLabel(part.recordings, times_s, spec, part.participant.mass_kg, warnings);
  checkLabel(measured, where);
  const { usable, reasons } = calcMask(
    times_s,
    part.trial_start_s,
    { moments: part.recordings.moments, ground: part.ground },
    study.mask,
    where,
  );
  const compared = findComparedFrames(usable, measured, Object.values(predicted));
  if (!compared.includes(1)) {
    warnings.push(`${where}: no frame can be compared: all are masked, or without a label or a prediction.`);
  }
  const name = (list: readonly string[], series: readonly Float64Array[]) =>
    new Map(list.map((label, k) => [label, series[k]]));
  return {
    participant: part.participant.id,
    mass_kg: part.participant.mass_kg,
    activity: part.trial.activity,
    trial: part.trial.id,
    times_s,
    measured,
    predicted,
    compared,
    usable,
    reasons,
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
