import { GenuError } from '../../data/index.js';

/** What the two sides of a comparison may be told apart by: any difference, or the first above (below) the second. */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** @throws GenuError naming `where` unless there are at least `fewest` participants */
export function checkCount(participants: number, fewest: number, where: string): void {
  if (participants < fewest)
    throw new GenuError(
      `${participants} ${participants === 1 ? 'participant was' : 'participants were'} given, and at least ${fewest} are needed.`,
      { where, mend: 'Add participants, or report the errors of each without this test.' },
    );
}

/** @throws GenuError unless two lists have one item per participant alike */
export function checkAlike(first: number, second: number, where: string): void {
  if (first !== second)
    throw new GenuError(`${first} participants cannot be paired with ${second}.`, {
      where,
      mend: 'Give every participant on both sides, in the same order.',
    });
}

/** @throws GenuError unless there are at least `fewest` values, one per participant, all finite */
export function checkValues(values: ArrayLike<number>, fewest: number, where: string): void {
  checkCount(values.length, fewest, where);
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new GenuError(`the value of participant ${i + 1} is ${values[i]}, not a finite number.`, {
        where,
        mend: 'Leave this participant out of every model that is compared, and say so.',
      });
}

/** @throws GenuError unless both lists are as `checkValues` wants them and have one value per participant, in the same order */
export function checkPairs(a: ArrayLike<number>, b: ArrayLike<number>, fewest: number, where: string): void {
  checkAlike(a.length, b.length, where);
  checkValues(a, fewest, where);
  checkValues(b, fewest, where);
}

/** @throws GenuError unless there are at least `fewest.treatments` lists, each as `checkValues` wants it and as long as the first */
export function checkTreatments(
  treatments: readonly ArrayLike<number>[],
  fewest: { readonly treatments: number; readonly participants: number },
  where: string,
): void {
  if (treatments.length < fewest.treatments)
    throw new GenuError(`there are ${treatments.length} models, and at least ${fewest.treatments} are needed.`, {
      where,
      mend: 'Two models are compared with the Wilcoxon signed-rank test.',
    });
  for (const values of treatments) checkPairs(treatments[0], values, fewest.participants, where);
}

/** @throws GenuError unless the share lies strictly between 0 and 1 */
export function checkShare(share: number, name: string, where: string): void {
  if (!(share > 0 && share < 1))
    throw new GenuError(`${name} is ${share}.`, { where, mend: 'Give a number between 0 and 1, as 0.05 or 0.95.' });
}

/** @throws GenuError unless each is a number from 0 to 1 */
export function checkProbabilities(p: readonly number[], where: string): void {
  p.forEach((value, i) => {
    if (!(value >= 0 && value <= 1))
      throw new GenuError(`p value ${i + 1} is ${value}.`, { where, mend: 'Give values from 0 to 1.' });
  });
}

/** `a − b`, value by value. */
export function subtract(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, i) => value - b[i]);
}
