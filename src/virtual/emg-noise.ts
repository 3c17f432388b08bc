import type { Random } from '../math/index.js';

/**
 * Interference-pattern EMG at constant effort: Gaussian noise of unit variance with the power spectrum
 * f² / ((f² + low²)(f² + high²)²) of Shwedyk, Balasubramanian & Scott 1977, IEEE Trans Biomed Eng 24:417, behind an amplifier's
 * first-order high-pass at 20 Hz. Each pole is one bilinear section, so the spectrum also falls to zero at half the rate.
 * @returns `count` samples; the first is already stationary
 */
export function makeEmgNoise(
  rng: Random,
  count: number,
  rate_Hz: number,
  low_Hz: number,
  high_Hz: number,
): Float64Array {
  const lead = Math.ceil(0.1 * rate_Hz);
  const noise = new Float64Array(count + lead);
  for (let i = 0; i < noise.length; i++) noise[i] = rng.normal();
  shapeInto(noise, rate_Hz, low_Hz, high_Hz);

  const impulse = new Float64Array(lead);
  impulse[0] = 1;
  shapeInto(impulse, rate_Hz, low_Hz, high_Hz);
  const scale = 1 / Math.sqrt(impulse.reduce((sum, h) => sum + h * h, 0));
  for (let i = lead; i < noise.length; i++) noise[i] *= scale;
  return noise.subarray(lead);
}

function shapeInto(signal: Float64Array, rate_Hz: number, low_Hz: number, high_Hz: number): void {
  filterInto(signal, rate_Hz, 20, 'high');
  filterInto(signal, rate_Hz, low_Hz, 'high');
  filterInto(signal, rate_Hz, high_Hz, 'low');
  filterInto(signal, rate_Hz, high_Hz, 'low');
}

/** One real pole, bilinear transform with the corner kept in place. */
function filterInto(signal: Float64Array, rate_Hz: number, corner_Hz: number, pass: 'low' | 'high'): void {
  const w = Math.tan((Math.PI * corner_Hz) / rate_Hz);
  const gain = (pass === 'low' ? w : 1) / (1 + w);
  const turn = pass === 'low' ? 1 : -1;
  const pole = (1 - w) / (1 + w);
  let lastIn = 0;
  let lastOut = 0;
  for (let i = 0; i < signal.length; i++) {
    const x = signal[i];
    lastOut = pole * lastOut + gain * (x + turn * lastIn);
    lastIn = x;
    signal[i] = lastOut;
  }
}
