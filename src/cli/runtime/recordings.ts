import { extname } from 'node:path';
import { type ChannelKind, GenuError, type Recording } from '../../data/index.js';
import { type C3dContent, readC3d, readStorage, readTableRecording, type TableDeclaration } from '../../io/index.js';
import { readBytes } from './files.js';

const tableEndings = ['.csv', '.tsv', '.txt', '.xlsx'];
/** Endings of the recordings that genu reads. */
export const recordingEndings = ['.sto', '.mot', '.c3d', ...tableEndings];

/** What is known of a file beside what it says itself. */
export interface RecordingHints {
  /** Unit of angles; `header` believes the file. */
  readonly unit?: 'header' | 'deg' | 'rad' | undefined;
  /** What every column is, where the file does not say it. */
  readonly kind?: ChannelKind | undefined;
  /** What the columns of a CSV or XLSX file are. */
  readonly table?: TableDeclaration | undefined;
}

/**
 * A recording from the bytes of a file, by its ending.
 * @throws GenuError for an ending that no reader knows, and as the readers do
 */
export function readRecording(
  bytes: Uint8Array,
  path: string,
  { unit = 'header', kind, table }: RecordingHints = {},
): Recording {
  const ending = extname(path).toLowerCase();
  if (!recordingEndings.includes(ending)) {
    throw new GenuError(
      `genu does not read ${ending === '' ? 'files without an ending' : `"${ending}" files`} as recordings.`,
      {
        where: path,
        mend: `It reads ${recordingEndings.slice(0, -1).join(', ')} and ${recordingEndings.at(-1)}.`,
      },
    );
  }
  if (ending === '.c3d') return readC3dContent(bytes, path, { unit }).recording;
  if (tableEndings.includes(ending)) {
    const format = ending === '.xlsx' ? 'xlsx' : 'csv';
    return readTableRecording(bytes, { file: path, format, declaration: table, kind });
  }
  return readStorage(bytes, { file: path, kind, inDegrees: unit === 'header' ? undefined : unit === 'deg' });
}

/** A C3D file with its parameters and force plates. It says itself what its channels are, so `kind` is not asked. */
export function readC3dContent(bytes: Uint8Array, path: string, { unit = 'header' }: RecordingHints = {}): C3dContent {
  return readC3d(bytes, { file: path, inDegrees: unit === 'header' ? undefined : unit === 'deg' });
}

/** Reads and parses a recording. */
export function readRecordingFile(path: string, hints: RecordingHints = {}): Recording {
  return readRecording(readBytes(path), path, hints);
}
