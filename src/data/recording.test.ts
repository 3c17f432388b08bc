import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutRecording,
  findGaps,
  findTimeSpan,
  GenuError,
  getChannel,
  listNearest,
  makeClock,
  makeUniformClock,
  type Recording,
} from './index.js';

const record = (...channels: [string, number, number[]][]): Recording => ({
  name: 'trial',
  channels: channels.map(([name, rate_Hz, values]) => ({
    name,
    kind: 'other',
    unit: '1',
    clock: makeUniformClock(1, rate_Hz, values.length),
    values: Float64Array.from(values),
  })),
  events: [{ name: 'heel strike', time_s: 1.15 }],
  notes: [],
});

describe('makeClock', () => {
  it('finds the rate of stamps printed with few digits', () => {
    const times = Float64Array.from({ length: 500 }, (_, i) => Number((i / 120).toFixed(6)));
    expect(makeClock(times).rate_Hz).toBe(120);
  });
  it('has no rate for uneven stamps', () => {
    expect(makeClock(Float64Array.of(0, 0.1, 0.25, 0.3)).rate_Hz).toBeUndefined();
  });
  it.each([
    [[0, 0.2, 0.1], /runs backwards at sample 3/],
    [[0, 0.1, 0.1], /stands still at sample 3/],
    [[0, Number.NaN], /not a number/],
    [[], /no samples/],
  ])('refuses %j', (stamps, message) => {
    expect(() => makeClock(Float64Array.from(stamps), 'a.sto')).toThrow(message);
    expect(() => makeClock(Float64Array.from(stamps), 'a.sto')).toThrow(GenuError);
  });
});

describe('recordings', () => {
  it('names what there is when a channel is missing, the nearest first', () => {
    const recording = record(['vas_lat_r', 10, [1]], ['soleus_r', 10, [1]]);
    expect(() => getChannel(recording, 'vaslat_r')).toThrow(/no channel "vaslat_r".*vas_lat_r, soleus_r/);
    expect(listNearest('b', ['zzz', 'a', 'b'], 2)).toBe('b, a, and 1 more');
  });

  it('cuts every channel at its own rate', () => {
    const cut = cutRecording(record(['slow', 10, [0, 1, 2, 3]], ['fast', 20, [0, 1, 2, 3, 4, 5]]), 1.1, 1.2);
    expect(Array.from(cut.channels[0].values)).toEqual([1]);
    expect(Array.from(cut.channels[1].values)).toEqual([2, 3]);
    expect(cut.events).toHaveLength(1);
    expect(findTimeSpan(cut)[0]).toBeCloseTo(1.1, 12);
  });

  it('two cuts that meet hold every sample once', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3, noNaN: true }), (at) => {
        const whole = record(['a', 50, Array.from({ length: 60 }, (_, i) => i)]);
        const parts = [cutRecording(whole, 0, at), cutRecording(whole, at, 9)];
        expect(parts.flatMap((part) => part.channels.flatMap((c) => Array.from(c.values)))).toEqual(
          Array.from(whole.channels[0].values),
        );
      }),
    );
  });

  it('finds gaps', () => {
    expect(findGaps(Float64Array.of(Number.NaN, 1, Number.NaN, Number.NaN))).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 4 },
    ]);
  });
});
