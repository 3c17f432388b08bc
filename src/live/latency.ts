import type { CausalFilter, WindowSpec } from '../estimator/index.js';
import type { Section } from '../signal/index.js';

/** How late results are, in seconds. */
export interface Latency {
  /** Wait for the inputs after the predicted frame. */
  readonly window_s: number;
  /** Group delay of the EMG path: of the band-pass at the centre of its band, of the smoothing for a slow change of the envelope. */
  readonly emg_s: number;
  /** Group delay of slow changes of the angles. */
  readonly angle_s: number;
  /** The same for their speeds: half a frame more, by the backward difference. */
  readonly speed_s: number;
  /** `window_s` and the slowest of the three paths. Time for transfer and calculation comes on top. */
  readonly total_s: number;
}

/**
 * Group delay −dφ/dω of a filter at one frequency (Oppenheim and Schafer, Discrete-Time Signal Processing, 3rd ed., 5.1.2): for a polynomial
 * Σ c[k] z⁻ᵏ it is Re(Σ k c[k] z⁻ᵏ / Σ c[k] z⁻ᵏ) samples, numerators adding, denominators subtracting.
 */
export function calcGroupDelay(sections: readonly Section[], frequency_Hz: number, rate_Hz: number): number {
  const angle = (2 * Math.PI * frequency_Hz) / rate_Hz;
  const [cos1, sin1, cos2, sin2] = [Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
  const delay = (c0: number, c1: number, c2: number) => {
    const [re, im] = [c0 + c1 * cos1 + c2 * cos2, c1 * sin1 + c2 * sin2];
    const [slope_re, slope_im] = [c1 * cos1 + 2 * c2 * cos2, c1 * sin1 + 2 * c2 * sin2];
    return (slope_re * re + slope_im * im) / (re * re + im * im);
  };
  return sections.reduce((sum, { b0, b1, b2, a1, a2 }) => sum + delay(b0, b1, b2) - delay(1, a1, a2), 0) / rate_Hz;
}

/** Lateness of results from the filters of one EMG channel and one angle, at the common rate. */
export function calcLatency(
  emg: CausalFilter,
  angle: CausalFilter,
  centre_Hz: number,
  window: WindowSpec,
  common_Hz: number,
): Latency {
  const { envelope } = emg;
  const smoothing = envelope
    ? calcGroupDelay(envelope.band, centre_Hz, emg.rate_Hz) + calcGroupDelay(envelope.smooth, 0, emg.rate_Hz)
    : 0;
  const window_s = window.future / common_Hz;
  const emg_s = smoothing + calcGroupDelay(emg.lowpass, 0, emg.rate_Hz);
  const angle_s = calcGroupDelay(angle.lowpass, 0, angle.rate_Hz);
  const speed_s = angle_s + 0.5 / common_Hz;
  return { window_s, emg_s, angle_s, speed_s, total_s: window_s + Math.max(emg_s, speed_s) };
}
