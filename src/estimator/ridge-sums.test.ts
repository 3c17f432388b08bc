import { describe, expect, it } from 'vitest';
import { adaptRidge, type Ridge, ridgePenalties, solveRidge } from '../learn/index.js';
import { makeRandom } from '../math/index.js';
import { fitLaggedRegression, makeLaggedRows, predictLaggedRegression } from './lagged.js';
import { fitQuadratic } from './quadratic.js';
import { addParts, fitRidgeOn, getSums } from './ridge-sums.js';
import { makePart, spec, split } from './training.fixture.js';
import type { TrainingFrames } from './training.js';
import { type InputTable, listWindowFrames } from './windows.js';

const at = (table: InputTable, i: number, c: number) => table.values[3 * i + c];
const none = new Map<string, number>();

/** Frames of people whose torque follows one law but for a person's own share of it. */
function makePeople(count: number, own: number): TrainingFrames[] {
  return Array.from({ length: count }, (_, k) => {
    const random = makeRandom(100 + k);
    const [a, b] = [random.normal(), random.normal()];
    const law = (table: InputTable, i: number) =>
      at(table, i, 0) + own * (a * at(table, i, 1) + b * at(table, i, 2)) + 0.3 * random.normal();
    const [frames] = split([makePart(240, k, { label: law })]);
    return { ...frames, part: { ...frames.part, participant: `p${k}` } };
  });
}

describe('the penalty of a ridge', () => {
  it('of several participants is that by which the others predict each best: recounted one by one', () => {
    const people = makePeople(4, 0.5);
    const rows = makeLaggedRows(people[0], spec);
    const { alpha } = fitRidgeOn(people, rows, none);
    const errors = ridgePenalties.map((penalty) =>
      people.reduce((sum, left) => {
        const others = people.filter((one) => one !== left);
        const { sums } = addParts(
          others.map((part) => [getSums(part, 'all', rows), 1] as const),
          rows.features,
        );
        const ridge = solveRidge(sums, penalty);
        const row = new Float64Array(rows.features);
        return (
          sum +
          left.all.reduce((total, frame) => {
            rows.fillInto(row, left, frame);
            const said = row.reduce((dot, value, i) => dot + value * ridge.weights[i], ridge.intercept);
            return total + (said - left.part.label[frame]) ** 2;
          }, 0)
        );
      }, 0),
    );
    expect(alpha).toBe(ridgePenalties[errors.indexOf(Math.min(...errors))]);
  });

  it('is larger where people differ than where they are alike', () => {
    const fit = (own: number) => {
      const people = makePeople(4, own);
      return fitRidgeOn(people, makeLaggedRows(people[0], spec), none).alpha;
    };
    expect(fit(3)).toBeGreaterThan(fit(0));
  });
});

describe('the ridge with products', () => {
  const named = (made: ReturnType<typeof makePart>) => ({
    ...made,
    table: { ...made.table, names: ['emg a', 'angle b', 'speed c'] },
  });
  const law = (table: InputTable, i: number) =>
    0.2 * at(table, i, 0) + 0.7 * at(table, i, 1) * at(table, i, 2) - 0.4 * at(table, i, 2) ** 2;

  it('finds a law of products of angles and speeds that the lagged ridge cannot see, and predicts by it', async () => {
    const frames = split([named(makePart(900, 1, { label: law }))]);
    const fitted = fitQuadratic(frames, makeLaggedRows(frames[0], spec), none);
    expect(fitted.products).toEqual([
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
    const last = Array.from(fitted.ridge.weights.slice(-3));
    [0, 0.7, -0.4].forEach((weight, k) => {
      expect(last[k]).toBeCloseTo(weight, 3);
    });
    const fresh = named(makePart(200, 9, { label: law }));
    const chosen = listWindowFrames(fresh.table, spec.window);
    const model = await fitLaggedRegression('quadratic', frames, spec, none, {
      stride: 1,
      seed: 1,
      onProgress: () => {},
    });
    expect(model).toEqual(fitted);
    const torque = predictLaggedRegression(model, fresh.table, 3, chosen, spec);
    for (const frame of chosen) expect(torque[frame]).toBeCloseTo(fresh.part.label[frame], 2);
  });
});

describe('adaptRidge', () => {
  const people = makePeople(6, 0.8);
  const rows = makeLaggedRows(people[0], spec);
  const source = fitRidgeOn(people.slice(1), rows, none);
  const [target] = people;
  const sum = (part: TrainingFrames, which: 'training' | 'validation') => getSums(part, which, rows);
  const predict = (ridge: Ridge, frame: number) => {
    const row = new Float64Array(rows.features);
    rows.fillInto(row, target, frame);
    return row.reduce((dot, value, i) => dot + value * ridge.weights[i], ridge.intercept);
  };
  const error = (ridge: Ridge) =>
    target.validation.reduce((total, frame) => total + (predict(ridge, frame) - target.part.label[frame]) ** 2, 0);

  it('comes nearer to the new participant than the source is', () => {
    const own = sum(target, 'validation');
    const adapted = adaptRidge(source, sum(target, 'training').sums, own.sums, own.squares);
    expect(error(adapted)).toBeLessThan(0.7 * error(source));
  });

  it('leaves a ridge that fits already where it is', () => {
    const label = (table: InputTable, i: number) => 0.5 * at(table, i, 0) - 0.1;
    const exact = fitRidgeOn(split([makePart(600, 7, { label })]), rows, none);
    const [same] = split([makePart(300, 8, { label })]);
    const own = sum(same, 'validation');
    const adapted = adaptRidge(exact, sum(same, 'training').sums, own.sums, own.squares);
    adapted.weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(exact.weights[i], 3);
    });
    expect(adapted.intercept).toBeCloseTo(exact.intercept, 3);
  });
});
