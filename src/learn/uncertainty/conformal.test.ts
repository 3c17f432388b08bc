import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../../math/index.js';
import { calcInterval, fitConformal, type IntervalForm, type UncertainPredictions } from './conformal.js';
import { findGroupMargin, findMargin } from './margin.js';

/** Labels whose noise grows with x, and predictions that are wrong in a known way. */
function draw(random: Random, rows: number): { held: UncertainPredictions; labels: number[] } {
  const x = Array.from({ length: rows }, () => random.uniform());
  return {
    labels: x.map((value) => 3 * value + (0.2 + value) * random.normal()),
    held: {
      prediction: x.map((value) => 3 * value + 0.3),
      spread: x.map((value) => 0.1 + 0.5 * value),
      lower: x.map((value) => 3 * value - 0.5),
      upper: x.map((value) => 3 * value + 1),
    },
  };
}

const forms: IntervalForm[] = [{ kind: 'absolute' }, { kind: 'normalised', floor: 0.01 }, { kind: 'quantile' }];

describe('findMargin', () => {
  it('takes the ⌈(n + 1)(1 − alpha)⌉-th smallest score', () => {
    const scores = Array.from({ length: 19 }, (_, k) => ((k * 7) % 19) + 1);
    expect(findMargin(scores, 0.05).margin).toBe(19);
    expect(findMargin(scores, 0.1).margin).toBe(18);
    expect(findMargin(scores, 0.5).margin).toBe(10);
    expect(findMargin([5], 0.5).margin).toBe(5);
  });

  it('says so where no finite margin can be promised', () => {
    const nine = findMargin(new Float64Array(9).fill(1), 0.05);
    expect([nine.margin, nine.groupsNeeded]).toEqual([null, 19]);
    expect(nine.note).toBe('Unbounded: 9 held-out groups are too few for this promise; at least 19 are needed.');
    // Many rows of few participants do not help.
    const rows = new Float64Array(3000).fill(1);
    const three = findMargin(
      rows,
      0.2,
      Array.from(rows, (_, k) => k % 3),
    );
    expect([three.margin, three.groups, three.rows, three.groupsNeeded]).toEqual([null, 3, 3000, 4]);
    expect(findMargin([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.25).margin).toBe(null);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), (n, alpha) => {
        const { margin, groupsNeeded } = findMargin(new Float64Array(n), alpha);
        expect(margin === null).toBe(n < groupsNeeded);
      }),
    );
  });

  it('with one row a group is the same as without groups, and each group counts alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.02, max: 0.95, noNaN: true }),
        (scores, alpha) => {
          const plain = findMargin(scores, alpha);
          expect(findMargin(scores, alpha, [...scores.keys()]).margin).toBe(plain.margin);
          // Each row three times over adds no knowledge.
          const thrice = scores.flatMap((score) => [score, score, score]);
          const groups = scores.flatMap((_, k) => [k, k, k]);
          expect(findMargin(thrice, alpha, groups).margin).toBe(plain.margin);
        },
      ),
    );
  });

  it('rises as alpha falls', () => {
    const random = makeRandom('rise');
    const scores = Array.from({ length: 200 }, () => random.uniform());
    let last = 0;
    for (let alpha = 0.9; alpha > 0.01; alpha -= 0.02) {
      const { margin } = findMargin(scores, alpha);
      expect(margin).toBeGreaterThanOrEqual(last);
      last = margin as number;
    }
  });

  it('covers rows of new participants, where rows taken as exchangeable do not', () => {
    const random = makeRandom('people');
    const [alpha, people, windows, runs] = [0.2, 7, 20, 1000];
    const scoresOf = () => {
      // Participants differ more than their windows do.
      const level = Math.exp(random.normal());
      return Array.from({ length: windows }, () => level * (1 + 0.1 * random.uniform()));
    };
    let grouped = 0;
    let pooled = 0;
    let strict = 0;
    for (let run = 0; run < runs; run++) {
      const scores = Array.from({ length: people }, scoresOf).flat();
      const groups = scores.map((_, k) => Math.floor(k / windows));
      const fresh = scoresOf();
      const share = (margin: number | null) => fresh.filter((score) => score <= (margin as number)).length / windows;
      grouped += share(findMargin(scores, alpha, groups).margin) / runs;
      pooled += share(findMargin(scores, alpha).margin) / runs;
      if (share(findGroupMargin(scores, alpha, groups, 0.75).margin) >= 1 - alpha) strict += 1 / runs;
    }
    // Monte Carlo error is about 0.01.
    expect(grouped).toBeGreaterThan(0.79);
    expect(pooled).toBeLessThan(0.79);
    // Seven participants: rank ⌈8 · 0.75⌉ = 6, so exactly 6 in 8.
    expect(Math.abs(strict - 0.75)).toBeLessThan(0.04);
  });

  it('promises for a group only where there are groups enough', () => {
    const scores = [1, 2, 3, 4];
    expect(findGroupMargin(scores, 0.1, [1, 1, 2, 2], 0.9)).toMatchObject({ margin: null, groupsNeeded: 9 });
    expect(findGroupMargin(scores, 0.1, [1, 1, 2, 2], 0.6).margin).toBe(4);
  });

  it('refuses what cannot be a score', () => {
    expect(() => findMargin([], 0.1)).toThrow(/Hold out at least one/);
    expect(() => findMargin([1, Number.NaN], 0.1)).toThrow(/score 1 is NaN/);
    expect(() => findMargin([1], 1)).toThrow(/alpha: must lie/);
    expect(() => findMargin([1], 0.5, [1, 2])).toThrow(/2 groups for 1 scores/);
    expect(() => findGroupMargin([1], 0.5, [1], 1)).toThrow(/confidence/);
  });
});

describe('conformal intervals', () => {
  for (const form of forms) {
    it(`cover as promised on exchangeable rows, and hardly more: ${form.kind}`, () => {
      const random = makeRandom(`coverage ${form.kind}`);
      const [alpha, rows, runs] = [0.1, 99, 400];
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        const { held, labels } = draw(random, rows);
        const conformal = fitConformal(held, labels, { alpha, form });
        const fresh = draw(random, 25);
        fresh.labels.forEach((label, k) => {
          const [lower, upper] = calcInterval(conformal, fresh.held, k);
          if (lower <= label && label <= upper) covered += 1 / (25 * runs);
        });
      }
      // (n + 1) alpha is whole, so the coverage is 0.9 exactly; the Monte Carlo error is about 0.003.
      expect(Math.abs(covered - 0.9)).toBeLessThan(0.012);
    });
  }

  it('follow the noise where they are normalised, and shrink a band that is too wide', () => {
    const random = makeRandom('shape');
    const { held, labels } = draw(random, 500);
    const narrow = fitConformal(held, labels, { alpha: 0.1, form: forms[1] });
    const row = (spread: number) => ({ prediction: [0], spread: [spread] });
    const width = (spread: number) => calcInterval(narrow, row(spread), 0)[1];
    expect(width(0.6) / width(0.1)).toBeCloseTo(0.61 / 0.11, 9);
    const wide = { lower: labels.map((y) => y - 10), upper: labels.map((y) => y + 10) };
    const tight = fitConformal(wide, labels, { alpha: 0.1, form: { kind: 'quantile' } });
    expect(tight.all.margin).toBeCloseTo(-10, 9);
    // Turned inside out: the middle.
    expect(calcInterval(tight, { lower: [1], upper: [5] }, 0)).toEqual([3, 3]);
  });

  it('keep their promise within each category', () => {
    const random = makeRandom('mondrian');
    const sample = (rows: number) => {
      const categories = Array.from({ length: rows }, (_, k) => (k % 4 === 0 ? 'stairs' : 'walk'));
      return { categories, labels: categories.map((name) => (name === 'stairs' ? 5 : 1) * random.normal()) };
    };
    const rate = { walk: [0, 0], stairs: [0, 0] } as Record<string, number[]>;
    for (let run = 0; run < 150; run++) {
      const { categories, labels } = sample(156);
      const prediction = new Float64Array(156);
      const conformal = fitConformal({ prediction }, labels, { alpha: 0.1, form: { kind: 'absolute' }, categories });
      const fresh = sample(80);
      fresh.labels.forEach((label, k) => {
        const name = fresh.categories[k];
        const [lower, upper] = calcInterval(conformal, { prediction }, k, name);
        rate[name][0] += lower <= label && label <= upper ? 1 : 0;
        rate[name][1]++;
      });
      expect(calcInterval(conformal, { prediction }, 0, 'run')).toEqual(calcInterval(conformal, { prediction }, 0));
      expect(calcInterval(conformal, { prediction }, 0, 'constructor')[1]).toBe(conformal.all.margin);
    }
    for (const [inside, all] of Object.values(rate)) expect(Math.abs(inside / all - 0.9)).toBeLessThan(0.02);
  });

  it('are unbounded where calibration is too small, also after JSON', () => {
    const conformal = fitConformal({ prediction: [1, 2] }, [1, 3], {
      alpha: 0.1,
      form: { kind: 'absolute' },
      groups: ['a', 'b'],
    });
    const back = JSON.parse(JSON.stringify(conformal));
    expect(back).toEqual(conformal);
    expect(calcInterval(back, { prediction: [7] }, 0)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(back.all.note).toMatch(/at least 9 are needed/);
  });

  it('name what is missing', () => {
    const options = { alpha: 0.1, form: { kind: 'normalised', floor: 0.1 } as const };
    expect(() => fitConformal({ prediction: [1] }, [1], options)).toThrow('spread: is needed');
    expect(() => fitConformal({ prediction: [1] }, [1, 2], options)).toThrow('prediction: has 1 rows, the labels 2.');
    expect(() =>
      fitConformal({ prediction: [1] }, [1], { ...options, form: { kind: 'normalised', floor: 0 } }),
    ).toThrow(/form.floor: must be above 0/);
    expect(() => fitConformal({ prediction: [1] }, [1], { alpha: 0.1, form: forms[0], confidence: 0.9 })).toThrow(
      /confidence: needs the group/,
    );
    expect(() => fitConformal({ prediction: [1] }, [1], { alpha: 0.1, form: forms[0], groups: [] })).toThrow(
      /0 groups/,
    );
  });
});
