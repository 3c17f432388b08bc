import {
  type Bundle,
  findBase,
  loadEstimator,
  networkKinds,
  releaseEstimator,
  writeBundle,
} from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import { fitGroup, type GroupFit } from './fit-group.js';
import { fitParticipant } from './fit-participant.js';
import { loadStudy } from './load.js';
import { makeBundle } from './make-bundle.js';
import { describeMethods } from './methods.js';
import { splitWithin } from './parts.js';
import { makeProgressShares } from './progress-shares.js';
import { type LearningCurve, writeReport } from './report/index.js';
import { makeReportData, type ShownTrial } from './report-data.js';
import { describeMaskEffect, makeRows, type ResultRow } from './results.js';
import { type ModelKind, modelKinds, type Study } from './schema.js';
import { Tasks } from './tasks.js';
import { testPart } from './test-part.js';
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

/**
 * Runs a study: loads, splits, fits on the training parts, tests on the test parts, and writes it up.
 * The protocol is within subject: each participant's models are trained on that participant's training parts. Beside them one model of each
 * kind is trained on the training parts of everybody (protocol `all`), for new recordings.
 * @throws GenuError for anything in the study or its files that cannot work
 */
export async function runStudy(study: Study, environment: StudyEnvironment): Promise<StudyOutcome> {
  const warnings: string[] = [];
  const tasks = new Tasks(environment.store, environment.code_key);
  environment.onProgress(0, 'reading recordings');
  const loaded = loadStudy(study, environment);
  const split = splitWithin(loaded.recordings, study.split);
  const progress = makeProgressShares(study, environment);

  const fits = await Promise.all(
    loaded.people.map((person) => {
      const own = split.training.filter((part) => part.participant.id === person.participant.id);
      return fitParticipant(
        study,
        person,
        own,
        loaded.recordings,
        tasks,
        environment,
        progress.calibration(person.participant.id),
      );
    }),
  );
  for (const fit of fits) warnings.push(...fit.warnings);

  const groups = [
    ...fits.map((fit) => ({ protocol: 'within', name: fit.person.participant.id, members: [fit] })),
    { protocol: 'all', name: 'all', members: fits },
  ];
  const fitted = await Promise.all(
    groups.map(async (group) => ({
      ...group,
      fit: await fitGroup(study, group.members, tasks, environment, (name) =>
        progress.fit(`${group.protocol} ${group.name} ${name}`, name),
      ),
    })),
  );

  // With one participant the networks of everybody are that participant's own.
  for (const { name, fit } of groups.length === 2 ? fitted.slice(0, 1) : fitted) {
    const notes = Object.values(fit.networks).flatMap((trained) => trained.flatMap((member) => member.notes));
    warnings.push(...notes.map((note) => `${name}: ${note}`));
  }

  const models: { entry: StudyResults['models'][number]; output: OutputFile; bundle: Bundle }[] = [];
  for (const group of fitted) {
    for (const kind of modelKinds) {
      if (!study.models.includes(kind) && kind !== 'mean' && kind !== 'ridge') continue;
      const bundle = await makeBundle(
        study,
        kind,
        group.protocol,
        group.members,
        group.fit,
        loaded.hashes,
        environment,
        (sentence) => warnings.push(`${group.name}: ${sentence}`),
      );
      const file = `models/${kind}-${group.protocol === 'all' ? 'all' : `within-${group.name}`}.genu`;
      const participants = group.members.map((member) => member.person.participant.id);
      models.push({
        entry: { file, model: kind, protocol: group.protocol, participants },
        output: { file, bytes: writeBundle(bundle) },
        bundle,
      });
    }
  }

  environment.onProgress(0.97, 'testing');
  const shown: ShownTrial[] = [];
  for (const fit of fits) {
    const own = models.filter(
      ({ entry }) => entry.protocol === 'within' && entry.participants[0] === fit.person.participant.id,
    );
    // Every bundle brings mean, ridge and the solver; only some bring something of their own.
    const others = own.filter(({ bundle }) => bundle.network ?? bundle.regression);
    const estimators = await Promise.all(
      (others.length > 0 ? others : own.slice(-1)).map(({ bundle, entry }) =>
        loadEstimator(bundle, environment.executor, entry.file),
      ),
    );
    for (const part of split.test.filter((p) => p.participant.id === fit.person.participant.id)) {
      shown.push(await testPart(study, part, estimators, { id: fit.person.participant.id }, warnings));
    }
    await Promise.all(estimators.map(releaseEstimator));
  }
  const rows = makeRows(shown, 'within', study.seed);
  warnings.push(...describeMaskEffect(rows));
  const distinct = [...new Set(warnings)];
  const report = writeReport(
    makeReportData(
      {
        study,
        rows,
        trials: shown,
        uses: listTrialUses(study, loaded.recordings, split, shown, fits),
        calibrations: fits.flatMap((fit) => fit.calibration ?? []),
        training: fitted.flatMap((group) => listLearningCurves(study, group, groups.length === 2)),
        emg_maxima: fits.flatMap((fit) => fit.emg_maxima),
        warnings: distinct,
        methods: [
          ...describeMethods(study),
          ...new Set([...fits.flatMap((fit) => fit.notes), ...gatherNotes(loaded.notes)]),
        ],
        files: loaded.files,
      },
      environment,
    ),
  );
  return {
    results: { study: study.study, rows, models: models.map(({ entry }) => entry) },
    report,
    models: models.map(({ output }) => output),
    predictions: shown.map(makePredictionTable),
    warnings: distinct,
    simulated: study.simulated,
    tasks: { done: tasks.done, found: tasks.found },
  };
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

function listLearningCurves(
  study: Study,
  group: { protocol: string; name: string; fit: GroupFit },
  single: boolean,
): LearningCurve[] {
  // With one participant the model of everybody is that participant's own.
  if (single && group.protocol === 'all') return [];
  return networkKinds.flatMap((kind) =>
    (group.fit.networks[kind] ?? []).map((member, k, members) => ({
      network: `${kind}, ${group.name}${members.length > 1 ? `, seed ${study.seed + k}` : ''}`,
      loss: `weighted mean squared error of standardised ${findBase(kind) ? 'residual' : 'torque'}`,
      train: member.history.map((epoch) => epoch.train_loss),
      validation: member.history.map((epoch) => epoch.validation_loss),
      best_epoch: member.bestEpoch,
    })),
  );
}

function makePredictionTable(trial: ShownTrial): PredictionTable {
  const models = modelKinds.filter((model) => trial.predicted[model]);
  return {
    file: `predictions/within-${trial.participant}-${trial.trial}.sto`,
    name: `${trial.participant}, ${trial.trial}: knee torque in N.m/kg, measured and predicted (test part)`,
    times_s: trial.times_s,
    columns: [
      { label: 'measured', values: trial.measured },
      ...models.map((model) => ({ label: model, values: trial.predicted[model]! })),
      { label: 'compared', values: Float64Array.from(trial.compared) },
    ],
  };
}
