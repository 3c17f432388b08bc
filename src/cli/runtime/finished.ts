import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { writeAtomic } from './files.js';

/** What a finished run left behind: the hash of everything it was made from, and of every file it wrote. */
interface Finished<Summary> {
  readonly key: string;
  readonly files: Readonly<Record<string, string>>;
  readonly summary: Summary;
}

const recordName = join('cache', 'finished.json');
const hash = (bytes: Uint8Array) => bytesToHex(sha256(bytes));

/** The summary of an earlier run with the same key, when every file it wrote is still there as it was written. */
export function findFinished<Summary>(folder: string, key: string): Summary | undefined {
  const path = join(folder, recordName);
  if (!existsSync(path)) return undefined;
  try {
    const finished = JSON.parse(readFileSync(path, 'utf8')) as Finished<Summary>;
    if (finished.key !== key) return undefined;
    const whole = Object.entries(finished.files).every(
      ([file, digest]) => existsSync(join(folder, file)) && hash(readFileSync(join(folder, file))) === digest,
    );
    return whole ? finished.summary : undefined;
  } catch {
    // A damaged record only means that the run is done again.
    return undefined;
  }
}

/** Writes the files of a run, then the record that makes them count as finished. */
export function writeFinished<Summary>(
  folder: string,
  key: string,
  files: readonly { readonly file: string; readonly bytes: Uint8Array }[],
  summary: Summary,
): void {
  for (const { file, bytes } of files) writeAtomic(join(folder, file), bytes);
  const record: Finished<Summary> = {
    key,
    files: Object.fromEntries(files.map(({ file, bytes }) => [file, hash(bytes)])),
    summary,
  };
  writeAtomic(join(folder, recordName), `${JSON.stringify(record)}\n`);
}
