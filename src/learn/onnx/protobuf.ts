/** Protocol Buffers wire format (https://protobuf.dev/programming-guides/encoding): what ONNX models and event files need. */

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;
export type WireType = typeof VARINT | typeof FIXED64 | typeof BYTES | typeof FIXED32;

/** Bytes of the longest varint: 64 bits, seven to a byte. */
const LONGEST_VARINT = 10;
const MOST_FIELD = 2 ** 29 - 1;

/** Writes one message field by field; field numbers are the schema's. */
export class ProtobufWriter {
  #bytes = new Uint8Array(128);
  #length = 0;

  integer(field: number, value: number): this {
    this.#tag(field, VARINT);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, FIXED32);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, FIXED64);
    this.#append(new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, BYTES);
    this.#varint(BigInt(value.length));
    this.#append(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  /** The message so far; valid until the next field is written. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #tag(field: number, wire: number): void {
    this.#varint(BigInt((field << 3) | wire));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#append(bytes);
  }

  #append(bytes: ArrayLike<number>): void {
    const wanted = this.#length + bytes.length;
    if (wanted > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = wanted;
  }
}

/** One field of a message: its number, and its value where it is a varint, its payload where it is anything else. */
export interface ProtobufField {
  readonly field: number;
  readonly wire: WireType;
  readonly bytes: Uint8Array | undefined;
  readonly value: bigint | undefined;
}

/**
 * Reads the fields of one message in the order in which they were written. Payloads are views of the given bytes, so
 * that hostile lengths allocate nothing.
 * @throws RangeError where the bytes end inside a field, a number is longer than 64 bits or a wire type is not one of
 * protobuf 3 (the groups of protobuf 2 are not)
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  const cursor = new VarintCursor(bytes);
  while (cursor.at < bytes.length) {
    const tag = cursor.read();
    const field = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (field === 0 || field > MOST_FIELD) throw new RangeError(`Field number ${field} is not allowed.`);
    if (wire === VARINT) {
      yield { field, wire, bytes: undefined, value: cursor.read() };
      continue;
    }
    if (wire !== BYTES && wire !== FIXED32 && wire !== FIXED64) throw new RangeError(`Wire type ${wire} is unknown.`);
    const length = wire === BYTES ? Number(cursor.read()) : wire === FIXED32 ? 4 : 8;
    const start = cursor.at;
    if (length > bytes.length - start) throw new RangeError('The message ends inside a field.');
    cursor.at += length;
    yield { field, wire, bytes: bytes.subarray(start, start + length), value: undefined };
  }
}

/** Reads a packed list of varints. @throws RangeError where the bytes end inside a number or one is too long */
export function readVarints(bytes: Uint8Array): bigint[] {
  const cursor = new VarintCursor(bytes);
  const values: bigint[] = [];
  while (cursor.at < bytes.length) values.push(cursor.read());
  return values;
}

class VarintCursor {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): bigint {
    const start = this.at;
    let low = 0;
    let value = 0n;
    for (let place = 0; place < LONGEST_VARINT; place++) {
      if (this.at >= this.#bytes.length) throw new RangeError('The message ends inside a number.');
      const byte = this.#bytes[this.at++];
      // Seven bytes fill an ordinary number; nearly every varint is shorter.
      if (place < 7) low += (byte & 127) * 2 ** (7 * place);
      else value |= BigInt(byte & 127) << BigInt(7 * place);
      if (byte < 128) return BigInt.asUintN(64, value | BigInt(low));
    }
    throw new RangeError(`The number at byte ${start} is longer than 64 bits.`);
  }
}
