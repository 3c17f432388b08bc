import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResult, encodeResult, hashValue, Tasks } from './tasks.js';

const makeStore = () => {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: (key: string) => kept.get(key),
    put: (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
  };
};

describe('hashValue', () => {
  it('tells different content apart and takes keys in any order', () => {
    expect(hashValue({ a: 1, b: [2] })).toBe(hashValue({ b: [2], a: 1 }));
    const different = [
      1,
      '1',
      [1],
      [[1]],
      { a: 1 },
      Float64Array.of(1),
      Float32Array.of(1),
      null,
      undefined,
      [1, 2],
      ['1,2'],
    ];
    expect(new Set(different.map(hashValue)).size).toBe(different.length);
  });
});

describe('encodeResult', () => {
  it('comes back as it was, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.float32Array(), fc.string(), (values, floats, text) => {
        const result = {
          values,
          typed: Float64Array.from(values),
          floats,
          text,
          bytes: Uint8Array.of(0, 255),
          nested: { list: [text] },
        };
        const back = decodeResult<typeof result>(encodeResult(result));
        // JSON has no negative zero outside typed arrays.
        expect({ ...back, values: back.values.map((v) => v + 0) }).toEqual({
          ...result,
          values: values.map((v) => v + 0),
        });
      }),
    );
  });
});

describe('Tasks', () => {
  it('works once for equal inputs, now and in a later run', async () => {
    const store = makeStore();
    let worked = 0;
    const work = async () => ({ value: ++worked });
    const first = new Tasks(store, 'code');
    const both = await Promise.all([first.run('fit', { x: 1 }, work), first.run('fit', { x: 1 }, work)]);
    expect(both).toEqual([{ value: 1 }, { value: 1 }]);
    const later = new Tasks(store, 'code');
    expect(await later.run('fit', { x: 1 }, work)).toEqual({ value: 1 });
    expect([later.done, later.found]).toEqual([0, 1]);
    expect(await later.run('fit', { x: 2 }, work)).toEqual({ value: 2 });
    expect(await new Tasks(store, 'other code').run('fit', { x: 1 }, work)).toEqual({ value: 3 });
  });
  it('works again when a kept result is damaged, and keeps nothing of work that failed', async () => {
    const store = makeStore();
    await new Tasks(store, 'c').run('fit', 1, async () => 5);
    for (const key of store.kept.keys()) store.kept.set(key, Uint8Array.of(1, 2, 3));
    expect(await new Tasks(store, 'c').run('fit', 1, async () => 6)).toBe(6);
    await expect(new Tasks(store, 'c').run('fit', 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(store.kept.size).toBe(1);
  });
});
