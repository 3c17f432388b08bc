import { calcMeanRate_Hz } from '../data/index.js';
import { findRange } from '../math/index.js';
import { type CycleRule, calcMeanCycle, findCycleStarts, pairCycles, resampleCycle } from './cycles.js';
import type { HashedFile, StudyEnvironment } from './environment.js';
import { listMaskedSpans } from './mask.js';
import type {
  AttentionProfile,
  Calibration,
  CycleTorque,
  EmgMaximum,
  LearningCurve,
  MuscleChain,
  NamedSeries,
  OptionValue,
  ReportData,
  Series,
  TrialUse,
} from './report/index.js';
import type { ResultRow, TestedTrial } from './results.js';
import { type ModelKind, modelKinds, type Study } from './schema.js';

/** A tested trial with what the report shows of it beside the torque. */
export interface ShownTrial extends TestedTrial {
  /** 1 where the label can be trusted (but perhaps a model has no prediction). */
  readonly usable: Uint8Array;
  readonly reasons: readonly { readonly why: string; readonly frames: number }[];
  /** EMG envelopes divided by their maxima, activations and forces of the muscles, by name. */
  readonly emg: ReadonlyMap<string, Float64Array>;
  readonly activations: ReadonlyMap<string, Float64Array>;
  readonly forces_N: ReadonlyMap<string, Float64Array>;
  /** The channel that tells the cycle, where the study names one. */
  readonly cycle: Float64Array | undefined;
  /** Attention of the main model's network over its window, where it has one: mean and deviation over the compared frames. */
  readonly attention:
    | {
        readonly lag_s: readonly number[];
        readonly mean: readonly number[];
        readonly sd: readonly number[];
        readonly windows: number;
      }
    | undefined;
}

/** Everything a report is made of. */
export interface ReportSource {
  readonly study: Study;
  readonly rows: readonly ResultRow[];
  readonly trials: readonly ShownTrial[];
  readonly uses: readonly TrialUse[];
  readonly calibrations: readonly Calibration[];
  readonly training: readonly LearningCurve[];
  readonly emg_maxima: readonly EmgMaximum[];
  readonly warnings: readonly string[];
  readonly methods: readonly string[];
  readonly files: readonly HashedFile[];
}

/** Puts the results of a study into the form the report is written from. */
export function makeReportData(source: ReportSource, environment: StudyEnvironment): ReportData {
  const { study, rows, trials } = source;
  const activities = [...new Set(trials.map((trial) => trial.activity))];
  const several = study.participants.length > 1;
  return {
    title: study.title ?? study.study,
    study: study.study,
    date: environment.date,
    simulated: study.simulated,
    protocol: describeSplit(study),
    target: { name: `torque about ${study.torque.coordinate}`, positive: study.torque.positive },
    activities,
    participants: study.participants.map(({ id, mass_kg }) => ({ name: id, mass_kg })),
    interval: { level: 0.95, method: 'block bootstrap, blocks of 2 s, 500 draws' },
    // With one participant its rows are those of everybody; they are shown once.
    errors: rows
      .filter((row) => several || row.participant === 'all')
      .map((row) => ({
        activity: row.activity,
        model: row.model,
        participant: row.participant === 'all' ? null : row.participant,
        frames: row.n,
        rmse_Nm_per_kg: row.rmse_Nm_per_kg,
        rmse_Nm: row.rmse_Nm,
        nrmse: row.nrmse_percent === null ? null : row.nrmse_percent / 100,
        r2: row.r2,
        r: row.r,
        mae_Nm_per_kg: row.mae_Nm_per_kg,
        skill_vs_mean: row.skill_vs_mean,
        skill_vs_ridge: row.skill_vs_ridge,
        rmse_interval_Nm_per_kg: row.rmse_Nm_per_kg_interval,
        r2_interval: row.r2_interval,
      })),
    traces: trials.map((trial) => ({
      participant: trial.participant,
      activity: trial.activity,
      trial: trial.trial,
      times_s: Array.from(trial.times_s),
      measured_Nm_per_kg: toSeries(trial.measured),
      predicted_Nm_per_kg: toSeriesByModel(trial.predicted),
      masked: listMaskedSpans(trial.usable, trial.times_s),
    })),
    cycles: study.cycle ? activities.flatMap((activity) => makeCycles(trials, activity, study.cycle!, several)) : [],
    chains: trials.length > 0 ? [makeChain(chooseChainTrial(trials))] : [],
    training: source.training,
    attention: activities.flatMap((activity) => makeAttention(trials, activity)),
    calibrations: source.calibrations,
    trials: source.uses,
    emg_maxima: source.emg_maxima,
    warnings: source.warnings,
    methods: source.methods,
    provenance: {
      genu_version: environment.genu_version,
      node_version: environment.node_version,
      platform: environment.platform,
      seeds: [study.seed],
      files: source.files.map(({ file, sha256, bytes }) => ({ path: file, sha256, bytes })),
      options: listOptions(study),
    },
  };
}

function describeSplit(study: Study): string {
  const { train_first, train, test, validation } = study.split;
  const how =
    train_first === undefined
      ? `trained on ${train?.join(', ')}, tested on ${test?.join(', ')}`
      : `trained on the first ${Math.round(100 * train_first)} % of each trial, tested on the rest`;
  return `Within each participant: ${how}; the last ${Math.round(100 * validation)} % of each training part stops the training and chooses the ridge penalty.`;
}

function listOptions(study: Study): Record<string, OptionValue> {
  const { participants, $schema, ...options } = study;
  return JSON.parse(JSON.stringify(options));
}

function toSeries(values: Float64Array): Series {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

function toSeriesByModel(predicted: TestedTrial['predicted']): Partial<Record<ModelKind, Series>> {
  return Object.fromEntries(
    modelKinds.flatMap((model) => (predicted[model] ? [[model, toSeries(predicted[model])]] : [])),
  );
}

/** Masked runs up to this long stay in a cycle; a cycle with a longer one is left out whole, or each point of the mean would be that of other cycles. */
const longestBridged_s = 0.1;

function bridgeShortRuns(compared: Uint8Array, longest: number): Uint8Array {
  const bridged = compared.slice();
  let last = -1;
  compared.forEach((flag, i) => {
    if (!flag) return;
    if (last >= 0 && i - last - 1 <= longest) bridged.fill(1, last + 1, i);
    last = i;
  });
  return bridged;
}

function makeCycles(trials: readonly ShownTrial[], activity: string, rule: CycleRule, several: boolean): CycleTorque[] {
  const people = several ? [null, ...new Set(trials.map((trial) => trial.participant))] : [null];
  return people.flatMap((participant): CycleTorque[] => {
    const chosen = trials.filter(
      (trial) =>
        trial.activity === activity && trial.cycle && (participant === null || trial.participant === participant),
    );
    const cut = (pick: (trial: ShownTrial) => Float64Array | undefined) =>
      chosen.flatMap((trial) => {
        const values = pick(trial);
        if (!values) return [];
        const rate = calcMeanRate_Hz(trial.times_s);
        const seen = bridgeShortRuns(trial.compared, Math.round(longestBridged_s * rate));
        return pairCycles(findCycleStarts(trial.cycle!, rule, rate))
          .filter(([from, to]) => seen.subarray(from, to).every((flag) => flag === 1))
          .map(([from, to]) => resampleCycle(values, from, to));
      });
    const measured = cut((trial) => trial.measured);
    if (measured.length < 2) return [];
    const summarise = (cycles: Float64Array[]) => {
      const { mean, sd } = calcMeanCycle(cycles);
      return { mean: toSeries(mean), sd: toSeries(sd) };
    };
    return [
      {
        activity,
        participant,
        cycles: measured.length,
        starts_with:
          rule.start === 'rise' ? `${rule.channel} rising above ${rule.above}` : `${rule.start} of ${rule.channel}`,
        measured: summarise(measured),
        predicted: Object.fromEntries(
          modelKinds.flatMap((model) => {
            const cycles = cut((trial) => trial.predicted[model]);
            return cycles.length < 2 ? [] : [[model, summarise(cycles)]];
          }),
        ),
      },
    ];
  });
}

/** The trial whose measured torque varies most: where there is most to see. */
function chooseChainTrial(trials: readonly ShownTrial[]): ShownTrial {
  const spread = (trial: ShownTrial) => {
    const [low, high] = findRange(trial.measured);
    return high - low;
  };
  return trials.reduce((best, trial) => (spread(trial) > spread(best) ? trial : best));
}

function makeChain(trial: ShownTrial): MuscleChain {
  const list = (series: ReadonlyMap<string, Float64Array>): NamedSeries[] =>
    [...series].map(([name, values]) => ({ name, values: toSeries(values) }));
  return {
    participant: trial.participant,
    activity: trial.activity,
    trial: trial.trial,
    times_s: Array.from(trial.times_s),
    emg: list(trial.emg),
    activation: list(trial.activations),
    force_N: list(trial.forces_N),
    measured_Nm_per_kg: toSeries(trial.measured),
    predicted_Nm_per_kg: toSeriesByModel(trial.predicted),
    masked: listMaskedSpans(trial.usable, trial.times_s),
  };
}

function makeAttention(trials: readonly ShownTrial[], activity: string): AttentionProfile[] {
  const chosen = trials.flatMap((trial) => (trial.activity === activity && trial.attention ? [trial.attention] : []));
  const windows = chosen.reduce((sum, profile) => sum + profile.windows, 0);
  if (windows === 0) return [];
  const pool = (pick: (profile: NonNullable<ShownTrial['attention']>) => readonly number[]) =>
    chosen[0].lag_s.map(
      (_, k) => chosen.reduce((sum, profile) => sum + profile.windows * pick(profile)[k], 0) / windows,
    );
  return [{ activity, lag_s: chosen[0].lag_s, weight: pool((p) => p.mean), sd: pool((p) => p.sd), windows }];
}
