import { GenuError } from '../data/index.js';

/** What is measured, how it is prepared and what is predicted: the part of a study that a model carries with it. */
export interface EstimatorSpec {
  /** Common rate of everything that enters the models. */
  readonly rate_Hz: number;
  /** How EMG and angles are filtered: with the future of each sample, or as a real-time system has to. The label always has its future. */
  readonly filters: 'zero-phase' | 'causal';
  readonly emg: {
    readonly kind: 'raw' | 'envelope';
    /** Muscle measured, and the channel of the file that holds it; the order is that of the model's inputs. */
    readonly channels: readonly { readonly muscle: string; readonly channel: string }[];
    readonly bandpass_Hz: readonly [number, number];
    readonly lowpass_Hz: number;
    /** Divide by the maximum, or take ready envelopes as they are. */
    readonly normalise: boolean;
    /** How regressions and networks see the envelopes; the muscles always get them divided by the maximum. Left out: as the muscles do. */
    readonly inputs?: EmgInputs | undefined;
  };
  readonly motion: {
    readonly coordinates: readonly string[];
    readonly speeds: boolean;
    readonly lowpass_Hz: number | null;
    readonly unit: 'header' | 'deg' | 'rad';
    /** Coordinate: the channel of the file it comes from, and its factor; see `orient.ts`. */
    readonly channels?: Readonly<Record<string, { readonly channel: string; readonly factor: number }>> | undefined;
    /** Coordinates that do not move. */
    readonly posture_deg?: Readonly<Record<string, number>> | undefined;
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

/** How envelopes become inputs; see `emg-inputs.ts`. */
export interface EmgInputs {
  /** What they are divided by: the person's maximum, or the mean of that very recording. */
  readonly scale: 'maximum' | 'recording_mean';
  /** What they are raised to after that: 0.5 is a square root. */
  readonly power: number;
}

/** Inputs around the predicted frame, in frames of the common rate. */
export interface WindowSpec {
  readonly past: number;
  readonly future: number;
  /** Every `step`-th frame counted from the predicted one is looked at; `past` and `future` are multiples of it. */
  readonly step: number;
}

/** Samples in a window, the predicted frame included. */
export function countWindowSamples({ past, future, step }: WindowSpec): number {
  return past / step + 1 + future / step;
}

/** Makes a window of whole frames from seconds. */
export function makeWindowSpec(
  seconds: { past_s: number; future_s: number; step_s: number },
  rate_Hz: number,
): WindowSpec {
  const step = Math.max(1, Math.round(seconds.step_s * rate_Hz));
  const whole = (length_s: number) => step * Math.round((length_s * rate_Hz) / step);
  const window = { past: whole(seconds.past_s), future: whole(seconds.future_s), step };
  if (countWindowSamples(window) < 2) {
    throw new GenuError(
      `the window of ${seconds.past_s} s + ${seconds.future_s} s holds a single sample at a step of ${step / rate_Hz} s.`,
      {
        where: 'window',
        mend: 'Make past_s or future_s longer, or step_s shorter.',
      },
    );
  }
  return window;
}

/** Names of the inputs of ridge and network, in order; with the muscles whose forces follow, those of the hybrid network. */
export function listInputs(spec: EstimatorSpec, forces: readonly string[] = []): string[] {
  return [
    ...spec.emg.channels.map(({ muscle }) => `emg ${muscle}`),
    ...spec.motion.coordinates.map((name) => `angle ${name}`),
    ...(spec.motion.speeds ? spec.motion.coordinates.map((name) => `speed ${name}`) : []),
    ...forces.map((muscle) => `force ${muscle}`),
  ];
}
