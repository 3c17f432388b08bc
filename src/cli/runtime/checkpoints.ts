import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GenuError } from '../../data/index.js';
import { LearnError, readCheckpoint, type TrainingState, writeCheckpoint } from '../../learn/index.js';
import { writeAtomic } from './files.js';

/** Where the checkpoints of a network are: beside the file that its training ends in. */
export const findCheckpointFile = (folder: string, key: string): string =>
  join(folder, `${key.replace(/\.json$/, '')}.checkpoint`);

/** The one before stays as long as the newest does. */
const before = (file: string) => `${file}.before`;

/** Seconds between checkpoints: those of the environment variable GENU_CHECKPOINT_S, else 10. */
export function readCheckpointInterval(): number {
  const text = process.env.GENU_CHECKPOINT_S || '10';
  const seconds = Number(text);
  if (seconds >= 0 && Number.isFinite(seconds)) return seconds;
  throw new GenuError(`${text} is no number of seconds.`, {
    where: 'GENU_CHECKPOINT_S',
    mend: 'Give the time between checkpoints of a training, 0 or more.',
  });
}

/** The checkpoints of one training. What goes wrong with them is said and never stops the training. */
export interface Checkpoints {
  /** What the training goes on from: the newest checkpoint that is whole and its own; undefined to start from the beginning. */
  read(): TrainingState | undefined;
  /** Writes a checkpoint. Until it stands, the one before does. */
  write(state: TrainingState): void;
}

/**
 * @param key of the training: a checkpoint of another one is not gone on from
 * @param warn takes sentences for people
 * @param put writes a file whole or not at all
 */
export function makeCheckpoints(
  file: string,
  key: string,
  warn: (sentence: string) => void,
  put: (file: string, bytes: Uint8Array) => void = writeAtomic,
): Checkpoints {
  let failed = false;
  return {
    read() {
      const found = [file, before(file)].filter((path) => existsSync(path));
      for (const [position, path] of found.entries()) {
        try {
          return readCheckpoint<TrainingState>(readFileSync(path), key, path);
        } catch (error) {
          const next = position + 1 < found.length ? 'from the checkpoint before it' : 'from its beginning';
          // The end of the reader's sentence says what to do; here it is done.
          const what =
            error instanceof LearnError ? error.message.replace(/ (Delete|Resume) .*$/, '') : `${path}: ${error}`;
          warn(`${what} The training of this network goes on ${next}.`);
        }
      }
      return undefined;
    },
    write(state) {
      const bytes = writeCheckpoint(key, state);
      try {
        put(`${file}.new`, bytes);
        if (existsSync(file)) renameSync(file, before(file));
        renameSync(`${file}.new`, file);
      } catch (error) {
        if (failed) return;
        failed = true;
        const why = error instanceof GenuError ? error.message : `${file}: ${error}`;
        warn(
          `No checkpoint could be written: ${why} It needs ${(bytes.length / 1e6).toFixed(2)} MB. ` +
            'Training goes on; if it is interrupted, this network starts again from its last checkpoint, or from its beginning.',
        );
      }
    },
  };
}

/** Makes room by taking the checkpoints away. @returns what puts the newest of them back; undefined where there was none */
export function takeCheckpoints(file: string): (() => void) | undefined {
  const newest = [file, before(file)].find((path) => existsSync(path));
  if (newest === undefined) return undefined;
  const bytes = readFileSync(newest);
  removeCheckpoints(file);
  return () => writeAtomic(file, bytes);
}

/** Takes the checkpoints of a finished training away, and what killed runs left of them. */
export function removeCheckpoints(file: string): void {
  const [folder, name] = [dirname(file), basename(file)];
  try {
    for (const found of readdirSync(folder)) {
      if (found.startsWith(name) || found.startsWith(`.${name}`)) rmSync(join(folder, found), { force: true });
    }
  } catch {
    // A checkpoint that stays costs some room and nothing else: its training is done, and found done.
  }
}
