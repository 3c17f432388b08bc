import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyRotationsInto, placePointInto, turnRotationInto, writeRotationXyzInto } from './rotation.js';

const angle = fc.double({ min: -4, max: 4, noNaN: true });
const identity = (): Float64Array => Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);

describe('rotations', () => {
  it('body-fixed XYZ angles are three turns about the moving axes', () => {
    fc.assert(
      fc.property(angle, angle, angle, (a, b, c) => {
        const written = new Float64Array(9);
        writeRotationXyzInto(written, 0, [a, b, c]);
        const turned = identity();
        turnRotationInto(turned, 0, 1, 0, 0, a);
        turnRotationInto(turned, 0, 0, 1, 0, b);
        turnRotationInto(turned, 0, 0, 0, 1, c);
        for (let i = 0; i < 9; i++) expect(written[i]).toBeCloseTo(turned[i], 12);
      }),
    );
  });

  it('turning about any axis keeps lengths and leaves the axis where it is', () => {
    fc.assert(
      fc.property(angle, angle, angle, (a, b, turn) => {
        const axis = [Math.cos(a) * Math.cos(b), Math.sin(a) * Math.cos(b), Math.sin(b)] as const;
        const matrix = identity();
        turnRotationInto(matrix, 0, ...axis, turn);
        const moved = new Float64Array(3);
        placePointInto(moved, 0, matrix, 0, new Float64Array(3), 0, ...axis);
        for (let i = 0; i < 3; i++) expect(moved[i]).toBeCloseTo(axis[i], 12);
        placePointInto(moved, 0, matrix, 0, new Float64Array(3), 0, 1, -2, 3);
        expect(Math.hypot(...moved)).toBeCloseTo(Math.sqrt(14), 12);
      }),
    );
  });

  it('multiplies at offsets', () => {
    const chain = new Float64Array(27);
    writeRotationXyzInto(chain, 0, [0, 0, 0.4]);
    writeRotationXyzInto(chain, 9, [0, 0, 0.3]);
    multiplyRotationsInto(chain, 18, chain, 0, chain, 9);
    const expected = new Float64Array(9);
    writeRotationXyzInto(expected, 0, [0, 0, 0.7]);
    for (let i = 0; i < 9; i++) expect(chain[18 + i]).toBeCloseTo(expected[i], 12);
  });
});
