/** Probability that a standard normal number is at most x, to about 14 digits (series of Marsaglia 2004, J. Stat. Softw. 11(4)). */
export function calcNormalProbability(x: number): number {
  // Beyond this the other side is below 1e-15.
  if (x > 8) return 1;
  if (x < -8) return 0;
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/**
 * The standard normal number that is exceeded with the probability 1 − `probability`, by bisection.
 * @throws RangeError unless the probability lies between 1e-9 and 1 − 1e-9
 */
export function calcNormalQuantile(probability: number): number {
  if (!(probability >= 1e-9 && probability <= 1 - 1e-9))
    throw new RangeError(`a normal quantile needs a probability from 1e-9 to 1 - 1e-9, not ${probability}.`);
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (calcNormalProbability(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
