import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from './rng.js';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

/** sfc32 and its seeding written again in unbounded integers: the 32-bit outputs after the warm-up. */
function calcOutputs(seed: string, count: number): bigint[] {
  const mask = 0xffffffffn;
  const mix = (salt: bigint): bigint => {
    let h = salt ^ 0x811c9dc5n;
    for (let i = 0; i < seed.length; i++) h = ((h ^ BigInt(seed.charCodeAt(i))) * 0x01000193n) & mask;
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
    return h ^ (h >> 16n);
  };
  let a = mix(0x9e3779b9n);
  let b = mix(0x85ebca6bn);
  let c = mix(0xc2b2ae35n);
  let counter = 1n;
  const outputs: bigint[] = [];
  for (let i = 0; i < count + 12; i++) {
    const sum = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c * 9n) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask;
    if (i >= 12) outputs.push(sum);
  }
  return outputs;
}

describe('makeRandom', () => {
  it('gives the numbers of an independent sfc32 in unbounded integers', () => {
    for (const seed of ['', '1', 'knee', 'ü—長']) {
      const outputs = calcOutputs(seed, 200);
      const random = makeRandom(seed);
      for (let i = 0; i < 200; i += 2) {
        const expected = Number(((outputs[i] >> 5n) << 26n) | (outputs[i + 1] >> 6n)) / 2 ** 53;
        expect(random.uniform()).toBe(expected);
      }
    }
  });

  it('is uniform: mean, variance, lag-1 correlation and chi-squared over 64 bins', () => {
    const count = 64_000;
    const values = draw(count, makeRandom('uniform').uniform);
    const bins = new Array<number>(64).fill(0);
    let mean = 0;
    let square = 0;
    let lagged = 0;
    values.forEach((value, i) => {
      bins[Math.floor(value * 64)]++;
      mean += value / count;
      square += (value - 0.5) ** 2 / count;
      if (i > 0) lagged += ((value - 0.5) * (values[i - 1] - 0.5)) / count;
    });
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const chi = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0046); // four standard errors
    expect(Math.abs(square - 1 / 12)).toBeLessThan(0.0012);
    expect(Math.abs(lagged * 12)).toBeLessThan(0.016);
    expect(chi).toBeLessThan(110); // 63 degrees of freedom, p = 2e-4
  });

  it('is normal: moments, and the share within one and two standard deviations', () => {
    const count = 60_000;
    const values = draw(count, makeRandom('normal').normal);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power / count, 0);
    const within = (limit: number) => values.filter((value) => Math.abs(value) < limit).length / count;
    expect(Math.abs(moment(1))).toBeLessThan(0.017);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.024);
    expect(Math.abs(moment(3))).toBeLessThan(0.064);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.16);
    expect(Math.abs(within(1) - 0.68269)).toBeLessThan(0.0077);
    expect(Math.abs(within(2) - 0.9545)).toBeLessThan(0.0035);
  });

  it('has a logarithm good to the last bits: the polar method with Math.log agrees', () => {
    const own = makeRandom('log');
    const twin = makeRandom('log');
    for (let i = 0; i < 5000; i++) {
      let expected = Number.NaN;
      while (Number.isNaN(expected)) {
        const x = 2 * twin.uniform() - 1;
        const y = 2 * twin.uniform() - 1;
        const s = x * x + y * y;
        if (s > 0 && s < 1) expected = x * Math.sqrt((-2 * Math.log(s)) / s);
      }
      expect(own.normal()).toBeCloseTo(expected, 13);
    }
  });

  it('gives whole numbers in range, each equally often, and refuses other counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.string(), (count, seed) => {
        const value = makeRandom(seed).integer(count);
        return Number.isInteger(value) && value >= 0 && value < count;
      }),
    );
    const random = makeRandom('dice');
    const faces = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) faces[random.integer(6)]++;
    for (const n of faces) expect(Math.abs(n - 10_000)).toBeLessThan(400);
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 33]) expect(() => random.integer(bad)).toThrow(RangeError);
  });

  it('shuffles: keeps every item, and each item reaches each place', () => {
    const places = Array.from({ length: 4 }, () => new Array<number>(4).fill(0));
    const random = makeRandom('cards');
    for (let i = 0; i < 8000; i++) {
      const items = random.shuffle(Int32Array.of(0, 1, 2, 3));
      expect([...items].sort()).toEqual([0, 1, 2, 3]);
      items.forEach((item, place) => {
        places[item][place]++;
      });
    }
    for (const n of places.flat()) expect(Math.abs(n - 2000)).toBeLessThan(160);
  });

  it('forks by name, whatever was drawn before', () => {
    const fresh = makeRandom(7);
    const used = makeRandom(7);
    draw(99, used.uniform);
    expect(draw(5, used.fork('a').uniform)).toEqual(draw(5, fresh.fork('a').uniform));
    const streams = [
      fresh,
      fresh.fork('a'),
      fresh.fork('b'),
      fresh.fork('a').fork('b'),
      makeRandom('7/a'),
      makeRandom(8),
    ];
    const firsts = streams.map((stream) => stream.uniform());
    expect(new Set(firsts).size).toBe(firsts.length);
  });
});
