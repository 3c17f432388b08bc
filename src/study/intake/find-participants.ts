import { GenuError } from '../../data/index.js';
import type { StudyFile, StudyTrial } from '../schema.js';
import type { ListedParticipant, ParticipantRule } from '../schema-participants.js';
import { findFiles } from './files.js';
import { findMatches } from './names.js';

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/**
 * Finds participants by a rule: each folder that fits is one, with those of the rule's trials whose files are there.
 * @param listing every file under the data root, relative to it, with `/`
 * @param warnings gets a sentence for every trial that is missing and every folder that is left out
 * @throws GenuError when no participant is found, two folders have one name, or a wildcard fits several files
 */
export function findParticipants(
  rule: ParticipantRule,
  study: StudyFile,
  listing: readonly string[],
  warnings: string[],
): ListedParticipant[] {
  const folders = findMatches(rule.folders, listFolders(listing));
  const except = new Set(rule.except);
  const participants: ListedParticipant[] = [];
  const paths = new Map<string, string>();
  for (const folder of folders) {
    const id = folder.split('/').at(-1)!;
    if (except.delete(id)) continue;
    const twin = paths.get(id);
    if (twin !== undefined) {
      throw new GenuError(`the folders ${twin} and ${folder} would both be the participant "${id}".`, {
        where: study.study,
        mend: 'Rename one of them, or choose participants.folders so that it fits one.',
      });
    }
    paths.set(id, folder);
    if (!idPattern.test(id)) {
      warnings.push(
        `${folder} is left out: "${id}" is no name for a participant (letters, digits, ".", "_", "+", "-").`,
      );
      continue;
    }
    const missing: string[] = [];
    const trials = findTrials(rule, study, id, listing, except, missing);
    if (!trials.some(({ use }) => use === 'study')) {
      warnings.push(`${folder} is left out: it has none of the trials ${listStudied(rule).join(', ')}.`);
      continue;
    }
    warnings.push(...missing);
    const { mass_kg, height_m, side, model, segments_m } = rule;
    const own = Object.fromEntries(Object.entries(rule.own[id] ?? {}).filter(([, value]) => value !== undefined));
    participants.push({ id, mass_kg, height_m, side, model, segments_m, ...own, trials });
  }
  for (const left of except) warnings.push(`participants.except names ${left}, which is not there.`);
  for (const id of Object.keys(rule.own)) {
    if (!participants.some((participant) => participant.id === id))
      warnings.push(`participants.own speaks of ${id}, who is not among the participants.`);
  }
  if (participants.length === 0) {
    throw new GenuError(
      `no participant was found: ${folders.length === 0 ? 'no folder fits' : `none of ${folders.length} folders (${folders.slice(0, 6).join(', ')}) that fit`} "${rule.folders}"${folders.length === 0 ? '' : ' has a trial to study'}.`,
      {
        where: study.study,
        mend: `Say where the data are with --data DIR, or mend participants.folders and files. ${warnings.slice(0, 3).join(' ')}`.trim(),
      },
    );
  }
  return participants;
}

const listStudied = (rule: ParticipantRule) => rule.trials.filter(({ use }) => use === 'study').map(({ id }) => id);

function findTrials(
  rule: ParticipantRule,
  study: StudyFile,
  id: string,
  listing: readonly string[],
  except: Set<string>,
  warnings: string[],
): StudyTrial[] {
  return rule.trials.flatMap((trial): StudyTrial[] => {
    if (except.delete(`${id}/${trial.id}`)) return [];
    const { files, missing } = findFiles(study, trial, id, listing);
    // A maximal effort need not have moments, and force plates are not needed everywhere.
    const needed = missing.filter((path) => path === files.all || path === files.emg || path === files.motion);
    if (needed.length > 0) {
      warnings.push(`${id}: the trial ${trial.id} is not there (${needed.join(', ')}).`);
      return [];
    }
    return [{ ...trial, files }];
  });
}

/** Every folder that holds a file, however deep, in the order of the listing. */
function listFolders(listing: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of listing) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].sort();
}
