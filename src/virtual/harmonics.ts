/**
 * A periodic curve as a trigonometric polynomial: smooth to every order, so that angles have clean velocities.
 * `cosine[k]` and `sine[k]` belong to k cycles per cycle; `cosine[0]` is the mean.
 */
export interface Harmonics {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

/**
 * Fits the first `order` harmonics to values at evenly spaced phases 0, 1/n, …, (n−1)/n by the discrete Fourier transform.
 * With order < n/2 this is the least-squares fit.
 */
export function fitHarmonics(values: ArrayLike<number>, order: number): Harmonics {
  const count = values.length;
  const cosine = new Float64Array(order + 1);
  const sine = new Float64Array(order + 1);
  for (let k = 0; k <= order; k++) {
    // The mean, and the highest harmonic an even number of values can carry, appear once in the transform; all others twice.
    const weight = (k === 0 || 2 * k === count ? 1 : 2) / count;
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * k * i) / count;
      cosine[k] += weight * values[i] * Math.cos(angle);
      sine[k] += weight * values[i] * Math.sin(angle);
    }
  }
  return { cosine, sine };
}

/** Value of the curve at `phase` in cycles; any real phase, period 1. */
export function calcHarmonics(curve: Harmonics, phase: number): number {
  const { cosine, sine } = curve;
  const c1 = Math.cos(2 * Math.PI * phase);
  const s1 = Math.sin(2 * Math.PI * phase);
  let c = 1;
  let s = 0;
  let sum = cosine[0];
  for (let k = 1; k < cosine.length; k++) {
    const next = c * c1 - s * s1;
    s = s * c1 + c * s1;
    c = next;
    sum += cosine[k] * c + sine[k] * s;
  }
  return sum;
}
