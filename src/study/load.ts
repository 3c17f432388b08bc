import { fillSide, findChannel, GenuError, hasSide } from '../data/index.js';
import { checkLabel, type KneeBody, makeKneeBody, prepareLabel, prepareTrial } from '../estimator/index.js';
import type { HashedFile, LoadedTrial, StudyEnvironment } from './environment.js';
import { adaptTrial } from './intake/adapt-trial.js';
import { calcMask } from './mask.js';
import { makeStudyRecording, type StudyRecording } from './parts.js';
import type { Study, StudyParticipant, StudyTrial } from './schema.js';
import { makeSpec } from './spec.js';
import { resolveFiles } from './trial-files.js';

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
  /** Trials to study in which no frame has a label that holds: neither trained nor tested on; their EMG is as good as any. */
  readonly unlabelled: readonly StudyRecording[];
  /** Every file read, once. */
  readonly files: readonly HashedFile[];
  /** Sentences of the readers, and of how participants were found. */
  readonly notes: readonly string[];
  /** What was left out, and why. */
  readonly warnings: readonly string[];
  /** Files of each trial, by `participant/trial`. */
  readonly hashes: ReadonlyMap<string, readonly HashedFile[]>;
}

/**
 * Reads every trial and model that a study names. A trial in which no frame has a label that holds is set apart with a warning; with
 * `on_error: leave_out` one that cannot be read is left out with a warning, and a participant of whom nothing is left.
 * @throws GenuError for a trial that cannot be read, and where nothing is left
 */
export function loadStudy(study: Study, environment: StudyEnvironment): LoadedStudy {
  const files = new Map<string, HashedFile>();
  const hashes = new Map<string, readonly HashedFile[]>();
  const notes: string[] = [...(study.intake?.notes ?? [])];
  const warnings: string[] = [...(study.intake?.warnings ?? [])];
  const people: StudyPerson[] = [];
  const recordings: StudyRecording[] = [];
  const unlabelled: StudyRecording[] = [];
  const geometries = new Map<unknown, string>();
  for (const participant of study.participants) {
    const model = environment.loadModel(participant);
    if (model.file) files.set(model.file.file, model.file);
    if (!geometries.has(model)) geometries.set(model, `geometry-${geometries.size + 1}`);
    const knee = makeKneeBody(model.description, study.torque.coordinate);
    notes.push(...model.description.notes.map((note) => `${participant.model ?? study.model}: ${note}`));
    const own: StudyRecording[] = [];
    for (const trial of participant.trials) {
      if (trial.use === 'static') continue;
      try {
        const loaded = readTrial(study, participant, trial, environment, notes);
        hashes.set(`${participant.id}/${trial.id}`, loaded.files);
        for (const file of loaded.files) files.set(file.file, file);
        const recording = makeStudyRecording(participant, trial, loaded);
        const why = trial.use === 'study' ? findWhyUnlabelled(study, recording, warnings) : undefined;
        if (study.on_error === 'leave_out') checkTrial(study, recording, knee, why === undefined);
        notes.push(...loaded.notes);
        if (why !== undefined)
          warnings.push(`${participant.id}, ${trial.id}: ${why}; it is neither trained nor tested on.`);
        (why === undefined ? own : unlabelled).push(recording);
      } catch (error) {
        if (!(error instanceof GenuError) || study.on_error === 'stop') throw error;
        warnings.push(`${participant.id}, ${trial.id} is LEFT OUT: ${error.message}`);
      }
    }
    if (!own.some(({ trial }) => trial.use === 'study')) {
      warnings.push(`${participant.id} is left out: none of the trials can be trained or tested on.`);
      continue;
    }
    people.push({ participant, knee, geometry: geometries.get(model)! });
    recordings.push(...own);
  }
  if (people.length === 0) {
    throw new GenuError('no trial of any participant can be trained or tested on.', {
      where: study.study,
      mend: warnings.slice(0, 4).join(' '),
    });
  }
  checkSameMuscles(people);
  return {
    people,
    recordings,
    unlabelled,
    files: [...files.values()],
    notes,
    warnings: [...new Set(warnings)],
    hashes,
  };
}

function readTrial(
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
  environment: StudyEnvironment,
  notes: string[],
): LoadedTrial {
  const named = resolveFiles(study, participant, trial);
  // A maximal effort need not have moments.
  const quiet = trial.use === 'maximum' && named.moments !== undefined && !environment.hasFile(named.moments);
  if (quiet) notes.push(`${named.moments}: is not there; the trial is used for the EMG maxima only.`);
  const paths = {
    ...named,
    ...(quiet ? { moments: undefined } : {}),
    ...(trial.use === 'maximum' ? { ground: undefined } : {}),
  };
  return adaptTrial(environment.loadTrial(paths, `${participant.id}, ${trial.id}`), study, participant, trial);
}

/** Why no frame of a trial can be trained or tested on; undefined where some can. Says where some can only be trained on. */
function findWhyUnlabelled(study: Study, recording: StudyRecording, warnings: string[]): string | undefined {
  const { loaded, start_s, trial, participant } = recording;
  const { moments, id } = loaded.recordings;
  // What is wrong with a label that is there, or with a study without moments, is said where it is prepared.
  if (!moments || !(study.mask.stance || trial.torque || hasSide(study.torque.channel))) return undefined;
  const label = findChannel(moments, study.torque.channel);
  if (!label) {
    const name = fillSide(trial.torque?.channel ?? study.torque.channel, participant.side, id);
    return `the file has no channel "${name}", so no label`;
  }
  const { times_s } = label.clock;
  const mask = calcMask(times_s, start_s, { moments, ground: loaded.ground }, study.mask, id);
  const has = (frames: Uint8Array) => frames.some((ok, i) => ok === 1 && Number.isFinite(label.values[i]));
  if (has(mask.usable)) {
    if (!has(mask.comparable)) warnings.push(`${id}: no frame can be tested on; only swing is left, to train on.`);
    return undefined;
  }
  const masked = mask.reasons.filter(({ frames }) => frames > 0).map(({ why, frames }) => `${why}: ${frames}`);
  return `no frame has a label that holds (of ${times_s.length}: ${masked.join(', ') || 'no label'})`;
}

/** Finds what cannot be prepared before anything long starts. */
function checkTrial(
  study: Study,
  { loaded, participant, trial }: StudyRecording,
  knee: KneeBody,
  labelled: boolean,
): void {
  const spec = makeSpec(study);
  const { times_s } = prepareTrial(loaded.recordings, spec, knee);
  if (trial.use !== 'study' || !labelled) return;
  checkLabel(prepareLabel(loaded.recordings, times_s, spec, participant.mass_kg, []), loaded.recordings.id);
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
