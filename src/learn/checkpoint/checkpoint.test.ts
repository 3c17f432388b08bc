import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../crc32c.js';
import { LearnError } from '../errors.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';

const arrays = [
  fc.float32Array(),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint8Array(),
] as fc.Arbitrary<unknown>[];
const leaf = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, undefined, true, false),
  fc.string({ unit: 'binary' }),
  ...arrays,
);
const { fields } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.array(tie('value')), tie('fields')),
  fields: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'weights')), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
})) as { fields: fc.Arbitrary<object> };

/** A state such as training keeps. */
const state = {
  epoch: 3,
  weights: Float32Array.of(1.5, Number.NaN, -0),
  average: undefined,
  best: { validation_loss: Number.POSITIVE_INFINITY, statistics: new Float32Array() },
  history: [{ epoch: 1, train_loss: 0.25 }],
};

describe('what was written', () => {
  test('comes back exactly', () => {
    fc.assert(
      fc.property(fc.string(), fields, (key, given) => {
        // toStrictEqual tells −0 from 0, an absent field from an undefined one and the types of arrays.
        expect(readCheckpoint(writeCheckpoint(key, given), key)).toStrictEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  test('comes back as arrays of their own, wherever the bytes lie', () => {
    const bytes = writeCheckpoint('S01', state);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const found = readCheckpoint<typeof state>(shifted.subarray(3), 'S01');
    expect(found).toStrictEqual(state);
    found.weights.fill(0);
    expect(readCheckpoint(shifted.subarray(3), 'S01')).toStrictEqual(state);
    const inBuffer = readCheckpoint<typeof state>(Buffer.from(shifted).subarray(3), 'S01');
    inBuffer.weights.fill(0);
    expect(readCheckpoint(shifted.subarray(3), 'S01')).toStrictEqual(state);
    expect(inBuffer.weights.buffer.byteLength).toBe(12);
  });

  test('of views is what they show', () => {
    const shared = Float32Array.of(1, 2, 3, 4);
    const written = writeCheckpoint('', { view: shared.subarray(1, 3) });
    expect(readCheckpoint(written, '')).toStrictEqual({ view: Float32Array.of(2, 3) });
  });
});

describe('refuses', () => {
  const bytes = writeCheckpoint('S01', state);

  test('a file that was cut off anywhere or is too long', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readCheckpoint(bytes.subarray(0, length), 'S01')).toThrow(LearnError);
    }
    expect(() => readCheckpoint(Uint8Array.of(...bytes, 0), 'S01')).toThrow(/does not fit its checksum.*Delete it/);
  });

  test('a file in which any one bit is wrong', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(() => readCheckpoint(damaged, 'S01')).toThrow(LearnError);
    }
  });

  test('another file, by name', () => {
    const text = new TextEncoder().encode('x'.repeat(100));
    expect(() => readCheckpoint(text, 'S01', 'fold-1.ckpt')).toThrow(/^fold-1\.ckpt: is no checkpoint of genu/);
  });

  test('the checkpoint of another training', () => {
    expect(() => readCheckpoint(bytes, 'S02')).toThrow(/belongs to another training \(S01\) than this one \(S02\)/);
  });

  test('another version', () => {
    const newer = sign(bytes, (view) => view.setUint32(8, 2, true));
    expect(() => readCheckpoint(newer, 'S01')).toThrow(/has version 2; this version of genu reads 1/);
  });

  test('contents that no checkpoint has, even where the checksum fits', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 5), fc.nat(255), (at, byte) => {
        const changed = sign(bytes, (view) => view.setUint8(at, byte));
        try {
          readCheckpoint(changed, 'S01');
        } catch (error) {
          if (!(error instanceof LearnError)) throw error;
        }
      }),
    );
    expect(() =>
      readCheckpoint(
        sign(bytes, (view) => view.setUint32(12, 5, true)),
        'S01',
      ),
    ).toThrow(/cannot be read/);
  });

  test('fields that it cannot keep, by their path', () => {
    const loop: { best: object } = { best: {} };
    loop.best = loop;
    expect(() => writeCheckpoint('', { best: { run: () => 1 } })).toThrow(
      /checkpoint, fields\.best\.run: is a function/,
    );
    expect(() => writeCheckpoint('', { history: [new Map()] })).toThrow(/fields\.history\[0\]: is Map/);
    expect(() => writeCheckpoint('', { step: 1n })).toThrow(/fields\.step: is a bigint/);
    expect(() => writeCheckpoint('', loop)).toThrow(/holds itself/);
  });
});

/** A file with a change and the checksum that fits it. */
function sign(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  change(view);
  view.setUint32(changed.length - 4, crc32c(changed.subarray(0, -4)), true);
  return changed;
}
