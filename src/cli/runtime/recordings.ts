import { extname } from 'node:path';
import { GenuError, type Recording } from '../../data/index.js';
import { readStorage } from '../../io/index.js';
import { readBytes } from './files.js';

/** Endings of the recordings that genu reads. */
export const recordingEndings = ['.sto', '.mot'];

/**
 * A recording from the bytes of a file, by its ending.
 * @param unit of angles: `header` believes the file
 * @throws GenuError for an ending that no reader knows, and as the readers do
 */
export function readRecording(bytes: Uint8Array, path: string, unit: 'header' | 'deg' | 'rad' = 'header'): Recording {
  const ending = extname(path).toLowerCase();
  if (!recordingEndings.includes(ending)) {
    throw new GenuError(
      `genu does not read ${ending === '' ? 'files without an ending' : `"${ending}" files`} as recordings.`,
      {
        where: path,
        mend: `It reads ${recordingEndings.join(' and ')}.`,
      },
    );
  }
  return readStorage(bytes, { file: path, inDegrees: unit === 'header' ? undefined : unit === 'deg' });
}

/** Reads and parses a recording. */
export function readRecordingFile(path: string, unit: 'header' | 'deg' | 'rad' = 'header'): Recording {
  return readRecording(readBytes(path), path, unit);
}
