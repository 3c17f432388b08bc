import { type Channel, findGaps, GenuError } from '../data/index.js';
import {
  calcDerivativeCausal,
  designButterworth,
  designEnvelope,
  type EnvelopeFilter,
  type EnvelopeState,
  type FilterState,
  makeCommonClock,
  makeEnvelopeState,
  makeFilterState,
  type Section,
  stepEnvelope,
  stepFilter,
} from '../signal/index.js';
import { checkEmg, type FilteredChannels, getRate } from './prepare-channels.js';
import type { EstimatorSpec } from './spec.js';

/**
 * One channel from its own rate to the common one with no sample of the future: the designs of the zero-phase preparation, run once. So the
 * filters have half the order and lag; `live/latency.ts` says by how much.
 */
export interface CausalFilter {
  /** Raw EMG to envelope; null for what is smooth already. */
  readonly envelope: EnvelopeFilter | null;
  /** Smoothing, and what keeps frequencies that the common rate cannot hold from folding; empty where neither is needed. */
  readonly lowpass: readonly Section[];
  /** An envelope is cut at 0. */
  readonly positive: boolean;
  /** Samples per frame of the common rate. */
  readonly factor: number;
  /** Frames after the start or a gap that are missing because the envelope has not risen yet. */
  readonly settling: number;
  readonly rate_Hz: number;
  readonly notes: readonly string[];
}

/** Where a causal filter stands: plain data that can be copied and continued. */
export interface CausalState {
  readonly envelope: EnvelopeState | null;
  readonly lowpass: FilterState;
  /** Samples to come before the one that makes a frame. */
  untilFrame: number;
  /** Whether a sample since the last frame was missing. */
  missing: boolean;
  settling: number;
}

/**
 * A 2nd-order smoothing that has seen nothing rises to within 5 % of a step in half a period of its cutoff. Before that an active muscle
 * would look weak.
 */
const settling_periods = 0.5;

/**
 * The causal path of one EMG channel (band-pass, rectification, smoothing) to an envelope in the channel's unit.
 * @throws GenuError when the rate is no whole multiple of the common one, or too low for the band
 */
export function designCausalEmg(spec: EstimatorSpec, rate_Hz: number, where: string): CausalFilter {
  const { kind, bandpass_Hz, lowpass_Hz } = spec.emg;
  const factor = countSamplesPerFrame(rate_Hz, spec.rate_Hz, where);
  const raw = kind === 'raw';
  const envelope = raw
    ? designEnvelope({ rate_Hz, band_Hz: bandpass_Hz, smooth_Hz: lowpass_Hz, order: zero_lag_order })
    : null;
  return {
    envelope,
    lowpass: designAntiAlias(spec.rate_Hz, rate_Hz, factor, raw ? lowpass_Hz : null),
    positive: true,
    factor,
    settling: raw ? Math.ceil((settling_periods / lowpass_Hz) * spec.rate_Hz) : 0,
    rate_Hz,
    notes: envelope?.notes ?? [],
  };
}

/**
 * The causal path of one joint angle (rad or m): low-pass, then every n-th sample.
 * @throws GenuError when the rate is no whole multiple of the common one
 */
export function designCausalAngle(spec: EstimatorSpec, rate_Hz: number, where: string): CausalFilter {
  const { lowpass_Hz } = spec.motion;
  const factor = countSamplesPerFrame(rate_Hz, spec.rate_Hz, where);
  const smooth =
    lowpass_Hz === null
      ? []
      : designButterworth({ order: zero_lag_order / 2, type: 'lowpass', cutoff_Hz: lowpass_Hz, rate_Hz });
  return {
    envelope: null,
    lowpass: [...smooth, ...designAntiAlias(spec.rate_Hz, rate_Hz, factor, lowpass_Hz)],
    positive: false,
    factor,
    settling: 0,
    rate_Hz,
    notes: [],
  };
}

/** Order of every filter of an estimator in zero-lag terms: 2nd-order designs that the zero-phase preparation runs twice. */
export const zero_lag_order = 4;

function countSamplesPerFrame(rate_Hz: number, common_Hz: number, where: string): number {
  const factor = Math.round(rate_Hz / common_Hz);
  if (factor >= 1 && Math.abs(rate_Hz / common_Hz - factor) < 1e-4 * factor) return factor;
  const near = [Math.max(1, Math.floor(rate_Hz / common_Hz)), Math.max(1, Math.floor(rate_Hz / common_Hz)) + 1];
  throw new GenuError(
    `${rate_Hz} Hz is no whole multiple of the model's ${common_Hz} Hz, which causal filtering needs.`,
    {
      where,
      mend: `Let the recording system deliver ${near.map((n) => n * common_Hz).join(' or ')} Hz, or train the model at a rate_Hz that divides ${rate_Hz} Hz.`,
    },
  );
}

/** What folds onto a band smoothed at a tenth of the new rate comes from nine times its cutoff, of which a 2nd-order filter leaves 1/81. */
const smooth_enough = 0.1;

function designAntiAlias(common_Hz: number, rate_Hz: number, factor: number, smooth_Hz: number | null): Section[] {
  if (factor === 1 || (smooth_Hz !== null && smooth_Hz <= smooth_enough * common_Hz)) return [];
  return designButterworth({ order: 4, type: 'lowpass', cutoff_Hz: 0.4 * common_Hz, rate_Hz });
}

/**
 * State of a causal filter that has seen nothing yet.
 * @param untilFrame samples before the first that makes a frame
 */
export function makeCausalState(filter: CausalFilter, untilFrame = 0): CausalState {
  return {
    envelope: filter.envelope && makeEnvelopeState(filter.envelope),
    lowpass: makeFilterState(filter.lowpass),
    untilFrame,
    missing: false,
    settling: filter.settling,
  };
}

/**
 * Takes one sample and moves `state` on. Every `factor`-th sample makes a frame.
 * @returns the frame, NaN where one of its samples is missing (not finite) or the filter settles; undefined between frames
 */
export function stepCausal(filter: CausalFilter, state: CausalState, sample: number): number | undefined {
  const value = Number.isFinite(sample) ? sample : Number.NaN;
  if (Number.isNaN(value)) state.missing = true;
  const smooth = state.envelope
    ? stepEnvelope(filter.envelope!, state.envelope, value)
    : filter.positive
      ? Math.max(0, value)
      : value;
  const filtered = stepFilter(filter.lowpass, state.lowpass, smooth);
  if (state.untilFrame > 0) {
    state.untilFrame--;
    return undefined;
  }
  state.untilFrame = filter.factor - 1;
  if (state.missing) {
    state.missing = false;
    state.settling = filter.settling;
    return Number.NaN;
  }
  if (state.settling > 0) {
    state.settling--;
    return Number.NaN;
  }
  return filter.positive ? Math.max(0, filtered) : filtered;
}

/**
 * Brings channels to the common rate as a stream would, so that a recording gives what `live` gives. Frames are counted in samples from the
 * latest start on; gaps are not bridged, for a stream does not know how they end.
 * @throws GenuError for rates that are no whole multiples of the common one, dead channels, and channels that share no time
 */
export function filterTrialCausal(
  emg: readonly Channel[],
  motion: readonly Channel[],
  spec: EstimatorSpec,
  id: string,
  notes: string[],
): FilteredChannels {
  for (const channel of emg) checkEmg(channel, spec, id, notes);
  const clock = makeCommonClock([...emg, ...motion], spec.rate_Hz);
  const start_s = clock.times_s[0];
  const filter = (channel: Channel, design: typeof designCausalEmg) => {
    const where = `${id}: channel "${channel.name}"`;
    const designed = design(spec, getRate(channel, where), where);
    notes.push(...designed.notes.map((note) => `EMG: ${note}`));
    return filterFrames(channel, designed, start_s, where, notes);
  };
  const envelopes = emg.map((channel) => filter(channel, designCausalEmg));
  const angles = motion.map((channel) => filter(channel, designCausalAngle));
  const frames = Math.min(clock.times_s.length, ...[...envelopes, ...angles].map(({ length }) => length));
  const cut = (values: Float64Array) => values.subarray(0, frames);
  return {
    times_s: cut(clock.times_s),
    envelopes: envelopes.map(cut),
    angles: angles.map(cut),
    speeds: angles.map((angle) => calcDerivativeCausal(cut(angle), spec.rate_Hz)),
  };
}

/** The frames of one channel from `start_s` on; each is made at the newest sample that is there at its time. */
function filterFrames(
  { clock, values }: Channel,
  filter: CausalFilter,
  start_s: number,
  where: string,
  notes: string[],
): Float64Array {
  const gaps = findGaps(values).length;
  if (gaps > 0)
    notes.push(`${where}: ${gaps} gaps are not bridged by causal filters; frames that need them are not predicted.`);
  const early = (start_s - clock.times_s[0]) * filter.rate_Hz;
  const first = Math.floor(early + 1e-3);
  if (early - first > 0.01 * filter.factor) {
    const age_ms = (1000 * (early - first)) / filter.rate_Hz;
    notes.push(
      `${where}: its samples fall between the frames; the newest one at each frame is ${age_ms.toPrecision(2)} ms old.`,
    );
  }
  const state = makeCausalState(filter, first % filter.factor);
  const frames = new Float64Array(Math.max(0, Math.floor((values.length - 1 - first) / filter.factor) + 1));
  // Frames before the common start only warm the filter up.
  let frame = -Math.floor(first / filter.factor);
  for (const value of values) {
    const made = stepCausal(filter, state, value);
    if (made === undefined) continue;
    if (frame >= 0) frames[frame] = made;
    frame++;
  }
  return frames;
}
