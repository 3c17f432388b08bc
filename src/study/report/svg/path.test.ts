import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate } from './decimate.js';
import { makeAreaPath, makeBandPath, makeLinePath } from './path.js';
import { makeLinearScale } from './scale.js';

const series = fc.array(fc.option(fc.double({ min: -10, max: 10, noNaN: true }), { freq: 8 }), {
  minLength: 1,
  maxLength: 600,
});

/** Absolute points of the pieces of a path of M and l commands. */
function readPieces(path: string): [number, number][][] {
  return path
    .split('M')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const points: [number, number][] = [];
      for (const [i, pair] of piece.replace(/h0|z/g, '').split('l').entries()) {
        const [x, y] = pair.split(' ').map(Number);
        const [left, top] = i === 0 ? [0, 0] : points[i - 1];
        points.push([left + x, top + y]);
      }
      return points;
    });
}

describe('decimate', () => {
  it('keeps order, ends, extremes and every gap, and not many more than the columns show', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 40 }), (values, columns) => {
        const kept = decimate(values, columns);
        for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1]);
        const present = values.filter((value) => value !== null);
        const shown = kept.map((i) => values[i]).filter((value) => value !== null);
        if (present.length > 0) {
          expect(Math.max(...shown)).toBe(Math.max(...present));
          expect(Math.min(...shown)).toBe(Math.min(...present));
          expect(shown[0]).toBe(present[0]);
          expect(shown.at(-1)).toBe(present.at(-1));
        }
        // Between two kept samples that are there, nothing was missing.
        for (let k = 1; k < kept.length; k++) {
          if (values[kept[k - 1]] === null || values[kept[k]] === null) continue;
          expect(values.slice(kept[k - 1], kept[k])).not.toContain(null);
        }
      }),
    );
  });

  it('thins a long trace to four samples a column', () => {
    const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 50));
    expect(decimate(values, 100).length).toBeLessThanOrEqual(400);
  });
});

describe('makeLinePath', () => {
  it('breaks at missing samples and ends where the data end', () => {
    const x = makeLinearScale([0, 4], [0, 400]);
    const y = makeLinearScale([0, 1], [100, 0]);
    const pieces = readPieces(makeLinePath([0, 1, 2, 3, 4], [0, 1, null, 0.5, 0.25], x, y));
    expect(pieces).toEqual([
      [
        [0, 100],
        [100, 0],
      ],
      [
        [300, 50],
        [400, 75],
      ],
    ]);
    expect(makeLinePath([0, 1], [null, Number.NaN], x, y)).toBe('');
    expect(makeLinePath([0, 1, 2], [null, 1, null], x, y)).toBe('M100 0h0');
  });

  it('does not drift: relative steps land within a tenth of a pixel', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 300 }), (values) => {
        const times = values.map((_, i) => i);
        const x = makeLinearScale([0, values.length - 1], [0, 777]);
        const y = makeLinearScale([0, 1], [333, 0]);
        const [piece] = readPieces(makeLinePath(times, values, x, y));
        values.forEach((value, i) => {
          expect(Math.abs(piece[i][0] - x.calc(i))).toBeLessThan(0.051);
          expect(Math.abs(piece[i][1] - y.calc(value))).toBeLessThan(0.051);
        });
      }),
    );
  });
});

describe('areas', () => {
  const x = makeLinearScale([0, 2], [0, 200]);
  const y = makeLinearScale([0, 1], [100, 0]);

  it('close between two curves', () => {
    expect(readPieces(makeBandPath([0, 1, 2], [0, 0, null], [1, 0.5, 1], x, y))).toEqual([
      [
        [0, 0],
        [100, 50],
        [100, 100],
        [0, 100],
      ],
    ]);
    expect(makeBandPath([0, 1, 2], [0, null, 0], [1, 1, 1], x, y)).toBe('');
  });

  it('stand on zero', () => {
    expect(makeAreaPath([0, 1, 2], [0.5, 1, null], x, y)).toBe('M0 100V50l100 -50V100z');
  });
});
