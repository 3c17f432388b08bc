import { calcMeanRate_Hz } from '../data/index.js';
import { calcErrorIntervals } from './bootstrap.js';
import { type Comparison, calcMetrics, calcSkill, type Metrics } from './metrics.js';
import { findMainModel } from './report/index.js';
import { type ModelKind, modelKinds, type Study } from './schema.js';

/** The test frames of one trial with what every model made of them. All series are of one length. */
export interface TestedTrial {
  readonly participant: string;
  readonly mass_kg: number;
  readonly activity: string;
  readonly trial: string;
  readonly times_s: Float64Array;
  /** N·m/kg. */
  readonly measured: Float64Array;
  readonly predicted: Readonly<Partial<Record<ModelKind, Float64Array>>>;
  /** 1 where the label holds and every model has a prediction: the frames all errors are taken over. */
  readonly compared: Uint8Array;
}

/** One line of results.json. A measure that is not defined is null. */
export interface ResultRow extends Metrics {
  readonly protocol: string;
  /** Of the protocol transfer: seconds of each activity of the new participant that were there to adapt with; else null. */
  readonly adaptation_s: number | null;
  /** Of the protocol transfer: how it was adapted; else null. */
  readonly policy: string | null;
  readonly model: ModelKind;
  /** An activity, or `all`. */
  readonly activity: string;
  /** A participant, or `all`. */
  readonly participant: string;
  readonly skill_vs_ridge: number | null;
  readonly skill_vs_mean: number | null;
  /** 95 % bootstrap intervals, see `calcErrorIntervals`. */
  readonly rmse_Nm_per_kg_interval: readonly [number, number] | null;
  readonly r2_interval: readonly [number, number] | null;
  /** The same over every test frame that has a label and a prediction, masked ones included: what the mask makes of the figures. */
  readonly with_masked: Pick<Metrics, 'n' | 'rmse_Nm_per_kg' | 'r2'>;
}

const block_s = 2;
const pooled = 'all';

/** Marks the frames that every model can be compared on. */
export function findComparedFrames(
  usable: Uint8Array,
  measured: Float64Array,
  predicted: readonly Float64Array[],
): Uint8Array {
  return usable.map((ok, i) =>
    ok && Number.isFinite(measured[i]) && predicted.every((p) => Number.isFinite(p[i])) ? 1 : 0,
  );
}

/** The models that a study fits: those it asks for, and the two that skill is measured against. */
export const listModels = ({ models }: Pick<Study, 'models'>): ModelKind[] =>
  modelKinds.filter((kind) => models.includes(kind) || kind === 'mean' || kind === 'ridge');

/** Under what the trials of some rows were tested. */
export type RowCondition = Pick<ResultRow, 'protocol' | 'adaptation_s' | 'policy'>;

/** Rows for each participant and all, each activity and all, each model. Trials without a frame to compare make none. */
export function makeRows(
  all: readonly TestedTrial[],
  condition: Pick<RowCondition, 'protocol'> & Partial<RowCondition>,
  seed: number,
): ResultRow[] {
  const tested = all.filter(({ compared }) => compared.includes(1));
  const participants = [...new Set(tested.map((trial) => trial.participant))];
  const activities = [...new Set(tested.map((trial) => trial.activity))];
  const rows: ResultRow[] = [];
  for (const participant of [...participants, pooled]) {
    for (const activity of [...activities, pooled]) {
      const trials = tested.filter(
        (trial) =>
          (participant === pooled || trial.participant === participant) &&
          (activity === pooled || trial.activity === activity),
      );
      const group = { adaptation_s: null, policy: null, ...condition, participant, activity };
      if (trials.length > 0) rows.push(...makeGroupRows(trials, group, seed));
    }
  }
  return rows;
}

function makeGroupRows(
  trials: readonly TestedTrial[],
  group: RowCondition & { participant: string; activity: string },
  seed: number,
): ResultRow[] {
  const models = modelKinds.filter((model) => trials.every((trial) => trial.predicted[model]));
  const compared = new Map(models.map((model) => [model, trials.map((trial) => compare(trial, model))]));
  const metrics = new Map(models.map((model) => [model, calcMetrics(compared.get(model)!)]));
  const skill = (model: ModelKind, baseline: ModelKind) =>
    metrics.has(baseline) ? calcSkill(metrics.get(model)!, metrics.get(baseline)!) : null;
  return models.map((model) => {
    const people = trials.map(({ participant }) => participant);
    const { rmse_Nm_per_kg, r2 } = calcErrorIntervals(compared.get(model)!, people, findBlock(trials), seed);
    return {
      ...group,
      model,
      ...metrics.get(model)!,
      skill_vs_ridge: skill(model, 'ridge'),
      skill_vs_mean: skill(model, 'mean'),
      rmse_Nm_per_kg_interval: rmse_Nm_per_kg,
      r2_interval: r2,
      with_masked: calcWithMasked(trials, model),
    };
  });
}

function calcWithMasked(trials: readonly TestedTrial[], model: ModelKind): ResultRow['with_masked'] {
  const { n, rmse_Nm_per_kg, r2 } = calcMetrics(
    trials.map((trial) => compare({ ...trial, compared: findPredicted(trial) }, model)),
  );
  return { n, rmse_Nm_per_kg, r2 };
}

function findPredicted({ measured, predicted }: TestedTrial): Uint8Array {
  return findComparedFrames(new Uint8Array(measured.length).fill(1), measured, Object.values(predicted));
}

/** Sentences for activities where the masked frames would change the error of the main model by more than a tenth. */
export function describeMaskEffect(rows: readonly ResultRow[]): string[] {
  const main = findMainModel((model) => rows.some((row) => row.model === model));
  return rows
    .filter((row) => row.model === main && row.participant === pooled && row.rmse_Nm_per_kg !== null)
    .filter(({ rmse_Nm_per_kg, with_masked }) => Math.abs(with_masked.rmse_Nm_per_kg! / rmse_Nm_per_kg! - 1) > 0.1)
    .map(
      ({ activity, model, n, rmse_Nm_per_kg, r2, with_masked: all }) =>
        `${activity === pooled ? 'All activities' : activity}: over all ${all.n} test frames, masked ones included, the ${model} has an RMSE of ${all.rmse_Nm_per_kg!.toFixed(3)} N·m/kg and R² ${all.r2?.toFixed(3) ?? '–'}; over the ${n} frames with a label that holds, ${rmse_Nm_per_kg!.toFixed(3)} and ${r2?.toFixed(3) ?? '–'}.`,
    );
}

function compare(trial: TestedTrial, model: ModelKind): Comparison {
  const measured = trial.measured.map((value, i) => (trial.compared[i] ? value : Number.NaN));
  return { measured, predicted: trial.predicted[model]!, mass_kg: trial.mass_kg };
}

function findBlock([{ times_s }]: readonly TestedTrial[]): number {
  const rate = calcMeanRate_Hz(times_s);
  return Math.max(1, Math.round(block_s * rate));
}
