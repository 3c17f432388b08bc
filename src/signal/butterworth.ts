import { GenuError } from '../data/index.js';

/** One second-order section: H(z) = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²). */
export interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

export interface ButterworthDesign {
  /** Order of the prototype. A band-pass of order n has 2n poles, as in SciPy and MATLAB. */
  readonly order: number;
  readonly type: 'lowpass' | 'highpass' | 'bandpass';
  /** Where one pass has half the power (−3 dB); [low, high] for a band-pass. */
  readonly cutoff_Hz: number | readonly [number, number];
  readonly rate_Hz: number;
}

const HIGHEST_ORDER = 20;

/**
 * Designs a digital Butterworth filter: poles of the analogue prototype, moved to the pre-warped cutoff, then the bilinear transform
 * (Oppenheim and Schafer, Discrete-Time Signal Processing, 3rd ed., 7.2–7.3). Sections keep high orders and low cutoffs accurate where one
 * polynomial would not. Same transfer function as SciPy's `butter(…, output='sos')`.
 * @throws GenuError when the order is no whole number from 1 to 20, or a cutoff is not between 0 and half the rate
 */
export function designButterworth({ order, type, cutoff_Hz, rate_Hz }: ButterworthDesign): Section[] {
  checkDesign(order, rate_Hz);
  if (typeof cutoff_Hz === 'number') {
    if (type === 'bandpass') throw new GenuError('a band-pass filter needs two cutoffs, [low, high].');
    return buildOneSided(order, type, warp(cutoff_Hz, rate_Hz));
  }
  if (type !== 'bandpass') throw new GenuError(`a ${type} filter has one cutoff, not ${cutoff_Hz.length}.`);
  const [low_Hz, high_Hz] = cutoff_Hz;
  const [low, high] = [warp(low_Hz, rate_Hz), warp(high_Hz, rate_Hz)];
  if (low >= high) {
    throw new GenuError(`the band ${low_Hz} to ${high_Hz} Hz is empty.`, { mend: 'Give the lower cutoff first.' });
  }
  return buildBand(order, low, high);
}

function checkDesign(order: number, rate_Hz: number): void {
  if (!Number.isInteger(order) || order < 1 || order > HIGHEST_ORDER) {
    throw new GenuError(`a filter of order ${order} cannot be designed.`, {
      mend: `The order is a whole number from 1 to ${HIGHEST_ORDER}.`,
    });
  }
  if (!(rate_Hz > 0 && Number.isFinite(rate_Hz))) {
    throw new GenuError(`a signal of ${rate_Hz} Hz cannot be filtered.`, {
      mend: 'A filter needs an even clock; resample the channel first.',
    });
  }
}

/** Analogue frequency that the bilinear transform s = (z − 1)/(z + 1) maps onto `cutoff_Hz`. */
function warp(cutoff_Hz: number, rate_Hz: number): number {
  if (cutoff_Hz > 0 && cutoff_Hz < rate_Hz / 2) return Math.tan((Math.PI * cutoff_Hz) / rate_Hz);
  throw new GenuError(`a cutoff of ${cutoff_Hz} Hz is not possible at a sampling rate of ${rate_Hz} Hz.`, {
    mend: `It must lie between 0 and half the rate, ${rate_Hz / 2} Hz.`,
  });
}

/** Polynomials in s, highest power first: numerator over denominator. */
type Analogue = readonly [readonly [number, number, number], readonly [number, number, number]];

function buildOneSided(order: number, type: 'lowpass' | 'highpass', w: number): Section[] {
  const pairs = Array.from({ length: Math.floor(order / 2) }, (_, k): Analogue => {
    const denominator = [1, 2 * w * Math.sin((Math.PI * (2 * k + 1)) / (2 * order)), w * w] as const;
    return [type === 'lowpass' ? [0, 0, w * w] : [1, 0, 0], denominator];
  });
  const sections = pairs.map(transform);
  if (order % 2 === 1) {
    const gain = type === 'lowpass' ? w : 1;
    const sign = type === 'lowpass' ? 1 : -1;
    sections.push({ b0: gain / (1 + w), b1: (sign * gain) / (1 + w), b2: 0, a1: (w - 1) / (w + 1), a2: 0 });
  }
  return sections;
}

function buildBand(order: number, low: number, high: number): Section[] {
  const width = high - low;
  const centre2 = low * high;
  const sections: Section[] = [];
  for (let k = 0; k < Math.floor(order / 2); k++) {
    // s → (s² + ω0²) / (Δω s) turns a prototype pole p into the two roots of s² − p Δω s + ω0² = 0.
    const angle = (Math.PI * (2 * k + 1)) / (2 * order);
    const [re, im] = [(-Math.sin(angle) * width) / 2, (Math.cos(angle) * width) / 2];
    const [root_re, root_im] = squareRoot(re * re - im * im - centre2, 2 * re * im);
    for (const sign of [1, -1]) {
      const [pole_re, pole_im] = [re + sign * root_re, im + sign * root_im];
      sections.push(
        transform([
          [0, width, 0],
          [1, -2 * pole_re, pole_re * pole_re + pole_im * pole_im],
        ]),
      );
    }
  }
  if (order % 2 === 1)
    sections.push(
      transform([
        [0, width, 0],
        [1, width, centre2],
      ]),
    );
  return sections;
}

function squareRoot(re: number, im: number): [number, number] {
  const size = Math.hypot(re, im);
  return [Math.sqrt((size + re) / 2), Math.sign(im || 1) * Math.sqrt((size - re) / 2)];
}

function transform([[n2, n1, n0], [d2, d1, d0]]: Analogue): Section {
  const scale = d2 + d1 + d0;
  return {
    b0: (n2 + n1 + n0) / scale,
    b1: (2 * (n0 - n2)) / scale,
    b2: (n2 - n1 + n0) / scale,
    a1: (2 * (d0 - d2)) / scale,
    a2: (d2 - d1 + d0) / scale,
  };
}

/** Gain of one pass at a frequency; two passes, forward and backward, have its square. */
export function calcGain(sections: readonly Section[], frequency_Hz: number, rate_Hz: number): number {
  const angle = (2 * Math.PI * frequency_Hz) / rate_Hz;
  const size = (c0: number, c1: number, c2: number) =>
    Math.hypot(c0 + c1 * Math.cos(angle) + c2 * Math.cos(2 * angle), c1 * Math.sin(angle) + c2 * Math.sin(2 * angle));
  return sections.reduce((gain, { b0, b1, b2, a1, a2 }) => (gain * size(b0, b1, b2)) / size(1, a1, a2), 1);
}
