import { checkProbabilities } from './check.js';

/**
 * p values corrected so that the expected share of false ones among the findings stays at the level, in the order given.
 * Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289, doi 10.1111/j.2517-6161.1995.tb02031.x: the i-th smallest of m times m / i,
 * never above a larger one's. Holds for independent or positively dependent tests.
 * @throws GenuError for a value that is no probability
 */
export function calcBenjaminiHochberg(p: readonly number[]): number[] {
  checkProbabilities(p, 'Benjamini–Hochberg correction');
  const order = p.map((_, i) => i).sort((i, j) => p[j] - p[i]);
  const adjusted = new Array<number>(p.length);
  let lowest = 1;
  order.forEach((index, i) => {
    lowest = Math.min(lowest, (p.length / (p.length - i)) * p[index]);
    adjusted[index] = lowest;
  });
  return adjusted;
}
