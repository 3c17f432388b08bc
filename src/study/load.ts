import { GenuError } from '../data/index.js';
import { type KneeBody, makeKneeBody } from '../estimator/index.js';
import type { HashedFile, StudyEnvironment } from './environment.js';
import { resolveFiles } from './layout.js';
import { makeStudyRecording, type StudyRecording } from './parts.js';
import type { Study, StudyParticipant } from './schema.js';

/** A participant with the model that is used for that participant. */
export interface StudyPerson {
  readonly participant: StudyParticipant;
  readonly knee: KneeBody;
  /** Name of the geometry in bundles; participants with one model share it. */
  readonly geometry: string;
}

export interface LoadedStudy {
  readonly people: readonly StudyPerson[];
  readonly recordings: readonly StudyRecording[];
  /** Every file read, once. */
  readonly files: readonly HashedFile[];
  /** Sentences of the readers. */
  readonly notes: readonly string[];
  /** Files of each trial, by `participant/trial`. */
  readonly hashes: ReadonlyMap<string, readonly HashedFile[]>;
}

/** Reads every trial and model that a study names. */
export function loadStudy(study: Study, environment: StudyEnvironment): LoadedStudy {
  const files = new Map<string, HashedFile>();
  const hashes = new Map<string, readonly HashedFile[]>();
  const notes: string[] = [];
  const people: StudyPerson[] = [];
  const recordings: StudyRecording[] = [];
  const geometries = new Map<unknown, string>();
  for (const participant of study.participants) {
    const model = environment.loadModel(participant);
    if (model.file) files.set(model.file.file, model.file);
    if (!geometries.has(model)) geometries.set(model, `geometry-${geometries.size + 1}`);
    const knee = makeKneeBody(model.description, study.torque.coordinate);
    notes.push(...model.description.notes.map((note) => `${participant.model ?? study.model}: ${note}`));
    people.push({ participant, knee, geometry: geometries.get(model)! });
    for (const trial of participant.trials) {
      const named = resolveFiles(study, participant, trial);
      // A maximal effort need not have moments.
      const quiet = trial.use === 'maximum' && named.moments !== undefined && !environment.hasFile(named.moments);
      if (quiet) notes.push(`${named.moments}: is not there; the trial is used for the EMG maxima only.`);
      const paths = {
        ...named,
        ...(quiet ? { moments: undefined } : {}),
        ...(trial.use === 'maximum' ? { ground: undefined } : {}),
      };
      const loaded = environment.loadTrial(paths, `${participant.id}, ${trial.id}`);
      hashes.set(`${participant.id}/${trial.id}`, loaded.files);
      for (const file of loaded.files) files.set(file.file, file);
      notes.push(...loaded.notes);
      recordings.push(makeStudyRecording(participant, trial, loaded));
    }
  }
  checkSameMuscles(people);
  return { people, recordings, files: [...files.values()], notes, hashes };
}

function checkSameMuscles(people: readonly StudyPerson[]): void {
  const [first, ...others] = people;
  for (const { participant, knee } of others) {
    if (knee.muscles.join() === first.knee.muscles.join()) continue;
    throw new GenuError(
      `the model of "${participant.id}" has other muscles at the knee (${knee.muscles.join(', ')}) than that of "${first.participant.id}" (${first.knee.muscles.join(', ')}).`,
      {
        where: 'participants',
        mend: 'Use scaled copies of one model.',
      },
    );
  }
}
