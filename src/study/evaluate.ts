import { GenuError } from '../data/index.js';
import {
  type Bundle,
  findEmgMaxima,
  findPerson,
  getKnee,
  loadEstimator,
  makeKneeBody,
  prepareTrial,
  releaseEstimator,
  type Subject,
} from '../estimator/index.js';
import type { LoadedTrial, StudyEnvironment } from './environment.js';
import { adaptTrial } from './intake/adapt-trial.js';
import { resolveFiles } from './layout.js';
import { cutPart, makeStudyRecording, type StudyRecording } from './parts.js';
import { preparePart } from './preparation.js';
import type { ShownTrial } from './report-data.js';
import { makeRows } from './results.js';
import type { StudyResults } from './run.js';
import type { Study, StudyParticipant } from './schema.js';
import { testPart } from './test-part.js';

/**
 * Tests a bundle on the trials of a study that are there. Nothing is trained, and nothing is fitted to the new data; only EMG maxima of
 * maximal-effort trials are read, where the study says so. Of a file that the bundle was trained on, the time it saw is left out.
 * @throws GenuError when no trial is there or nothing of them is new to the bundle
 */
export async function evaluateBundle(
  bundle: Bundle,
  file: string,
  study: Study,
  environment: StudyEnvironment,
): Promise<{ results: StudyResults; notes: string[] }> {
  const notes: string[] = [];
  checkFits(bundle, file, study);
  const estimator = await loadEstimator(bundle, environment.executor, file);
  const shown: ShownTrial[] = [];
  const found = new Set<string>();
  const subjectNotes: string[] = [];
  try {
    for (const participant of study.participants) {
      const recordings = findRecordings(study, participant, environment, notes);
      if (recordings.length === 0) continue;
      const subject = makeSubject(bundle, study, participant, recordings, environment);
      for (const recording of recordings) {
        if (recording.trial.use !== 'study') continue;
        for (const [start_s, end_s] of findUnseen(bundle, recording, notes)) {
          const person = findPerson(bundle, subject, subjectNotes);
          const part = preparePart(study, cutPart(recording, start_s, end_s), getKnee(estimator, person), bundle.spec);
          shown.push(await testPart(part, person, [estimator], study, found));
        }
      }
    }
  } finally {
    await releaseEstimator(estimator);
  }
  notes.push(...subjectNotes, ...found);
  if (shown.length === 0) {
    throw new GenuError('no trial of the study is there, or the model has seen all of them.', {
      where: study.study,
      mend: `${notes.slice(0, 3).join(' ')} Say where the recordings are with --data.`,
    });
  }
  // People the bundle was trained on are one question, new people another; their rows are not pooled.
  const isKnown = ({ participant }: ShownTrial) => bundle.people[participant] !== undefined;
  const rows = [
    ...makeRows(shown.filter(isKnown), { protocol: 'within' }, study.seed),
    ...makeRows(
      shown.filter((trial) => !isKnown(trial)),
      { protocol: 'between' },
      study.seed,
    ),
  ];
  if (rows.length === 0) {
    throw new GenuError(
      'no frame of these trials can be compared: all are masked, or without a label or a prediction.',
      {
        where: study.study,
        mend: 'The trials may be shorter than the window and mask.skip_start_s.',
      },
    );
  }
  const models = [{ file, model: bundle.kind, protocol: bundle.protocol, participants: bundle.participants }];
  return { results: { study: study.study, rows, models }, notes: [...new Set(notes)] };
}

/** What the study says of the channels has to be what the bundle expects, else its numbers would mean something else. */
function checkFits(bundle: Bundle, file: string, study: Study): void {
  const { torque, emg } = bundle.spec;
  const differ: [string, unknown, unknown][] = [
    ['torque.positive', torque.positive, study.torque.positive],
    ['torque.coordinate', torque.coordinate, study.torque.coordinate],
    ['emg.kind', emg.kind, study.emg.kind],
  ];
  for (const [field, expected, found] of differ) {
    if (expected !== found) {
      throw new GenuError(`the study says ${field}: ${found}, the model was trained with ${expected}.`, {
        where: file,
        mend: 'Use a study that describes the recordings as the one it was trained with.',
      });
    }
  }
}

function findRecordings(
  study: Study,
  participant: StudyParticipant,
  environment: StudyEnvironment,
  notes: string[],
): StudyRecording[] {
  return participant.trials.flatMap((trial) => {
    if (trial.use === 'static') return [];
    const files = resolveFiles(study, participant, trial);
    const needed = trial.use === 'maximum' ? [files.emg, files.motion] : [files.emg, files.motion, files.moments];
    const missing = needed.filter((path) => path !== undefined && !environment.hasFile(path));
    if (missing.length > 0) {
      notes.push(`${participant.id}, ${trial.id} is left out: ${missing.join(', ')} is not there.`);
      return [];
    }
    const grounded = files.ground === undefined || environment.hasFile(files.ground);
    if (!grounded && study.mask.cross_steps)
      notes.push(
        `${participant.id}, ${trial.id}: ${files.ground} is not there, so steps on the other belt are not masked.`,
      );
    const loaded: LoadedTrial = adaptTrial(
      environment.loadTrial(
        { ...files, ground: grounded ? files.ground : undefined },
        `${participant.id}, ${trial.id}`,
      ),
      study,
      participant,
      trial,
    );
    notes.push(...loaded.notes);
    return [makeStudyRecording(participant, trial, loaded)];
  });
}

function makeSubject(
  bundle: Bundle,
  study: Study,
  participant: StudyParticipant,
  recordings: readonly StudyRecording[],
  environment: StudyEnvironment,
): Subject {
  const known = bundle.people[participant.id];
  const maximal = recordings.filter(({ trial }) => trial.use === 'maximum');
  if (known || study.emg.maximum !== 'maximum_trials' || maximal.length === 0)
    return { id: participant.id, mass_kg: participant.mass_kg };
  const knee = makeKneeBody(environment.loadModel(participant).description, bundle.spec.torque.coordinate);
  const prepared = maximal.map(({ loaded }) => prepareTrial(loaded.recordings, bundle.spec, knee));
  return {
    id: participant.id,
    mass_kg: participant.mass_kg,
    emg_maxima: findEmgMaxima(
      prepared,
      bundle.spec,
      maximal.map(({ start_s }) => start_s),
    ),
  };
}

/** Stretches of a recording that the bundle was not trained on; files are recognised by their content. */
function findUnseen(bundle: Bundle, recording: StudyRecording, notes: string[]): [start_s: number, end_s: number][] {
  const hashes = new Set(recording.loaded.files.map((file) => file.sha256));
  const seen = bundle.provenance.data.filter(({ sha256 }) => hashes.has(sha256)).map(({ used_s }) => used_s);
  const end_s = recording.end_s + 1e-9;
  if (seen.length === 0) return [[recording.start_s, end_s]];
  const first = Math.min(...seen.map(([start]) => start));
  const last = Math.max(...seen.map(([, end]) => end));
  notes.push(
    `${recording.participant.id}, ${recording.trial.id}: the model was trained on ${first.toFixed(2)}–${last.toFixed(2)} s of this very file; only the rest is tested.`,
  );
  const rest: [number, number][] = [
    [recording.start_s, Math.min(first, end_s)],
    [Math.max(last, recording.start_s), end_s],
  ];
  return rest.filter(([start, end]) => end - start > 1);
}
