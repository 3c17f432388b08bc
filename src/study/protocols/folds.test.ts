import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TrialPart } from '../parts.js';
import type { Study } from '../schema.js';
import { type Fold, listFolds } from './folds.js';
import { checkFold, checkTransfer } from './guard.js';
import { makeParts, makeRecordings } from './parts.test.support.js';

const people = ['p1', 'p2', 'p3', 'p4', 'p5'];
const trials = [
  { id: 'walk1', activity: 'walk', length_s: 4 },
  { id: 'walk2', activity: 'walk', length_s: 4 },
  { id: 'run', activity: 'run', length_s: 4 },
];
const recordings = people.flatMap((id) => makeRecordings(id, trials));

const makeStudy = (protocols: readonly string[], more: object = {}) =>
  ({
    study: 'test',
    protocols,
    between: {},
    participants: people.map((id) => ({ id })),
    split: { train_first: 0.5, validation: 0.15 },
    ...more,
  }) as unknown as Study;

const names = (parts: readonly TrialPart[]) => [...new Set(parts.map(({ participant }) => participant.id))];
const of = (folds: readonly Fold[], protocol: string) => folds.filter((fold) => fold.protocol === protocol);

describe('listFolds', () => {
  test('between: everybody is left out once, whole, and none is on both sides', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined }), (count) => {
        const folds = of(listFolds(makeStudy(['between'], { between: { folds: count } }), recordings), 'between');
        expect(folds).toHaveLength(Math.min(count ?? 5, 5));
        expect(folds.flatMap(({ test: tested }) => names(tested)).sort()).toEqual(people);
        for (const fold of folds) {
          expect(names([...fold.training, ...fold.test]).sort()).toEqual(people);
          expect([...fold.training, ...fold.test]).toHaveLength(recordings.length);
          expect(() => checkFold(fold, new Map())).not.toThrow();
        }
      }),
    );
  });

  test('activity: each is left out once, of everybody', () => {
    const folds = of(listFolds(makeStudy(['activity']), recordings), 'activity');
    expect(folds.map(({ name }) => name)).toEqual(['walk', 'run']);
    for (const fold of folds) {
      expect(fold.test.every(({ trial }) => trial.activity === fold.name)).toBe(true);
      expect(fold.training.some(({ trial }) => trial.activity === fold.name)).toBe(false);
      expect(names(fold.test)).toEqual(people);
    }
  });

  test('the model of everybody has seen no test part of a within-subject study, and everything where there is none', () => {
    const [within] = of(listFolds(makeStudy(['within', 'between']), recordings), 'all');
    expect(within.training.every(({ start_s, end_s }) => end_s - start_s < 2.1)).toBe(true);
    const [whole] = of(listFolds(makeStudy(['between']), recordings), 'all');
    expect(whole.training.every(({ start_s, end_s }) => end_s - start_s > 3.9)).toBe(true);
  });

  test('transfer brings the folds that it starts from', () => {
    expect(of(listFolds(makeStudy(['transfer']), recordings), 'between')).toHaveLength(5);
  });

  test('refuses to leave out the only participant, or the only activity', () => {
    const alone = recordings.filter(({ participant }) => participant.id === 'p1');
    expect(() => listFolds(makeStudy(['between']), alone)).toThrow(/needs two at least; there is one/);
    const walking = recordings.filter(({ trial }) => trial.activity === 'walk');
    expect(() => listFolds(makeStudy(['activity']), walking)).toThrow(/there is "walk" only/);
  });
});

describe('the guards', () => {
  const [a, b] = [makeParts('p1', trials), makeParts('p2', trials)];

  test('between: refuse a participant on both sides, though no time is', () => {
    const fold = { protocol: 'between', name: 'p1', training: [...b.training, ...a.training], test: a.test } as const;
    expect(() => checkFold(fold, new Map())).toThrow(/participant "p1" would be trained and tested on/);
  });

  test('activity: refuse an activity on both sides, though of other trials', () => {
    const fold = {
      protocol: 'activity',
      name: 'walk',
      training: a.training.filter(({ trial }) => trial.id === 'walk1'),
      test: a.training.filter(({ trial }) => trial.id === 'walk2'),
    } as const;
    expect(() => checkFold(fold, new Map())).toThrow(/activity "walk" would be trained and tested on/);
  });

  test('within: refuse somebody else, and time on both sides', () => {
    const strange = { protocol: 'within', name: 'p1', training: b.training, test: a.test } as const;
    expect(() => checkFold(strange, new Map())).toThrow(/several participants: p2, p1/);
    const same = { protocol: 'within', name: 'p1', training: a.test, test: a.test } as const;
    expect(() => checkFold(same, new Map())).toThrow(/trained and tested on alike/);
  });

  test('all: refuse a file that is tested on under another name', () => {
    const files = new Map([
      ['p1/walk1', [{ sha256: 'one' }]],
      ['p2/run', [{ sha256: 'one' }]],
    ]);
    const fold = { protocol: 'between', name: 'p1', training: b.training, test: a.test } as const;
    expect(() => checkFold(fold, files)).toThrow(/p2, run: .*byte for byte, a file of p1\/walk1/);
    expect(() => checkTransfer(b.training, a.training, a.test, files)).toThrow(/byte for byte/);
    expect(() => checkFold(fold, new Map([['p1/walk1', [{ sha256: 'one' }]]]))).not.toThrow();
  });

  test('transfer: refuse to pre-train on the new participant, and to adapt with what is tested on', () => {
    expect(() => checkTransfer(b.training, a.training, a.test, new Map())).not.toThrow();
    expect(() => checkTransfer([...b.training, ...a.training], a.training, a.test, new Map())).toThrow(
      /adapt to is among those to pre-train on/,
    );
    expect(() => checkTransfer(b.training, a.test, a.test, new Map())).toThrow(/trained and tested on alike/);
  });
});
