import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { type Candidate, checkSpace, drawCandidate, type SearchSpace } from './random.js';
import { countTrials, type HalvingOptions, searchByHalving, type Trial } from './successive-halving.js';

const space: SearchSpace = {
  rate: { kind: 'log-uniform', low: 1e-4, high: 1e-1 },
  dropout: { kind: 'uniform', low: 0, high: 0.5 },
  units: { kind: 'integer', low: 4, high: 7 },
  schedule: { kind: 'choice', values: ['constant', 'cosine', false] },
};

/** A loss that falls with the budget towards a floor that depends on the candidate: best at a rate of 1e-2. */
const floorOf = ({ rate }: Candidate) => Math.abs(Math.log10(rate as number) + 2);
const options: HalvingOptions<number> = {
  space,
  candidates: 27,
  minBudget: 1,
  maxBudget: 27,
  eta: 3,
  seed: 5,
  evaluate: async (candidate, budget) => ({ loss: floorOf(candidate) + 1 / budget, state: budget }),
};

describe('drawCandidate', () => {
  it('stays within its ranges and fills them evenly', () => {
    const random = makeRandom('draws');
    const draws = Array.from({ length: 3000 }, (_, k) => drawCandidate(space, random.fork(String(k))));
    const share = (holds: (candidate: Candidate) => boolean) => draws.filter(holds).length / draws.length;
    expect(share(({ rate }) => (rate as number) >= 1e-4 && (rate as number) <= 1e-1)).toBe(1);
    for (const decade of [-4, -3, -2])
      expect(share(({ rate }) => Math.floor(Math.log10(rate as number)) === decade)).toBeCloseTo(1 / 3, 1);
    expect(share(({ dropout }) => (dropout as number) < 0.25)).toBeCloseTo(0.5, 1);
    for (const units of [4, 5, 6, 7]) expect(share((candidate) => candidate.units === units)).toBeCloseTo(0.25, 1);
    for (const value of ['constant', 'cosine', false])
      expect(share(({ schedule }) => schedule === value)).toBeCloseTo(1 / 3, 1);
  });

  it('draws the same for a setting whatever else is in the space', () => {
    const { rate } = drawCandidate(space, makeRandom(3));
    expect(drawCandidate({ rate: space.rate }, makeRandom(3)).rate).toBe(rate);
  });

  it('bears ranges of one value, and never passes an end', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        (low, factor) => {
          const high = low * factor;
          const random = makeRandom(`${low} ${high}`);
          for (const kind of ['uniform', 'log-uniform'] as const) {
            const value = drawCandidate({ x: { kind, low, high } }, random).x as number;
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
          }
        },
      ),
    );
    expect(drawCandidate({ x: { kind: 'integer', low: 3, high: 3 } }, makeRandom(1))).toEqual({ x: 3 });
  });

  it('names a range from which nothing can be drawn', () => {
    expect(() => checkSpace({ x: { kind: 'uniform', low: 2, high: 1 } })).toThrow(
      'search space, x: reaches from 2 to 1',
    );
    expect(() => checkSpace({ x: { kind: 'log-uniform', low: 0, high: 1 } })).toThrow(/logarithm/);
    expect(() => checkSpace({ x: { kind: 'integer', low: 0.5, high: 1 } })).toThrow(/whole numbers/);
    expect(() => checkSpace({ x: { kind: 'choice', values: [] } })).toThrow(/no values/);
  });
});

describe('searchByHalving', () => {
  it('gives 1 in eta the eta-fold budget, and finds the best of all drawn', async () => {
    const { best, trials, state } = await searchByHalving(options);
    const rounds = [0, 1, 2, 3].map((round) => trials.filter((trial) => trial.round === round));
    expect(rounds.map((round) => [round.length, round[0].budget])).toEqual([
      [27, 1],
      [9, 3],
      [3, 9],
      [1, 27],
    ]);
    expect(trials.length).toBe(countTrials(options));
    const least = Math.min(...rounds[0].map(({ candidate }) => floorOf(candidate)));
    expect(floorOf(best.candidate)).toBe(least);
    expect([best.round, state]).toEqual([3, 27]);
  });

  it('keeps only the best of each round, goes on from their own state and repeats by seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 2, max: 5 }),
        async (seed, candidates, minBudget, more, eta) => {
          const setup = { ...options, seed, candidates, minBudget, maxBudget: minBudget + more, eta };
          const seen: [Candidate, number, unknown][] = [];
          const evaluate: HalvingOptions<Candidate>['evaluate'] = async (candidate, budget, state) => {
            seen.push([candidate, budget, state]);
            // A loss that tells nothing of later rounds.
            return { loss: makeRandom(`${JSON.stringify(candidate)} ${budget}`).uniform(), state: candidate };
          };
          const found = await searchByHalving({ ...setup, evaluate });
          expect(await searchByHalving({ ...setup, evaluate })).toEqual(found);
          expect(found.trials.length).toBe(countTrials(setup));
          for (const [candidate, , state] of seen) expect(state === undefined || state === candidate).toBe(true);
          const byRound = new Map<number, Trial[]>();
          for (const trial of found.trials) byRound.set(trial.round, [...(byRound.get(trial.round) ?? []), trial]);
          for (const [round, trials] of byRound) {
            const next = byRound.get(round + 1) ?? [];
            const kept = new Set(next.map(({ id }) => id));
            const worstKept = Math.max(...trials.filter(({ id }) => kept.has(id)).map(({ loss }) => loss));
            for (const trial of trials) {
              expect(trial.budget).toBeLessThanOrEqual(setup.maxBudget);
              if (next.length && !kept.has(trial.id)) expect(trial.loss).toBeGreaterThanOrEqual(worstKept);
            }
          }
          const last = byRound.get(byRound.size - 1) as Trial[];
          expect(found.best.loss).toBe(Math.min(...last.map(({ loss }) => loss)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reports candidates that fail and lets none of them go on', async () => {
    const { best, trials } = await searchByHalving({
      ...options,
      evaluate: async ({ units, rate }, budget) => {
        if (units === 4) throw new Error('does not fit');
        return { loss: units === 5 ? Number.NaN : (rate as number) + 1 / budget };
      },
    });
    for (const { candidate, failure, loss, round } of trials) {
      if (candidate.units === 4) expect([failure, loss, round]).toEqual(['does not fit', Number.POSITIVE_INFINITY, 0]);
      else if (candidate.units === 5)
        expect([failure, loss, round]).toEqual(['the loss is NaN', Number.POSITIVE_INFINITY, 0]);
      else expect(failure).toBeUndefined();
    }
    expect(trials.filter(({ failure }) => failure).length).toBeGreaterThan(5);
    expect(best.candidate.units).toBeGreaterThan(5);
    const fail = async () => ({ loss: Number.NaN });
    await expect(searchByHalving({ ...options, evaluate: fail })).rejects.toThrow(
      'search, budget 1: all 27 candidates failed; the first: the loss is NaN',
    );
  });

  it('puts given candidates first, and is random search where the budgets are equal', async () => {
    const usual = { rate: 1e-2, dropout: 0.1, units: 6, schedule: 'cosine' };
    const setup = { ...options, minBudget: 4, maxBudget: 4, given: [usual] };
    const { best, trials } = await searchByHalving(setup);
    expect([trials.length, trials[0].candidate, best.id]).toEqual([27, usual, 0]);
    // The draws of the others are as they were.
    const without = await searchByHalving({ ...setup, given: [] });
    expect(trials.slice(1).map(({ candidate }) => candidate)).toEqual(
      without.trials.slice(1).map(({ candidate }) => candidate),
    );
  });

  it('reports each trial, and stops when told to', async () => {
    const shares: number[] = [];
    const stop = new AbortController();
    await searchByHalving({ ...options, onTrial: (_, share) => shares.push(share) });
    expect([shares.length, shares.at(-1)]).toEqual([40, 1]);
    let count = 0;
    const running = searchByHalving({
      ...options,
      signal: stop.signal,
      evaluate: async () => {
        if (++count === 4) {
          stop.abort(new Error('enough'));
          throw new Error('the training was stopped');
        }
        return { loss: 1 };
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(count).toBe(4);
  });

  it('names an option out of its range', async () => {
    const bad = (more: Partial<HalvingOptions<number>>) => searchByHalving({ ...options, ...more });
    await expect(bad({ eta: 1 })).rejects.toThrow('search eta: must be a number of at least 2, is 1.');
    await expect(bad({ maxBudget: 0 })).rejects.toThrow(/maxBudget/);
    await expect(bad({ candidates: 0.5 })).rejects.toThrow(/candidates/);
    await expect(bad({ candidates: 1, given: [{}, {}] })).rejects.toThrow(/at most 1 candidates, is 2/);
  });
});
