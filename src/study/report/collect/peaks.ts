import type { CycleRule } from '../../cycles.js';
import type { ShownTrial } from '../../shown-trial.js';
import { findMainModel } from '../models.js';
import type { PeakPair } from '../types.js';
import { listCycles } from './cycles.js';

/** The largest measured and the largest predicted torque of every cycle, of whole trials where no cycles are known, over the compared frames. */
export function collectPeaks(trials: readonly ShownTrial[], rule: CycleRule | undefined): PeakPair[] {
  const model = findMainModel((name) => trials.some(({ predicted }) => predicted[name] !== undefined));
  if (model === undefined) return [];
  return trials.flatMap((trial) => {
    const predicted = trial.predicted[model];
    if (predicted === undefined) return [];
    const spans = listCycles(trial, rule) ?? [[0, trial.measured.length] as const];
    return spans.flatMap(([from, to]) => {
      const [measured, guessed] = [trial.measured, predicted].map((values) =>
        findLargest(values, trial.compared, from, to),
      );
      if (!Number.isFinite(measured) || !Number.isFinite(guessed)) return [];
      const { protocol, participant, activity } = trial;
      return [{ protocol, participant, activity, model, measured_Nm_per_kg: measured, predicted_Nm_per_kg: guessed }];
    });
  });
}

function findLargest(values: Float64Array, compared: Uint8Array, from: number, to: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) if (compared[i] && values[i] > largest) largest = values[i];
  return largest;
}
