import { decodeText, makeUnsigned } from './numbers.js';
import type { C3dGroup, C3dParameter, C3dRecord } from './types.js';

/** 65535 entries need no more lists of 255. */
const MOST_PARTS = 257;

const isSame = (a: string, b: string) => a.trim().toUpperCase() === b.toUpperCase();

/** The parameter of that group and name, whatever their case; the first where there are several. */
export function findParameter(records: readonly C3dRecord[], group: string, name: string): C3dParameter | undefined {
  const ids = records.filter((record) => record.kind === 'group' && isSame(record.name, group)) as C3dGroup[];
  return records.find(
    (record): record is C3dParameter =>
      record.kind === 'parameter' && isSame(record.name, name) && ids.some(({ id }) => id === record.group),
  );
}

/**
 * The numbers of a parameter; undefined where it is absent or text.
 * @param unsigned reads 16-bit integers as 0 to 65535, as counts and frame numbers are meant
 */
export function findNumbers(
  records: readonly C3dRecord[],
  group: string,
  name: string,
  { unsigned = false }: { unsigned?: boolean } = {},
): number[] | undefined {
  const parameter = findParameter(records, group, name);
  if (!parameter || parameter.type === 'char') return undefined;
  return Array.from(parameter.values, unsigned && parameter.type === 'int' ? makeUnsigned : Number);
}

/** The first number of a parameter, unsigned. */
export function findNumber(records: readonly C3dRecord[], group: string, name: string): number | undefined {
  return findNumbers(records, group, name, { unsigned: true })?.[0];
}

/** The texts of a `char` parameter: its first dimension is their length. */
export function listTexts(parameter: C3dParameter): string[] {
  if (parameter.type !== 'char') return [];
  const { dimensions, values } = parameter;
  const length = dimensions[0] ?? 1;
  if (length === 0) return [];
  return Array.from({ length: values.length / length }, (_, i) =>
    decodeText(values.subarray(i * length, (i + 1) * length)),
  );
}

/** The first text of a parameter. */
export function findText(records: readonly C3dRecord[], group: string, name: string): string | undefined {
  const parameter = findParameter(records, group, name);
  return parameter && listTexts(parameter)[0];
}

/**
 * A list that goes on in `NAME2`, `NAME3`, …, as lists of more than 255 entries have to.
 * @param read what one of these parameters holds
 */
function listContinued<T>(
  records: readonly C3dRecord[],
  group: string,
  name: string,
  read: (parameter: C3dParameter) => T[],
): T[] {
  const out: T[] = [];
  for (let part = 1; part <= MOST_PARTS; part++) {
    const parameter = findParameter(records, group, part === 1 ? name : `${name}${part}`);
    if (!parameter) break;
    for (const value of read(parameter)) out.push(value);
  }
  return out;
}

/** All texts of a list, e.g. of POINT:LABELS with LABELS2 and so on. */
export function listAllTexts(records: readonly C3dRecord[], group: string, name: string): string[] {
  return listContinued(records, group, name, listTexts);
}

/** All numbers of a list, e.g. of ANALOG:SCALE with SCALE2 and so on. */
export function listAllNumbers(
  records: readonly C3dRecord[],
  group: string,
  name: string,
  { unsigned = false }: { unsigned?: boolean } = {},
): number[] {
  return listContinued(records, group, name, (parameter) =>
    parameter.type === 'char'
      ? []
      : Array.from(parameter.values, unsigned && parameter.type === 'int' ? makeUnsigned : Number),
  );
}

/** Parameters as plain values: text, number, or a list of them. */
export type C3dPlainValue = string | number | readonly string[] | readonly number[];

/** Every group and its parameters as plain data; the names are the file's. Where a name comes twice the first one counts. */
export type C3dPlainParameters = Readonly<Record<string, Readonly<Record<string, C3dPlainValue>>>>;

/** Makes plain data of all parameters. Lists that continue stay apart (`LABELS`, `LABELS2`); matrices are flat, first dimension fastest. */
export function makePlainParameters(records: readonly C3dRecord[]): C3dPlainParameters {
  const out: Record<string, Record<string, C3dPlainValue>> = Object.create(null);
  const names = new Map<number, string>();
  for (const record of records) {
    if (record.kind === 'group' && !names.has(record.id)) names.set(record.id, decodeName(record.name));
  }
  for (const record of records) {
    if (record.kind !== 'parameter') continue;
    const group = names.get(record.group) ?? `group ${record.group}`;
    out[group] ??= Object.create(null) as Record<string, C3dPlainValue>;
    out[group][decodeName(record.name)] ??= makePlain(record);
  }
  return out;
}

function makePlain(parameter: C3dParameter): C3dPlainValue {
  if (parameter.type === 'char') {
    const texts = listTexts(parameter);
    return parameter.dimensions.length < 2 ? (texts[0] ?? '') : texts;
  }
  const numbers = Array.from(parameter.values);
  return numbers.length === 1 ? numbers[0] : numbers;
}

const decodeName = (name: string) => name.trim();

/**
 * One plain parameter, whatever the case of its names: `getPlainParameter(parameters, 'processing', 'bodymass')`.
 * @returns undefined where the file does not have it
 */
export function findPlainParameter(
  parameters: C3dPlainParameters,
  group: string,
  name: string,
): C3dPlainValue | undefined {
  for (const [key, values] of Object.entries(parameters)) {
    if (!isSame(key, group)) continue;
    for (const [other, value] of Object.entries(values)) if (isSame(other, name)) return value;
  }
  return undefined;
}
