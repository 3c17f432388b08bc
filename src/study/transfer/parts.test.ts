import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeUniformClock, type Recording } from '../../data/index.js';
import { makeStudyRecording, splitWithin, type TrialPart } from '../parts.js';
import type { StudyParticipant } from '../schema.js';
import { checkTransferParts, cutAdaptation } from './parts.js';

const rate_Hz = 100;

function makeParts(participant: string, trials: readonly { id: string; activity: string; length_s: number }[]) {
  const recordings = trials.map(({ id, activity, length_s }) => {
    const clock = makeUniformClock(3, rate_Hz, Math.round(length_s * rate_Hz));
    const values = new Float64Array(clock.times_s.length);
    const channels = [{ name: 'a', kind: 'other' as const, unit: '1' as const, clock, values }];
    const recording: Recording = { name: id, events: [], notes: [], channels };
    return makeStudyRecording(
      { id: participant, mass_kg: 70, trials: [] } as unknown as StudyParticipant,
      { id, activity, use: 'study' },
      {
        recordings: { id: `${participant}, ${id}`, emg: recording, motion: recording, moments: recording },
        ground: undefined,
        files: [],
        notes: [],
      },
    );
  });
  return splitWithin(recordings, { train_first: 0.5, validation: 0.15 });
}

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
        expect(() => checkTransferParts({ sources: [], adaptation: cut, test: tested }, new Map())).not.toThrow();
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

describe('checkTransferParts', () => {
  const own = makeParts('p1', [{ id: 'walk', activity: 'walk', length_s: 30 }]);
  const other = makeParts('p2', [{ id: 'walk', activity: 'walk', length_s: 30 }]);
  const fit = { sources: other.training, adaptation: cutAdaptation(own.training, 5, 0, []), test: own.test };

  test('lets through what is apart', () => {
    const hashes = new Map([
      ['p1/walk', [{ sha256: 'one' }]],
      ['p2/walk', [{ sha256: 'other' }]],
    ]);
    expect(() => checkTransferParts(fit, hashes)).not.toThrow();
  });

  test('refuses to adapt with what is tested on', () => {
    const late = cutAdaptation([...own.training, ...own.test], 16, 0, []);
    expect(() => checkTransferParts({ ...fit, adaptation: late }, new Map())).toThrow(/trained and tested on alike/);
  });

  test('refuses to pre-train on the target', () => {
    const sources = [...other.training, ...own.training];
    expect(() => checkTransferParts({ ...fit, sources }, new Map())).toThrow(/adapt to is among those to pre-train on/);
  });

  test("refuses a source's file that is tested on under another name", () => {
    const same = new Map([
      ['p1/walk', [{ sha256: 'one' }]],
      ['p2/walk', [{ sha256: 'one' }]],
    ]);
    expect(() => checkTransferParts(fit, same)).toThrow(/p2, walk: .*tested on under another name/);
  });
});
