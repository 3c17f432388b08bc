/** Power of a signal by frequency. */
export interface Spectrum {
  /** Distance of neighbouring frequencies, Hz; entry k is at k × this. */
  readonly step_Hz: number;
  /** Power density in signal² per Hz, one-sided. */
  readonly density: Float64Array;
}

/**
 * Power spectral density by averaged periodograms of half-overlapping segments with a Hann window, the segment's mean taken off
 * (Welch 1967, IEEE Trans. Audio Electroacoust. 15:70–73, doi 10.1109/TAU.1967.1161901). Segments with a missing sample are left out.
 * @param resolution_Hz wanted distance of frequencies; a segment has the next power of two of samples
 * @returns undefined where no segment is whole
 */
export function calcSpectrum(values: Float64Array, rate_Hz: number, resolution_Hz = 0.5): Spectrum | undefined {
  const size = 2 ** Math.ceil(Math.log2(rate_Hz / resolution_Hz));
  const length = Math.min(size, 2 ** Math.floor(Math.log2(values.length)));
  if (!(length >= 64)) return undefined;
  const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  const energy = window.reduce((sum, w) => sum + w * w, 0);
  const density = new Float64Array(length / 2 + 1);
  let segments = 0;
  for (let start = 0; start + length <= values.length; start += length / 2) {
    const part = values.subarray(start, start + length);
    if (!part.every(Number.isFinite)) continue;
    const mean = part.reduce((sum, value) => sum + value, 0) / length;
    const re = part.map((value, i) => (value - mean) * window[i]);
    const im = new Float64Array(length);
    transformInPlace(re, im);
    for (let k = 0; k < density.length; k++) {
      const sides = k === 0 || k === length / 2 ? 1 : 2;
      density[k] += (sides * (re[k] * re[k] + im[k] * im[k])) / (rate_Hz * energy);
    }
    segments++;
  }
  if (segments === 0) return undefined;
  return { step_Hz: rate_Hz / length, density: density.map((power) => power / segments) };
}

/** Discrete Fourier transform of a power of two of samples (Cooley & Tukey 1965, Math. Comput. 19:297–301, doi 10.2307/2003354). */
function transformInPlace(re: Float64Array, im: Float64Array): void {
  const count = re.length;
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  const turns = Float64Array.from({ length: count }, (_, k) => (-2 * Math.PI * k) / count);
  const [cosines, sines] = [turns.map(Math.cos), turns.map(Math.sin)];
  for (let size = 2; size <= count; size <<= 1) {
    const [half, step] = [size >> 1, count / size];
    for (let start = 0; start < count; start += size) {
      for (let k = 0; k < half; k++) {
        const [at, other] = [start + k, start + k + half];
        const [wr, wi] = [cosines[k * step], sines[k * step]];
        const tr = wr * re[other] - wi * im[other];
        const ti = wr * im[other] + wi * re[other];
        re[other] = re[at] - tr;
        im[other] = im[at] - ti;
        re[at] += tr;
        im[at] += ti;
      }
    }
  }
}

/** Power between two frequencies, in signal². */
export function calcBandPower({ step_Hz, density }: Spectrum, low_Hz: number, high_Hz: number): number {
  let power = 0;
  for (let k = Math.max(0, Math.ceil(low_Hz / step_Hz)); k < density.length && k * step_Hz < high_Hz; k++) {
    power += density[k] * step_Hz;
  }
  return power;
}
