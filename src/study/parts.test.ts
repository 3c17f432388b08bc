import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeUniformClock, type Recording } from '../data/index.js';
import { checkNoOverlap, makeStudyRecording, splitWithin } from './parts.js';
import type { Study } from './schema.js';

const record = (count: number, start_s = 0): Recording => ({
  name: 'r',
  events: [],
  notes: [],
  channels: [
    {
      name: 'a',
      kind: 'other',
      unit: '1',
      clock: makeUniformClock(start_s, 100, count),
      values: new Float64Array(count),
    },
  ],
});
const participant = { id: 'p1', mass_kg: 70, trials: [] } as unknown as Study['participants'][number];
const load = (id: string, count: number, momentsStart = 0) =>
  makeStudyRecording(
    participant,
    { id, activity: 'walk', use: 'study' },
    {
      recordings: { id, emg: record(count), motion: record(count), moments: record(count, momentsStart) },
      ground: undefined,
      files: [],
      notes: [],
    },
  );

describe('splitWithin', () => {
  it('puts every sample into exactly one part, wherever the boundary falls', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.integer({ min: 50, max: 400 }),
        (train_first, count) => {
          const { training, test } = splitWithin([load('t', count)], {
            train_first,
            validation: 0.15,
            validation_by: 'time',
          });
          const times = [...training, ...test].flatMap((part) =>
            Array.from(part.recordings.emg.channels[0]?.clock.times_s ?? []),
          );
          expect(times).toEqual(Array.from(record(count).channels[0].clock.times_s));
        },
      ),
    );
  });
  it('splits by trial and leaves out trials that neither list names', () => {
    const { training, test } = splitWithin([load('a', 100), load('b', 100), load('c', 100)], {
      train: ['a'],
      test: ['b'],
      validation: 0.15,
      validation_by: 'time',
    });
    expect(training.map((part) => part.trial.id)).toEqual(['a']);
    expect(test.map((part) => part.trial.id)).toEqual(['b']);
  });
  it('refuses parts that overlap', () => {
    const { training } = splitWithin([load('a', 100)], {
      train: ['a'],
      test: [],
      validation: 0.15,
      validation_by: 'time',
    });
    expect(() => checkNoOverlap(training, training)).toThrow(/trained and tested on alike/);
  });
  it('refuses recordings without common time', () => {
    expect(() => load('a', 100, 50)).toThrow(/no time in common/);
  });
});
