import { GenuError } from '../data/index.js';

/** What is measured, how it is prepared and what is predicted: the part of a study that a model carries with it. */
export interface EstimatorSpec {
  /** Common rate of everything that enters the models. */
  readonly rate_Hz: number;
  readonly emg: {
    readonly kind: 'raw' | 'envelope';
    /** Muscle measured, and the channel of the file that holds it; the order is that of the model's inputs. */
    readonly channels: readonly { readonly muscle: string; readonly channel: string }[];
    readonly bandpass_Hz: readonly [number, number];
    readonly lowpass_Hz: number | null;
    /** Divide by the maximum, or take ready envelopes as they are. */
    readonly normalise: boolean;
  };
  readonly motion: {
    readonly coordinates: readonly string[];
    readonly speeds: boolean;
    readonly lowpass_Hz: number | null;
    readonly unit: 'header' | 'deg' | 'rad';
  };
  readonly torque: {
    /** Coordinate of the model. */
    readonly coordinate: string;
    readonly channel: string;
    readonly unit: 'N.m' | 'N.m/kg' | 'N.mm' | 'N.mm/kg';
    /** What a positive torque does, in files and predictions alike. */
    readonly positive: 'extension' | 'flexion';
    readonly lowpass_Hz: number | null;
  };
  readonly window: WindowSpec;
}

/** Inputs around the predicted frame, in frames of the common rate. */
export interface WindowSpec {
  readonly past: number;
  readonly future: number;
  readonly step: number;
}

/** Offsets of a window's samples from the predicted frame, first to last; the frame itself is among them. */
export function listWindowOffsets({ past, future, step }: WindowSpec): number[] {
  const offsets: number[] = [];
  for (let offset = -Math.floor(past / step) * step; offset <= future; offset += step) offsets.push(offset);
  return offsets;
}

/** Makes a window of whole frames from seconds. */
export function makeWindowSpec(seconds: { past_s: number; future_s: number; step_s: number }, rate_Hz: number): WindowSpec {
  const window = {
    past: Math.round(seconds.past_s * rate_Hz),
    future: Math.round(seconds.future_s * rate_Hz),
    step: Math.max(1, Math.round(seconds.step_s * rate_Hz)),
  };
  if (listWindowOffsets(window).length < 2) {
    throw new GenuError(`the window of ${seconds.past_s} s + ${seconds.future_s} s holds a single sample.`, {
      where: 'window',
      mend: 'Make past_s or future_s longer, or step_s shorter.',
    });
  }
  return window;
}

/** Names of the inputs of ridge and network, in order. */
export function listInputs(spec: EstimatorSpec): string[] {
  return [
    ...spec.emg.channels.map(({ muscle }) => `emg ${muscle}`),
    ...spec.motion.coordinates.map((name) => `angle ${name}`),
    ...(spec.motion.speeds ? spec.motion.coordinates.map((name) => `speed ${name}`) : []),
  ];
}
