import { GenuError, type Recording } from '../../data/index.js';
import type { Study, StudyFile, StudyParticipant, StudyTrial } from '../schema.js';
import type { ListedParticipant, SegmentLengths } from '../schema-participants.js';
import { findFiles } from './files.js';
import { findParticipants } from './find-participants.js';
import { type FindParameter, findMeasured } from './measured.js';
import { hasWildcard, type TrialNames } from './names.js';
import { measureSegments } from './segments.js';
import { findSide } from './sides.js';

/** What has to be seen of the data before a study can run. */
export interface IntakeWorld {
  /** Every file under the data root, relative to it, with `/`, sorted. */
  readonly listFiles: () => readonly string[];
  readonly findParameter: FindParameter;
  readonly readRecording: (file: string, role: 'emg' | 'motion', names: TrialNames) => Recording;
}

const ranges = {
  mass_kg: { name: 'body mass', range: [5, 400], unit: 'kg' },
  height_m: { name: 'height', range: [0.4, 2.6], unit: 'm' },
} as const;

/**
 * Finds the participants of a study and everything about them that the study leaves to their files: trials, the one file behind a
 * wildcard, mass and height, the leg with the electrodes, segments in quiet standing. What is found depends on the files alone, and on no
 * result.
 * @throws GenuError when no participant is left, or something cannot be told and `on_error` is stop
 */
export function resolveStudy(study: StudyFile, world: IntakeWorld): Study {
  const notes: string[] = [];
  const warnings: string[] = [];
  const given = study.participants;
  const listed = Array.isArray(given)
    ? given.map((participant) => expandTrials(participant, study, world))
    : findParticipants(given, study, world.listFiles(), warnings);
  if (!Array.isArray(given))
    notes.push(`participants found under "${given.folders}": ${listed.map(({ id }) => id).join(', ')}.`);
  const participants = listed.flatMap((participant): StudyParticipant[] => {
    const people: string[] = [];
    try {
      const known = resolveParticipant(participant, study, world, people);
      notes.push(...people);
      return [known];
    } catch (error) {
      if (!(error instanceof GenuError) || study.on_error === 'stop') throw error;
      warnings.push(`${participant.id} is left out: ${error.message}`);
      return [];
    }
  });
  if (participants.length === 0) {
    throw new GenuError('no participant is left.', { where: study.study, mend: warnings.slice(0, 4).join(' ') });
  }
  return { ...study, participants, intake: { notes, warnings } };
}

/** Whether a study says everything itself, so that no file need be looked at before it runs. */
export function saysEverything(study: StudyFile): boolean {
  const { participants } = study;
  if (!Array.isArray(participants)) return false;
  const open = (files: StudyTrial['files']) =>
    Object.values(files ?? {}).some((path) => path !== undefined && hasWildcard(path));
  return (
    !open(study.files) &&
    participants.every(
      ({ side = study.side, mass_kg, height_m, trials }) =>
        side !== 'emg' &&
        typeof mass_kg === 'number' &&
        typeof height_m !== 'object' &&
        trials.every(({ files, use }) => !open(files) && use !== 'static'),
    )
  );
}

function expandTrials(participant: ListedParticipant, study: StudyFile, world: IntakeWorld): ListedParticipant {
  const trials = participant.trials.map((trial): StudyTrial => {
    const templates = Object.values({ ...study.files, ...trial.files });
    if (!templates.some((path) => path !== undefined && hasWildcard(path))) return trial;
    const { files, missing } = findFiles(study, trial, participant.id, world.listFiles());
    const lost = missing.find(hasWildcard);
    if (lost !== undefined) {
      throw new GenuError(`no file fits "${lost}".`, {
        where: `${participant.id}, ${trial.id}`,
        mend: 'Say where the data are with --data DIR, mend files, or take the trial out.',
      });
    }
    return { ...trial, files };
  });
  return { ...participant, trials };
}

function resolveParticipant(
  participant: ListedParticipant,
  study: StudyFile,
  world: IntakeWorld,
  notes: string[],
): StudyParticipant {
  const { id, trials } = participant;
  const filesOf = (trial: StudyTrial) => findFiles(study, trial, id, []).files;
  const all = [
    ...new Set(trials.flatMap((trial) => Object.values(filesOf(trial)).filter((path) => path !== undefined))),
  ];
  const find = (key: 'mass_kg' | 'height_m', given: NonNullable<ListedParticipant[typeof key]>): number => {
    const found = findMeasured(given, all, world.findParameter, ranges[key]);
    if ('problem' in found) {
      throw new GenuError(`${found.problem}.`, {
        where: id,
        mend: `Give ${key} as a number, for one participant under participants.own.`,
      });
    }
    if (found.note) notes.push(`${id}: ${found.note}.`);
    return found.value;
  };
  const mass_kg = find('mass_kg', participant.mass_kg);
  const height_m = participant.height_m === undefined ? undefined : find('height_m', participant.height_m);
  const named = participant.side ?? study.side;
  const read = (trial: StudyTrial, role: 'emg' | 'motion') => {
    const files = filesOf(trial);
    const path = files[role] ?? files.all;
    if (path === undefined) throw new GenuError(`the trial has no ${role} file.`, { where: `${id}, ${trial.id}` });
    return world.readRecording(path, role, { participant: id, trial: trial.id, activity: trial.activity });
  };
  let side = named === 'emg' ? undefined : named;
  if (named === 'emg') {
    const recordings = trials.filter(({ use }) => use === 'study').map((trial) => read(trial, 'emg'));
    const verdict = findSide(recordings, Object.values(study.emg.channels), id);
    side = verdict.side;
    notes.push(`${id}: ${verdict.note}`);
  }
  const measured = (participant.model ?? study.model) === 'generic' ? trials.filter(({ use }) => use === 'static') : [];
  // What the study says itself goes first, then the first static trial.
  const segments = { ...participant.segments_m };
  for (const trial of measured) {
    const found = measureSegments(read(trial, 'motion'), study.scaling, side, `${id}, ${trial.id}`, notes);
    for (const key of Object.keys(found) as (keyof SegmentLengths)[]) segments[key] ??= found[key];
  }
  return {
    ...participant,
    mass_kg,
    height_m,
    side,
    ...(Object.keys(segments).length > 0 ? { segments_m: segments } : {}),
  };
}
