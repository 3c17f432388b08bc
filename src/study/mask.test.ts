import { describe, expect, it } from 'vitest';
import { makeUniformClock, type Recording } from '../data/index.js';
import { calcMask, findCrossSteps, listMaskedSpans } from './mask.js';

const load = (text: string) => Float64Array.from(text, (mark) => (mark === '#' ? 500 : 0));
const record = (channels: Record<string, ArrayLike<number>>): Recording => ({
  name: 'trial',
  events: [],
  notes: [],
  channels: Object.entries(channels).map(([name, values]) => ({
    name,
    kind: 'other',
    unit: 'N',
    clock: makeUniformClock(0, 10, values.length),
    values: Float64Array.from(values),
  })),
});

describe('findCrossSteps', () => {
  it('takes normal double support of walking as normal, and a long one as a cross-step', () => {
    const left = load('####....####....############....####');
    const right = load('..########..######..####..######..##');
    expect(findCrossSteps(left, right, 20)).toEqual([{ start: 20, end: 24 }]);
  });
  it('takes any double support of running as one', () => {
    const left = load('###.....###.....#####...');
    const right = load('....###.....###....#.###');
    expect(findCrossSteps(left, right, 20)).toEqual([{ start: 19, end: 20 }]);
  });
});

describe('calcMask', () => {
  const times = makeUniformClock(0, 10, 24).times_s;
  it('counts each frame for the first reason that takes it', () => {
    const moments = record({ fx: Array.from({ length: 24 }, (_, i) => (i === 3 || i === 12 ? -150 : 0)) });
    const mask = calcMask(
      times,
      0,
      { moments },
      { skip_start_s: 0.5, residual: { channels: ['fx'], above_N: 100 } },
      'walk',
    );
    expect(mask.reasons.map((reason) => reason.frames)).toEqual([5, 1]);
    expect(listMaskedSpans(mask.usable, times)).toEqual([
      { start_s: 0, end_s: 0.4 },
      { start_s: 1.2, end_s: 1.2 },
    ]);
  });
  it('names a missing channel', () => {
    const rule = { skip_start_s: 0, residual: { channels: ['pelvis_tx_force'], above_N: 100 } };
    expect(() => calcMask(times, 0, { moments: record({ fx: [0, 0] }) }, rule, 'walk')).toThrow(
      /walk: moments.*pelvis_tx_force/,
    );
  });
  it('pads cross-steps', () => {
    const ground = record({ l: load('###.....###.....#####...'), r: load('....###.....###....#.###') });
    const mask = calcMask(
      times,
      0,
      { ground },
      { skip_start_s: 0, cross_steps: { left: 'l', right: 'r', above_N: 20, pad_s: 0.2 } },
      'run',
    );
    expect(listMaskedSpans(mask.usable, times)[0].start_s).toBeCloseTo(1.7, 9);
    expect(mask.usable.reduce((a, b) => a + b, 0)).toBe(24 - 5);
  });
  it('masks frames whose residual is not known', () => {
    const moments = record({ fx: Array.from({ length: 24 }, (_, i) => (i === 7 ? Number.NaN : 0)) });
    const rule = { skip_start_s: 0, residual: { channels: ['fx'], above_N: 100 } };
    expect(listMaskedSpans(calcMask(times, 0, { moments }, rule, 'walk').usable, times)).toEqual([
      { start_s: times[7], end_s: times[7] },
    ]);
  });
  it('masks frames whose forces are not known: in a gap, and after the last of them', () => {
    const left = load('####....####....####');
    const right = load('...######..#####...##');
    left.fill(Number.NaN, 5, 7);
    const rule = { skip_start_s: 0, cross_steps: { left: 'l', right: 'r', above_N: 20, pad_s: 0 } };
    const ground = record({ l: left, r: right.subarray(0, 20) });
    const mask = calcMask(times, 0, { ground }, rule, 'walk');
    // The last force is that of frame 19; it still stands for frame 20.
    expect(mask.reasons[0]).toEqual({ why: 'ground reaction force missing', frames: 2 + 3 });
    expect(Array.from(mask.usable.slice(21))).toEqual([0, 0, 0]);
  });
  it('finds a cross-step that a gap would hide', () => {
    const left = load('####....####....############....####');
    const right = load('..########..######..####..######..##');
    right.fill(Number.NaN, 21, 23);
    expect(findCrossSteps(left, right, 20)).toEqual([{ start: 20, end: 24 }]);
  });
});
