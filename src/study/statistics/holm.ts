import { checkProbabilities } from './check.js';

/**
 * p values corrected so that the chance of any false finding stays at the level, in the order given.
 * Holm 1979, Scand. J. Stat. 6:65: the i-th smallest of m times m − i + 1, never below a smaller one's, at most 1.
 * @throws GenuError for a value that is no probability
 */
export function calcHolm(p: readonly number[]): number[] {
  checkProbabilities(p, 'Holm correction');
  const order = p.map((_, i) => i).sort((i, j) => p[i] - p[j]);
  const adjusted = new Array<number>(p.length);
  let highest = 0;
  order.forEach((index, i) => {
    highest = Math.max(highest, Math.min(1, (p.length - i) * p[index]));
    adjusted[index] = highest;
  });
  return adjusted;
}
