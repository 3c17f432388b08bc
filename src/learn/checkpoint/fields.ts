import { LearnError } from '../errors.js';

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;

type ArrayType = keyof typeof arrayTypes;
export type CheckpointArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

/** A typed array as the manifest tells of it. */
export interface StoredArray {
  readonly type: ArrayType;
  /** Numbers. */
  readonly length: number;
}

/** Nobody nests deeper; a loop would. */
const DEEPEST = 64;

/**
 * Fields as JSON and, apart from it, the bytes of their typed arrays in order. What JSON has no word for becomes an
 * object whose only key is `$`: `["number", "NaN"]`, `["undefined"]`, `["array", 3]`; and `["object", [[key, value], …]]`
 * for an object that has a key `$` itself.
 * @throws LearnError that names a field of another kind
 */
export function encodeFields(fields: object): { encoded: unknown; arrays: (StoredArray & { bytes: Uint8Array })[] } {
  const arrays: (StoredArray & { bytes: Uint8Array })[] = [];
  const encode = (value: unknown, path: string, depth: number): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return { $: ['undefined'] };
    if (typeof value === 'number') {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: ['number', Object.is(value, -0) ? '-0' : String(value)] };
    }
    if (depth > DEEPEST) return refuse(path, 'is nested too deeply, or holds itself.');
    if (Array.isArray(value)) return value.map((item, position) => encode(item, `${path}[${position}]`, depth + 1));
    const array = describeArray(value);
    if (array) return { $: ['array', arrays.push(array) - 1] };
    if (typeof value !== 'object' || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
      return refuse(path, `is ${typeof value === 'object' ? value.constructor.name : `a ${typeof value}`}.`);
    }
    const entries = Object.entries(value).map(([key, item]) => [key, encode(item, `${path}.${key}`, depth + 1)]);
    return '$' in value ? { $: ['object', entries] } : Object.fromEntries(entries);
  };
  return { encoded: encode(fields, 'fields', 0), arrays };
}

/** The inverse of `encodeFields`. Throws an error of any kind where the JSON is not of its making. */
export function decodeFields(encoded: unknown, arrays: readonly CheckpointArray[]): object {
  const entries = (list: [string, unknown][]) => Object.fromEntries(list.map(([key, item]) => [key, decode(item)]));
  const decode = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(decode);
    if (!Object.hasOwn(value, '$')) return entries(Object.entries(value));
    const [kind, content] = (value as { $: [string, never] }).$;
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(content);
      case 'array':
        return arrays[content];
      case 'object':
        return entries(content);
      default:
        throw new TypeError(`there is no kind ${kind}`);
    }
  };
  return decode(encoded) as object;
}

function describeArray(value: unknown): (StoredArray & { bytes: Uint8Array }) | undefined {
  for (const type of Object.keys(arrayTypes) as ArrayType[]) {
    if (!(value instanceof arrayTypes[type])) continue;
    const { buffer, byteOffset, byteLength, length } = value;
    return { type, length, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  }
  return undefined;
}

/** A typed array of its own from the bytes where it starts. @throws RangeError where these are too few */
export function makeArray({ type, length }: StoredArray, bytes: Uint8Array): CheckpointArray {
  const Type = arrayTypes[type];
  if (!Number.isSafeInteger(length) || !(length >= 0 && length * Type.BYTES_PER_ELEMENT <= bytes.length)) {
    throw new RangeError(`an array of ${length} numbers does not fit`);
  }
  // A copy even of Node's Buffer, whose slices are views.
  return new Type(new Uint8Array(bytes.subarray(0, length * Type.BYTES_PER_ELEMENT)).buffer);
}

function refuse(path: string, what: string): never {
  throw new LearnError(`${what} A checkpoint holds numbers, texts, typed arrays, and lists and objects of these.`, {
    where: `checkpoint, ${path}`,
  });
}
