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
    expect(findCrossSteps(left, right, 20)).toEqual([[20, 24]]);
  });
  it('takes any double support of running as one', () => {
    const left = load('###.....###.....#####...');
    const right = load('....###.....###....#.###');
    expect(findCrossSteps(left, right, 20)).toEqual([[19, 20]]);
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
});
