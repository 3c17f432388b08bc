import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDecimals, isMissing, scanNumber } from './storage-number.js';

function scan(text: string): number {
  const bytes = new TextEncoder().encode(`#${text}9`);
  return scanNumber(bytes, 1, bytes.length - 1);
}

describe('scanNumber', () => {
  it('reads every double back bit for bit, however it is printed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 20 }), (value, digits) => {
        expect(Object.is(scan(Object.is(value, -0) ? '-0' : String(value)), value)).toBe(true);
        for (const text of [value.toExponential(digits), value.toPrecision(digits + 1)]) {
          expect(scan(text)).toBe(Number(text));
        }
        if (Math.abs(value) < 1e21) expect(scan(value.toFixed(digits))).toBe(Number(value.toFixed(digits)));
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with JavaScript on what is a decimal number', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-+eE'), minLength: 1, maxLength: 12 }), (text) => {
        expect(scan(text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
    for (const text of [
      '9007199254740993',
      '9007199254740992',
      '0.1',
      '1e23',
      '-0',
      '+5',
      '.5',
      '5.',
      '1e400',
      '123456789012345678901',
    ]) {
      expect(Object.is(scan(text), Number(text))).toBe(true);
    }
  });

  it('takes no other kind of text for a number', () => {
    for (const text of ['', '0x10', '1_000', '1,5', 'one', '1 2', '--1', '1e', '1e+', 'e5', '.', 'infinit'])
      expect(scan(text)).toBeNaN();
    expect(scan('inf')).toBe(Number.POSITIVE_INFINITY);
    expect(scan('-Infinity')).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('isMissing', () => {
  it('knows how programs write a missing value', () => {
    const test = (text: string) => isMissing(new TextEncoder().encode(text), 0, text.length);
    for (const text of ['nan', 'NaN', 'NAN', '-nan', '1.#QNAN', '-1.#IND', '-1.#IND00', 'nan(ind)'])
      expect(test(text)).toBe(true);
    for (const text of ['', 'na', 'nano', '1', 'null', '-']) expect(test(text)).toBe(false);
  });
});

describe('countDecimals', () => {
  it('counts the places after the point', () => {
    const count = (text: string) => countDecimals(new TextEncoder().encode(text), 0, text.length);
    expect(['1', '2.4967', '-0.5', '3.', '1e-3', '1.5E2'].map(count)).toEqual([0, 4, 1, 0, undefined, undefined]);
  });
});
