import type { C3dProcessor } from './types.js';

const SIGN = 0x80000000;
const FRACTION = 0x7fffff;
/** A VAX F float with this first word has no value: a reserved operand. */
const RESERVED_OPERAND = SIGN;
const QUIET_NAN = 0x7fc00000;

const scratch_bits = new Uint32Array(1);
const scratch_float = new Float32Array(scratch_bits.buffer);

/** Whether the low byte comes first. */
export function isLittleEndian(processor: C3dProcessor): boolean {
  return processor !== 'mips';
}

/**
 * IEEE 754 bits of a VAX F float. VAX: (−1)^s · 0.1f · 2^(e−128), with no infinities; IEEE: (−1)^s · 1.f · 2^(e−127), so the exponent
 * shrinks by 2. The two smallest exponents become denormals and may lose their last two bits; the reserved operand becomes NaN.
 * DEC, *VAX Architecture Reference Manual* (1987), section 8.
 * @param bits sign, exponent and fraction in that order, i.e. with the two 16-bit words of the file swapped
 */
export function calcIeeeBits(bits: number): number {
  const exponent = (bits >>> 23) & 0xff;
  const sign = bits & SIGN;
  if (exponent === 0) return sign === 0 ? 0 : QUIET_NAN;
  if (exponent > 2) return (bits - (2 << 23)) >>> 0;
  return (sign | (((bits & FRACTION) | 0x800000) >>> (3 - exponent))) >>> 0;
}

/** VAX F bits of an IEEE float: NaN and what is too large become the reserved operand, what is too small becomes 0. */
export function calcVaxBits(bits: number): number {
  const exponent = (bits >>> 23) & 0xff;
  const sign = bits & SIGN;
  const fraction = bits & FRACTION;
  if (exponent > 253) return RESERVED_OPERAND;
  if (exponent > 0) return (bits + (2 << 23)) >>> 0;
  if (fraction >= 0x400000) return (sign | (2 << 23) | ((fraction << 1) & FRACTION)) >>> 0;
  if (fraction >= 0x200000) return (sign | (1 << 23) | ((fraction << 2) & FRACTION)) >>> 0;
  return 0;
}

/** IEEE bits of the float at a byte of the file; bits and not a number, so that every NaN survives. */
export function readFloatBits(view: DataView, at: number, processor: C3dProcessor): number {
  if (processor === 'dec') return calcIeeeBits(((view.getUint16(at, true) << 16) | view.getUint16(at + 2, true)) >>> 0);
  return view.getUint32(at, processor === 'intel');
}

/** Writes IEEE bits as a float of that processor. */
export function writeFloatBits(view: DataView, at: number, bits: number, processor: C3dProcessor): void {
  if (processor !== 'dec') {
    view.setUint32(at, bits, processor === 'intel');
    return;
  }
  const vax = calcVaxBits(bits);
  view.setUint16(at, vax >>> 16, true);
  view.setUint16(at + 2, vax & 0xffff, true);
}

/** The float at a byte of the file. */
export function readFloat(view: DataView, at: number, processor: C3dProcessor): number {
  scratch_bits[0] = readFloatBits(view, at, processor);
  return scratch_float[0];
}

/** Writes a number as a float of that processor. */
export function writeFloat(view: DataView, at: number, value: number, processor: C3dProcessor): void {
  scratch_float[0] = value;
  writeFloatBits(view, at, scratch_bits[0], processor);
}

/** One character per byte, so that any bytes survive reading and writing. */
export function readBinaryText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes of a text of one character per byte. */
export function writeBinaryText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Text as people read it: UTF-8 where the bytes are that, else Latin-1; without the blanks and zeros at its end. */
export function decodeText(bytes: Uint8Array): string {
  const decode = () => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return readBinaryText(bytes);
    }
  };
  const text = bytes.every((byte) => byte < 0x80) ? readBinaryText(bytes) : decode();
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end--;
  return text.slice(0, end);
}

/** Reinterprets 16 bits as unsigned. */
export function makeUnsigned(value: number): number {
  return value < 0 ? value + 65536 : value;
}
