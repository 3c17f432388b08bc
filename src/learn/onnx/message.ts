import { BYTES, FIXED32, FIXED64, type ProtobufField, readFields, readVarints, VARINT } from './protobuf.js';

/**
 * One protobuf message with its fields by number, for readers that know the schema. Lists are read packed and unpacked,
 * as every protobuf reader must. All getters throw RangeError where a field is of another wire type than the schema's.
 */
export class ProtobufMessage {
  readonly #fields = new Map<number, ProtobufField[]>();

  constructor(bytes: Uint8Array) {
    for (const field of readFields(bytes)) {
      const known = this.#fields.get(field.field);
      if (known) known.push(field);
      else this.#fields.set(field.field, [field]);
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** Signed whole numbers (int32, int64, enum), exact. */
  integers(field: number): bigint[] {
    return this.#all(field).flatMap((part) => {
      if (part.wire === VARINT) return [BigInt.asIntN(64, part.value!)];
      return readVarints(this.#expect(part, BYTES)).map((value) => BigInt.asIntN(64, value));
    });
  }

  /** The last of a field that is meant to be there once, or undefined. Beyond 2^53 it is rounded. */
  integer(field: number): number | undefined {
    const value = this.integers(field).at(-1);
    return value === undefined ? undefined : Number(value);
  }

  floats(field: number): Float32Array {
    return new Float32Array(this.#fixed(field, FIXED32, 4));
  }

  doubles(field: number): Float64Array {
    return new Float64Array(this.#fixed(field, FIXED64, 8));
  }

  /** Payloads of texts, byte strings and messages. */
  payloads(field: number): Uint8Array[] {
    return this.#all(field).map((part) => this.#expect(part, BYTES));
  }

  /** @throws RangeError where a text is not UTF-8 */
  texts(field: number): string[] {
    return this.payloads(field).map(readText);
  }

  /** The last text of a field that is meant to be there once; empty where there is none. */
  text(field: number): string {
    return this.texts(field).at(-1) ?? '';
  }

  messages(field: number): ProtobufMessage[] {
    return this.payloads(field).map((bytes) => new ProtobufMessage(bytes));
  }

  /** The message of a field that may be there once. */
  message(field: number): ProtobufMessage | undefined {
    const all = this.messages(field);
    if (all.length > 1) throw new RangeError(`Field ${field} is there ${all.length} times, not once.`);
    return all[0];
  }

  #all(field: number): readonly ProtobufField[] {
    return this.#fields.get(field) ?? [];
  }

  /** Little-endian numbers, lone and packed, as one buffer. */
  #fixed(field: number, wire: typeof FIXED32 | typeof FIXED64, size: number): ArrayBuffer {
    const parts = this.#all(field).map((part) => {
      const bytes = part.wire === wire ? part.bytes! : this.#expect(part, BYTES);
      if (bytes.length % size !== 0) throw new RangeError(`The list in field ${field} ends inside a number.`);
      return bytes;
    });
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined.buffer;
  }

  #expect(part: ProtobufField, wire: typeof BYTES): Uint8Array {
    if (part.wire !== wire) throw new RangeError(`Field ${part.field} has wire type ${part.wire}, not ${wire}.`);
    return part.bytes!;
  }
}

/** @throws RangeError where the bytes are not UTF-8 */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RangeError('A text is not UTF-8.');
  }
}
