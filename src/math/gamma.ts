/**
 * Gamma function and its incomplete ratio, from which the normal and the χ² distribution follow.
 * DLMF = NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov
 */

/** Bernoulli numbers B2, B4, … over 2k(2k − 1): the terms of Stirling's series (DLMF 5.11.1). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/** Natural logarithm of Γ(x), x > 0, to about 15 digits. NaN for anything else. */
export function calcLogGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  // Γ(x) = Γ(x + n) / (x (x + 1) … (x + n − 1)) brings x to where eight terms are enough (DLMF 5.5.1).
  let shifted = x;
  let product = 1;
  while (shifted < 12) product *= shifted++;
  const square = shifted * shifted;
  let sum = 0;
  for (let k = stirling.length - 1; k >= 0; k--) sum = sum / square + stirling[k];
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + sum / shifted - Math.log(product)
  );
}

/**
 * Upper regularised incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), a > 0, x ≥ 0; small values keep their digits.
 * Series DLMF 8.11.4 below a + 1, continued fraction DLMF 8.9.2 above.
 */
export function calcUpperGammaRatio(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return Number.NaN;
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.exp(a * Math.log(x) - x - calcLogGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - scale * sum;
  }
  return scale / calcContinuedFraction(x + 1 - a, (n) => [-n * (n - a), x + 2 * n + 1 - a]);
}

/**
 * first + n₁ / (d₁ + n₂ / (d₂ + …)), where `step(k)` gives [n_k, d_k], by the modified Lentz method
 * (Thompson & Barnett 1986, J. Comput. Phys. 64:490, doi 10.1016/0021-9991(86)90046-X).
 */
export function calcContinuedFraction(first: number, step: (k: number) => readonly [number, number]): number {
  const avoidZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let fraction = avoidZero(first);
  let c = fraction;
  let d = 0;
  for (let k = 1; k < 10_000; k++) {
    const [numerator, denominator] = step(k);
    d = 1 / avoidZero(denominator + numerator * d);
    c = avoidZero(denominator + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 4e-16) break;
  }
  return fraction;
}
