import { GenuError } from '../../data/index.js';
import { makeRandom } from '../../math/index.js';
import { findBcaInterval, findPercentileInterval } from './bca.js';
import { checkCount, checkShare } from './check.js';
import { calcDeviation } from './moments.js';

export interface BootstrapOptions {
  /** Equal seeds give equal intervals. */
  readonly seed: number | string;
  /** Default 'bca'. */
  readonly method?: 'bca' | 'percentile';
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 2000. */
  readonly draws?: number;
}

export interface BootstrapResult {
  /** The statistic of the participants as they are. */
  readonly estimate: number;
  readonly interval: readonly [low: number, high: number];
  /** Standard deviation of the draws. */
  readonly standardError: number;
  /** Participants drawn from. */
  readonly n: number;
  readonly confidence: number;
  readonly method: 'bca' | 'percentile';
  readonly draws: number;
}

/**
 * Bootstrap interval of any statistic, clustered by participant: participants are drawn with replacement, each with all that belongs to it,
 * because frames and trials of one person are not independent (Davison & Hinkley 1997, §3.8; Field & Welsh 2007, doi 10.1111/j.1467-9868.2007.00593.x).
 * With few participants such intervals are too short: of ten participants a 95 % interval covers nearer 90 %.
 * @param participants one item per participant: its frames, its errors, or sums of them
 * @param calcStatistic of a drawn list, in which a participant may come up more than once
 * @throws GenuError for fewer than 3 participants, or where the statistic is not a finite number for some draw
 */
export function calcClusterBootstrap<T>(
  participants: readonly T[],
  calcStatistic: (drawn: readonly T[]) => number,
  { seed, method = 'bca', confidence = 0.95, draws = 2000 }: BootstrapOptions,
): BootstrapResult {
  const where = 'bootstrap over participants';
  const n = participants.length;
  checkCount(n, 3, where);
  checkShare(confidence, 'the confidence', where);
  if (!(Number.isInteger(draws) && draws >= 2 / (1 - confidence)))
    throw new GenuError(`${draws} draws cannot show tails of ${(1 - confidence) / 2}.`, { where, mend: 'Draw 2000.' });
  const calc = (drawn: readonly T[]) => {
    const value = calcStatistic(drawn);
    if (!Number.isFinite(value))
      throw new GenuError(`the statistic of a draw is ${value}.`, {
        where,
        mend: 'It must have a value for every choice of participants: leave out those without frames.',
      });
    return value;
  };
  const estimate = calc(participants);
  const random = makeRandom(seed);
  const drawn = [...participants];
  const values = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < n; i++) drawn[i] = participants[random.integer(n)];
    values[draw] = calc(drawn);
  }
  values.sort();
  const interval =
    method === 'percentile'
      ? findPercentileInterval(values, confidence)
      : findBcaInterval(
          values,
          estimate,
          participants.map((_, left) => calc(participants.filter((_, i) => i !== left))),
          confidence,
        );
  return { estimate, interval, standardError: calcDeviation(values), n, confidence, method, draws };
}
