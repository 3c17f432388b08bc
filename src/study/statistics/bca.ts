import { calcNormalProbability, calcNormalQuantile } from '../../math/index.js';
import { calcMean, calcQuantile } from './moments.js';

/** Interval between the quantiles of the draws (Efron 1979, doi 10.1214/aos/1176344552). `sorted` ascending. */
export function findPercentileInterval(sorted: Float64Array, confidence: number): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  return [calcQuantile(sorted, tail), calcQuantile(sorted, 1 - tail)];
}

/**
 * Bias-corrected and accelerated interval. Efron 1987, J. Am. Stat. Assoc. 82:171, doi 10.1080/01621459.1987.10478410, eqs. 2.3 and 6.6:
 * the percentiles are moved by how far the draws lie to one side of the estimate, and by the skewness of leaving one participant out.
 * Draws equal to the estimate count half. Where all draws lie on one side the correction is infinite, and the percentile interval is given.
 * @param sorted draws of the statistic, ascending
 * @param leftOut the statistic without each participant in turn
 */
export function findBcaInterval(
  sorted: Float64Array,
  estimate: number,
  leftOut: ArrayLike<number>,
  confidence: number,
): readonly [number, number] {
  const below = sorted.reduce((sum, draw) => sum + (draw < estimate ? 1 : draw === estimate ? 0.5 : 0), 0);
  const share = below / sorted.length;
  if (share === 0 || share === 1) return findPercentileInterval(sorted, confidence);
  const bias = calcNormalQuantile(share);
  const mean = calcMean(leftOut);
  let [squares, cubes] = [0, 0];
  for (let i = 0; i < leftOut.length; i++) {
    const distance = mean - leftOut[i];
    squares += distance ** 2;
    cubes += distance ** 3;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const at = (tail: number) => {
    const moved = bias + calcNormalQuantile(tail);
    return calcQuantile(sorted, calcNormalProbability(bias + moved / (1 - acceleration * moved)));
  };
  const tail = (1 - confidence) / 2;
  return [at(tail), at(1 - tail)];
}
