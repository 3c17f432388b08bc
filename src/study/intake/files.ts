import { GenuError } from '../../data/index.js';
import type { StudyFile, StudyTrial } from '../schema.js';
import { fillNames, findMatches, hasWildcard, type TrialNames } from './names.js';

type Files = NonNullable<StudyTrial['files']>;
const roles = ['all', 'emg', 'motion', 'moments', 'ground'] as const;

/** The files of a trial with everything filled in; those that are not there are listed beside. */
export interface FoundFiles {
  readonly files: Files;
  readonly missing: readonly string[];
}

/**
 * Fills in the names of a trial's files, and finds the one file that a wildcard stands for.
 * @param listing every file under the data root, relative to it, with `/`
 * @throws GenuError where a wildcard fits more than one file
 */
export function findFiles(
  study: Pick<StudyFile, 'files' | 'study'>,
  trial: Pick<StudyTrial, 'id' | 'activity' | 'files'>,
  participant: string,
  listing: readonly string[],
): FoundFiles {
  const names: TrialNames = { participant, trial: trial.id, activity: trial.activity };
  const files: Record<string, string> = {};
  const missing: string[] = [];
  for (const role of roles) {
    const template = trial.files?.[role] ?? study.files?.[role];
    if (template === undefined) continue;
    const path = fillNames(template, names, study.study);
    const found = hasWildcard(path) ? findMatches(path, listing) : listing.includes(path) ? [path] : [];
    if (found.length > 1) {
      throw new GenuError(
        `${found.length} files fit "${path}" (${found.slice(0, 4).join(', ')}${found.length > 4 ? ', …' : ''}); one was expected.`,
        {
          where: `${participant}, ${trial.id}`,
          mend: 'Name the file more closely under files, or take the other ones out of the folder.',
        },
      );
    }
    files[role] = found[0] ?? path;
    if (found.length === 0) missing.push(path);
  }
  return { files, missing };
}
