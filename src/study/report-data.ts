import { findRange } from '../math/index.js';
import { fewest_clusters } from './bootstrap.js';
import { listReferences, readBibliography, writeMethodsParagraphs } from './cite/index.js';
import type { HashedFile, StudyEnvironment } from './environment.js';
import { listMaskedSpans } from './mask.js';
import { collectCoverage } from './report/collect/coverage.js';
import { collectCycles } from './report/collect/cycles.js';
import { collectPeaks } from './report/collect/peaks.js';
import { describeProtocol, listStudyProtocols } from './report/collect/protocols.js';
import { toSeries, toSeriesByModel } from './report/collect/series.js';
import { findHeadlineOf } from './report/conditions.js';
import type {
  AttentionProfile,
  Calibration,
  EmgMaximum,
  LearningCurve,
  MuscleChain,
  NamedSeries,
  OptionValue,
  ReportData,
  TrialUse,
} from './report/index.js';
import type { ResultRow } from './results.js';
import type { Study } from './schema.js';
import type { ShownTrial } from './shown-trial.js';

export type { ShownTrial } from './shown-trial.js';

/** Everything a report is made of. */
export interface ReportSource {
  readonly study: Study;
  /** Of an ablation with `inputs`. */
  readonly rows: readonly (ResultRow & { readonly inputs?: string | null })[];
  readonly trials: readonly ShownTrial[];
  readonly uses: readonly TrialUse[];
  readonly calibrations: readonly Calibration[];
  readonly training: readonly LearningCurve[];
  readonly emg_maxima: readonly EmgMaximum[];
  readonly warnings: readonly string[];
  readonly methods: readonly string[];
  readonly files: readonly HashedFile[];
  /** The text of references.bib; without it the report has no list of references. */
  readonly bibliography?: string | undefined;
}

/** Puts the results of a study into the form the report is written from. */
export function makeReportData(source: ReportSource, environment: StudyEnvironment): ReportData {
  const { study, rows } = source;
  const paragraphs = writeMethodsParagraphs(study, { genu: environment.genu_version, node: environment.node_version });
  const protocols = listStudyProtocols(study);
  const sides = new Set(study.participants.map(({ side }) => side));
  const all = source.trials.map(
    (trial): ShownTrial => ({
      ...trial,
      // A study of one participant and one protocol needs no word for it.
      protocol: protocols.length === 0 ? undefined : trial.protocol,
      side:
        trial.side ??
        (sides.size > 1 ? study.participants.find(({ id }) => id === trial.participant)?.side : undefined),
    }),
  );
  const trials = listShown(all, study);
  const activities = [...new Set(all.map((trial) => trial.activity))];
  const several = study.participants.length > 1;
  return {
    title: study.title ?? study.study,
    study: study.study,
    date: environment.date,
    simulated: study.simulated,
    protocol: study.protocols.map((name) => `${describeProtocol(study, name)}.`).join(' '),
    protocols: protocols.map((name) => ({ name, description: describeProtocol(study, name) })),
    target: { name: `torque about ${study.torque.coordinate}`, positive: study.torque.positive },
    activities,
    participants: study.participants.map(({ id, mass_kg, height_m = null }) => ({ name: id, mass_kg, height_m })),
    interval: {
      level: 0.95,
      method:
        study.participants.length < fewest_clusters
          ? 'block bootstrap, blocks of 2 s, 500 draws'
          : 'bootstrap of whole participants (of one participant: blocks of 2 s), 500 draws',
    },
    // With one participant its rows are those of everybody; they are shown once.
    errors: rows
      .filter((row) => several || row.participant === 'all')
      .map((row) => ({
        protocol: protocols.find((name) => name === row.protocol),
        adaptation_s: row.adaptation_s,
        policy: row.policy,
        inputs: row.inputs ?? null,
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
      protocol: trial.protocol,
      participant: trial.participant,
      activity: trial.activity,
      trial: trial.trial,
      times_s: Array.from(trial.times_s),
      measured_Nm_per_kg: toSeries(trial.measured),
      predicted_Nm_per_kg: toSeriesByModel(trial.predicted),
      masked: listMaskedSpans(trial.usable, trial.times_s),
    })),
    cycles: collectCycles(trials, study.cycle, several),
    coverage: several ? collectCoverage(trials) : [],
    peaks: several ? collectPeaks(trials, study.cycle) : [],
    chains: trials.length > 0 ? [makeChain(chooseChainTrial(trials))] : [],
    training: source.training,
    attention: activities.flatMap((activity) => makeAttention(trials, activity)),
    calibrations: source.calibrations,
    trials: source.uses,
    emg_maxima: source.emg_maxima,
    warnings: source.warnings,
    methods: source.methods,
    paragraphs,
    references:
      source.bibliography === undefined ? [] : listReferences(paragraphs, readBibliography(source.bibliography)),
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

function listOptions(study: Study): Record<string, OptionValue> {
  const { participants, $schema, ...options } = study;
  return JSON.parse(JSON.stringify(options));
}

/** The trials of the protocol that the report speaks of first, or there would be several of everything. Of transfer those of the most seconds. */
function listShown(trials: readonly ShownTrial[], study: Study): readonly ShownTrial[] {
  const headline = findHeadlineOf(trials.map(({ protocol }) => protocol));
  const own = trials.filter(({ protocol }) => protocol === headline);
  if (headline !== 'transfer') return own;
  const most = Math.max(...study.transfer.seconds);
  const policy =
    study.transfer.policies.find((name) => name !== 'none' && name !== 'from-scratch') ?? study.transfer.policies[0];
  return own.filter((trial) => trial.adaptation_s === most && trial.policy === policy);
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
