/** Protocol Buffers wire format (https://protobuf.dev/programming-guides/encoding): the few parts an ONNX model needs. */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

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

/** One field of a message: its number, and its payload where it is of bytes, its value where it is a varint. */
export interface ProtobufField {
  readonly field: number;
  readonly bytes: Uint8Array | undefined;
  readonly value: bigint | undefined;
}

/**
 * Reads the fields of one message in the order in which they were written.
 * @throws RangeError where the bytes end inside a field or use a wire type that protobuf 3 does not know.
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length) throw new RangeError('The message ends inside a number.');
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = tag >>> 3;
    const wire = tag & 7;
    if (wire === VARINT) {
      yield { field, bytes: undefined, value: varint() };
      continue;
    }
    const length = wire === BYTES ? Number(varint()) : wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : -1;
    if (length < 0) throw new RangeError(`Wire type ${wire} is unknown.`);
    if (at + length > bytes.length) throw new RangeError('The message ends inside a field.');
    yield { field, bytes: bytes.subarray(at, at + length), value: undefined };
    at += length;
  }
}
