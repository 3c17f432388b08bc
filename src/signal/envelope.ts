import { GenuError } from '../data/index.js';
import { designButterworth, type Section } from './butterworth.js';
import { type FilterState, filterZeroPhase, halve, makeFilterState, stepFilter } from './filter.js';

export interface EnvelopeSettings {
  readonly rate_Hz: number;
  /** Pass band of raw EMG. */
  readonly band_Hz: readonly [number, number];
  /** Cutoff of the smoothing after rectification. */
  readonly smooth_Hz: number;
  /** Order of both filters in zero-lag terms, even. The causal form runs the same designs once, so it has half of it. */
  readonly order: number;
}

/** 30–450 Hz, rectified, 6 Hz, 4th-order zero-lag: the usual choice in EMG-driven modelling (Lloyd and Besier 2003, doi 10.1016/S0021-9290(03)00010-1, with minor variants). */
export const USUAL_ENVELOPE = { band_Hz: [30, 450], smooth_Hz: 6, order: 4 } as const;

export interface EnvelopeFilter {
  readonly band: readonly Section[];
  readonly smooth: readonly Section[];
  readonly notes: readonly string[];
}

/** Above this part of half the sampling rate a cutoff says nothing: the recorder's anti-alias filter has already cut there. */
const HIGHEST_PART = 0.95;

/**
 * Designs the two filters of an envelope. Where the band's upper end is above 95 % of half the sampling rate, the band-pass becomes a
 * high-pass at its lower end, and a note says so.
 * @throws GenuError as `designButterworth`, e.g. when the signal is too slow for the band's lower end
 */
export function designEnvelope({ rate_Hz, band_Hz, smooth_Hz, order }: EnvelopeSettings): EnvelopeFilter {
  const half = halve(order);
  const [low_Hz, high_Hz] = band_Hz;
  const open = high_Hz > (HIGHEST_PART * rate_Hz) / 2;
  const band = open
    ? designButterworth({ order: half, type: 'highpass', cutoff_Hz: low_Hz, rate_Hz })
    : designButterworth({ order: half, type: 'bandpass', cutoff_Hz: band_Hz, rate_Hz });
  const smooth = designButterworth({ order: half, type: 'lowpass', cutoff_Hz: smooth_Hz, rate_Hz });
  const notes = open
    ? [`EMG at ${rate_Hz} Hz holds nothing near ${high_Hz} Hz: high-pass at ${low_Hz} Hz in place of the band-pass.`]
    : [];
  return { band, smooth, notes };
}

/**
 * Raw EMG -> linear envelope, zero-lag: filter, full-wave rectify, smooth. Overshoot of the smoothing below zero is cut at 0. Gaps stay gaps.
 * @param raw any unit; the envelope has the same
 * @throws GenuError when the trial is too short, as `filterZeroPhase`
 */
export function calcEnvelope(raw: Float64Array, filter: EnvelopeFilter): Float64Array {
  const rectified = filterZeroPhase(filter.band, raw).map(Math.abs);
  return filterZeroPhase(filter.smooth, rectified).map(cutAtZero);
}

/** State of the causal envelope of one channel. */
export interface EnvelopeState {
  readonly band: FilterState;
  readonly smooth: FilterState;
}

/** State of a causal envelope that has seen no sample yet. */
export function makeEnvelopeState(filter: EnvelopeFilter): EnvelopeState {
  return { band: makeFilterState(filter.band), smooth: makeFilterState(filter.smooth) };
}

/** The causal envelope, sample by sample: moves `state` on. NaN gives NaN, and the filters start anew after it. */
export function stepEnvelope(filter: EnvelopeFilter, state: EnvelopeState, raw: number): number {
  const rectified = Math.abs(stepFilter(filter.band, state.band, raw));
  return cutAtZero(stepFilter(filter.smooth, state.smooth, rectified));
}

/** The causal envelope of a whole trial: what `stepEnvelope` gives, sample by sample. */
export function calcEnvelopeCausal(raw: Float64Array, filter: EnvelopeFilter): Float64Array {
  const state = makeEnvelopeState(filter);
  return raw.map((value) => stepEnvelope(filter, state, value));
}

function cutAtZero(value: number): number {
  return Math.max(value, 0);
}

/** Negative samples down to this part of the maximum are ordinary filter overshoot. */
const OVERSHOOT = 0.05;
/** Rounding of the file takes a maximum of 1 this far past it. */
const TINY = 0.01;

/**
 * Looks at an envelope that somebody else made.
 * @param values normalised to 0…1
 * @returns what looks wrong, in plain sentences; empty when nothing does
 */
export function checkEnvelope(name: string, values: Float64Array): string[] {
  let [min, max, negative, above, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value < 0) negative++;
    if (value > 1) above++;
  }
  if (missing === values.length) return [`${name}: there is no sample with a value.`];
  const sentences: string[] = [];
  // Overshoot of the smoothing filter leaves a little below zero; that is not worth a sentence.
  if (-min > OVERSHOOT * max) {
    sentences.push(
      `${name}: ${negative} samples are negative, down to ${min.toPrecision(3)}: this is not an envelope, or its offset was taken off after smoothing.`,
    );
  }
  if (max > 1 + TINY) {
    sentences.push(
      `${name}: ${above} samples exceed 1, up to ${max.toPrecision(3)}: the maximum came from another trial or unit.`,
    );
  }
  if (min === max) sentences.push(`${name}: every sample is ${min}: the channel is dead.`);
  else if (max < 0.01) sentences.push(`${name}: never exceeds ${max.toPrecision(3)}: probably volts, not normalised.`);
  if (missing > 0) sentences.push(`${name}: ${missing} of ${values.length} samples are missing.`);
  return sentences;
}

/**
 * Cuts negative overshoot of a ready-made envelope at 0.
 * @throws GenuError when samples are further below zero than overshoot explains (half the maximum): that is a raw signal
 */
export function clipEnvelope(name: string, values: Float64Array): Float64Array {
  let [min, max] = [0, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (-min > max / 2 && min < 0) {
    throw new GenuError(
      `reaches ${min.toPrecision(3)} below zero and ${max.toPrecision(3)} above: it is not an envelope.`,
      {
        where: name,
        mend: 'Read it as raw EMG and let the envelope be calculated.',
      },
    );
  }
  return values.map(cutAtZero);
}
