import { describe, expect, it } from 'vitest';
import { makeWindowSpec } from './spec.js';
import { fillLagsInto, listRidgeOffsets, listWindowFrames, makeInputTable } from './windows.js';

const window = { past: 4, future: 2 };
const offsetsOf = ({ past, future }: typeof window) => Array.from({ length: past + 1 + future }, (_, k) => k - past);
const ramp = (n: number) => Float64Array.from({ length: n }, (_, i) => i);

describe('windows', () => {
  it('refuses a window of one sample', () => {
    expect(() => makeWindowSpec({ past_s: 0, future_s: 0.001 }, 100)).toThrow(/single sample/);
  });
  it('frames of two neighbouring parts share no input frame', () => {
    const table = makeInputTable(['a'], [ramp(60)]);
    const reach = (frames: number[]) => new Set(frames.flatMap((i) => offsetsOf(window).map((offset) => i + offset)));
    const before = reach(listWindowFrames(table, window, 0, 30));
    const after = reach(listWindowFrames(table, window, 30, 60));
    expect(before.size).toBeGreaterThan(20);
    expect([...before].filter((i) => after.has(i))).toEqual([]);
  });
  it('leaves out exactly the frames whose window meets a missing value', () => {
    const values = ramp(20);
    values[10] = Number.NaN;
    const frames = listWindowFrames(makeInputTable(['a'], [values]), window);
    expect(frames).toEqual([4, 5, 6, 7, 15, 16, 17]);
  });
  it('lags are what they say', () => {
    const table = makeInputTable(['a', 'b'], [ramp(40), ramp(40).map((v) => -v)]);
    const offsets = listRidgeOffsets({ past: 20, future: 2 }, 100);
    expect(offsets).toEqual([-18, -13, -8, -3, 2]);
    const row = new Float64Array(2 * offsets.length);
    fillLagsInto(row, table, 25, offsets, 2);
    expect(Array.from(row)).toEqual(offsets.flatMap((offset) => [25 + offset, -25 - offset]));
  });
});
