import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePart, spec, split } from './training.fixture.js';
import { calcActivityWeights, fitMean, makeWindowSet } from './training.js';

describe('splitFrames', () => {
  it('lets training and validation share no input frame', () => {
    const window = fc.record({ past: fc.nat(15), future: fc.nat(5) }).map((size) => ({ ...size, step: 1 }));
    fc.assert(
      fc.property(
        window,
        fc.integer({ min: 160, max: 240 }),
        fc.double({ min: 0.3, max: 0.6, noNaN: true }),
        fc.nat(240),
        (size, frames, share, gap) => {
          const [{ training, validation }] = split([makePart(frames, 1, { gap })], size, share);
          const reach = (list: readonly number[]) =>
            new Set(
              list.flatMap((i) => Array.from({ length: size.past + 1 + size.future }, (_, k) => i - size.past + k)),
            );
          const [seen, held] = [reach(training), reach(validation)];
          expect([...seen].filter((frame) => held.has(frame))).toEqual([]);
          expect(seen.has(gap) || held.has(gap)).toBe(false);
          // Nothing else is lost than the windows that straddle the boundary, the ends or the gap.
          const span = size.past + size.future;
          expect(training.length + validation.length).toBeGreaterThanOrEqual(frames - 2 * span - (span + 1));
        },
      ),
    );
  });

  it('uses neither masked frames nor frames without a label', () => {
    const made = makePart(200, 1);
    made.part.usable[60] = 0;
    made.part.label[61] = Number.NaN;
    const [{ training }] = split([made]);
    expect(training).toEqual(
      Array.from({ length: 130 }, (_, k) => 20 + k).filter((frame) => frame !== 60 && frame !== 61),
    );
  });

  it('refuses parts of which nothing is left', () => {
    expect(() => split([makePart(15, 1)])).toThrow(/part 1: no training frame is left.*21 frames/);
    expect(() => split([makePart(30, 1)])).toThrow(/no training frame is left/);
  });

  it('validates on the last frames that can be used, where the end of a part cannot', () => {
    const made = makePart(200, 1);
    made.part.usable.fill(0, 0, 50);
    made.part.usable.fill(0, 130);
    const [{ training, validation }] = split([made]);
    expect(validation.length).toBe(20);
    expect([validation[0], validation[19]]).toEqual([110, 129]);
    // Their windows begin 20 frames earlier, where the last window of the training ends.
    expect([training[0], training[training.length - 1]]).toEqual([50, 89]);
  });
});

describe('weights and means', () => {
  const calm = makePart(200, 1, { activity: 'sitting', label: (_, i) => 0.5 + 0.1 * Math.sin(i) });
  const lively = makePart(200, 2, { activity: 'running', label: (_, i) => Math.sin(i) });

  it('weigh activities by the inverse of their variance', () => {
    const weights = calcActivityWeights(split([calm, lively]), true);
    expect(weights.get('sitting')! / weights.get('running')!).toBeCloseTo(100, 3);
    expect([...calcActivityWeights(split([calm, lively]), false).values()]).toEqual([1, 1]);
  });

  it('bound the weight of an activity that never changes', () => {
    const still = makePart(200, 3, { activity: 'standing', label: () => 1 });
    expect(calcActivityWeights(split([still, lively]), true).get('standing')).toBeCloseTo(100, 9);
  });

  it('average each activity, and all frames alike', () => {
    const frames = split([calm, lively]);
    const { overall, by_activity } = fitMean(frames);
    const labels = frames.map(({ part, training, validation }) =>
      [...training, ...validation].map((i) => part.label[i]),
    );
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(by_activity.sitting).toBeCloseTo(mean(labels[0]), 12);
    expect(by_activity.running).toBeCloseTo(mean(labels[1]), 12);
    expect(overall).toBeCloseTo(mean(labels.flat()), 12);
  });

  it('go with their windows, at every stride-th frame, and average 1', () => {
    const frames = split([calm, lively]);
    const weights = calcActivityWeights(frames, true);
    const set = makeWindowSet(frames, 'training', spec.window, 5, weights);
    expect(set.labels.length).toBe(2 * frames[0].training.filter((frame) => frame % 5 === 0).length);
    expect(set.weights!.reduce((a, b) => a + b, 0) / set.labels.length).toBeCloseTo(1, 5);
    // Both parts have two sequences (the window's step is 2); the last frame of a window is its own frame here.
    set.labels.forEach((label, k) => {
      const part = Math.floor(set.sequence[k] / 2);
      const frame = 2 * set.end[k] + (set.sequence[k] % 2);
      expect(label).toBe(Math.fround(frames[part].part.label[frame]));
      const newest = set.sequences[set.sequence[k]].subarray(3 * set.end[k], 3 * set.end[k] + 3);
      expect(newest).toEqual(frames[part].table.values.subarray(3 * frame, 3 * frame + 3));
    });
  });
});
