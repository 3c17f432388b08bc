import type { MuscleDescription } from '../data/index.js';
import {
  type CalibratedParameter,
  calcExcitations,
  calibrate,
  type ExcitationMap,
  type MuscleParameters,
  makeMuscle,
} from '../nms/index.js';

/** What calibrating one person's muscles needs, as plain data that can go to a worker. */
export interface CalibrationJob {
  /** The muscles as the model has them. */
  readonly muscles: readonly MuscleDescription[];
  readonly excitations: ExcitationMap;
  readonly trials: readonly CalibrationJobTrial[];
  readonly rate_Hz: number;
  /** What a positive knee angle of the model means. */
  readonly positive: 'extension' | 'flexion';
  /** Damping coefficient of the fibres. */
  readonly damping: number;
  /** Bounds of the factor on optimal fibre lengths. */
  readonly fibre: readonly [number, number];
  /** Bounds of the strength coefficients. */
  readonly strength: readonly [number, number];
  readonly starts: number;
  /** Frames compared at most. */
  readonly frames: number;
  readonly seed: number;
}

/** One training part; arrays per EMG channel or per muscle, one value per frame. */
export interface CalibrationJobTrial {
  readonly name: string;
  /** Divided by their maxima. */
  readonly envelopes: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly lengths_m: readonly Float64Array[];
  readonly speeds_m_per_s: readonly Float64Array[];
  readonly moment_arms_m: readonly Float64Array[];
  readonly knee_angle_rad: Float64Array;
  /** About the model's coordinate, in its own direction. */
  readonly torque_Nm: Float64Array;
  readonly usable: Uint8Array;
}

export interface CalibrationReport {
  readonly parameters: readonly (CalibratedParameter & { readonly unit: string })[];
  /** Unexplained share of the torque's variance on the training frames. */
  readonly unexplained: number;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

export interface CalibrationResult {
  readonly muscles: readonly MuscleParameters[];
  readonly passive_scale: number;
  readonly report: CalibrationReport;
}

/** Fits one person's muscles to that person's training parts; see `calibrate`. Nothing else is looked at. */
export function calibratePerson(
  job: CalibrationJob,
  onProgress: (share: number) => void = () => {},
): CalibrationResult {
  const iterations = 60;
  const fitted = calibrate({
    muscles: job.muscles.map((muscle) => ({ ...makeMuscle(muscle), damping: job.damping })),
    trials: job.trials.map((trial) => ({
      name: trial.name,
      excitations: calcExcitations(job.excitations, trial.envelopes),
      lengths_m: trial.lengths_m,
      speeds_m_per_s: trial.speeds_m_per_s,
      momentArms_m: trial.moment_arms_m,
      kneeAngle_rad: trial.knee_angle_rad,
      torque_Nm: trial.torque_Nm,
      mask: trial.usable,
    })),
    rate_Hz: job.rate_Hz,
    passive: { positive: job.positive, scale: 1 },
    bounds: { strength: job.strength, fibre: job.fibre },
    starts: job.starts,
    maxFrames: job.frames,
    maxIterations: iterations,
    seed: job.seed,
    onProgress: ({ start, starts, iteration }) => onProgress((start + Math.min(1, iteration / iterations)) / starts),
  });
  return {
    muscles: fitted.muscles,
    passive_scale: fitted.passiveScale ?? 1,
    report: {
      parameters: fitted.parameters.map((parameter) => ({
        ...parameter,
        unit: /delay/.test(parameter.name) ? 's' : '1',
      })),
      unexplained: fitted.unexplained,
      warnings: fitted.warnings,
      notes: fitted.notes,
    },
  };
}
