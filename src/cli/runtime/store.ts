import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../study/index.js';
import { findCheckpointFile, removeCheckpoints } from './checkpoints.js';
import { writeAtomic } from './files.js';

/** Keeps finished tasks as files named by the hash of their inputs, so that a study resumes and repeats nothing. */
export function makeFileStore(folder: string): Store {
  const pathOf = (key: string) => join(folder, key);
  return {
    get(key) {
      return existsSync(pathOf(key)) ? readFileSync(pathOf(key)) : undefined;
    },
    put(key, bytes) {
      writeAtomic(pathOf(key), bytes);
      // Only now: a run that is killed in between still goes on from them.
      removeCheckpoints(findCheckpointFile(folder, key));
    },
  };
}
