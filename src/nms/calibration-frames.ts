import { GenuError } from '../data/index.js';
import type { MuscleParameters } from './muscles.js';
import { calcPassiveKneeTorque, type PassiveKnee } from './passive-joint.js';
import { checkArrays, type MuscleProblem } from './solver.js';

/** A trial to calibrate on. Muscle-major arrays as in `MuscleProblem`, all at the calibration's rate. */
export interface CalibrationTrial
  extends Pick<MuscleProblem, 'excitations' | 'lengths_m' | 'speeds_m_per_s' | 'momentArms_m'> {
  readonly name: string;
  /** Measured joint torque; NaN where there is none. */
  readonly torque_Nm: Float64Array;
  /** 0 leaves a frame out, e.g. where the feet hit no plate or the wrong one. */
  readonly mask?: Uint8Array | undefined;
  /** Needed when the passive knee torque is calibrated too. */
  readonly kneeAngle_rad?: Float64Array | undefined;
}

/** The frames that calibration compares, gathered from all trials; arrays have `count` numbers per muscle, muscle after muscle. */
export interface CalibrationFrames {
  readonly count: number;
  readonly trials: readonly {
    readonly excitations: readonly Float64Array[];
    /** Frame numbers within the trial. */
    readonly used: Int32Array;
    /** Where the trial's frames begin in the gathered arrays. */
    readonly start: number;
  }[];
  readonly lengths_m: Float64Array;
  readonly speeds_m_per_s: Float64Array;
  readonly momentArms_m: Float64Array;
  readonly torque_Nm: Float64Array;
  /** Published passive knee torque; zeros when it is not asked for. */
  readonly passive_Nm: Float64Array;
  /** Per frame: 1/(standard deviation of the trial's torque · √count). */
  readonly weights: Float64Array;
  readonly report: readonly {
    readonly trial: string;
    readonly frames: number;
    readonly usable: number;
    readonly used: number;
  }[];
  readonly notes: readonly string[];
}

/**
 * Finds the frames of every trial that have all they need at any delay up to `longestDelay_s`, so that the set does not change while the delay is
 * fitted, and takes every k-th of them where there are more than `maxFrames`.
 * @throws GenuError when arrays disagree, a trial has no usable frame, or its torque does not change
 */
export function gatherFrames(
  muscles: readonly MuscleParameters[],
  trials: readonly CalibrationTrial[],
  rate_Hz: number,
  longestDelay_s: number,
  maxFrames: number,
  passive: PassiveKnee['positive'] | undefined,
): CalibrationFrames {
  if (trials.length === 0)
    throw new GenuError('there is no trial to calibrate on.', { mend: 'Give at least one training trial.' });
  // One more for the interpolation between samples.
  const lead = Math.ceil(longestDelay_s * rate_Hz) + 1;
  const notes = [`The first ${lead} frames of every trial are left out: their delayed excitations were not recorded.`];
  const usable = trials.map((trial) => findUsable(muscles, trial, lead, passive !== undefined));
  const total = usable.reduce((sum, frames) => sum + frames.length, 0);
  const stride = Math.max(1, Math.ceil(total / maxFrames));
  const used = usable.map((frames) => frames.filter((_, i) => i % stride === 0));
  if (stride > 1) notes.push(`One in ${stride} of ${total} usable frames was used.`);

  const count = used.reduce((sum, frames) => sum + frames.length, 0);
  const size = count * muscles.length;
  const gathered = {
    lengths_m: new Float64Array(size),
    speeds_m_per_s: new Float64Array(size),
    momentArms_m: new Float64Array(size),
  };
  const torque_Nm = new Float64Array(count);
  const passive_Nm = new Float64Array(count);
  const weights = new Float64Array(count);
  let start = 0;
  const placed = trials.map((trial, t) => {
    const weight = 1 / (calcDeviation(trial, usable[t]) * Math.sqrt(count));
    used[t].forEach((frame, i) => {
      const at = start + i;
      torque_Nm[at] = trial.torque_Nm[frame];
      weights[at] = weight;
      if (passive && trial.kneeAngle_rad) passive_Nm[at] = calcPassiveKneeTorque(trial.kneeAngle_rad[frame], passive);
      for (let m = 0; m < muscles.length; m++)
        for (const what of ['lengths_m', 'speeds_m_per_s', 'momentArms_m'] as const)
          gathered[what][m * count + at] = trial[what][m][frame];
    });
    const place = { excitations: trial.excitations, used: Int32Array.from(used[t]), start };
    start += used[t].length;
    return place;
  });
  const report = trials.map(({ name, torque_Nm: torque }, t) => ({
    trial: name,
    frames: torque.length,
    usable: usable[t].length,
    used: used[t].length,
  }));
  return { count, trials: placed, ...gathered, torque_Nm, passive_Nm, weights, report, notes };
}

function findUsable(
  muscles: readonly MuscleParameters[],
  trial: CalibrationTrial,
  lead: number,
  withAngle: boolean,
): number[] {
  const where = `calibration trial ${trial.name}`;
  const frames = checkArrays({ muscles, ...trial }, where);
  const rest = { torque_Nm: trial.torque_Nm, mask: trial.mask, kneeAngle_rad: trial.kneeAngle_rad };
  for (const [what, array] of Object.entries(rest))
    if (array && array.length !== frames)
      throw new GenuError(`${what} has ${array.length} frames where ${frames} are expected.`, { where });
  if (withAngle && !trial.kneeAngle_rad)
    throw new GenuError('the knee angle is missing.', {
      where,
      mend: 'It is needed to calibrate the passive knee torque; give kneeAngle_rad or leave the passive torque out.',
    });
  const found: number[] = [];
  let complete = 0; // frames in a row whose excitations are all there
  for (let i = 0; i < frames; i++) {
    complete = trial.excitations.every((values) => Number.isFinite(values[i])) ? complete + 1 : 0;
    const known = (arrays: readonly Float64Array[]) => arrays.every((values) => Number.isFinite(values[i]));
    if (
      complete > lead &&
      trial.mask?.[i] !== 0 &&
      known([trial.torque_Nm, ...trial.lengths_m, ...trial.speeds_m_per_s, ...trial.momentArms_m]) &&
      (!withAngle || Number.isFinite(trial.kneeAngle_rad?.[i]))
    )
      found.push(i);
  }
  if (found.length === 0)
    throw new GenuError('there is no usable frame.', {
      where,
      mend: `A frame needs a torque, all muscle inputs, a mask that is not 0, and ${lead} complete frames of excitation before it.`,
    });
  return found;
}

function calcDeviation(trial: CalibrationTrial, frames: readonly number[]): number {
  const mean = frames.reduce((sum, i) => sum + trial.torque_Nm[i], 0) / frames.length;
  const variance = frames.reduce((sum, i) => sum + (trial.torque_Nm[i] - mean) ** 2, 0) / frames.length;
  if (!(variance > 1e-12))
    throw new GenuError('the measured torque does not change.', {
      where: `calibration trial ${trial.name}`,
      mend: 'Calibration compares changes of torque; leave this trial out.',
    });
  return Math.sqrt(variance);
}
