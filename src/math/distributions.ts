/**
 * Tails of the distributions that tests are read from: the probability to exceed a value. A small one keeps its digits,
 * which 1 − (probability to stay below) would not. Formulas: Abramowitz & Stegun 1964, ch. 26. NaN gives NaN.
 */
import { calcBetaRatio } from './beta.js';
import { calcUpperGammaRatio } from './gamma.js';

/** Probability that a standard normal number exceeds `z`. */
export function calcNormalTail(z: number): number {
  const half = 0.5 * calcUpperGammaRatio(0.5, 0.5 * z * z);
  return z < 0 ? 1 - half : half;
}

/** Probability that a χ² number of `degrees` > 0 degrees of freedom exceeds `value`. */
export function calcChiSquaredTail(value: number, degrees: number): number {
  return value <= 0 ? 1 : calcUpperGammaRatio(0.5 * degrees, 0.5 * value);
}

/** Probability that a Student t number of `degrees` > 0 degrees of freedom exceeds `t` (26.7.1). */
export function calcStudentTail(t: number, degrees: number): number {
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return t > 0 ? 0 : 1;
  const x = degrees / (degrees + square);
  const half = 0.5 * calcBetaRatio(x, 0.5 * degrees, 0.5, square / (degrees + square));
  return t < 0 ? 1 - half : half;
}

/** Probability that an F number of `above` and `below` degrees of freedom exceeds `value` (26.6.2). */
export function calcFTail(value: number, above: number, below: number): number {
  if (value <= 0) return 1;
  if (value === Number.POSITIVE_INFINITY) return 0;
  const sum = below + above * value;
  return calcBetaRatio(below / sum, 0.5 * below, 0.5 * above, (above * value) / sum);
}

/**
 * The value that `calcTail`, which falls, exceeds with the given probability, by bisection to the last digit.
 * @param from a value below the one sought; @param to a first guess above it, doubled until it is
 * @throws RangeError unless the probability lies in (0, 1)
 */
export function findTailValue(
  calcTail: (value: number) => number,
  probability: number,
  from: number,
  to = Math.abs(from) + 1,
): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`a quantile needs a probability between 0 and 1, not ${probability}.`);
  let [low, high] = [from, to];
  while (calcTail(high) > probability) high *= 2;
  for (let step = 0; step < 200; step++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (calcTail(middle) > probability) low = middle;
    else high = middle;
  }
  return high;
}

/** The t that is exceeded with the given probability in (0, 1). */
export function findStudentValue(probability: number, degrees: number): number {
  if (probability > 0.5) return -findStudentValue(1 - probability, degrees);
  return probability === 0.5 ? 0 : findTailValue((t) => calcStudentTail(t, degrees), probability, 0);
}

/** The χ² that is exceeded with the given probability in (0, 1). */
export function findChiSquaredValue(probability: number, degrees: number): number {
  return findTailValue((value) => calcChiSquaredTail(value, degrees), probability, 0);
}
