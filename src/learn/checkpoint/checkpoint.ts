import { crc32c } from '../crc32c.js';
import { LearnError } from '../errors.js';
import { type CheckpointArray, decodeFields, encodeFields, makeArray, type StoredArray } from './fields.js';

/**
 * A checkpoint file: what a training goes on from after it was interrupted.
 *
 * | bytes    |                                                                                               |
 * |----------|-----------------------------------------------------------------------------------------------|
 * | 8        | `genuckpt`                                                                                    |
 * | 4        | version of the layout, unsigned                                                               |
 * | 4        | length of the manifest, unsigned                                                              |
 * | manifest | JSON: `key`, `fields` (see fields.ts) and `arrays`, the type and length of each array         |
 * | arrays   | one after the other, each from a multiple of 8 on                                             |
 * | 4        | CRC-32C of all before                                                                         |
 *
 * Numbers are little-endian, as in every host of JavaScript that is in use. Start and end stay the same in every version.
 */
const MAGIC = 'genuckpt';
const VERSION = 1;
const HEADER = 16;
const TRAILER = 4;
const MEND = 'Delete it: training then starts again from the checkpoint before it, or from the start.';

interface Manifest {
  readonly key: string;
  readonly fields: unknown;
  readonly arrays: readonly StoredArray[];
}

/**
 * @param key tells the training apart from others: text that changes with everything the result depends on
 * @param fields a plain object of numbers (NaN, −0 and infinities too), texts, truth values, null, undefined, typed arrays,
 * and lists and plain objects of these
 * @throws LearnError that names a field of another kind
 */
export function writeCheckpoint(key: string, fields: object): Uint8Array<ArrayBuffer> {
  const { encoded, arrays } = encodeFields(fields);
  const manifest: Manifest = { key, fields: encoded, arrays: arrays.map(({ type, length }) => ({ type, length })) };
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  let length = HEADER + text.length;
  const places = arrays.map(({ bytes }) => {
    const place = roundUp(length);
    length = place + bytes.length;
    return place;
  });
  const file = new Uint8Array(length + TRAILER);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(12, text.length, true);
  file.set(text, HEADER);
  for (const [position, { bytes }] of arrays.entries()) file.set(bytes, places[position]);
  view.setUint32(length, crc32c(file.subarray(0, length)), true);
  return file;
}

/**
 * Reads a checkpoint back, exactly as it was written. The arrays are the caller's.
 * @param key of the training that wants to go on
 * @param name of the file, for messages
 * @throws LearnError where the file is no checkpoint, is damaged, is of a newer version or belongs to another training
 */
export function readCheckpoint<Fields extends object>(bytes: Uint8Array, key: string, name = 'checkpoint'): Fields {
  const refuse = (what: string, mend = MEND): never => {
    throw new LearnError(what, { where: name, mend });
  };
  const end = bytes.length - TRAILER;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (end < HEADER || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    return refuse('is no checkpoint of genu, or only the beginning of one.');
  }
  if (view.getUint32(end, true) !== crc32c(bytes.subarray(0, end))) {
    return refuse('does not fit its checksum: it is damaged, or was not written to the end.');
  }
  const version = view.getUint32(8, true);
  if (version !== VERSION) return refuse(`has version ${version}; this version of genu reads ${VERSION}.`);
  let manifest: Manifest;
  let fields: object;
  try {
    const text = bytes.subarray(HEADER, HEADER + view.getUint32(12, true));
    manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
    fields = decodeFields(manifest.fields, readArrays(bytes.subarray(0, end), HEADER + text.length, manifest.arrays));
  } catch (error) {
    // The checksum holds, so another program must have written this.
    return refuse(`cannot be read: ${(error as Error).message}.`);
  }
  if (manifest.key !== key) {
    return refuse(
      `belongs to another training (${shorten(String(manifest.key))}) than this one (${shorten(key)}).`,
      'Resume with the data and the options it was made with, or delete it to start again.',
    );
  }
  // What the fields are is between the caller and what it wrote.
  return fields as Fields;
}

function readArrays(bytes: Uint8Array, start: number, stored: readonly StoredArray[]): CheckpointArray[] {
  let at = start;
  return stored.map((one) => {
    const place = roundUp(at);
    const array = makeArray(one, bytes.subarray(place));
    at = place + array.byteLength;
    return array;
  });
}

const roundUp = (length: number): number => Math.ceil(length / 8) * 8;

const shorten = (key: string): string => (key.length > 40 ? `${key.slice(0, 39)}…` : key);
