/**
 * Seeded random numbers that are the same on every machine and engine.
 *
 * Generator: sfc32 of C. Doty-Humphrey (PractRand 0.95, 128-bit state, counter of period 2³²). Only additions, shifts, multiplications and
 * square roots are used, also for the normal distribution, because `Math.log` and `Math.cos` may differ in the last bit between engines.
 */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Whole number in [0, count), each equally likely; `count` from 1 to 2³². Throws RangeError otherwise. */
  integer(count: number): number;
  /** Puts the items of `items` into random order, in place (Fisher–Yates), and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /**
   * An independent stream of that name. It depends on this stream's seed and the name alone, never on how many numbers were drawn:
   * adding a draw in one part of a program leaves the numbers of every other part unchanged.
   */
  fork(name: string): Random;
}

/** Starts a stream from a seed. Equal seeds give equal numbers; 1 and '1' are the same seed. */
export function makeRandom(seed: number | string): Random {
  const key = String(seed);
  let a = hash(key, 0x9e3779b9);
  let b = hash(key, 0x85ebca6b);
  let c = hash(key, 0xc2b2ae35);
  let counter = 1;

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }
  // The first outputs still show the seed; the author's reference discards 12.
  for (let i = 0; i < 12; i++) next();

  const uniform = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000;

  function integer(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > 0x100000000)
      throw new RangeError(`integer(count) needs a whole count from 1 to 2^32, not ${count}.`);
    // Draws in the incomplete last block are refused, so that no value is favoured.
    const limit = 0x100000000 - (0x100000000 % count);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % count;
  }

  return {
    uniform,
    integer,
    normal() {
      // Marsaglia & Bray 1964, polar method; the second value is dropped to keep the stream's state small.
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const square = x * x + y * y;
        if (square > 0 && square < 1) return x * Math.sqrt((-2 * calcLogarithm(square)) / square);
      }
    },
    shuffle(items) {
      const list = items as { length: number; [index: number]: unknown };
      for (let i = list.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = list[i];
        list[i] = list[j];
        list[j] = held;
      }
      return items;
    },
    fork: (name) => makeRandom(`${key.length}:${key}/${name}`),
  };
}

/** Natural logarithm of x in (0, 1] from basic arithmetic: ln x = 2 artanh((m−1)/(m+1)) − k ln 2 with m = 2ᵏx in (√½, √2]. */
function calcLogarithm(x: number): number {
  let mantissa = x;
  let doublings = 0;
  while (mantissa <= Math.SQRT1_2) {
    mantissa *= 2;
    doublings++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let sum = 0;
  // |z| < 0.172, so the term after n = 21 is below 1e-17.
  for (let n = 21; n >= 1; n -= 2) sum = sum * square + 1 / n;
  return 2 * z * sum - doublings * Math.LN2;
}

/** 32-bit hash of a text: FNV-1a over its UTF-16 units, then the finaliser of MurmurHash3 (A. Appleby, public domain). */
function hash(text: string, salt: number): number {
  let h = salt ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
