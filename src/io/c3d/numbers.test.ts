import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calcIeeeBits,
  calcVaxBits,
  decodeText,
  readBinaryText,
  readFloat,
  readFloatBits,
  writeBinaryText,
  writeFloat,
  writeFloatBits,
} from './numbers.js';

const viewOf = (...bytes: number[]) => new DataView(Uint8Array.from(bytes).buffer);

describe('DEC floats', () => {
  // Values and bytes of the VAX Architecture Reference Manual's F format: 0.1f · 2^(e − 128), words swapped.
  it.each([
    [1, [0x80, 0x40, 0, 0]],
    [-1, [0x80, 0xc0, 0, 0]],
    [100, [0xc8, 0x43, 0, 0]],
    [0.5, [0x00, 0x40, 0, 0]],
    [0, [0, 0, 0, 0]],
    [2 ** -126, [0x80, 0x01, 0, 0]],
    [2 ** -127, [0x00, 0x01, 0, 0]],
    [2 ** -128, [0x80, 0x00, 0, 0]],
    [Math.fround(Math.PI), [0x49, 0x41, 0xdb, 0x0f]],
  ])('%d', (value, bytes) => {
    expect(readFloat(viewOf(...bytes), 0, 'dec')).toBe(value);
    const view = viewOf(0, 0, 0, 0);
    writeFloat(view, 0, value, 'dec');
    expect([...new Uint8Array(view.buffer)]).toEqual(bytes);
  });

  it('has no value for the reserved operand, and takes stray bits of a zero for zero', () => {
    expect(readFloat(viewOf(0x00, 0x80, 0, 0), 0, 'dec')).toBeNaN();
    expect(readFloat(viewOf(0x12, 0x00, 3, 4), 0, 'dec')).toBe(0);
  });

  it('turns what a VAX cannot hold into the reserved operand, and what is too small into 0', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 127]) {
      const view = viewOf(0, 0, 0, 0);
      writeFloat(view, 0, value, 'dec');
      expect(readFloat(view, 0, 'dec')).toBeNaN();
    }
    const view = viewOf(9, 9, 9, 9);
    writeFloat(view, 0, 2 ** -130, 'dec');
    expect(readFloat(view, 0, 'dec')).toBe(0);
  });

  it('gives back every IEEE float from 2^-126 to 2^127 bit for bit', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 253 }), fc.nat(0x7fffff), (negative, exponent, fraction) => {
        const bits = ((negative ? 0x80000000 : 0) | (exponent << 23) | fraction) >>> 0;
        expect(calcIeeeBits(calcVaxBits(bits))).toBe(bits);
      }),
    );
  });
});

it('Intel and MIPS floats keep every bit, those of a NaN included', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.constantFrom('intel' as const, 'mips' as const), (bits, processor) => {
      const view = new DataView(new ArrayBuffer(4));
      writeFloatBits(view, 0, bits, processor);
      expect(readFloatBits(view, 0, processor)).toBe(bits);
    }),
  );
  expect(readFloat(viewOf(0x3f, 0x80, 0, 0), 0, 'mips')).toBe(1);
  expect(readFloat(viewOf(0, 0, 0x80, 0x3f), 0, 'intel')).toBe(1);
});

describe('text', () => {
  it('is one character per byte where bytes must survive', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(writeBinaryText(readBinaryText(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['UTF-8', [0x6d, 0xc2, 0xb2], 'm²'],
    ['Latin-1', [0x33, 0xb0], '3°'],
    ['blanks and zeros at the end', [0x41, 0x20, 0x42, 0x20, 0, 0x20], 'A B'],
  ])('decodes %s', (_, bytes, text) => {
    expect(decodeText(Uint8Array.from(bytes))).toBe(text);
  });
});
