import { GenuError } from '../../data/index.js';
import type { HashedFile } from '../environment.js';
import { checkNoOverlap, type TrialPart } from '../parts.js';
import type { Fold } from './folds.js';

/** Files of each trial, by `participant/trial`. */
export type FilesOfTrials = ReadonlyMap<string, readonly Pick<HashedFile, 'sha256'>[]>;

/**
 * The guard of every protocol, whatever made the folds: nothing that is tested on was trained on.
 * Always: no stretch of a trial on both sides, and no file of a tested trial under the name of another one.
 * between: no participant on both sides. activity: no activity on both sides. within: one participant.
 * @throws GenuError naming what would be on both sides
 */
export function checkFold({ protocol, name, training, test }: Fold, files: FilesOfTrials): void {
  checkNoOverlap(training, test);
  checkFiles(training, test, files);
  const refuse = (what: string, mend: string) => {
    throw new GenuError(`${what}`, { where: `protocol ${protocol}, ${name}`, mend });
  };
  const find = (pick: (part: TrialPart) => string) => {
    const tested = new Set(test.map(pick));
    return training.map(pick).find((value) => tested.has(value));
  };
  if (protocol === 'between') {
    const both = find(({ participant }) => participant.id);
    if (both !== undefined) refuse(`participant "${both}" would be trained and tested on.`, 'Leave each out whole.');
  }
  if (protocol === 'activity') {
    const both = find(({ trial }) => trial.activity);
    if (both !== undefined) refuse(`activity "${both}" would be trained and tested on.`, 'Leave each out whole.');
  }
  if (protocol === 'within') {
    const people = new Set([...training, ...test].map(({ participant }) => participant.id));
    if (people.size > 1) refuse(`it has several participants: ${[...people].join(', ')}.`, 'Give each a fold.');
  }
}

/** @throws GenuError where a recording is tested on under one name and trained on under another */
export function checkFiles(training: readonly TrialPart[], test: readonly TrialPart[], files: FilesOfTrials): void {
  const keyOf = ({ participant, trial }: TrialPart) => `${participant.id}/${trial.id}`;
  const tested = new Map(
    test.flatMap((part) => (files.get(keyOf(part)) ?? []).map(({ sha256 }) => [sha256, keyOf(part)] as const)),
  );
  for (const part of training) {
    for (const { sha256 } of files.get(keyOf(part)) ?? []) {
      const other = tested.get(sha256);
      if (other === undefined || other === keyOf(part)) continue;
      throw new GenuError(`one of its files is, byte for byte, a file of ${other}, which is tested on.`, {
        where: part.recordings.id,
        mend: 'Give each recording to one participant and one trial.',
      });
    }
  }
}

/**
 * The guard of the protocol transfer.
 * @param sources parts that networks were trained on before
 * @throws GenuError where the new participant is among the sources, or a test part is adapted with
 */
export function checkTransfer(
  sources: readonly TrialPart[],
  adaptation: readonly TrialPart[],
  test: readonly TrialPart[],
  files: FilesOfTrials,
): void {
  const targets = new Set([...adaptation, ...test].map(({ participant }) => participant.id));
  const both = sources.find(({ participant }) => targets.has(participant.id));
  if (both) {
    throw new GenuError('the participant to adapt to is among those to pre-train on.', {
      where: both.recordings.id,
      mend: 'Leave the participant out of the sources.',
    });
  }
  checkNoOverlap(adaptation, test);
  checkFiles([...sources, ...adaptation], test, files);
}
