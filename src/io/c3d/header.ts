import { GenuError } from '../../data/index.js';
import { isLittleEndian, readBinaryText, readFloat, writeBinaryText, writeFloat } from './numbers.js';
import { BLOCK_bytes, type C3dHeader, type C3dHeaderEvent, type C3dProcessor } from './types.js';

/** Marks a C3D file: the second byte of header and parameter section. */
export const KEY = 0x50;
/** Says that event labels have four characters, and that the events are there. */
const EVENT_KEY = 0x3039;
const MOST_EVENTS = 18;
/** Byte of a 1-based 16-bit word of the header, as the format's tables count them. */
const word = (number: number) => 2 * (number - 1);

const PROCESSORS: readonly C3dProcessor[] = ['intel', 'dec', 'mips'];

/**
 * Finds where the parameters begin and which processor wrote the file.
 * @throws GenuError when the bytes are no C3D file
 */
export function findParameterSection(
  bytes: Uint8Array,
  where: string,
): { readonly at: number; readonly processor: C3dProcessor } {
  if (bytes.length < BLOCK_bytes || bytes[1] !== KEY) {
    throw new GenuError(
      bytes.length < BLOCK_bytes
        ? `this is no C3D file: it has ${bytes.length} bytes, and a C3D header alone takes ${BLOCK_bytes}.`
        : `this is no C3D file: its second byte is ${bytes[1]}, not ${KEY}.`,
      { where, mend: 'Copy or export the file again.' },
    );
  }
  const at = (bytes[0] - 1) * BLOCK_bytes;
  if (bytes[0] < 2 || at + 4 > bytes.length) {
    throw new GenuError(`its parameters should begin at block ${bytes[0]}, which is not in the file.`, {
      where,
      mend: 'The file is damaged or cut short; copy or export it again.',
    });
  }
  const code = bytes[at + 3];
  const processor = PROCESSORS[code - 84];
  if (!processor) {
    throw new GenuError(`byte order ${code} is not one of 84 (Intel), 85 (DEC) and 86 (MIPS).`, {
      where,
      mend: 'The file is damaged; copy or export it again.',
    });
  }
  return { at, processor };
}

/** Reads the header block. */
export function readHeader(bytes: Uint8Array, processor: C3dProcessor): C3dHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK_bytes);
  const read = (number: number) => view.getUint16(word(number), isLittleEndian(processor));
  return {
    parameter_block: bytes[0],
    point_count: read(2),
    analog_values_per_frame: read(3),
    first_frame: read(4),
    last_frame: read(5),
    max_gap: read(6),
    scale: readFloat(view, word(7), processor),
    data_block: read(9),
    analog_samples_per_frame: read(10),
    rate_Hz: readFloat(view, word(11), processor),
    events: readEvents(bytes, view, processor),
  };
}

/** The event list is there only with its key word; an impossible count means that it is not. */
function readEvents(bytes: Uint8Array, view: DataView, processor: C3dProcessor): C3dHeaderEvent[] {
  const little = isLittleEndian(processor);
  const count = view.getUint16(word(151), little);
  if (view.getUint16(word(150), little) !== EVENT_KEY || count > MOST_EVENTS) return [];
  return Array.from({ length: count }, (_, i) => ({
    label: readBinaryText(bytes.subarray(word(199) + 4 * i, word(199) + 4 * (i + 1))),
    time_s: readFloat(view, word(153) + 4 * i, processor),
    flag: bytes[word(189) + i],
  }));
}

/**
 * Writes the header block.
 * @param known 512 bytes to begin from: reserved words, and the last bit of numbers that mean the same, stay as they are
 * @throws GenuError when a number does not fit its word, or there are more than 18 events
 */
export function writeHeader(header: C3dHeader, processor: C3dProcessor, known?: Uint8Array): Uint8Array {
  const bytes = known ? Uint8Array.from(known) : new Uint8Array(BLOCK_bytes);
  const view = new DataView(bytes.buffer);
  const little = isLittleEndian(processor);
  const put = (number: number, value: number, name: string) => {
    if (!Number.isInteger(value) || value < 0 || value > 65535) {
      throw new GenuError(`the C3D header cannot hold ${value} as its ${name}.`, {
        mend: 'It takes whole numbers from 0 to 65535.',
      });
    }
    view.setUint16(word(number), value, little);
  };
  const putFloat = (at: number, value: number) => {
    if (!Object.is(readFloat(view, at, processor), Math.fround(value))) writeFloat(view, at, value, processor);
  };
  bytes[0] = header.parameter_block;
  bytes[1] = KEY;
  put(2, header.point_count, 'number of points');
  put(3, header.analog_values_per_frame, 'number of analog values per frame');
  put(4, header.first_frame, 'first frame');
  put(5, header.last_frame, 'last frame');
  put(6, header.max_gap, 'longest bridged gap');
  putFloat(word(7), header.scale);
  put(9, header.data_block, 'first block of samples');
  put(10, header.analog_samples_per_frame, 'number of analog samples per frame');
  putFloat(word(11), header.rate_Hz);
  const { events } = header;
  if (events.length > MOST_EVENTS) {
    throw new GenuError(`the C3D header cannot hold ${events.length} events.`, {
      mend: `It takes ${MOST_EVENTS}; more belong in the EVENT group.`,
    });
  }
  if (events.length === 0) {
    // Without the key the count is another writer's business.
    if (view.getUint16(word(150), little) === EVENT_KEY && view.getUint16(word(151), little) <= MOST_EVENTS) {
      put(151, 0, 'number of events');
    }
    return bytes;
  }
  put(150, EVENT_KEY, 'event key');
  put(151, events.length, 'number of events');
  events.forEach(({ label, time_s, flag }, i) => {
    bytes.set(writeBinaryText(label.padEnd(4).slice(0, 4)), word(199) + 4 * i);
    putFloat(word(153) + 4 * i, time_s);
    bytes[word(189) + i] = flag;
  });
  return bytes;
}
