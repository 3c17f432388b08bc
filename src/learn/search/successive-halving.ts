import { makeRandom } from '../../math/index.js';
import { LearnError } from '../errors.js';
import { type Candidate, checkSpace, drawCandidate, type SearchSpace } from './random.js';

/** What a trial came to. */
export interface Evaluation<State> {
  /** On validation data; lower is better. NaN and infinity count as failed. */
  readonly loss: number;
  /** Whatever lets the same candidate go on with a greater budget. */
  readonly state?: State;
}

/**
 * Trains a candidate until it has used `budget` in all (such as epochs, counted from its start).
 * @param resumeState what the same candidate's last evaluation left; undefined at its first
 */
export type Evaluate<State> = (
  candidate: Candidate,
  budget: number,
  resumeState: State | undefined,
) => Promise<Evaluation<State>>;

export interface HalvingOptions<State> {
  readonly space: SearchSpace;
  readonly evaluate: Evaluate<State>;
  /** Candidates drawn at the start. */
  readonly candidates: number;
  /** Budget of the first round and most budget of one candidate. */
  readonly minBudget: number;
  readonly maxBudget: number;
  /** From round to round 1 in eta candidates goes on, with eta times the budget. */
  readonly eta: number;
  readonly seed: number;
  /** Candidates that are in the running whatever is drawn, such as the default: it then has to be beaten. They come first. */
  readonly given?: readonly Candidate[];
  readonly onTrial?: (trial: Trial, share: number) => void;
  readonly signal?: AbortSignal;
}

/** One evaluation: a row of the table of what was tried. */
export interface Trial {
  /** Position of the candidate, from 0. */
  readonly id: number;
  readonly candidate: Candidate;
  /** From 0. */
  readonly round: number;
  readonly budget: number;
  /** Infinity where it failed. */
  readonly loss: number;
  /** Why it failed. */
  readonly failure?: string;
}

export interface SearchResult<State> {
  /** The best trial of the last round. */
  readonly best: Trial;
  readonly state: State | undefined;
  /** Every trial in the order in which it was made. */
  readonly trials: readonly Trial[];
}

/**
 * Successive halving over random candidates (Jamieson & Talwalkar 2016, AISTATS, arXiv 1502.07943; with a factor eta as in
 * Li et al. 2018, JMLR 18:185, section 3.1): all start with a small budget, the best 1 in eta go on with eta times as much, until one is left
 * or the greatest budget is reached. Sees validation losses only, so the winner's loss is a little too good: report it on
 * other data. One candidate after the other; the same seed gives the same
 * candidates, and with an `evaluate` that repeats the same result.
 * A candidate that throws or whose loss is not finite counts as worst, is reported and does not go on.
 * With minBudget = maxBudget it is plain random search.
 * @throws LearnError for options out of their range, and where every candidate failed
 * @throws the signal's reason where it aborts
 */
export async function searchByHalving<State>(options: HalvingOptions<State>): Promise<SearchResult<State>> {
  const { space, evaluate, given = [], onTrial, signal, maxBudget, eta } = options;
  checkOptions(options);
  const random = makeRandom(options.seed);
  let running = Array.from({ length: options.candidates }, (_, id) => ({
    id,
    candidate: given[id] ?? drawCandidate(space, random.fork(`candidate ${id}`)),
    state: undefined as State | undefined,
  }));
  const planned = countTrials(options);
  const trials: Trial[] = [];
  let budget = options.minBudget;
  for (let round = 0; ; round++) {
    const finished: { trial: Trial; entrant: (typeof running)[number] }[] = [];
    for (const entrant of running) {
      signal?.throwIfAborted();
      const outcome = await attempt(() => evaluate(entrant.candidate, budget, entrant.state), signal);
      const { id, candidate } = entrant;
      const { loss, failure } = outcome;
      const trial: Trial = { id, candidate, round, budget, loss, ...(failure === undefined ? {} : { failure }) };
      trials.push(trial);
      finished.push({ trial, entrant: { id, candidate, state: outcome.state } });
      onTrial?.(trial, Math.min(1, trials.length / planned));
    }
    // Of equal losses the earlier candidate, so that the order is the same each time.
    const ranked = finished
      .filter(({ trial }) => trial.failure === undefined)
      .sort((a, b) => a.trial.loss - b.trial.loss || a.trial.id - b.trial.id);
    if (ranked.length === 0) {
      throw new LearnError(
        `all ${running.length} candidates failed; the first: ${trials.at(-running.length)?.failure}`,
        {
          where: `search, budget ${budget}`,
          mend: 'Narrow the search space.',
        },
      );
    }
    const kept = Math.floor(running.length / eta);
    if (budget >= maxBudget || kept < 1) {
      return { best: ranked[0].trial, state: ranked[0].entrant.state, trials };
    }
    running = ranked.slice(0, kept).map(({ entrant }) => entrant);
    budget = Math.min(maxBudget, Math.round(budget * eta));
  }
}

/** Evaluations that a search makes when none fails. */
export function countTrials({
  candidates,
  minBudget,
  maxBudget,
  eta,
}: Pick<HalvingOptions<unknown>, 'candidates' | 'minBudget' | 'maxBudget' | 'eta'>): number {
  let total = 0;
  let budget = minBudget;
  for (let running = candidates; ; running = Math.floor(running / eta)) {
    total += running;
    if (budget >= maxBudget || Math.floor(running / eta) < 1) return total;
    budget = Math.min(maxBudget, Math.round(budget * eta));
  }
}

async function attempt<State>(
  run: () => Promise<Evaluation<State>>,
  signal: AbortSignal | undefined,
): Promise<{ loss: number; failure?: string; state: State | undefined }> {
  try {
    const { loss, state } = await run();
    if (Number.isFinite(loss)) return { loss, state };
    return { loss: Number.POSITIVE_INFINITY, failure: `the loss is ${loss}`, state: undefined };
  } catch (error) {
    // Stopping is no fault of the candidate.
    signal?.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    return { loss: Number.POSITIVE_INFINITY, failure, state: undefined };
  }
}

function checkOptions<State>(options: HalvingOptions<State>): void {
  const { space, candidates, minBudget, maxBudget, eta, seed, given = [] } = options;
  checkSpace(space);
  const demand = (key: string, value: unknown, holds: boolean, expected: string) => {
    if (!holds) throw new LearnError(`must be ${expected}, is ${String(value)}.`, { where: `search ${key}` });
  };
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  demand('candidates', candidates, isCount(candidates), 'a whole number of at least 1');
  demand('given', given.length, given.length <= candidates, `at most ${candidates} candidates`);
  demand('minBudget', minBudget, isCount(minBudget), 'a whole number of at least 1');
  demand('maxBudget', maxBudget, isCount(maxBudget) && maxBudget >= minBudget, 'a whole number of at least minBudget');
  demand('eta', eta, eta >= 2 && Number.isFinite(eta), 'a number of at least 2');
  demand('seed', seed, Number.isInteger(seed), 'a whole number');
}
