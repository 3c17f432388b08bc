import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { testedVariants } from '../executors/wasm.test.support.js';
import { compileKernels, hasFusedKernels, type Kernels, makeKernels } from './kernels.js';
import type { KernelName } from './plain.generated.js';

/** Kernels against plain loops in double precision, on ragged sizes, with guards around every result. */
const memory = new WebAssembly.Memory({ initial: 16 });
let kernels: Kernels;
const GUARD = 12345;
const PAD = 9;

/** Calls a kernel on lists; lists become addresses. Returns the lists as they stand afterwards. */
function call(kernel: KernelName, ...args: readonly (number | Float32Array)[]): Float32Array[] {
  const all = new Float32Array(memory.buffer);
  let at = 1024; // numbers: behind what belongs to the kernels
  const places: { start: number; length: number }[] = [];
  const numbers = args.map((arg) => {
    if (typeof arg === 'number') return arg;
    all.fill(GUARD, at, at + PAD);
    at += PAD;
    all.set(arg, at);
    places.push({ start: at, length: arg.length });
    at += arg.length;
    all.fill(GUARD, at, at + PAD);
    return 4 * places.at(-1)!.start;
  });
  kernels[kernel](...numbers);
  for (const { start, length } of places) {
    for (const edge of [start - PAD, start + length]) {
      expect(all.subarray(edge, edge + PAD).every((value) => value === GUARD)).toBe(true);
    }
  }
  return places.map(({ start, length }) => all.slice(start, start + length));
}

const draw = (seed: string, length: number): Float32Array => {
  const random = makeRandom(seed);
  return Float32Array.from({ length }, () => 2 * random.uniform() - 1);
};

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  let worst = 0;
  for (let k = 0; k < got.length; k++) worst = Math.max(worst, Math.abs(got[k] - expected[k]));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const whole = (max: number, min = 1) => fc.integer({ min, max });

describe.each(testedVariants)('%s kernels', (variant) => {
  beforeAll(async () => {
    kernels = makeKernels(await compileKernels(variant), memory);
  });

  test('products with all kinds of tiles, taps, gaps between rows, bias and sums', () => {
    const sizes = fc.tuple(whole(14), whole(75), whole(13), whole(4), whole(3, 0), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(sizes, ([rows, columns, inner, taps, gap, hasBias, accumulate]) => {
        const seed = [rows, columns, inner, taps, gap].join();
        const [lda, ldc, tapRows] = [inner + gap, columns + gap, 2];
        const a = draw(`${seed} a`, (rows + (taps - 1) * tapRows) * lda);
        const b = draw(`${seed} b`, taps * inner * columns);
        const bias = draw(`${seed} bias`, columns);
        const c = draw(`${seed} c`, rows * ldc);
        const panels = new Float32Array(Math.ceil(columns / 8) * taps * inner * 8);
        const packed = call('pack', taps * inner, columns, b, columns, panels, taps * inner * 8)[1];
        const transposed = b.map((_, k) => b[(k % (taps * inner)) * columns + Math.floor(k / (taps * inner))]);
        expect(
          call('packTransposed', taps * inner, columns, transposed, taps * inner, panels, taps * inner * 8)[1],
        ).toEqual(packed);

        const expected = c.map((old, k) => {
          const [r, n] = [Math.floor(k / ldc), k % ldc];
          if (n >= columns) return old;
          let sum = (hasBias ? bias[n] : 0) + (accumulate ? old : 0);
          for (let tap = 0; tap < taps; tap++) {
            for (let i = 0; i < inner; i++) {
              sum += a[(r + tap * tapRows) * lda + i] * b[(tap * inner + i) * columns + n];
            }
          }
          return sum;
        });
        const sizesOf = [rows, columns, inner, taps] as const;
        const results = call(
          'gemm',
          ...sizesOf,
          a,
          lda,
          tapRows * lda,
          packed,
          taps * inner * 8,
          c,
          ldc,
          hasBias ? bias : 0,
          accumulate ? 1 : 0,
        );
        expectClose(results[2], expected, 1e-5);
      }),
      { numRuns: 80 },
    );
  });

  test('products with a transposed left side, in blocks', () => {
    const sizes = fc.tuple(whole(10), whole(20), whole(23), whole(3), whole(3, 0), fc.boolean(), whole(9));
    fc.assert(
      fc.property(sizes, ([rows, columns, inner, taps, gap, accumulate, block]) => {
        const seed = [rows, columns, inner, taps, gap].join();
        const [lda, ldb, ldc] = [rows + gap, columns + gap, columns + gap];
        const a = draw(`${seed} a`, (inner + taps - 1) * lda);
        const b = draw(`${seed} b`, inner * ldb);
        const c = draw(`${seed} c`, taps * rows * ldc);
        const expected = c.map((old, k) => {
          const [m, n] = [Math.floor(k / ldc), k % ldc];
          if (n >= columns) return old;
          let sum = accumulate ? old : 0;
          for (let i = 0; i < inner; i++) {
            sum += a[(i + Math.floor(m / rows)) * lda + (m % rows)] * b[i * ldb + n];
          }
          return sum;
        });
        const room = new Float32Array(block * (4 * Math.ceil((taps * rows) / 4) + 8 * Math.ceil(columns / 8)));
        const sizesOf = [rows, columns, inner, taps] as const;
        const flags = [ldc, accumulate ? 1 : 0] as const;
        const results = call('gemmTransposed', ...sizesOf, a, lda, lda, b, ldb, c, ...flags, room, block);
        expectClose(results[2], expected, 1e-5);
      }),
      { numRuns: 80 },
    );
  });

  /** Numbers over the whole range, a length that is no multiple of four. */
  const spread = Float32Array.from({ length: 4003 }, (_, k) => 110 * ((k - 2001) / 2001) ** 3);

  test.each([
    ['exponential', Math.exp, 2e-7],
    ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x)), 3e-7],
    ['tanh', Math.tanh, 4e-7],
    ['logarithm', Math.log, 2e-7],
    ['squareRoot', Math.sqrt, 1e-7],
    ['reciprocal', (x: number) => 1 / x, 1e-7],
  ] as [KernelName, (x: number) => number, number][])('%s to the last digits', (name, f, tolerance) => {
    const [x, y] = call(name, 1, spread.length, spread, spread.length, new Float32Array(spread.length), spread.length);
    for (let k = 0; k < x.length; k++) {
      const expected = Math.fround(f(x[k]));
      if (!Number.isFinite(expected)) expect(y[k]).toBe(expected);
      else {
        // A denormal number is as exact as its last digit; the sigmoid ends where its power of e does.
        const least = name === 'sigmoid' ? 2e-38 : 1.5e-45;
        expect(Math.abs(y[k] - expected), `${name} ${x[k]}`).toBeLessThanOrEqual(
          tolerance * Math.abs(expected) + least,
        );
      }
    }
  });

  test('functions keep what is not a number', () => {
    for (const name of ['exponential', 'sigmoid', 'tanh', 'logarithm', 'relu'] as const) {
      const [, y] = call(name, 1, 5, new Float32Array(5).fill(Number.NaN), 5, new Float32Array(5), 5);
      expect([...y].every(Number.isNaN), name).toBe(true);
    }
  });

  test('functions of two operands, each repeated over rows, columns or both', () => {
    const functions: [KernelName, (a: number, b: number, y: number) => number][] = [
      ['add', (a, b) => a + b],
      ['subtract', (a, b) => a - b],
      ['multiply', (a, b) => a * b],
      ['divide', (a, b) => a / b],
      ['maximum', (a, b) => Math.max(a, b)],
      ['minimum', (a, b) => Math.min(a, b)],
      ['gate', (a, b) => (b > 0 ? a : 0)],
      ['multiplyAdd', (a, b, y) => y + a * b],
      ['tanhGradient', (a, b) => a * (1 - b * b)],
      ['sigmoidGradient', (a, b) => a * b * (1 - b)],
      ['reciprocalGradient', (a, b) => -a * b * b],
    ];
    const step = fc.constantFrom(0, 1);
    const sizes = fc.tuple(whole(4), whole(11), whole(2, 0), step, step, step, step);
    fc.assert(
      fc.property(sizes, ([rows, columns, gap, aRow, aColumn, bRow, bColumn]) => {
        const stride = columns + gap;
        const seed = [rows, columns].join();
        const [a, b, y] = ['a', 'b', 'y'].map((name) => draw(seed + name, rows * stride));
        for (const [name, f] of functions) {
          const result = call(name, rows, columns, a, aRow * stride, aColumn, b, bRow * stride, bColumn, y, stride)[2];
          const expected = y.map((old, k) => {
            const [r, n] = [Math.floor(k / stride), k % stride];
            if (n >= columns) return old;
            return f(a[r * aRow * stride + n * aColumn], b[r * bRow * stride + n * bColumn], old);
          });
          for (let k = 0; k < y.length; k++) {
            expect(Math.abs(result[k] - expected[k]), name).toBeLessThanOrEqual(
              1e-6 * Math.max(1, Math.abs(expected[k])),
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('sums and products over rows and over columns', () => {
    fc.assert(
      fc.property(whole(150), whole(45), whole(3, 0), (rows, columns, gap) => {
        const stride = columns + gap;
        const [a, b] = ['a', 'b'].map((name) => draw([rows, columns, name].join(), rows * stride));
        const byColumn = (f: (k: number) => number) =>
          Array.from({ length: columns }, (_, n) => {
            let sum = 0;
            for (let r = 0; r < rows; r++) sum += f(r * stride + n);
            return sum;
          });
        const byRow = (f: (k: number) => number) =>
          Array.from({ length: rows }, (_, r) => {
            let sum = 0;
            for (let n = 0; n < columns; n++) sum += f(r * stride + n);
            return sum;
          });
        const [wide, tall] = [new Float32Array(columns), new Float32Array(rows)];
        expectClose(
          call('sumRows', rows, columns, a, stride, wide)[1],
          byColumn((k) => a[k]),
          2e-5,
        );
        expectClose(
          call('dotRows', rows, columns, a, stride, b, stride, wide)[2],
          byColumn((k) => a[k] * b[k]),
          2e-5,
        );
        expectClose(
          call('sumColumns', rows, columns, a, stride, tall)[1],
          byRow((k) => a[k]),
          2e-5,
        );
        expectClose(
          call('dotColumns', rows, columns, a, stride, b, stride, tall)[2],
          byRow((k) => a[k] * b[k]),
          2e-5,
        );
        const greatest = Array.from(tall, (_, r) => Math.max(...a.subarray(r * stride, r * stride + columns)));
        expectClose(call('greatest', rows, columns, a, stride, tall)[1], greatest, 0);
      }),
      { numRuns: 40 },
    );
  });

  test('a long sum does not lose digits', () => {
    const length = 200_000;
    const x = new Float32Array(length).fill(0.1);
    const [, sum] = call('sumColumns', 1, length, x, length, new Float32Array(1));
    expect(Math.abs(sum[0] / (length * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
    const rows = 20_000;
    const [, down] = call('sumRows', rows, 1, x.subarray(0, rows), 1, new Float32Array(1));
    expect(Math.abs(down[0] / (rows * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
  });

  test('softmax both ways: shares of one, in the ratio of the powers', () => {
    fc.assert(
      fc.property(whole(9), whole(9), (rows, columns) => {
        const x = draw([rows, columns].join(), rows * columns).map((value) => 300 * value);
        const empty = new Float32Array(x.length);
        for (const over of ['Rows', 'Columns'] as const) {
          const [, y] = call(`softmax${over}`, rows, columns, x, columns, empty, columns);
          const group = (k: number) => (over === 'Rows' ? k % columns : Math.floor(k / columns));
          const expected = Array.from(x, (value, k) => {
            let sum = 0;
            for (const [other, number] of x.entries()) if (group(other) === group(k)) sum += Math.exp(number - value);
            return 1 / sum;
          });
          expectClose(y, expected, 1e-6);
        }
      }),
    );
  });

  test('copies between any three axes', () => {
    const steps = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    fc.assert(
      fc.property(whole(3), whole(4), whole(7), steps, steps, (n0, n1, n2, xOrder, yOrder) => {
        const lengths = [n0, n1, n2];
        const stepsOf = (order: readonly number[]) => {
          const result = [0, 0, 0];
          let step = 1;
          for (const axis of order) {
            result[axis] = step;
            step *= lengths[axis];
          }
          return result;
        };
        const [xs, ys] = [stepsOf(xOrder), stepsOf(yOrder)];
        const x = draw('copy', n0 * n1 * n2);
        const [, y] = call('copy', n0, n1, n2, x, ...xs, new Float32Array(x.length), ...ys);
        for (let i = 0; i < n0; i++) {
          for (let j = 0; j < n1; j++) {
            for (let k = 0; k < n2; k++) {
              expect(y[i * ys[0] + j * ys[1] + k * ys[2]]).toBe(x[i * xs[0] + j * xs[1] + k * xs[2]]);
            }
          }
        }
      }),
    );
  });
});

test('the plain kernels round a product before they add to it, the fused ones need not', async () => {
  // (1 + ε)² − (1 + 2ε) is ε²; rounded, the square is 1 + 2ε.
  const x = 1 + 2 ** -12;
  const bias = new Float32Array(8).fill(-(1 + 2 ** -11));
  const found: number[] = [];
  for (const variant of testedVariants) {
    kernels = makeKernels(await compileKernels(variant), memory);
    const panel = new Float32Array(8).fill(x);
    const rows = new Float32Array(4).fill(x);
    const y = call('gemm', 4, 8, 1, 1, rows, 1, 0, panel, 8, new Float32Array(32), 8, bias, 0);
    found.push(y[2][0]);
  }
  expect(found[0]).toBe(0);
  if (hasFusedKernels()) expect([0, 2 ** -24]).toContain(found[1]);
});
