/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const MOST_EXACT = 2 ** 53;

/**
 * Reads the decimal number in `bytes[start, end)`, rounded exactly as JavaScript's `Number` does. Mantissas up to 2^53 with powers of
 * ten up to 22 need one exact division or multiplication (Clinger, W. D., 1990, How to read floating point numbers accurately,
 * PLDI '90, 92–101); all others go through `Number`.
 * @returns NaN both for a missing value and for what is no number: tell them apart with `isMissing`
 */
export function scanNumber(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const negative = bytes[i] === 45;
  if (negative || bytes[i] === 43) i++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  for (let c = bytes[i]; i < end && c >= 48 && c <= 57; c = bytes[++i]) {
    mantissa = mantissa * 10 + (c - 48);
    digits++;
  }
  if (i < end && bytes[i] === 46) {
    i++;
    for (let c = bytes[i]; i < end && c >= 48 && c <= 57; c = bytes[++i]) {
      mantissa = mantissa * 10 + (c - 48);
      digits++;
      decimals++;
    }
  }
  if (digits === 0) return scanInfinity(bytes, start, end);
  let exponent = 0;
  if (i < end) {
    if (bytes[i] !== 101 && bytes[i] !== 69) return Number.NaN;
    i++;
    const down = bytes[i] === 45;
    if (i < end && (down || bytes[i] === 43)) i++;
    if (i >= end) return Number.NaN;
    for (; i < end; i++) {
      const c = bytes[i];
      if (c < 48 || c > 57) return Number.NaN;
      exponent = Math.min(exponent * 10 + (c - 48), 100_000);
    }
    if (down) exponent = -exponent;
  }
  const power = exponent - decimals;
  if (mantissa >= MOST_EXACT || power > 22 || power < -22) return Number(latin(bytes, start, end));
  const size = power < 0 ? mantissa / EXACT_POWERS[-power] : mantissa * EXACT_POWERS[power];
  return negative ? -size : size;
}

const MISSING = /^[+-]?(nan|1\.#(qnan|ind)\w*|nan\(\w*\))$/i;

/** Whether the text is one of the ways that programs write a missing value: nan in any case, or Windows' 1.#QNAN and -1.#IND. */
export function isMissing(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= 24 && MISSING.test(latin(bytes, start, end));
}

const INFINITE = /^[+-]?inf(inity)?$/i;

function scanInfinity(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9 || !INFINITE.test(latin(bytes, start, end))) return Number.NaN;
  return bytes[start] === 45 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** Decimal places printed in a plain number; undefined for one with an exponent, whose precision is not a fixed step. */
export function countDecimals(bytes: Uint8Array, start: number, end: number): number | undefined {
  let point = end - 1;
  for (let i = start; i < end; i++) {
    if (bytes[i] === 46) point = i;
    if (bytes[i] === 101 || bytes[i] === 69) return undefined;
  }
  return end - 1 - point;
}
