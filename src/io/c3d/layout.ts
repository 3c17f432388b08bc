import { GenuError } from '../../data/index.js';
import { findNumber, findNumbers } from './lookup.js';
import { BLOCK_bytes, type C3dFormat, type C3dHeader, type C3dLayout, type C3dRecord } from './types.js';

/** The largest count that one 16-bit word holds; frame numbers above it stand elsewhere. */
const FULL_WORD = 65535;

interface Choice<T> {
  readonly value: T;
  readonly source: string;
}

interface Counts {
  readonly point_count: number;
  readonly analog_count: number;
  readonly samples_per_frame: number;
}

interface Frames {
  readonly first_frame: number;
  readonly frame_count: number;
}

/** Byte where the samples begin: the header says so, else POINT:DATA_START. */
export function findDataByte(header: C3dHeader, records: readonly C3dRecord[]): number {
  const block = header.data_block || findNumber(records, 'POINT', 'DATA_START') || 0;
  return (block - 1) * BLOCK_bytes;
}

/** Bytes of one frame. */
export function calcFrameBytes({ format, point_count, analog_count, samples_per_frame }: C3dLayout): number {
  return (4 * point_count + analog_count * samples_per_frame) * (format === 'float' ? 4 : 2);
}

interface Reading {
  readonly layout: C3dLayout;
  readonly sources: readonly string[];
}

/** Every layout that header and parameters together can mean, the likeliest first. */
export function listReadings(header: C3dHeader, records: readonly C3dRecord[]): Reading[] {
  return listCounts(header, records).flatMap((counts) =>
    listFrames(header, records).flatMap((frames) =>
      listFormats(header, records).map((format) => ({
        layout: { format: format.value, ...counts.value, ...frames.value },
        sources: [counts.source, frames.source, format.source],
      })),
    ),
  );
}

/**
 * Finds counts, frames and number format. Header and parameters both state them and need not agree, for programs change one and forget the
 * other. The reading that fills the file exactly (to the block) is taken, else the first one that fits, and a note says what was left.
 * @param data_bytes how many bytes there are from the first sample on
 * @throws GenuError when no reading fits the file
 */
export function findLayout(
  header: C3dHeader,
  records: readonly C3dRecord[],
  data_bytes: number,
  where: string,
): { readonly layout: C3dLayout; readonly notes: string[] } {
  const readings = listReadings(header, records);
  const calcRest = ({ layout }: Reading) => data_bytes - layout.frame_count * calcFrameBytes(layout);
  const fits = readings.filter((reading) => calcRest(reading) >= 0);
  if (fits.length === 0) throw refuseShort(readings[0].layout, data_bytes, where);
  const chosen = fits.find((reading) => calcRest(reading) < BLOCK_bytes) ?? fits[0];
  const notes: string[] = [];
  if (readings.length > 1) {
    const why = chosen === readings[0] ? 'for parameters come first' : 'for it fits the length of the file';
    const others = readings.filter((reading) => reading !== chosen).map(describeReading);
    notes.push(
      `Header and parameters disagree: ${describeReading(chosen)} was taken, ${why}, and not ${others.slice(0, 3).join(', nor ')}.`,
    );
  }
  return { layout: chosen.layout, notes };
}

function describeReading({ layout, sources }: Reading): string {
  const { point_count, analog_count, samples_per_frame, frame_count, format } = layout;
  return `${frame_count} frames of ${point_count} points and ${analog_count} × ${samples_per_frame} analog values as ${format}s (${[...new Set(sources)].join(', ')})`;
}

function refuseShort(layout: C3dLayout, data_bytes: number, where: string): GenuError {
  const frame = calcFrameBytes(layout);
  const there = frame > 0 ? Math.max(0, Math.floor(data_bytes / frame)) : 0;
  return new GenuError(
    `the samples should take ${layout.frame_count * frame} bytes (${layout.frame_count} frames of ${frame}), but only ${Math.max(0, data_bytes)} are there: ${there} whole frames.`,
    { where, mend: 'The file is cut short or its header is damaged; copy or export it again.' },
  );
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0;

/** Parameters first, for they can say more than a word. A USED that is no whole number says nothing. */
function listCounts(header: C3dHeader, records: readonly C3dRecord[]): Choice<Counts>[] {
  const samples = header.analog_samples_per_frame;
  const of_header: Counts = {
    point_count: header.point_count,
    analog_count: samples > 0 ? Math.floor(header.analog_values_per_frame / samples) : 0,
    samples_per_frame: samples,
  };
  const [points, analogs] = [findNumber(records, 'POINT', 'USED'), findNumber(records, 'ANALOG', 'USED')];
  const rates = ['POINT', 'ANALOG'].map((group) => findNumber(records, group, 'RATE') ?? 0);
  const ratio = rates[0] > 0 ? Math.round(rates[1] / rates[0]) : 0;
  const analog_count = isCount(analogs) ? analogs : of_header.analog_count;
  const of_parameters: Counts = {
    point_count: isCount(points) ? points : of_header.point_count,
    analog_count,
    samples_per_frame: samples > 0 ? samples : analog_count > 0 && Number.isFinite(ratio) ? Math.max(1, ratio) : 0,
  };
  return listDistinct([
    { value: of_parameters, source: 'POINT:USED, ANALOG:USED' },
    { value: of_header, source: 'header' },
  ]);
}

/** The header holds frame numbers up to 65535; beyond, TRIAL:ACTUAL_START_FIELD and ACTUAL_END_FIELD or POINT:LONG_FRAMES do. */
function listFrames(header: C3dHeader, records: readonly C3dRecord[]): Choice<Frames>[] {
  const found: Choice<Frames>[] = [];
  const [start, end] = ['ACTUAL_START_FIELD', 'ACTUAL_END_FIELD'].map((name) => {
    const words = findNumbers(records, 'TRIAL', name, { unsigned: true });
    return words && words.length > 0 ? words[0] + (words[1] ?? 0) * (FULL_WORD + 1) : undefined;
  });
  const { first_frame, last_frame } = header;
  const of_header = last_frame - first_frame + 1;
  const overflowed = last_frame >= FULL_WORD || first_frame >= FULL_WORD || of_header < 1;
  if (isCount(start) && isCount(end) && end >= start) {
    found.push({ value: { first_frame: start, frame_count: end - start + 1 }, source: 'TRIAL' });
  }
  const first = { first_frame: found[0] && overflowed ? found[0].value.first_frame : first_frame };
  const [long, short] = ['LONG_FRAMES', 'FRAMES'].map((name) => findNumber(records, 'POINT', name));
  if (isCount(long) && long > 0) found.push({ value: { ...first, frame_count: long }, source: 'POINT:LONG_FRAMES' });
  if (isCount(short) && short > 0 && short !== FULL_WORD) {
    found.push({ value: { ...first, frame_count: short }, source: 'POINT:FRAMES' });
  }
  const header_choice = { value: { ...first, frame_count: Math.max(0, of_header) }, source: 'header' };
  // A header that overflowed is the last to be believed, any other one the first.
  return listDistinct(overflowed && found.length > 0 ? found : [header_choice, ...found], ['frame_count']);
}

/** A negative scale means floats. */
function listFormats(header: C3dHeader, records: readonly C3dRecord[]): Choice<C3dFormat>[] {
  const toFormat = (scale: number): C3dFormat => (scale < 0 ? 'float' : 'integer');
  const scale = findNumber(records, 'POINT', 'SCALE');
  return listDistinct([
    ...(scale ? [{ value: toFormat(scale), source: 'POINT:SCALE' }] : []),
    { value: toFormat(header.scale), source: 'header' },
  ]);
}

function listDistinct<T>(choices: readonly Choice<T>[], by?: readonly (keyof T & string)[]): Choice<T>[] {
  const keys = choices.map(({ value }) => JSON.stringify(value, by as string[] | undefined));
  return choices.filter((_, i) => keys.indexOf(keys[i]) === i);
}
