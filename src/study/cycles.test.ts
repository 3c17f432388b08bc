import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calcMeanCycle, findCycleStarts, pairCycles, resampleCycle } from './cycles.js';

const rule = { channel: 'hip', start: 'maximum', above: 0, shortest_s: 0.5 } as const;

describe('cycles', () => {
  it('starts at each maximum of a noisy periodic signal, and only there', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.8, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        (period_s, phase) => {
          const values = Float64Array.from(
            { length: 1000 },
            (_, i) => Math.cos((2 * Math.PI * i) / (100 * period_s) + phase) + 0.02 * Math.sin(i * 1.7),
          );
          const starts = findCycleStarts(values, rule, 100);
          for (const [from, to] of pairCycles(starts)) expect(Math.abs(to - from - 100 * period_s)).toBeLessThan(12);
          expect(Math.abs(starts.length - 10 / period_s)).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
  it('finds none in a constant, and ignores missing frames', () => {
    expect(findCycleStarts(new Float64Array(100).fill(2), rule, 100)).toEqual([]);
    const values = Float64Array.from({ length: 300 }, (_, i) =>
      i < 50 ? Number.NaN : Math.cos((2 * Math.PI * i) / 100),
    );
    expect(findCycleStarts(values, rule, 100)).toEqual([100, 200]);
  });
  it('starts where a force rises, once a step', () => {
    const force = Float64Array.from({ length: 400 }, (_, i) => (i % 100 >= 30 && i % 100 < 90 ? 700 : 0));
    force[45] = 0;
    expect(findCycleStarts(force, { channel: 'fy', start: 'rise', above: 20, shortest_s: 0.5 }, 100)).toEqual([
      30, 130, 230, 330,
    ]);
  });
  it('leaves out pauses', () => {
    expect(pairCycles([0, 100, 200, 900, 1000])).toEqual([
      [0, 100],
      [100, 200],
      [900, 1000],
    ]);
  });
  it('resamples a line exactly and averages', () => {
    const line = Float64Array.from({ length: 50 }, (_, i) => 3 * i);
    const cycle = resampleCycle(line, 10, 30);
    expect(cycle[0]).toBe(30);
    expect(cycle[50]).toBeCloseTo(60, 12);
    expect(cycle[100]).toBeCloseTo(90, 12);
    const { mean, sd } = calcMeanCycle([cycle, cycle.map((v) => v + 2), new Float64Array(101).fill(Number.NaN)]);
    expect(mean[50]).toBeCloseTo(61, 12);
    expect(sd[50]).toBeCloseTo(Math.SQRT2, 12);
  });
});
