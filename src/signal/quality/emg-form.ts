import { calcBandPower, calcSpectrum } from './spectrum.js';
import { calcSpread } from './spread.js';

/** What has been done to an EMG signal: nothing, full-wave rectification, or rectification and smoothing. */
export type EmgForm = 'raw' | 'rectified' | 'envelope';

/** Overshoot of a smoothing filter takes few samples below zero, and not far; half of a raw signal's samples are there. */
const NEGATIVE_RAW = 0.25;
/** Above this frequency an envelope, smoothed at 3 to 12 Hz, has nothing left, and raw EMG nearly all of its power. */
const SMOOTH_Hz = 25;
/** Slow drift can be most of a raw signal; an envelope never has this much above 25 Hz. */
const FAST_RAW = 0.2;
const FAST_ENVELOPE = 0.05;
/** A mean this many standard deviations from zero is an offset: that of rectified noise is 1.3 (half-normal distribution). */
const OFFSET = 3;

/**
 * Tells raw, rectified and smoothed EMG apart by the share of negative samples and of power above 25 Hz (surface EMG has it between about
 * 20 and 250 Hz: De Luca 1997, J. Appl. Biomech. 13:135–163, doi 10.1123/jab.13.2.135).
 * @returns undefined where the signal is too short, too slow or between the kinds
 */
export function findEmgForm(values: Float64Array, rate_Hz: number): EmgForm | undefined {
  const { count, mean, deviation } = calcSpread(values);
  if (count < 64 || !(deviation > 0)) return undefined;
  const spectrum = rate_Hz >= 4 * SMOOTH_Hz ? calcSpectrum(values, rate_Hz, 2) : undefined;
  if (!spectrum) return undefined;
  const below = (level: number) => values.reduce((sum, value) => sum + (value < level ? 1 : 0), 0) / count;
  const fast = calcBandPower(spectrum, SMOOTH_Hz, rate_Hz) / calcBandPower(spectrum, 0, rate_Hz);
  if (fast < FAST_ENVELOPE && below(0) < NEGATIVE_RAW) return 'envelope';
  if (fast < FAST_RAW) return undefined;
  const negative = below(Math.abs(mean) > OFFSET * deviation ? mean : 0);
  return negative >= NEGATIVE_RAW ? 'raw' : negative === 0 ? 'rectified' : undefined;
}
