import { LearnError } from '../errors.js';

/** A margin that scores of new data keep within, found from held-out data. Plain JSON. */
export interface Margin {
  /** Share of new rows that may lie outside. */
  readonly alpha: number;
  /** null: too few held-out groups for this alpha, so that no finite margin can be promised. */
  readonly margin: number | null;
  /** Held-out rows and the groups they came from: the groups are what counts. */
  readonly rows: number;
  readonly groups: number;
  /** Fewest groups that allow a finite margin at this alpha. */
  readonly groupsNeeded: number;
  /** In words: what is promised, and what is not. */
  readonly note: string;
}

// Sums of shares such as 10 × 0.9 may come out a little high or low; a step of a quantile is never that small.
const ROUNDING = 1e-9;

/**
 * The quantile of held-out scores that a new score stays below with a probability of at least 1 − alpha.
 *
 * Without groups: the ⌈(n + 1)(1 − alpha)⌉-th smallest of n scores (Vovk, Gammerman & Shafer 2005; Lei et al. 2018,
 * doi 10.1080/01621459.2017.1307116, algorithm 2), which holds for exchangeable rows. Windows of one participant are more alike than those
 * of two, so with groups (participants) each group counts alike, as 1/(K + 1), shared among its rows, and the new participant's
 * share lies at infinity (hierarchical conformal prediction: Lee, Barber & Willett 2023, arXiv 2306.06342). It holds
 * for any row of a new, exchangeable participant; with one row a group it is the same as above.
 * @param scores one per held-out row; greater is worse
 * @param groups of each row; where left out each row is a group of its own
 * @throws LearnError for an alpha outside (0, 1), no scores, a score that is NaN, or as many groups as not scores
 */
export function findMargin(scores: ArrayLike<number>, alpha: number, groups?: ArrayLike<string | number>): Margin {
  checkScores(scores, alpha, groups);
  const sizes = new Map<string | number, number>();
  for (let k = 0; k < scores.length; k++) {
    const group = groups ? groups[k] : k;
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const target = (sizes.size + 1) * (1 - alpha) - ROUNDING;
  const order = Array.from({ length: scores.length }, (_, k) => k).sort((a, b) => scores[a] - scores[b] || a - b);
  let sum = 0;
  let found: number | undefined;
  for (const k of order) {
    sum += 1 / (sizes.get(groups ? groups[k] : k) as number);
    if (sum < target) continue;
    found = scores[k];
    break;
  }
  const kind = groups ? 'groups' : 'rows';
  return describe(found, alpha, scores.length, sizes.size, Math.ceil(1 / alpha - 1 - ROUNDING), (promise) =>
    groups
      ? `On average over new groups, at least ${promise} of a new group's rows; single groups differ. Calibrated on ${sizes.size} ${kind}.`
      : `At least ${promise} of new rows that are exchangeable with the ${sizes.size} ${kind} of calibration.`,
  );
}

/**
 * A stricter promise: with a probability of at least `confidence`, a new group has no more than the share alpha of its rows
 * outside. Each group is summed up by its own (1 − alpha) quantile, and the conformal rank is taken over groups
 * (Dunn, Wasserman & Ramdas 2023, doi 10.1080/01621459.2022.2060112, discuss this and other rules for rows in groups).
 * The promise is of a new group with as many rows as calibration groups have, or of the whole of a long one.
 * @throws LearnError as `findMargin`, and for a confidence outside (0, 1)
 */
export function findGroupMargin(
  scores: ArrayLike<number>,
  alpha: number,
  groups: ArrayLike<string | number>,
  confidence: number,
): Margin {
  checkScores(scores, alpha, groups);
  if (!(confidence > 0 && confidence < 1)) {
    throw new LearnError(`must lie between 0 and 1, is ${confidence}.`, { where: 'confidence' });
  }
  const members = new Map<string | number, number[]>();
  for (let k = 0; k < scores.length; k++) {
    const list = members.get(groups[k]);
    if (list) list.push(scores[k]);
    else members.set(groups[k], [scores[k]]);
  }
  const sorted = (list: number[]) => list.sort((a, b) => a - b);
  const each = [...members.values()].map((list) => sorted(list)[Math.ceil(list.length * (1 - alpha) - ROUNDING) - 1]);
  const rank = Math.ceil((each.length + 1) * confidence - ROUNDING);
  const found = rank <= each.length ? sorted(each)[rank - 1] : undefined;
  const needed = Math.ceil(1 / (1 - confidence) - 1 - ROUNDING);
  return describe(
    found,
    alpha,
    scores.length,
    each.length,
    needed,
    (promise) =>
      `With a probability of at least ${round(confidence)}, at least ${promise} of a new group's rows. Calibrated on ${each.length} groups.`,
  );
}

function describe(
  found: number | undefined,
  alpha: number,
  rows: number,
  groups: number,
  groupsNeeded: number,
  promise: (share: string) => string,
): Margin {
  // A score at infinity (a prediction that failed) may be the quantile: it bounds nothing either.
  const isBounded = found !== undefined && Number.isFinite(found);
  const note = isBounded
    ? promise(`${round(100 * (1 - alpha))} %`)
    : found === undefined
      ? `Unbounded: ${groups} held-out groups are too few for this promise; at least ${groupsNeeded} are needed.`
      : 'Unbounded: too many held-out scores are infinite.';
  return { alpha, margin: isBounded ? found : null, rows, groups, groupsNeeded, note };
}

const round = (value: number) => String(Number(value.toPrecision(6)));

function checkScores(scores: ArrayLike<number>, alpha: number, groups?: ArrayLike<unknown>): void {
  if (!(alpha > 0 && alpha < 1)) throw new LearnError(`must lie between 0 and 1, is ${alpha}.`, { where: 'alpha' });
  if (scores.length === 0) {
    throw new LearnError('there are none.', { where: 'held-out scores', mend: 'Hold out at least one participant.' });
  }
  if (groups && groups.length !== scores.length) {
    throw new LearnError(`${groups.length} groups for ${scores.length} scores.`, { where: 'held-out scores' });
  }
  for (let k = 0; k < scores.length; k++) {
    if (!Number.isNaN(scores[k])) continue;
    throw new LearnError(`score ${k} is NaN.`, { where: 'held-out scores', mend: 'Leave that row out.' });
  }
}
