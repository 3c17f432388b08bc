import { crc32c } from '../crc32c.js';
import { LearnError } from '../errors.js';
import { ProtobufWriter } from '../onnx/protobuf.js';

// Field numbers: event.proto and summary.proto of TensorBoard 2.
const [WALL_TIME, STEP, FILE_VERSION, SUMMARY] = [1, 2, 3, 5];
const [VALUE, TAG, SIMPLE_VALUE] = [1, 1, 2];

/** Bytes to append to a TensorBoard event file, one call after the other. */
export interface EventWriter {
  /** The record that every event file starts with. */
  begin(): Uint8Array;
  /**
   * Numbers of one step, by tag: a tag is one curve, and a slash in it makes a group (`loss/train`).
   * @throws LearnError for a step that is no whole number of at least 0 and for an empty tag
   */
  scalars(step: number, values: Readonly<Record<string, number>>): Uint8Array;
}

/**
 * Makes the bytes of a TensorBoard event file; whoever calls it appends them to a file. Numbers are kept in single
 * precision; NaN and infinities are kept.
 * @param now_s wall time in seconds since 1970
 */
export function makeEventWriter(now_s: () => number): EventWriter {
  const event = () => new ProtobufWriter().double(WALL_TIME, now_s());
  return {
    begin: () => frameRecord(event().text(FILE_VERSION, 'brain.Event:2').finish()),
    scalars: (step, values) => {
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new LearnError(`step must be a whole number of at least 0, is ${step}.`, { where: 'event file' });
      }
      const summary = new ProtobufWriter();
      for (const [tag, value] of Object.entries(values)) {
        if (tag === '') throw new LearnError('a number has no tag.', { where: 'event file' });
        summary.message(VALUE, new ProtobufWriter().text(TAG, tag).float(SIMPLE_VALUE, value));
      }
      return frameRecord(event().integer(STEP, step).message(SUMMARY, summary).finish());
    },
  };
}

/**
 * A name by which TensorBoard knows an event file; it reads a folder's files in the order of their times.
 * @param start_s wall time of the first record, seconds since 1970
 * @param suffix tells files of the same second apart
 */
export const makeEventFileName = (start_s: number, suffix: string): string =>
  `events.out.tfevents.${String(Math.floor(start_s)).padStart(10, '0')}.${suffix}`;

/**
 * One record of a TFRecord file (https://www.tensorflow.org/tutorials/load_data/tfrecord): length as 64 bits, its
 * checksum, the data, their checksum, all little-endian.
 */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskChecksum(crc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskChecksum(crc32c(data)), true);
  return record;
}

/** Checksums of data that hold checksums themselves would be weak; the format turns and shifts them. */
const maskChecksum = (checksum: number): number => (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
