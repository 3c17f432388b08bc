import { GenuError } from '../../data/index.js';
import { writeBinaryText } from './numbers.js';
import type { C3dFile, C3dFormat, C3dHeaderEvent, C3dParameter, C3dProcessor, C3dRecord } from './types.js';

/** A parameter to be made: text, texts, or numbers of a type. Without `dimensions` numbers are a single value or one list. */
export type C3dInput =
  | string
  | readonly string[]
  | {
      readonly type: 'byte' | 'int' | 'float';
      readonly values: readonly number[];
      readonly dimensions?: readonly number[] | undefined;
    };

/** What a new C3D file is made of. Samples are unscaled, in the file's own numbers. */
export interface C3dContents {
  readonly processor?: C3dProcessor | undefined;
  readonly format: C3dFormat;
  readonly rate_Hz: number;
  /** Frame number of the first frame; 1 by default. */
  readonly first_frame?: number | undefined;
  readonly frame_count: number;
  readonly points?: {
    readonly labels: readonly string[];
    /** Unit of length, e.g. `mm`. */
    readonly unit: string;
    /** What integers are multiplied with; of floats only residuals are. */
    readonly scale: number;
    /** Frame by frame, point by point: x, y, z and the fourth word (residual −1: missing). */
    readonly values: Float32Array;
  };
  readonly analogs?: {
    readonly labels: readonly string[];
    readonly units: readonly string[];
    readonly scales: readonly number[];
    readonly offsets: readonly number[];
    readonly samples_per_frame: number;
    /** Whether integer samples and offsets run from 0 to 65535. */
    readonly unsigned?: boolean | undefined;
    /** Frame by frame, sample by sample, channel by channel. */
    readonly values: Float32Array;
  };
  /** Further parameters by group and name; they replace those that would be made. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, C3dInput>>>> | undefined;
  readonly header_events?: readonly C3dHeaderEvent[] | undefined;
}

/** One parameter holds so many entries; the rest goes to NAME2, NAME3, … */
const LONGEST_LIST = 255;
const FULL_WORD = 65535;

/**
 * Makes a C3D file with everything that readers ask for; `writeC3dFile` turns it into bytes.
 * @throws GenuError when something does not fit the format
 */
export function makeC3dFile(contents: C3dContents): C3dFile {
  const { processor = 'intel', format, rate_Hz, first_frame = 1, frame_count, points, analogs } = contents;
  const point_count = points?.labels.length ?? 0;
  const analog_count = analogs?.labels.length ?? 0;
  const samples_per_frame = analogs?.samples_per_frame ?? 0;
  const scale = Math.abs(points?.scale ?? 1) * (format === 'float' ? -1 : 1);
  const last_frame = first_frame + frame_count - 1;
  return {
    processor,
    format,
    point_count,
    analog_count,
    samples_per_frame,
    first_frame,
    frame_count,
    header: {
      parameter_block: 2,
      point_count: Math.min(point_count, FULL_WORD),
      analog_values_per_frame: analog_count * samples_per_frame,
      first_frame: Math.min(first_frame, FULL_WORD),
      last_frame: Math.min(last_frame, FULL_WORD),
      max_gap: 0,
      scale,
      data_block: 0,
      analog_samples_per_frame: samples_per_frame,
      rate_Hz,
      events: contents.header_events ?? [],
    },
    records: makeRecords(mergeParameters(contents, scale, last_frame)),
    points: points?.values ?? new Float32Array(0),
    analogs: analogs?.values ?? new Float32Array(0),
    notes: [],
  };
}

function mergeParameters(contents: C3dContents, scale: number, last_frame: number) {
  const { rate_Hz, first_frame = 1, frame_count, points, analogs, parameters = {} } = contents;
  const groups: Record<string, Record<string, C3dInput>> = {
    POINT: {
      USED: makeInteger(points?.labels.length ?? 0),
      SCALE: { type: 'float', values: [scale] },
      RATE: { type: 'float', values: [rate_Hz] },
      DATA_START: makeInteger(0),
      FRAMES: makeInteger(Math.min(frame_count, FULL_WORD)),
      UNITS: points?.unit ?? 'mm',
      ...splitList('LABELS', points?.labels ?? []),
    },
    ANALOG: {
      USED: makeInteger(analogs?.labels.length ?? 0),
      GEN_SCALE: { type: 'float', values: [1] },
      RATE: { type: 'float', values: [rate_Hz * (analogs?.samples_per_frame ?? 0)] },
      ...(analogs ? { FORMAT: analogs.unsigned ? 'UNSIGNED' : 'SIGNED' } : {}),
      ...splitList('LABELS', analogs?.labels ?? []),
      ...splitList('UNITS', analogs?.units ?? []),
      ...splitNumbers('SCALE', 'float', analogs?.scales ?? []),
      ...splitNumbers('OFFSET', 'int', analogs?.offsets ?? []),
    },
    TRIAL: {
      ACTUAL_START_FIELD: makeLong(first_frame),
      ACTUAL_END_FIELD: makeLong(last_frame),
    },
  };
  for (const [group, values] of Object.entries(parameters)) groups[group] = { ...groups[group], ...values };
  return groups;
}

const makeInteger = (value: number): C3dInput => ({ type: 'int', values: [value] });

/** A frame number in two words, low one first. */
const makeLong = (value: number): C3dInput => ({
  type: 'int',
  values: [value % (FULL_WORD + 1), Math.floor(value / (FULL_WORD + 1))],
});

function splitList(name: string, list: readonly string[]): Record<string, C3dInput> {
  return Object.fromEntries(splitParts(name, list).map(([part, entries]) => [part, entries]));
}

function splitNumbers(name: string, type: 'int' | 'float', list: readonly number[]): Record<string, C3dInput> {
  const make = (values: readonly number[]): C3dInput => ({ type, values, dimensions: [values.length] });
  return Object.fromEntries(splitParts(name, list).map(([part, values]) => [part, make(values)]));
}

function splitParts<T>(name: string, list: readonly T[]): [string, readonly T[]][] {
  const count = Math.max(1, Math.ceil(list.length / LONGEST_LIST));
  return Array.from({ length: count }, (_, i) => [
    i === 0 ? name : `${name}${i + 1}`,
    list.slice(i * LONGEST_LIST, (i + 1) * LONGEST_LIST),
  ]);
}

/** Makes the records of groups and their parameters, the groups numbered from 1. */
export function makeRecords(groups: Readonly<Record<string, Readonly<Record<string, C3dInput>>>>): C3dRecord[] {
  return Object.entries(groups).flatMap(([name, parameters], i): C3dRecord[] => [
    { kind: 'group', id: i + 1, name, locked: false, description: '' },
    ...Object.entries(parameters).map(([key, input]) => makeParameter(i + 1, key, input)),
  ]);
}

/**
 * Makes one parameter. Text is stored as UTF-8, filled up with blanks.
 * @throws GenuError when a text has more than 255 bytes
 */
export function makeParameter(group: number, name: string, input: C3dInput): C3dParameter {
  const base = { kind: 'parameter' as const, group, name, locked: false, description: '' };
  if (typeof input === 'string' || isTexts(input)) {
    const texts = (typeof input === 'string' ? [input] : input).map((text) => new TextEncoder().encode(text));
    const length = texts.reduce((most, text) => Math.max(most, text.length), 0);
    if (length > 255) {
      throw new GenuError(`a text of parameter "${name}" has ${length} bytes.`, { mend: 'C3D takes 255 at most.' });
    }
    const values = new Uint8Array(writeBinaryText(' '.repeat(length * texts.length)));
    texts.forEach((text, i) => {
      values.set(text, i * length);
    });
    return { ...base, type: 'char', dimensions: typeof input === 'string' ? [length] : [length, texts.length], values };
  }
  const { type, values } = input;
  const dimensions = input.dimensions ?? (values.length === 1 ? [] : [values.length]);
  if (type === 'float') return { ...base, type, dimensions, values: Float32Array.from(values) };
  if (type === 'byte') return { ...base, type, dimensions, values: Uint8Array.from(values) };
  return { ...base, type, dimensions, values: Int16Array.from(values) };
}

const isTexts = (input: C3dInput): input is readonly string[] => Array.isArray(input);
