import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { testSpec } from './bundle.fixture.js';
import type { PreparedTrial } from './prepare.js';
import type { EstimatorSpec } from './spec.js';
import {
  calcActivityWeights,
  fitLaggedRidge,
  fitMean,
  makeWindowSet,
  predictLaggedRidge,
  splitFrames,
  type TrainingPart,
} from './training.js';
import { type InputTable, listRidgeOffsets, listWindowFrames, makeInputTable } from './windows.js';

const spec: EstimatorSpec = { ...testSpec, window: { past: 20, future: 0, step: 2 } };
const names = ['a', 'b', 'c'];

/** White noise in every input; `label` says what the torque is from it. */
function makePart(
  frames: number,
  seed: number,
  { activity = 'walking', label = (_: InputTable, i: number) => Math.sin(i / 9), gap = -1 } = {},
): { part: TrainingPart; table: InputTable } {
  const random = makeRandom(seed);
  const series = names.map(() => Float64Array.from({ length: frames }, () => random.normal()));
  if (gap >= 0 && gap < frames) series[1][gap] = Number.NaN;
  const table = makeInputTable(names, series);
  const part: TrainingPart = {
    participant: 'p1',
    activity,
    prepared: { id: `part ${seed}` } as PreparedTrial,
    label: Float64Array.from({ length: frames }, (_, i) => label(table, i)),
    usable: new Uint8Array(frames).fill(1),
  };
  return { part, table };
}

const split = (made: readonly ReturnType<typeof makePart>[], window = spec.window, share = 0.25) =>
  splitFrames(
    made.map(({ part }) => part),
    made.map(({ table }) => table),
    window,
    share,
  );

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
    expect(() => split([makePart(60, 1)])).toThrow(/no validation frame is left.*split\.validation/);
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

describe('lagged ridge', () => {
  const offsets = listRidgeOffsets(spec.window, spec.rate_Hz);
  const valueAt = (table: InputTable, i: number, c: number) => table.values[3 * i + c];
  /** 0.4 + 0.8 a(now) − 0.3 b(0.1 s ago) + 0.5 c(0.2 s ago). */
  const law = (table: InputTable, i: number) =>
    i < 20 ? 0 : 0.4 + 0.8 * valueAt(table, i, 0) - 0.3 * valueAt(table, i - 10, 1) + 0.5 * valueAt(table, i - 20, 2);
  const train = [makePart(800, 1, { label: law }), makePart(500, 2, { label: law, activity: 'running' })];

  it('finds a lagged linear law, weight by weight, and predicts by it', () => {
    const frames = split(train);
    const ridge = fitLaggedRidge(frames, spec, calcActivityWeights(frames, true));
    const expected = offsets.flatMap((offset) => [
      offset === 0 ? 0.8 : 0,
      offset === -10 ? -0.3 : 0,
      offset === -20 ? 0.5 : 0,
    ]);
    ridge.weights.forEach((weight, k) => {
      expect(weight).toBeCloseTo(expected[k], 3);
    });
    expect(ridge.intercept).toBeCloseTo(0.4, 3);
    const { part, table } = makePart(200, 9, { label: law });
    const torque = predictLaggedRidge(ridge, table, 3, listWindowFrames(table, spec.window), spec);
    torque.forEach((value, i) => {
      if (i < 20) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(part.label[i], 3);
    });
  });

  it('looks at nothing outside the frames it was given', () => {
    const fit = (made: typeof train) => {
      const frames = split(made);
      return { ridge: fitLaggedRidge(frames, spec, calcActivityWeights(frames, true)), mean: fitMean(frames), frames };
    };
    const mask = (made: ReturnType<typeof makePart>, from: number) => {
      made.part.usable.fill(0, from);
      return made;
    };
    // The second part is trained on up to frame 400. What follows changes: labels, and inputs that no window of these frames reaches.
    const before = fit([train[0], mask(makePart(500, 2, { label: law }), 400)]);
    const changed = mask(makePart(500, 2, { label: law }), 400);
    const random = makeRandom('changed');
    for (let i = 400; i < 500; i++) {
      changed.part.label[i] = 10 * random.normal();
      for (let c = 0; c < 3; c++) changed.table.values[3 * i + c] = 10 * random.normal();
    }
    const after = fit([train[0], changed]);
    expect(before.frames[1].validation.at(-1)).toBe(399);
    expect(after.ridge).toEqual(before.ridge);
    expect(after.mean).toEqual(before.mean);
    // And the check can fail: one label within them changes the fit.
    changed.part.label[399] += 1;
    expect(fit([train[0], changed]).ridge).not.toEqual(before.ridge);
  });
});
