import { describe, expect, it } from 'vitest';
import { countWindowSamples, makeWindowSpec } from './spec.js';
import {
  fillLagsInto,
  listRidgeOffsets,
  listSequences,
  listWindowFrames,
  locateWindow,
  makeInputTable,
} from './windows.js';

const window = { past: 4, future: 2, step: 1 };
const offsetsOf = ({ past, future }: typeof window) => Array.from({ length: past + 1 + future }, (_, k) => k - past);
const ramp = (n: number) => Float64Array.from({ length: n }, (_, i) => i);

describe('windows', () => {
  it('refuses a window of one sample', () => {
    expect(() => makeWindowSpec({ past_s: 0, future_s: 0.001, step_s: 0.01 }, 100)).toThrow(/single sample/);
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
  it('a window at a step looks at every step-th frame up to its last', () => {
    const table = makeInputTable(['a', 'b'], [ramp(41), ramp(41).map((v) => -v)]);
    const coarse = { past: 12, future: 3, step: 3 };
    const sequences = listSequences(table, coarse.step);
    for (const frame of listWindowFrames(table, coarse)) {
      const { sequence, end } = locateWindow(frame, coarse);
      const samples = countWindowSamples(coarse);
      const seen = Array.from({ length: samples }, (_, k) => sequences[sequence][2 * (end - samples + 1 + k)]);
      expect(seen).toEqual([-12, -9, -6, -3, 0, 3].map((offset) => frame + offset));
    }
  });
  it('lags are what they say', () => {
    const table = makeInputTable(['a', 'b'], [ramp(40), ramp(40).map((v) => -v)]);
    const offsets = listRidgeOffsets({ past: 20, future: 2, step: 1 }, 100);
    expect(offsets).toEqual([-18, -13, -8, -3, 2]);
    const row = new Float64Array(2 * offsets.length);
    fillLagsInto(row, table, 25, offsets, 2);
    expect(Array.from(row)).toEqual(offsets.flatMap((offset) => [25 + offset, -25 - offset]));
  });
});
