import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../study/index.js';
import { findCheckpointFile, removeCheckpoints, takeCheckpoints } from './checkpoints.js';
import { writeAtomic } from './files.js';

/** Keeps finished tasks as files named by the hash of their inputs, so that a study resumes and repeats nothing. */
export function makeFileStore(folder: string): Store {
  const pathOf = (key: string) => join(folder, key);
  return {
    get(key) {
      return existsSync(pathOf(key)) ? readFileSync(pathOf(key)) : undefined;
    },
    put(key, bytes) {
      const checkpoint = findCheckpointFile(folder, key);
      try {
        writeAtomic(pathOf(key), bytes);
      } catch (error) {
        // On a full disk a result goes before its own checkpoints.
        const putBack = takeCheckpoints(checkpoint);
        if (!putBack) throw error;
        try {
          writeAtomic(pathOf(key), bytes);
        } catch {
          putBack();
          throw error;
        }
      }
      // Only now: a run that is killed in between still goes on from them.
      removeCheckpoints(checkpoint);
    },
  };
}
