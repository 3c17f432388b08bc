import type { ModelDescription, Recording } from '../data/index.js';
import type { ActivationParameters, MuscleParameters } from '../nms/index.js';

/** One simulated trial: what a laboratory would have recorded, and apart from it what really happened. */
export interface VirtualTrial {
  readonly name: string;
  /** `mvc`: maximal contractions, for calibration and EMG normalisation only. */
  readonly kind: 'motion' | 'mvc';
  /**
   * Raw EMG (V, 1000 Hz), hip, knee and ankle angles (rad, 100 Hz), the knee moment (N·m, extension positive, 100 Hz) and cycle starts.
   */
  readonly recording: Recording;
  readonly truth: TrialTruth;
}

/** The truth behind one trial, at 100 Hz on the clock of the angles. No part of it is in the recording. */
export interface TrialTruth {
  /** By muscle, 0…1: the neural drive that EMG shows, and the activation that it becomes. */
  readonly drives: ReadonlyMap<string, Float64Array>;
  readonly activations: ReadonlyMap<string, Float64Array>;
  readonly forces_N: ReadonlyMap<string, Float64Array>;
  /** Knee extension positive, m. */
  readonly moment_arms_m: ReadonlyMap<string, Float64Array>;
  /** Parts of the measured knee moment, N·m; it is their sum and nothing else. */
  readonly muscle_moment_Nm: Float64Array;
  readonly passive_moment_Nm: Float64Array;
  readonly unmodelled_moment_Nm: Float64Array;
  readonly label_noise_Nm: Float64Array;
  /** Standard deviation that the label noise was drawn with. */
  readonly label_noise_deviation_Nm: number;
}

/** What is true of one participant and no laboratory would know. */
export interface ParticipantTruth {
  /** Strength by muscle group (`KneeGroup` of nms), relative to `VirtualParticipant.model`. */
  readonly strengths: Readonly<Record<string, number>>;
  /** Muscle-tendon values as simulated, with C1 and C2 for `activation.rate_Hz`. */
  readonly muscles: readonly MuscleParameters[];
  readonly activation: TrueActivation;
  /** Viscous damping of the knee that muscle models leave out, N·m·s/rad. */
  readonly knee_damping_Nm_s: number;
  /** Constant error of the knee moment (joint centre, segment masses), N·m. */
  readonly moment_offset_Nm: number;
}

/** CEINMS's activation dynamics, with C1 and C2 for the rate at which they were simulated. */
export interface TrueActivation extends ActivationParameters {
  readonly rate_Hz: number;
}

/** A simulated person. Every recording says so in its notes. */
export interface VirtualParticipant {
  readonly id: string;
  readonly height_m: number;
  readonly mass_kg: number;
  /** The scaled generic leg that a laboratory would use: right in size, generic in strength and muscle lengths. */
  readonly model: ModelDescription;
  readonly truth: ParticipantTruth;
  readonly trials: readonly VirtualTrial[];
}
