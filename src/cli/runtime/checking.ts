import { basename, dirname, extname, join, resolve } from 'node:path';
import { GenuError } from '../../data/index.js';
import { findPlainParameter, readOsim, type TableDeclaration } from '../../io/index.js';
import {
  type CheckedFile,
  type CheckedTrial,
  checkTrials,
  type FileRole,
  type Finding,
  resolveFiles,
  type Study,
  type StudyParticipant,
  type StudyTrial,
} from '../../study/index.js';
import { readBytes } from './files.js';
import { type RecordingHints, readC3dContent, readRecording, recordingEndings } from './recordings.js';
import { readStudyFile } from './yaml.js';

const roles: readonly FileRole[] = ['emg', 'motion', 'moments', 'ground'];

/**
 * Looks at a study and all its recordings, or at one recording.
 * @param root data root of the study; by default its folder
 * @throws GenuError when the path itself cannot be read, or the study does not hold
 */
export function checkPath(
  path: string,
  { root, pictures }: { root?: string | undefined; pictures: boolean },
): Finding[] {
  const ending = extname(path).toLowerCase();
  if (ending !== '.yaml' && ending !== '.yml') return checkOneFile(path, pictures);
  const data = resolve(root ?? dirname(path));
  const study = readStudyFile(path, data);
  const senses = new Map<string, CheckedTrial['model_knee']>();
  const general = (study.intake?.warnings ?? []).map(
    (what): Finding => ({
      id: 'study',
      severity: 'warning',
      where: { file: basename(path) },
      what,
      cause: 'What the study asks for and what lies under the data root differ.',
      mend: 'Nothing to do if it is meant so.',
    }),
  );
  return [
    ...general,
    ...study.participants.flatMap((participant) => {
      const model = participant.model ?? study.model;
      if (!senses.has(model)) senses.set(model, findModelKnee(model, data, study.torque.coordinate));
      const trials = participant.trials.map((trial) => loadTrial(study, participant, trial, data, senses.get(model)));
      return checkTrials(trials, study, { pictures });
    }),
  ];
}

function checkOneFile(path: string, pictures: boolean): Finding[] {
  // Whether the path is a recording at all is not for the checks to say: that is an error of the command.
  const bytes = readBytes(path);
  if (!recordingEndings.includes(extname(path).toLowerCase())) readRecording(bytes, path);
  const file = readOne(bytes, path, basename(path), []);
  const known = (name: string) => Number(findPlainParameter((file.parameters ?? {}) as never, 'PROCESSING', name));
  const mass_kg = known('Bodymass');
  const trial: CheckedTrial = {
    use: isStatic(file, path) ? 'static' : 'study',
    ...(mass_kg > 5 && mass_kg < 400 ? { mass_kg } : {}),
    files: [file],
  };
  return checkTrials([trial], undefined, { pictures });
}

/** Vicon marks static trials; folders and files are often called so. */
function isStatic({ parameters }: CheckedFile, path: string): boolean {
  return parameters?.SUBJECTS?.IS_STATIC === 1 || /(^|[\\/_ -])(static|standing|calib)/i.test(path);
}

function loadTrial(
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
  root: string,
  model_knee: CheckedTrial['model_knee'],
): CheckedTrial {
  const paths = resolveFiles(study, participant, trial);
  const byFile = new Map<string, FileRole[]>();
  for (const role of roles) {
    const path = paths[role];
    if (path !== undefined) byFile.set(path, [...(byFile.get(path) ?? []), role]);
  }
  const files = [...byFile].map(([path, own]): CheckedFile => {
    try {
      const table = own.map((role) => paths.tables?.[role]).find((found) => found !== undefined);
      const hints: RecordingHints = {
        ...(own.includes('motion') ? { unit: study.motion.unit } : {}),
        ...(own.length === 1 && own[0] === 'emg' ? { kind: study.emg.kind === 'raw' ? 'emg' : 'emg_envelope' } : {}),
        table: table as TableDeclaration | undefined,
      };
      return readOne(readBytes(join(root, path)), join(root, path), path, own, hints);
    } catch (error) {
      // A maximal effort need not have moments.
      if (trial.use !== 'study' && own.every((role) => role === 'moments' || role === 'ground'))
        return { file: path, roles: own, plates: [] };
      return describeProblem(error, path, own);
    }
  });
  return {
    participant: participant.id,
    trial: trial.id,
    activity: trial.activity,
    use: trial.use,
    mass_kg: participant.mass_kg,
    side: participant.side,
    model_knee,
    files,
  };
}

/** @param path where it is @param name what it is called in findings */
function readOne(
  bytes: Uint8Array,
  path: string,
  name: string,
  own: readonly FileRole[],
  hints: RecordingHints = {},
): CheckedFile {
  try {
    if (extname(path).toLowerCase() !== '.c3d')
      return { file: name, roles: own, recording: readRecording(bytes, path, hints), plates: [] };
    const { recording, parameters, platforms } = readC3dContent(bytes, path, hints);
    return { file: name, roles: own, recording, parameters, plates: platforms };
  } catch (error) {
    return describeProblem(error, name, own);
  }
}

function describeProblem(error: unknown, file: string, own: readonly FileRole[]): CheckedFile {
  if (!(error instanceof GenuError)) throw error;
  const { message, where, line, mend } = error;
  const head = where === undefined ? '' : `${where}${line === undefined ? '' : `, line ${line}`}: `;
  const tail = mend === undefined ? '' : ` ${mend}`;
  const what = message.slice(message.startsWith(head) ? head.length : 0, message.length - tail.length);
  const at = line === undefined ? '' : `Line ${line}: `;
  return { file, roles: own, plates: [], problem: { what: `${at}${what}`, mend } };
}

/** What a model counts positive at the knee: its range reaches farther to the side of flexion. */
function findModelKnee(model: string, root: string, coordinate: string): CheckedTrial['model_knee'] {
  if (model === 'generic') return 'extension';
  const path = join(root, model);
  const found = readOsim(readBytes(path), { file: path })
    .joints.flatMap(({ coordinates }) => coordinates)
    .find(({ name }) => name === coordinate);
  if (!found) return undefined;
  const [low, high] = found.range;
  return Math.abs(high) > Math.abs(low) ? 'flexion' : 'extension';
}
