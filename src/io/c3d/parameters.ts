import { GenuError } from '../../data/index.js';
import { isLittleEndian, readBinaryText, readFloatBits, writeBinaryText, writeFloatBits } from './numbers.js';
import type { C3dParameter, C3dProcessor, C3dRecord, C3dValues } from './types.js';

const TYPES = { [-1]: 'char', 1: 'byte', 2: 'int', 4: 'float' } as const;
const SIZES_bytes = { char: 1, byte: 1, int: 2, float: 4 } as const;
/** More than any laboratory writes; a bound on what a damaged file can make of us. */
const MOST_RECORDS = 20_000;
const CODES = { char: -1, byte: 1, int: 2, float: 4 } as const;

function refuse(what: string, where: string): never {
  throw new GenuError(what, { where, mend: 'The parameter section is damaged; copy or export the file again.' });
}

/**
 * Reads the records of the parameter section. Every size is held against the bytes that are there before anything is made of it.
 * @param start first byte of the first record
 * @param limit no record goes beyond this byte
 * @returns the records in file order, and the byte behind the last one
 * @throws GenuError when a record does not fit the bytes or has an unknown type
 */
export function readRecords(
  bytes: Uint8Array,
  { start, limit, processor, where }: { start: number; limit: number; processor: C3dProcessor; where: string },
): { readonly records: C3dRecord[]; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: C3dRecord[] = [];
  let at = start;
  // A name of length 0 ends the list, and so does the section's end.
  while (at + 1 < limit && view.getInt8(at) !== 0) {
    if (records.length === MOST_RECORDS) refuse(`there are more than ${MOST_RECORDS} parameter records.`, where);
    const name_bytes = Math.abs(view.getInt8(at));
    const id = view.getInt8(at + 1);
    const link_at = at + 2 + name_bytes;
    if (link_at + 2 > limit) refuse(`parameter record ${records.length + 1} goes beyond the parameter section.`, where);
    const name = readBinaryText(bytes.subarray(at + 2, link_at));
    const link = view.getUint16(link_at, isLittleEndian(processor));
    const next = link === 0 ? limit : link_at + link;
    const label = `parameter record ${records.length + 1} ("${printName(name)}")`;
    if (next > limit) refuse(`${label} goes beyond the parameter section.`, where);
    if (id === 0) refuse(`${label} belongs to group 0, which cannot be.`, where);
    const content = id < 0 ? undefined : readValues(view, link_at + 2, next, processor, label, where);
    const body_end = content ? content.end : link_at + 2;
    if (body_end > next) refuse(`${label} is longer than its own length says.`, where);
    const described_end = body_end < next ? body_end + 1 + bytes[body_end] : Number.POSITIVE_INFINITY;
    const described = described_end <= next;
    const end = described ? described_end : body_end;
    const base = {
      name,
      locked: view.getInt8(at) < 0,
      description: described ? readBinaryText(bytes.subarray(body_end + 1, described_end)) : undefined,
      ...(link !== 0 && end < next ? { slack: bytes.slice(end, next) } : {}),
      ...(link === 0 ? { last: true } : {}),
    };
    records.push(
      content
        ? { ...base, kind: 'parameter', group: id, dimensions: content.dimensions, ...content.values }
        : { ...base, kind: 'group', id: -id },
    );
    at = link === 0 ? end : next;
    if (link === 0) break;
  }
  return { records, end: at };
}

function readValues(
  view: DataView,
  start: number,
  limit: number,
  processor: C3dProcessor,
  label: string,
  where: string,
): { values: C3dValues; dimensions: number[]; end: number } {
  if (start + 2 > limit) refuse(`${label} is longer than its own length says.`, where);
  const code = view.getInt8(start);
  if (!(code in TYPES)) refuse(`${label} has type ${code}; the types are -1, 1, 2 and 4.`, where);
  const type = TYPES[code as keyof typeof TYPES];
  const dimension_count = view.getUint8(start + 1);
  const values_at = start + 2 + dimension_count;
  if (values_at > limit) refuse(`${label} is longer than its own length says.`, where);
  const dimensions = Array.from({ length: dimension_count }, (_, i) => view.getUint8(start + 2 + i));
  const count = dimensions.reduce((product, dimension) => product * dimension, 1);
  const end = values_at + count * SIZES_bytes[type];
  if (end > limit) {
    refuse(
      `${label} should hold ${dimensions.join(' × ') || 1} values of ${SIZES_bytes[type]} bytes, but only ${limit - values_at} bytes are there.`,
      where,
    );
  }
  return { values: readTyped(view, values_at, count, type, processor), dimensions, end };
}

function readTyped(
  view: DataView,
  at: number,
  count: number,
  type: C3dValues['type'],
  processor: C3dProcessor,
): C3dValues {
  switch (type) {
    case 'char':
    case 'byte':
      return { type, values: new Uint8Array(view.buffer, view.byteOffset + at, count).slice() };
    case 'int': {
      const little = isLittleEndian(processor);
      return { type, values: Int16Array.from({ length: count }, (_, i) => view.getInt16(at + 2 * i, little)) };
    }
    case 'float': {
      const bits = Uint32Array.from({ length: count }, (_, i) => readFloatBits(view, at + 4 * i, processor));
      return { type, values: new Float32Array(bits.buffer) };
    }
  }
}

/**
 * Writes records one behind the other, with their links.
 * @throws GenuError when a name, description, dimension or record is too long for the format, or values do not fill their dimensions
 */
export function writeRecords(records: readonly C3dRecord[], processor: C3dProcessor): Uint8Array {
  const parts = records.map((record) => writeRecord(record, processor));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function writeRecord(record: C3dRecord, processor: C3dProcessor): Uint8Array {
  const { name, description, slack, last } = record;
  const id = record.kind === 'group' ? -record.id : record.group;
  if (name.length === 0 || name.length > 127)
    refuseToWrite(name, `its name has ${name.length} characters, not 1 to 127`);
  if (!Number.isInteger(id) || Math.abs(id) > 127 || id === 0) {
    refuseToWrite(name, `its group is ${Math.abs(id)}, not 1 to 127`);
  }
  if (description !== undefined && description.length > 255) {
    refuseToWrite(name, `its description has ${description.length} characters, and 255 is the most`);
  }
  const body = record.kind === 'group' ? new Uint8Array(0) : writeValues(record, processor);
  const described = description === undefined ? 0 : 1 + description.length;
  const link = 2 + body.length + described + (slack?.length ?? 0);
  if (link > 65535) refuseToWrite(name, `it takes ${link} bytes, and 65535 is the most`);
  const out = new Uint8Array(2 + name.length + link);
  const view = new DataView(out.buffer);
  view.setInt8(0, record.locked ? -name.length : name.length);
  view.setInt8(1, id);
  out.set(writeBinaryText(name), 2);
  const link_at = 2 + name.length;
  view.setUint16(link_at, last ? 0 : link, isLittleEndian(processor));
  out.set(body, link_at + 2);
  const end = link_at + 2 + body.length;
  if (description !== undefined) {
    out[end] = description.length;
    out.set(writeBinaryText(description), end + 1);
  }
  if (slack) out.set(slack, end + described);
  return out;
}

function writeValues(parameter: C3dParameter, processor: C3dProcessor): Uint8Array {
  const { name, type, dimensions, values } = parameter;
  if (dimensions.length > 255 || dimensions.some((size) => !Number.isInteger(size) || size < 0 || size > 255)) {
    refuseToWrite(name, `its dimensions are ${dimensions.join(' × ')}, and each takes 0 to 255`);
  }
  const count = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (count !== values.length) {
    refuseToWrite(
      name,
      `it has ${values.length} values for dimensions ${dimensions.join(' × ') || 'of a single value'}`,
    );
  }
  const head = 2 + dimensions.length;
  const out = new Uint8Array(head + count * SIZES_bytes[type]);
  const view = new DataView(out.buffer);
  view.setInt8(0, CODES[type]);
  out[1] = dimensions.length;
  out.set(dimensions, 2);
  if (type === 'char' || type === 'byte') out.set(values, head);
  else if (type === 'int') {
    const little = isLittleEndian(processor);
    for (let i = 0; i < count; i++) view.setInt16(head + 2 * i, values[i], little);
  } else {
    const bits = new Uint32Array(values.buffer, values.byteOffset, count);
    for (let i = 0; i < count; i++) writeFloatBits(view, head + 4 * i, bits[i], processor);
  }
  return out;
}

function refuseToWrite(name: string, why: string): never {
  throw new GenuError(`parameter "${printName(name)}" cannot be written as C3D: ${why}.`, {
    mend: 'Shorten or split it.',
  });
}

/** A damaged name can hold anything; print what is printable. */
function printName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
