import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GenuError, listNearest } from '../../data/index.js';

const largest_bytes = 1.5 * 2 ** 30;

/**
 * The bytes of a file.
 * @throws GenuError when it is not there (naming what is), is a folder, is too large, or may not be read
 */
export function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > largest_bytes) {
      throw new GenuError(`the file has ${(size / 2 ** 30).toFixed(1)} GiB; genu reads files of up to 1.5 GiB.`, {
        where: path,
        mend: 'Split the trial into shorter ones.',
      });
    }
    return readFileSync(path);
  } catch (error) {
    throw error instanceof GenuError ? error : sayFileError(error, path);
  }
}

/** What the file system said, as a sentence for people. */
export function sayFileError(error: unknown, path: string): GenuError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const beside = listFolder(dirname(path));
    const mend =
      beside === undefined
        ? `The folder ${dirname(path)} is not there either.`
        : `In that folder: ${listNearest(basename(path), beside, 6) || 'nothing'}.`;
    return new GenuError('there is no such file.', { where: path, mend });
  }
  if (code === 'EISDIR')
    return new GenuError('this is a folder; a file was expected.', { where: path, mend: 'Name a file in it.' });
  if (code === 'EACCES' || code === 'EPERM')
    return new GenuError('this may not be read or written: permission denied.', {
      where: path,
      mend: 'Change its permissions, or use another place.',
    });
  if (code === 'ENOSPC')
    return new GenuError('the disk is full.', { where: path, mend: 'Make room and run again; what is done is kept.' });
  if (code === 'EFBIG')
    return new GenuError('the file would be larger than this system or user may write.', {
      where: path,
      mend: 'Raise the limit on file sizes (ulimit -f), or use another disk.',
    });
  return new GenuError(error instanceof Error ? `${error.message}.` : String(error), { where: path });
}

function listFolder(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** Writes a file whole or not at all: into a temporary file beside it, flushed, then renamed over it. Makes its folder. */
export function writeAtomic(path: string, content: Uint8Array | string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const handle = openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The first error is the one to tell: where nothing can be written, nothing can be removed.
    }
    throw sayFileError(error, path);
  }
}

/**
 * Looks, without writing anything, whether files can be written into a folder that may not be there yet.
 * @throws GenuError when it, or the nearest folder above it that is there, is a file or may not be written to
 */
export function checkWritable(folder: string): void {
  const above = dirname(folder);
  try {
    if (statSync(folder).isDirectory()) accessSync(folder, constants.W_OK);
    else
      throw new GenuError('this is a file; a folder to write into was expected.', {
        where: folder,
        mend: 'Name another folder with --out.',
      });
  } catch (error) {
    if (error instanceof GenuError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if ((code === 'ENOENT' || code === 'ENOTDIR') && above !== folder) checkWritable(above);
    else throw sayFileError(error, folder);
  }
}
