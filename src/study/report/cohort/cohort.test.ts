import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCohortData } from '../cohort.fixture.js';
import type { CycleTorque, ErrorRow, ReportData } from '../types.js';
import { compareTreatments } from './compare.js';
import { makeMatrix } from './matrix.js';
import { recommend } from './recommend.js';
import { calcInterval, calcMedian, calcSpread } from './spread.js';
import { listStandings } from './standing.js';
import { findPoint, listTransferCurves } from './transfer.js';
import { compareCurves, poolCycles } from './waveforms.js';

const data = makeCohortData(9, 3);

describe('calcSpread', () => {
  it('holds its median, and moves and stretches with the values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 5, maxLength: 12 }), (values) => {
        const { median, low, high, interval } = calcSpread(values);
        const moved = calcSpread(values.map((value) => 2 * value + 3));
        expect(low <= median && median <= high).toBe(true);
        expect(interval![0] <= median && median <= interval![1]).toBe(true);
        expect(moved.median).toBeCloseTo(2 * median + 3, 9);
        expect(moved.interval![1]).toBeCloseTo(2 * interval![1] + 3, 9);
      }),
      { numRuns: 15 },
    );
  });

  it('gives no interval of fewer than five', () => {
    expect(calcSpread([1, 2, 3, 4]).interval).toBeNull();
    expect(calcInterval([1, 2, 3, 4], calcMedian)).toBeNull();
  });
});

/** Rows of so many participants; `error` of a participant (0 the easiest), a policy and seconds. */
function makeTransfer(
  people: number,
  seconds: readonly number[],
  policies: readonly string[],
  error: (person: number, policy: string, k: number) => number,
): ReportData {
  const [row] = data.errors;
  const errors = Array.from({ length: people }, (_, person) =>
    policies.flatMap((policy) =>
      seconds.map(
        (adaptation_s): ErrorRow => ({
          ...row,
          protocol: 'transfer',
          model: 'network',
          activity: 'all',
          participant: `P${person}`,
          policy,
          adaptation_s,
          rmse_Nm_per_kg: error(person, policy, adaptation_s),
        }),
      ),
    ),
  ).flat();
  return { ...data, errors };
}

describe('recommend', () => {
  const gains: { readonly [k: number]: number } = { 5: 0.2, 20: 0.105, 60: 0.1 };
  const known = makeTransfer(8, [5, 20, 60], ['none', 'head', 'from-scratch'], (person, policy, k) => {
    const own = policy === 'none' ? 0.3 : policy === 'head' ? gains[k] : 0.1 + 4 / k;
    return own * (1 + 0.01 * person);
  });

  it('finds the fewest seconds within 5 % of the lowest median, known here', () => {
    const found = recommend(listTransferCurves(known, 'rmse'))!;
    expect(found.best).toMatchObject({ model: 'network', policy: 'head', adaptation_s: 60 });
    expect(found.enough).toMatchObject({ policy: 'head', adaptation_s: 20 });
    expect(found.enough_interval_s).toEqual([20, 20]);
    expect(found.scratch_enough_s).toBeNull();
    expect(found.against_scratch!.overall.rankBiserial).toBe(-1);
    // Eight of eight: 2 / 2⁸, over all seconds; three times that for each.
    expect(found.against_none!.overall.p).toBeCloseTo(2 / 256, 12);
    expect(found.against_none!.each.map(({ adjustedP }) => adjustedP)).toEqual([6 / 256, 6 / 256, 6 / 256]);
  });

  it('says none where adaptation gains nothing', () => {
    const useless = makeTransfer(
      8,
      [5, 20],
      ['none', 'head'],
      (person, policy) => (policy === 'none' ? 0.1 : 0.104) + 0.001 * person,
    );
    expect(recommend(listTransferCurves(useless, 'rmse'))!.enough).toMatchObject({ policy: 'none', adaptation_s: 0 });
  });

  it('has an interval that reaches over both where people are of two kinds', () => {
    const mixed = makeTransfer(9, [5, 60], ['head'], (person, _, k) => (k === 5 && person < 4 ? 0.2 : 0.1));
    expect(recommend(listTransferCurves(mixed, 'rmse'))!.enough_interval_s).toEqual([5, 60]);
  });

  it('leaves out who lacks a figure, and is silent on too few', () => {
    const { errors } = known;
    const lacking = { ...known, errors: errors.filter((row) => row.participant !== 'P3' || row.adaptation_s !== 20) };
    expect(recommend(listTransferCurves(lacking, 'rmse'))!.n).toBe(7);
    expect(
      recommend(
        listTransferCurves(
          makeTransfer(2, [5], ['head'], () => 0.1),
          'rmse',
        ),
      ),
    ).toBeUndefined();
    expect(recommend([])).toBeUndefined();
  });
});

describe('listTransferCurves', () => {
  it('takes what was not adapted from the protocol between, where transfer has no such policy', () => {
    const errors = data.errors.filter((row) => row.protocol !== 'transfer' || row.policy !== 'none');
    const curve = listTransferCurves({ ...data, errors }, 'rmse').find(
      ({ model, policy }) => model === 'hybrid' && policy === 'none',
    )!;
    expect(curve.points.map(({ adaptation_s }) => adaptation_s)).toEqual([0]);
    expect(findPoint(curve, 40)!.spread).toBe(curve.points[0].spread);
  });

  it('leaves out models that nothing but baselines is known of', () => {
    const extra = data.errors
      .filter((row) => row.protocol === 'transfer' && row.model === 'ridge')
      .map((row): ErrorRow => ({ ...row, model: 'nms' }));
    const models = new Set(
      listTransferCurves({ ...data, errors: [...data.errors, ...extra] }, 'rmse').map(({ model }) => model),
    );
    expect([...models]).toEqual(['ridge', 'network', 'hybrid']);
  });
});

describe('compareTreatments', () => {
  const [row] = data.errors;
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  const rows = names.flatMap((participant, i) =>
    (['ridge', 'nms', 'hybrid', 'mean'] as const).map(
      (model, m): ErrorRow => ({ ...row, participant, model, rmse_Nm_per_kg: 0.1 + 0.01 * i + [0.05, 0.1, 0, 0.5][m] }),
    ),
  );
  const matrix = makeMatrix(
    rows,
    names,
    ['ridge', 'nms', 'hybrid', 'mean'],
    (one) => one.model,
    (one) => one.rmse_Nm_per_kg,
  );

  it('asks only what is asked, so that seven participants can answer', () => {
    const found = compareTreatments(matrix, 'hybrid', (model) => model !== 'mean')!;
    expect(found.contrasts.map(({ treatment }) => treatment)).toEqual(['ridge', 'nms']);
    expect(found.contrasts[0].adjustedP).toBeCloseTo(4 / 128, 12);
    expect(found.smallest_adjustedP).toBeCloseTo(4 / 128, 12);
    expect(found.contrasts[0].test.location.estimate).toBeCloseTo(-0.05, 9);
    expect(found.friedman!.kendallW).toBeCloseTo(1, 9);
  });

  it('counts who lacks a value', () => {
    const holed = {
      ...matrix,
      values: matrix.values.map((values, i) => (i === 2 ? [null, ...values.slice(1)] : values)),
    };
    expect(compareTreatments(holed, 'hybrid')).toMatchObject({ n: 6, left_out: 1 });
    expect(
      compareTreatments({ ...matrix, participants: ['A', 'B'], values: matrix.values.slice(0, 2) }, 'hybrid'),
    ).toBeUndefined();
  });
});

describe('waveforms over participants', () => {
  const own = Array.from({ length: 6 }, (_, i): CycleTorque => {
    const wave = (k: number) => Math.sin(k / 8 + 0.2 * i) * (1 + 0.1 * i) + 0.02 * Math.cos(k * (1 + i));
    const mean = Array.from({ length: 101 }, (_, k) => wave(k));
    // Between 40 and 60 % everybody is predicted too high, a little more by some.
    const predicted = mean.map(
      (value, k) => value + 0.01 * Math.sin(k / 5 + 2 * i) + (k >= 40 && k <= 60 ? 0.5 + 0.02 * i : 0),
    );
    const sd = mean.map(() => 0.1);
    return {
      activity: 'walk',
      participant: `P${i}`,
      cycles: 4,
      starts_with: 'heel strike',
      measured: { mean, sd },
      predicted: { hybrid: { mean: predicted, sd } },
    };
  });

  it('count each participant once, sides of one together, in any unit', () => {
    const twoSides = [...own, { ...own[0], side: 'left' as const }];
    const pooled = poolCycles(twoSides)!;
    expect(pooled).toMatchObject({ participants: 6, cycles: 28, participant: null });
    const at50 = own.reduce((sum, { measured }) => sum + measured.mean[50]!, 0) / 6;
    expect(pooled.measured.mean[50]).toBeCloseTo(at50, 12);
    const doubled = poolCycles(own, (name) => (name === 'P5' ? null : 2))!;
    expect(doubled.participants).toBe(5);
    expect(doubled.measured.mean[7]).toBeCloseTo(
      (2 * own.slice(0, 5).reduce((s, c) => s + c.measured.mean[7]!, 0)) / 5,
      12,
    );
    expect(poolCycles(own.slice(0, 1))).toBeUndefined();
  });

  it('differ where they were made to, and not where they cannot be compared', () => {
    const { clusters } = compareCurves(own, 'hybrid', 0.05)!;
    const [longest] = [...clusters].sort((a, b) => b.extent_nodes - a.extent_nodes);
    expect(longest.start_node).toBeGreaterThan(38);
    expect(longest.end_node).toBeLessThan(62);
    expect(longest.extent_nodes).toBeGreaterThan(15);
    expect(compareCurves(own.slice(0, 2), 'hybrid', 0.05)).toBeUndefined();
    expect(
      compareCurves(
        own.map((c) => ({ ...c, predicted: { hybrid: c.measured } })),
        'hybrid',
        0.05,
      ),
    ).toBeUndefined();
  });
});

it('listStandings has the main model and ridge of each protocol, and the best of transfer first', () => {
  const standings = listStandings(data);
  expect(standings.filter(({ protocol }) => protocol === 'within').map(({ model }) => model)).toEqual([
    'hybrid',
    'ridge',
  ]);
  const best = recommend(listTransferCurves(data, 'rmse'))!.best;
  const transfer = standings.find(({ protocol }) => protocol === 'transfer')!;
  expect(transfer.model).toBe(best.model);
  expect(transfer.rmse_Nm_per_kg!.median).toBeCloseTo(best.spread.median, 12);
});
