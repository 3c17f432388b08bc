import { findBase, isNetworkKind, isRegressionKind, networkKinds, writeBundle } from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import { type LoadedStudy, loadStudy } from './load.js';
import { assembleBundle, finishBundle } from './make-bundle.js';
import { describeMethods } from './methods.js';
import { splitWithin } from './parts.js';
import { makePreparation } from './preparation.js';
import {
  describeParts,
  type FittedFold,
  fitFold,
  groupByParticipant,
  makeMemberFitter,
  type StudyWork,
} from './protocols/fit-fold.js';
import { type Fold, listFolds } from './protocols/folds.js';
import { checkFold } from './protocols/guard.js';
import { mapLimited } from './protocols/limit.js';
import { makeProgressPlan, type ProgressPlan } from './protocols/progress.js';
import { testFold } from './protocols/test-fold.js';
import { countAdaptations, type TransferTrial, transferKey, transferTo } from './protocols/transfer.js';
import { makeTransferRows } from './protocols/transfer-rows.js';
import { type LearningCurve, makeReportFiles } from './report/index.js';
import { makeReportData, type ShownTrial } from './report-data.js';
import { describeMaskEffect, listModels, makeRows, type ResultRow } from './results.js';
import { type ModelKind, modelKinds, type Study } from './schema.js';
import { Tasks } from './tasks.js';
import { listTrialUses } from './trial-uses.js';

/** A file that a study makes, relative to its output folder. */
export interface OutputFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** What `results.json` holds. */
export interface StudyResults {
  readonly study: string;
  readonly rows: readonly ResultRow[];
  readonly models: readonly {
    readonly file: string;
    readonly model: ModelKind;
    readonly protocol: string;
    readonly participants: readonly string[];
  }[];
}

export interface StudyOutcome {
  readonly results: StudyResults;
  readonly report: string;
  /** Figures, tables, methods and references to publish from. */
  readonly written: readonly OutputFile[];
  readonly models: readonly OutputFile[];
  /** Measured and predicted torques of the test parts. */
  readonly predictions: readonly PredictionTable[];
  readonly warnings: readonly string[];
  readonly simulated: boolean;
  /** Pieces of long work that were done, and those found done. */
  readonly tasks: { readonly done: number; readonly found: number };
}

/** Torques of one test part in N·m/kg, to be written as a table. */
export interface PredictionTable {
  readonly file: string;
  readonly name: string;
  readonly times_s: Float64Array;
  readonly columns: readonly { readonly label: string; readonly values: Float64Array }[];
}

/** Folds under way at once: one trains while another's data are made ready, and not all of their windows are in memory. */
const foldsAtOnce = 2;

/**
 * Runs a study: loads, splits by every protocol asked for, fits each fold on its training parts, tests it on its test parts, and writes it
 * up. Beside them one model of each kind is trained on everybody (protocol `all`), for new recordings. Finished pieces of work are kept
 * in the environment's store, by the hash of all they depend on: an interrupted run goes on from them, and another participant costs only
 * what is new.
 * @throws GenuError for anything in the study or its files that cannot work
 */
export async function runStudy(study: Study, environment: StudyEnvironment): Promise<StudyOutcome> {
  const tasks = new Tasks(environment.store, environment.code_key);
  environment.onProgress(0, 'reading recordings');
  const loaded = loadStudy(study, environment);
  const folds = listFolds(study, loaded.recordings);
  for (const fold of folds) checkFold(fold, loaded.hashes);
  const progress = makeProgressPlan(environment);
  planProgress(study, folds, progress);
  const preparation = makePreparation(study, loaded);
  const work: StudyWork = {
    study,
    preparation,
    tasks,
    environment,
    progress,
    warnings: new Set(loaded.warnings),
    fitMember: makeMemberFitter(study, preparation, tasks, environment, progress),
  };

  const done = await mapLimited(folds, foldsAtOnce, (fold) => runFold(fold, loaded, work));
  environment.onProgress(0.97, 'writing up');
  const shown = done.flatMap((fold) => fold.shown);
  const transferred = done.flatMap((fold) => fold.transferred);
  const rows = [
    ...study.protocols.flatMap((protocol) =>
      makeRows(
        shown.filter((trial) => trial.protocol === protocol),
        { protocol },
        study.seed,
      ),
    ),
    ...makeTransferRows(study, transferred),
  ];
  for (const sentence of describeMaskEffect(rows)) work.warnings.add(sentence);
  const warnings = [...work.warnings];
  const fits = [...new Set(done.flatMap(({ fitted }) => fitted.members))];
  const { report, files: written } = makeReportFiles(
    makeReportData(
      {
        study,
        rows,
        trials: [...shown, ...transferred],
        uses: listTrialUses(study, loaded.recordings, folds, shown, fits),
        calibrations: findOwnFits(done).flatMap((fit) => fit.calibration ?? []),
        training: done.flatMap(({ fitted }) => listLearningCurves(study, fitted)),
        emg_maxima: findOwnFits(done).flatMap((fit) => fit.emg_maxima),
        warnings,
        methods: [
          ...describeMethods(study),
          ...new Set([...fits.flatMap((fit) => fit.notes), ...gatherNotes(loaded.notes)]),
        ],
        files: loaded.files,
        bibliography: environment.bibliography,
      },
      environment,
    ),
    environment.rasterise,
  );
  const models = done.flatMap((fold) => fold.models);
  return {
    results: { study: study.study, rows, models: models.map(({ entry }) => entry) },
    report,
    written,
    models: models.map(({ output }) => output),
    predictions: [...shown, ...transferred].map(makePredictionTable),
    warnings,
    simulated: study.simulated,
    tasks: { done: tasks.done, found: tasks.found },
  };
}

interface FinishedFold {
  readonly fitted: FittedFold;
  readonly models: readonly { readonly entry: StudyResults['models'][number]; readonly output: OutputFile }[];
  readonly shown: readonly ShownTrial[];
  readonly transferred: readonly TransferTrial[];
}

async function runFold(fold: Fold, loaded: LoadedStudy, work: StudyWork): Promise<FinishedFold> {
  const { study } = work;
  const fitted = await fitFold(fold, work);
  const asked = study.protocols.some((protocol) => protocol === fold.protocol);
  const shown = asked ? await testFold(fitted, loaded.hashes, work) : [];
  const transferred: TransferTrial[] = [];
  if (fold.protocol === 'between' && study.protocols.includes('transfer')) {
    const split = splitWithin(loaded.recordings, study.split);
    for (const [{ participant }] of groupByParticipant(fold.test))
      transferred.push(...(await transferTo(participant.id, fitted, split, loaded.hashes, work)));
  }
  const models = fold.protocol === 'within' || fold.protocol === 'all' ? await writeModels(fitted, loaded, work) : [];
  return { fitted, models, shown, transferred };
}

/** The bundles of a fold: of each participant, and of everybody. Models of the other folds are for testing only. */
async function writeModels({ fold, members, fit }: FittedFold, loaded: LoadedStudy, work: StudyWork) {
  const { study, environment, warnings } = work;
  const source = { study, protocol: fold.protocol, members, fit, hashes: loaded.hashes, environment };
  const models: FinishedFold['models'][number][] = [];
  for (const kind of listModels(study)) {
    const bundle = await finishBundle(assembleBundle(kind, source), source, (sentence) =>
      warnings.add(`${fold.name}: ${sentence}`),
    );
    const file = `models/${kind}-${fold.protocol === 'all' ? 'all' : `within-${fold.name}`}.genu`;
    const participants = members.map((member) => member.person.participant.id);
    models.push({
      entry: { file, model: kind, protocol: fold.protocol, participants },
      output: { file, bytes: writeBundle(bundle) },
    });
  }
  return models;
}

/** By guess: a calibration counts 1, a network 4 for each of an ensemble, a support-vector machine or forest 2, an adaptation a half. */
function planProgress(study: Study, folds: readonly Fold[], progress: ProgressPlan): void {
  for (const { protocol, name, training, test } of folds) {
    for (const parts of groupByParticipant(training)) progress.add(`calibration ${describeParts(parts)}`, 1);
    for (const kind of study.models) {
      const weight = isNetworkKind(kind) ? 4 * study.training.ensemble : isRegressionKind(kind) ? 2 : 0;
      if (weight > 0) progress.add(`${protocol} ${name} ${kind}`, weight);
    }
    if (protocol !== 'between' || !study.protocols.includes('transfer')) continue;
    for (const [{ participant }] of groupByParticipant(test))
      progress.add(transferKey(participant.id), 0.5 * countAdaptations(study) * study.training.ensemble);
  }
}

/** One fit of each participant, for what the report shows of muscles and EMG: that of their own training parts, or else of all their trials. */
function findOwnFits(done: readonly FinishedFold[]) {
  const own = new Map(
    done
      .toSorted((a, b) => Number(a.fitted.fold.protocol === 'within') - Number(b.fitted.fold.protocol === 'within'))
      .flatMap(({ fitted }) => fitted.members.map((member) => [member.person.participant.id, member] as const)),
  );
  return [...own.values()];
}

/** Sentences that several files share are said once, with how many there are. */
function gatherNotes(notes: readonly string[]): string[] {
  const files = new Map<string, string[]>();
  for (const note of notes) {
    const [file, ...rest] = note.split(': ');
    const sentence = rest.join(': ');
    files.set(sentence, [...(files.get(sentence) ?? []), file]);
  }
  return [...files].map(
    ([sentence, names]) => `${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ''}: ${sentence}`,
  );
}

function listLearningCurves(study: Study, { fold, fit, members }: FittedFold): LearningCurve[] {
  // With one participant the model of everybody is that participant's own.
  if (fold.protocol === 'all' && members.length === 1) return [];
  const who = fold.protocol === 'within' || fold.protocol === 'all' ? fold.name : `all but ${fold.name}`;
  return networkKinds.flatMap((kind) =>
    (fit.networks[kind] ?? []).map((member, k, ensemble) => ({
      network: `${kind}, ${who}${ensemble.length > 1 ? `, seed ${study.seed + k}` : ''}`,
      loss: `weighted mean squared error of standardised ${findBase(kind) ? 'residual' : 'torque'}`,
      train: member.history.map((epoch) => epoch.train_loss),
      validation: member.history.map((epoch) => epoch.validation_loss),
      best_epoch: member.bestEpoch,
    })),
  );
}

function makePredictionTable(trial: ShownTrial): PredictionTable {
  const models = modelKinds.filter((model) => trial.predicted[model]);
  const how = trial.protocol === 'transfer' ? `transfer-${trial.policy}-${trial.adaptation_s}s` : trial.protocol;
  return {
    file: `predictions/${how}-${trial.participant}-${trial.trial}.sto`,
    name: `${trial.participant}, ${trial.trial}: knee torque in N.m/kg, measured and predicted (test part)`,
    times_s: trial.times_s,
    columns: [
      { label: 'measured', values: trial.measured },
      ...models.map((model) => ({ label: model, values: trial.predicted[model]! })),
      { label: 'compared', values: Float64Array.from(trial.compared) },
    ],
  };
}
