import { GenuError } from '../../data/index.js';
import { findParameterSection, KEY, readHeader, writeHeader } from './header.js';
import { calcFrameBytes, findDataByte, findLayout, listReadings } from './layout.js';
import { findText } from './lookup.js';
import { readRecords, writeRecords } from './parameters.js';
import { readSamples, writeSamples } from './samples.js';
import { BLOCK_bytes, type C3dFile, type C3dLayout, type C3dProcessor, type C3dRecord } from './types.js';

const PROCESSOR_CODES = { intel: 84, dec: 85, mips: 86 } as const;
/** Bytes at the head of the parameter section. */
const HEAD_bytes = 4;

/** Whether integer analog samples and offsets are unsigned. */
export function hasUnsignedAnalogs(records: readonly C3dRecord[]): boolean {
  return /^unsigned$/i.test(findText(records, 'ANALOG', 'FORMAT') ?? '');
}

/**
 * Reads a C3D file as it stands: header, parameters and unscaled samples.
 * @param bytes the whole file
 * @throws GenuError when the bytes are no C3D file, are cut short, or contradict themselves
 */
export function readC3dFile(bytes: Uint8Array, { file }: { readonly file: string }): C3dFile {
  const section = findParameterSection(bytes, file);
  const { processor } = section;
  const header = readHeader(bytes, processor);
  const stated = (header.data_block - 1) * BLOCK_bytes;
  const { records, end } = readRecords(bytes, {
    start: section.at + HEAD_bytes,
    limit: stated > section.at ? Math.min(stated, bytes.length) : bytes.length,
    processor,
    where: file,
  });
  if (records.length === 0) {
    throw new GenuError('there are no parameters.', { where: file, mend: 'The file is damaged; export it again.' });
  }
  const at = findDataByte(header, records);
  if (at < end) {
    throw new GenuError(
      `its samples should begin at byte ${at}, but the parameters ${at < section.at ? 'begin' : 'end'} only at byte ${at < section.at ? section.at : end}.`,
      { where: file, mend: 'The file is damaged; copy or export it again.' },
    );
  }
  const { layout, notes } = findLayout(header, records, bytes.length - at, file);
  const form = { processor, unsigned_analogs: hasUnsignedAnalogs(records) };
  const samples = readSamples(bytes, at, layout, form);
  const samples_end = at + layout.frame_count * calcFrameBytes(layout);
  if (bytes.length - samples_end >= BLOCK_bytes) {
    notes.push(`${bytes.length - samples_end} bytes follow the last frame; they are kept, but not understood.`);
  }
  return {
    processor,
    header,
    records,
    ...layout,
    ...samples,
    notes,
    residue: {
      processor,
      header: bytes.slice(0, BLOCK_bytes),
      before_parameters: bytes.slice(BLOCK_bytes, section.at),
      parameter_head: bytes.slice(section.at, section.at + HEAD_bytes),
      after_parameters: bytes.slice(end, at),
      after_samples: bytes.slice(samples_end),
    },
  };
}

/**
 * Writes a C3D file. What was read and not changed comes out byte for byte, except DEC floats that no IEEE float can hold exactly
 * (below 2^−126, zeros with stray bits, reserved operands). Where the parameters outgrew their place the samples move, and
 * POINT:DATA_START with them.
 * @throws GenuError when something does not fit the format, or counts contradict each other, so that it would not be read back the same
 */
export function writeC3dFile(file: C3dFile): Uint8Array {
  const { processor } = file;
  const residue = file.residue?.processor === processor ? file.residue : undefined;
  const parameter_block = Math.max(2, file.header.parameter_block);
  const at = (parameter_block - 1) * BLOCK_bytes;
  const body = writeRecords(file.records, processor);
  const records_end = at + HEAD_bytes + body.length;
  // One zero byte ends the list, unless its last record said so or the next block begins right behind it.
  const ends_itself = file.records.at(-1)?.last === true;
  const stated_block = findDataByte(file.header, file.records) / BLOCK_bytes + 1;
  const least_block = Math.ceil((records_end + (ends_itself || residue ? 0 : 1)) / BLOCK_bytes) + 1;
  const data_block = Math.max(stated_block, least_block);
  const moved = data_block !== stated_block || (file.header.data_block !== 0 && file.header.data_block !== data_block);
  const records = moved ? moveDataStart(file.records, data_block) : file.records;
  const header = { ...file.header, parameter_block, data_block: moved ? data_block : file.header.data_block };
  checkCounts({ ...file, header, records });
  const head = residue?.parameter_head ?? new Uint8Array([1, KEY, 0, 0]);
  const parts: [number, Uint8Array][] = [
    [0, writeHeader(header, processor, residue?.header)],
    [BLOCK_bytes, residue?.before_parameters ?? new Uint8Array(0)],
    [at, writeHead(head, processor, moved || !residue ? data_block - parameter_block : head[2])],
    [at + HEAD_bytes, moved ? writeRecords(records, processor) : body],
  ];
  const data_at = (data_block - 1) * BLOCK_bytes;
  if (residue && records_end + residue.after_parameters.length === data_at) {
    parts.push([records_end, residue.after_parameters]);
  }
  const samples = writeSamples(file, file, { processor, unsigned_analogs: hasUnsignedAnalogs(records) });
  const samples_end = data_at + samples.length;
  const tail = residue?.after_samples ?? new Uint8Array((BLOCK_bytes - (samples_end % BLOCK_bytes)) % BLOCK_bytes);
  parts.push([data_at, samples], [samples_end, tail]);
  const out = new Uint8Array(samples_end + tail.length);
  for (const [place, bytes] of parts) out.set(bytes, place);
  return out;
}

function writeHead(head: Uint8Array, processor: C3dProcessor, blocks: number): Uint8Array {
  const out = Uint8Array.from(head);
  out[1] = KEY;
  // The count is a byte; readers go by the end of the list and by the data block.
  out[2] = blocks & 0xff;
  out[3] = PROCESSOR_CODES[processor];
  return out;
}

function moveDataStart(records: readonly C3dRecord[], data_block: number): C3dRecord[] {
  const groups = records.filter((record) => record.kind === 'group' && record.name.toUpperCase() === 'POINT');
  const isDataStart = (record: C3dRecord) =>
    record.kind === 'parameter' &&
    record.name.toUpperCase() === 'DATA_START' &&
    groups.some((group) => group.kind === 'group' && group.id === record.group);
  return records.map((record) =>
    isDataStart(record) && record.kind === 'parameter' && record.type === 'int' && record.values.length === 1
      ? { ...record, values: Int16Array.of(data_block) }
      : record,
  );
}

/** What is written must be read back the same, so header and parameters have to mean what the file says. */
function checkCounts(file: C3dFile): void {
  const names = ['format', 'point_count', 'analog_count', 'samples_per_frame', 'first_frame', 'frame_count'] as const;
  // Of no channels the number of samples need not be stated.
  const findWrong = (layout: C3dLayout) =>
    names.find((name) => layout[name] !== file[name] && (name !== 'samples_per_frame' || file.analog_count > 0));
  const readings = listReadings(file.header, file.records);
  const meant = readings.some(({ layout }) => findWrong(layout) === undefined);
  const bytes = file.frame_count * calcFrameBytes(file);
  const layout = meant ? findLayout(file.header, file.records, bytes, 'writing C3D').layout : readings[0].layout;
  const wrong = findWrong(layout);
  if (wrong === undefined) return;
  throw new GenuError(
    `the file says that its ${wrong.replace(/_/g, ' ')} is ${file[wrong]}, but header and parameters say ${layout[wrong]}.`,
    { mend: 'Change POINT:USED, POINT:FRAMES, ANALOG:USED and the header together with the samples.' },
  );
}
