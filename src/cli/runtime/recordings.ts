import { extname } from 'node:path';
import { type ChannelKind, GenuError, type Recording } from '../../data/index.js';
import { readStorage } from '../../io/index.js';
import { readBytes } from './files.js';

/** Endings of the recordings that genu reads. */
const recordingEndings = ['.sto', '.mot'];

/** What is known of a file beside what it says itself. */
export interface RecordingHints {
  /** Unit of angles; `header` believes the file. */
  readonly unit?: 'header' | 'deg' | 'rad' | undefined;
  /** What every column is, where the file does not say it. */
  readonly kind?: ChannelKind | undefined;
}

/**
 * A recording from the bytes of a file, by its ending.
 * @throws GenuError for an ending that no reader knows, and as the readers do
 */
export function readRecording(
  bytes: Uint8Array,
  path: string,
  { unit = 'header', kind }: RecordingHints = {},
): Recording {
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
  return readStorage(bytes, { file: path, kind, inDegrees: unit === 'header' ? undefined : unit === 'deg' });
}

/** Reads and parses a recording. */
export function readRecordingFile(path: string, hints: RecordingHints = {}): Recording {
  return readRecording(readBytes(path), path, hints);
}
