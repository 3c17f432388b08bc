import { GenuError } from '../data/index.js';
import { fillNames, type TrialNames } from './intake/names.js';
import type { Study, StudyFile, StudyParticipant, StudyTrial } from './schema.js';
import type { StudyTable } from './schema-tables.js';

/** Where one trial's files are, relative to the data root. */
export interface TrialFiles {
  readonly emg: string;
  /** The EMG's, where nothing moves and there is no file of motion. */
  readonly motion: string;
  readonly moments: string | undefined;
  readonly ground: string | undefined;
  /** What the columns of those that are tables are. */
  readonly tables?: Readonly<Partial<Record<FileRole, StudyTable>>> | undefined;
}

export type FileRole = 'emg' | 'motion' | 'moments' | 'ground';

/** Every file that a study names, once: trials and models. */
export function listStudyFiles(study: Study): string[] {
  const files = study.participants.flatMap((participant) => [
    participant.model ?? study.model,
    ...participant.trials.flatMap((trial) =>
      trial.use === 'static'
        ? getStaticFile(study, participant, trial)
        : listRoles(resolveFiles(study, participant, trial)),
    ),
  ]);
  return [...new Set(files)].filter((file) => file !== undefined && file !== 'generic') as string[];
}

/**
 * The files of one trial, with {participant}, {trial} and {activity} filled in.
 * @throws GenuError when there is no file of EMG, or none of motion and no posture
 */
export function resolveFiles(
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
  file = study.study,
): TrialFiles {
  const names = { participant: participant.id, trial: trial.id, activity: trial.activity };
  const find = (role: 'all' | 'emg' | 'motion' | 'moments' | 'ground') => {
    const template = trial.files?.[role] ?? study.files?.[role];
    return template === undefined ? undefined : fillNames(template, names, file);
  };
  const all = find('all');
  const emg = find('emg') ?? all;
  const motion = find('motion') ?? all ?? (study.motion.posture_deg ? emg : undefined);
  if (emg === undefined || motion === undefined) {
    throw new GenuError(
      `trial "${trial.id}" of participant "${participant.id}" has no ${emg === undefined ? 'emg' : 'motion'} file.`,
      {
        where: file,
        mend: 'Say files: { emg: …, motion: …, moments: … }, or files: { all: … }, for the study or for the trial.',
      },
    );
  }
  return {
    emg,
    motion,
    moments: find('moments') ?? all,
    ground: find('ground') ?? all,
    ...(study.tables ? { tables: listTables(study, names) } : {}),
  };
}

const listRoles = (files: TrialFiles) => roles.map((role) => files[role]);

const roles = ['emg', 'motion', 'moments', 'ground'] as const;

function listTables(study: Study, names: TrialNames): TrialFiles['tables'] {
  return Object.fromEntries(
    roles.flatMap((role) => {
      const table = getTable(study, role, names);
      return table ? [[role, table]] : [];
    }),
  );
}

/** What the columns of a file are, with the names of its sheets filled in; undefined where the study does not say. */
export function getTable(
  { tables, study }: Pick<StudyFile, 'tables' | 'study'>,
  role: FileRole,
  names: TrialNames,
): StudyTable | undefined {
  const table = tables?.[role] ?? tables?.all;
  if (!table) return undefined;
  const fill = <Place extends { sheet?: string | undefined }>(place: Place): Place =>
    place.sheet === undefined ? place : { ...place, sheet: fillNames(place.sheet, names, study) };
  return {
    ...table,
    ...(table.time ? { time: fill(table.time) } : {}),
    channels: Object.fromEntries(
      Object.entries(table.channels).map(([name, channel]) => [
        name,
        { ...fill(channel), ...(channel.time ? { time: fill(channel.time) } : {}) },
      ]),
    ),
  };
}

/** The file of a trial with use: static: the one with its markers. */
export function getStaticFile(study: Study, participant: StudyParticipant, trial: StudyTrial): string | undefined {
  const names = { participant: participant.id, trial: trial.id, activity: trial.activity };
  const template = trial.files?.motion ?? study.files?.motion ?? trial.files?.all ?? study.files?.all;
  return template === undefined ? undefined : fillNames(template, names);
}
