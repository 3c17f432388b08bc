import { GenuError } from '../data/index.js';
import {
  type ActivationFilter,
  type ActivationState,
  calcActivation,
  makeActivationFilter,
  startActivation,
  stepNeuralActivation,
} from './activation.js';
import { ceinmsStiffTendon } from './hill/ceinms.js';
import { type HillModel, type HillMuscle, makeHillPoint } from './hill/hill.js';
import { checkMuscle, type MuscleParameters } from './muscles.js';
import { calcPassiveKneeTorque, checkPassiveKnee, type PassiveKnee } from './passive-joint.js';

/** A trial for the solver. Arrays are muscle-major: one array per muscle, one number per frame; all evenly sampled at `rate_Hz`. */
export interface MuscleProblem {
  readonly muscles: readonly MuscleParameters[];
  /** 0…1, see `calcExcitations`. */
  readonly excitations: readonly Float64Array[];
  /** Muscle-tendon lengths. */
  readonly lengths_m: readonly Float64Array[];
  /** Their rates of change, lengthening positive. */
  readonly speeds_m_per_s: readonly Float64Array[];
  /** About the joint whose torque is wanted; positive where the muscle pulls the coordinate up. */
  readonly momentArms_m: readonly Float64Array[];
  readonly rate_Hz: number;
  readonly passive?: PassiveKnee | undefined;
  /** Default CEINMS with a stiff tendon. */
  readonly hill?: HillModel | undefined;
}

export interface MuscleSolution {
  /** Muscle-major, as the problem's arrays. */
  readonly activations: readonly Float64Array[];
  readonly forces_N: readonly Float64Array[];
  readonly normalisedFibreLengths: readonly Float64Array[];
  /** Force × moment arm of each muscle. */
  readonly torqueByMuscle_Nm: readonly Float64Array[];
  /** Sum over muscles, and the passive knee torque where asked for. NaN where an input is missing. */
  readonly torque_Nm: Float64Array;
  readonly counts: SolverCounts;
  /** The counts in sentences; empty when nothing odd was met. */
  readonly warnings: readonly string[];
}

/** Frames in which something was met that a user should know; arrays have one number per muscle. */
export interface SolverCounts {
  frames: number;
  /** Torque is NaN: an excitation, length, speed, moment arm or knee angle is missing. */
  missing: number;
  /** Muscle-tendon unit no longer than its tendon's slack length; force set to zero. */
  readonly slack: number[];
  /** Normalised fibre length outside 0.4–1.6, where the curves end. */
  readonly outsideLength: number[];
  /** The equations gave a negative force, set to zero. */
  readonly pushing: number[];
  /** Neural activation above 1, held at 1. */
  readonly saturated: number[];
}

/** The constants of a streaming solver. */
export interface MuscleSolver {
  readonly muscles: readonly MuscleParameters[];
  readonly filters: readonly ActivationFilter[];
  readonly hill: readonly HillMuscle[];
  readonly passive: Pick<PassiveKnee, 'positive' | 'scale'> | undefined;
}

/** Where a streaming solver stands: plain data that can be copied and continued. */
export interface MuscleSolverState {
  readonly activations: readonly ActivationState[];
  readonly counts: SolverCounts;
}

/** One frame in: one number per muscle. */
export interface MuscleFrame {
  readonly excitations: ArrayLike<number>;
  readonly lengths_m: ArrayLike<number>;
  readonly speeds_m_per_s: ArrayLike<number>;
  readonly momentArms_m: ArrayLike<number>;
  /** Read only where the solver has a passive knee torque. */
  readonly kneeAngle_rad?: number | undefined;
}

/** One frame out: one number per muscle, and the torque. */
export interface MuscleFrameResult {
  readonly activations: Float64Array;
  readonly forces_N: Float64Array;
  readonly normalisedFibreLengths: Float64Array;
  readonly torqueByMuscle_Nm: Float64Array;
  torque_Nm: number;
}

const point = makeHillPoint();

/**
 * Makes the constants of a solver that takes one frame at a time (`stepMuscles`).
 * @throws GenuError when a muscle's parameters or the rate are out of range, or there is no muscle
 */
export function makeMuscleSolver(
  settings: Pick<MuscleProblem, 'muscles' | 'rate_Hz' | 'hill'> & { passive?: MuscleSolver['passive'] },
): MuscleSolver {
  const { muscles, rate_Hz } = settings;
  if (muscles.length === 0)
    throw new GenuError('there are no muscles to solve for.', {
      mend: 'Give at least one muscle that crosses the joint.',
    });
  if (!(rate_Hz > 0 && Number.isFinite(rate_Hz)))
    throw new GenuError(`the sampling rate is ${rate_Hz} Hz; it must be above 0.`, {
      mend: 'Resample all inputs to one even rate first.',
    });
  for (const muscle of muscles) checkMuscle(muscle);
  const model = settings.hill ?? ceinmsStiffTendon;
  return {
    muscles,
    filters: muscles.map((muscle) => makeActivationFilter(muscle.activation, rate_Hz)),
    hill: muscles.map((muscle) => model.build(muscle)),
    passive: settings.passive,
  };
}

/** State of a solver that has seen no frame yet. */
export function startMuscleSolver(solver: MuscleSolver): MuscleSolverState {
  const zeros = () => solver.muscles.map(() => 0);
  return {
    activations: solver.muscles.map(startActivation),
    counts: { frames: 0, missing: 0, slack: zeros(), outsideLength: zeros(), pushing: zeros(), saturated: zeros() },
  };
}

/** Memory for the result of `stepMuscles`. */
export function makeMuscleFrameResult(muscles: number): MuscleFrameResult {
  const numbers = () => new Float64Array(muscles);
  return {
    activations: numbers(),
    forces_N: numbers(),
    normalisedFibreLengths: numbers(),
    torqueByMuscle_Nm: numbers(),
    torque_Nm: 0,
  };
}

/** Takes one frame: moves `state` on and writes the result over `out`. Missing inputs give NaN here and do not touch later frames. */
export function stepMuscles(
  out: MuscleFrameResult,
  solver: MuscleSolver,
  state: MuscleSolverState,
  frame: MuscleFrame,
): void {
  const { counts } = state;
  let torque = 0;
  for (let m = 0; m < solver.muscles.length; m++) {
    const u = stepNeuralActivation(state.activations[m], solver.filters[m], frame.excitations[m]);
    const activation = calcActivation(u, solver.muscles[m].activation.A);
    solver.hill[m].calcInto(point, activation, frame.lengths_m[m], frame.speeds_m_per_s[m]);
    const muscleTorque = point.force_N * frame.momentArms_m[m];
    out.activations[m] = activation;
    out.forces_N[m] = point.force_N;
    out.normalisedFibreLengths[m] = point.normalisedFibreLength;
    out.torqueByMuscle_Nm[m] = muscleTorque;
    torque += muscleTorque;
    if (u > 1) counts.saturated[m]++;
    if (point.slack) counts.slack[m]++;
    else if (point.normalisedFibreLength < 0.4 || point.normalisedFibreLength > 1.6) counts.outsideLength[m]++;
    if (point.pushing) counts.pushing[m]++;
  }
  if (solver.passive) {
    const { positive, scale } = solver.passive;
    torque += scale * calcPassiveKneeTorque(frame.kneeAngle_rad ?? Number.NaN, positive);
  }
  out.torque_Nm = torque;
  counts.frames++;
  if (Number.isNaN(torque)) counts.missing++;
}

/**
 * Muscle forces and joint torque of a whole trial: excitation → neural activation → activation → Hill muscle → torque. Runs `stepMuscles` frame
 * by frame, so a stream of the same frames gives the same numbers, bit for bit.
 * @throws GenuError when arrays disagree in number or length, there is no frame, or a parameter is out of range
 */
export function solveMuscles(problem: MuscleProblem): MuscleSolution {
  const frames = checkArrays(problem, 'muscle solver');
  const count = problem.muscles.length;
  if (problem.passive) checkPassiveKnee(problem.passive, frames, 'muscle solver');
  const solver = makeMuscleSolver(problem);
  const state = startMuscleSolver(solver);
  const numbers = () => problem.muscles.map(() => new Float64Array(frames));
  const [activations, forces_N, normalisedFibreLengths, torqueByMuscle_Nm] = [
    numbers(),
    numbers(),
    numbers(),
    numbers(),
  ];
  const torque_Nm = new Float64Array(frames);

  const result = makeMuscleFrameResult(count);
  const frame = {
    excitations: new Float64Array(count),
    lengths_m: new Float64Array(count),
    speeds_m_per_s: new Float64Array(count),
    momentArms_m: new Float64Array(count),
    kneeAngle_rad: 0,
  };
  for (let i = 0; i < frames; i++) {
    for (let m = 0; m < count; m++) {
      frame.excitations[m] = problem.excitations[m][i];
      frame.lengths_m[m] = problem.lengths_m[m][i];
      frame.speeds_m_per_s[m] = problem.speeds_m_per_s[m][i];
      frame.momentArms_m[m] = problem.momentArms_m[m][i];
    }
    if (problem.passive) frame.kneeAngle_rad = problem.passive.angle_rad[i];
    stepMuscles(result, solver, state, frame);
    for (let m = 0; m < count; m++) {
      activations[m][i] = result.activations[m];
      forces_N[m][i] = result.forces_N[m];
      normalisedFibreLengths[m][i] = result.normalisedFibreLengths[m];
      torqueByMuscle_Nm[m][i] = result.torqueByMuscle_Nm[m];
    }
    torque_Nm[i] = result.torque_Nm;
  }
  return {
    activations,
    forces_N,
    normalisedFibreLengths,
    torqueByMuscle_Nm,
    torque_Nm,
    counts: state.counts,
    warnings: describeSolverCounts(solver, state),
  };
}

/** What the solver met, in sentences for a user. */
function describeSolverCounts(solver: MuscleSolver, state: MuscleSolverState): string[] {
  const { counts } = state;
  const warnings: string[] = [];
  const share = (count: number) =>
    `${count} of ${counts.frames} frames (${((100 * count) / counts.frames).toFixed(1)} %)`;
  if (counts.missing > 0)
    warnings.push(`The torque is missing in ${share(counts.missing)}, where an input is missing.`);
  solver.muscles.forEach(({ name }, m) => {
    const { breaks } = state.activations[m];
    if (breaks > 0)
      warnings.push(
        `Missing excitations broke off the activation of ${name} in ${breaks} place(s); it began anew after each.`,
      );
    if (counts.saturated[m] > 0)
      warnings.push(
        `The activation of ${name} was held at 1 in ${share(counts.saturated[m])}: its EMG exceeds the maximum.`,
      );
    if (counts.slack[m] > 0)
      warnings.push(
        `The tendon of ${name} is slack in ${share(counts.slack[m])} and carries no force there: its slack length may be too long for this person.`,
      );
    if (counts.outsideLength[m] > 0)
      warnings.push(`The fibres of ${name} leave 0.4 to 1.6 optimal lengths in ${share(counts.outsideLength[m])}.`);
  });
  const pushing = solver.muscles.flatMap(({ name }, m) =>
    counts.pushing[m] > 0 ? `${name} in ${counts.pushing[m]}` : [],
  );
  if (pushing.length > 0)
    warnings.push(
      `Negative forces, of relaxed fibres that shorten against damping alone, were set to zero: ${pushing.join(', ')} of ${counts.frames} frames.`,
    );
  return warnings;
}

/** @throws GenuError when arrays disagree; returns the number of frames */
export function checkArrays(
  problem: Pick<MuscleProblem, 'muscles' | 'excitations' | 'lengths_m' | 'speeds_m_per_s' | 'momentArms_m'>,
  where: string,
): number {
  const frames = problem.lengths_m[0]?.length ?? 0;
  if (frames === 0)
    throw new GenuError('there are no frames.', { where, mend: 'Give a trial with at least one frame.' });
  for (const what of ['excitations', 'lengths_m', 'speeds_m_per_s', 'momentArms_m'] as const) {
    const arrays = problem[what];
    if (arrays.length !== problem.muscles.length)
      throw new GenuError(`${what} has ${arrays.length} arrays for ${problem.muscles.length} muscles.`, { where });
    arrays.forEach((array, m) => {
      if (array.length !== frames)
        throw new GenuError(
          `${what} of ${problem.muscles[m].name} has ${array.length} frames where ${frames} are expected.`,
          { where, mend: 'Bring all inputs onto one clock first.' },
        );
    });
  }
  return frames;
}
