import { calcContinuedFraction, calcLogGamma } from './gamma.js';

/**
 * Regularised incomplete beta function I_x(a, b), a, b > 0, 0 ≤ x ≤ 1; small values keep their digits.
 * Continued fraction DLMF 8.17.22, on the side where it converges fast (8.17.4).
 * @param complement 1 − x, where it is known to more digits than the subtraction would leave
 */
export function calcBetaRatio(x: number, a: number, b: number, complement = 1 - x): number {
  if (!(a > 0 && b > 0 && x >= 0 && complement >= 0)) return Number.NaN;
  if (x === 0) return 0;
  if (complement === 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - calcBetaRatio(complement, b, a, x);
  const scale = Math.exp(
    a * Math.log(x) + b * Math.log(complement) + calcLogGamma(a + b) - calcLogGamma(a) - calcLogGamma(b),
  );
  const fraction = calcContinuedFraction(1, (k) => {
    const m = k >> 1;
    const factor =
      k % 2 === 0
        ? (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1));
    return [factor * x, 1];
  });
  return scale / (a * fraction);
}
