import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TrialPart } from '../parts.js';
import { cutAdaptation } from './adaptation-parts.js';
import { checkTransfer } from './guard.js';
import { makeParts } from './parts.test.support.js';

const rate_Hz = 100;

const countFrames = (parts: readonly TrialPart[]) =>
  parts.reduce((sum, { recordings }) => sum + recordings.emg.channels[0].values.length, 0);

describe('cutAdaptation', () => {
  test('takes the first seconds of each activity, and nothing after them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 4 }), (seconds, skip_s) => {
        const { training, test: tested } = makeParts('p1', [
          { id: 'walk', activity: 'walk', length_s: 30 },
          { id: 'run', activity: 'run', length_s: 40 },
        ]);
        const cut = cutAdaptation(training, seconds, skip_s, []);
        expect(cut.map(({ trial }) => trial.id)).toEqual(['walk', 'run']);
        // The skipped time is there for the filters, but does not count.
        for (const { start_s, end_s } of cut) expect(end_s - start_s).toBeCloseTo(seconds + skip_s, 9);
        expect(countFrames(cut)).toBe(2 * (seconds + skip_s) * rate_Hz);
        expect(() => checkTransfer([], cut, tested, new Map())).not.toThrow();
      }),
    );
  });

  test('goes on to the next trial of the activity, and says where there is less', () => {
    const { training } = makeParts('p1', [
      { id: 'walk1', activity: 'walk', length_s: 8 },
      { id: 'walk2', activity: 'walk', length_s: 20 },
      { id: 'run', activity: 'run', length_s: 8 },
    ]);
    const notes: string[] = [];
    const cut = cutAdaptation(training, 6, 0, notes);
    const spans = cut.map(({ trial, start_s, end_s }) => [trial.id, end_s - start_s] as const);
    expect(spans.map(([id]) => id)).toEqual(['walk1', 'walk2', 'run']);
    expect(spans[0][1] + spans[1][1]).toBeCloseTo(6, 9);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/p1: the training parts have 4\.0 s of run, not 6 s/);
  });

  test('refuses what is no length of time', () => {
    const { training } = makeParts('p1', [{ id: 'walk', activity: 'walk', length_s: 8 }]);
    for (const seconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => cutAdaptation(training, seconds, 0, [])).toThrow(/adaptation_s is/);
  });
});
