import { GenuError } from '../data/index.js';
import { findLeastSquares, makeRandom, type StopReason } from '../math/index.js';
import { type CalibrationFrames, type CalibrationTrial, gatherFrames } from './calibration-frames.js';
import { makeCalibrationObjective } from './calibration-objective.js';
import {
  applyParameters,
  type Bounds,
  buildParameters,
  type CalibrationParameter,
  defaultBounds,
  defaultWeights,
  type Sharing,
  type Weights,
} from './calibration-parameters.js';
import { ceinmsStiffTendon } from './hill/ceinms.js';
import type { HillModel } from './hill/hill.js';
import { findKneeGroup } from './knee-muscles.js';
import { checkMuscle, type MuscleParameters } from './muscles.js';
import type { PassiveKnee } from './passive-joint.js';

/**
 * Iterations that tell a good start from a bad one. On three real treadmill trials the starts ended in minima that leave 26 to 52 % of the variance
 * unexplained, apart after 25 iterations already: more starts help more than longer searches.
 */
const shortSearch = 25;

export interface CalibrationProblem {
  /** Where calibration starts, and what its priors hold on to. */
  readonly muscles: readonly MuscleParameters[];
  /** Training trials only: a trial that is to test the result must not be among them. */
  readonly trials: readonly CalibrationTrial[];
  /** Of all trials. The calibrated C1 and C2 hold at this rate (see `convertActivation`). */
  readonly rate_Hz: number;
  /** Group of each muscle, in their order; default `findKneeGroup`. */
  readonly groups?: readonly string[] | undefined;
  /**
   * Default: tendon by muscle, fibre and shape by group. On synthetic trials with wrong gains, crosstalk, moment arms and lengths (13 muscles, 3 training
   * trials, 10 % noise) the held-out error fell from 0.121 to 0.097 of the torque's standard deviation with tendons by muscle instead of by group; where
   * the model is exact it rose from 0.010 to 0.020. On the last 40 % of three real treadmill trials R² rose from 0.62, 0.70, 0.61 to 0.67, 0.73, 0.64.
   * Fibres by muscle changed nothing.
   */
  readonly sharing?: Partial<Sharing> | undefined;
  readonly bounds?: Partial<Bounds> | undefined;
  readonly weights?: Partial<Weights> | undefined;
  /** Calibrates a factor on the passive knee torque too, starting from `scale`; the trials then need `kneeAngle_rad`. */
  readonly passive?: Pick<PassiveKnee, 'positive' | 'scale'> | undefined;
  /** Number of starts, default 6: the muscles as given, then points drawn within the bounds. Each is searched shortly; the best goes on. */
  readonly starts?: number | undefined;
  readonly seed?: number | string | undefined;
  /** Frames compared at most, evenly taken from all trials; default 3000. */
  readonly maxFrames?: number | undefined;
  /** Of the best start, default 60. */
  readonly maxIterations?: number | undefined;
  readonly hill?: HillModel | undefined;
  onProgress?: ((progress: CalibrationProgress) => void) | undefined;
}

export interface CalibrationProgress {
  /** From 0. */
  readonly start: number;
  readonly starts: number;
  readonly iteration: number;
  readonly cost: number;
}

export interface CalibratedParameter
  extends Pick<CalibrationParameter, 'name' | 'group' | 'initial' | 'lower' | 'upper'> {
  readonly value: number;
  readonly at_bound: 'lower' | 'upper' | undefined;
}

export interface Calibration {
  readonly muscles: readonly MuscleParameters[];
  readonly rate_Hz: number;
  /** Factor on the passive knee torque, as given where the trials do not load it; undefined where it was not calibrated. */
  readonly passiveScale: number | undefined;
  readonly parameters: readonly CalibratedParameter[];
  /** Unexplained share of the torque's variance plus penalties. */
  readonly cost: number;
  /** Unexplained share of the torque's variance over all frames used. */
  readonly unexplained: number;
  /** Of the best start. */
  readonly costHistory: readonly number[];
  /** Cost of every start after its short search, of which the best went on: how far they differ tells how many minima there are. */
  readonly starts: readonly { readonly cost: number }[];
  /** Why the search ended. */
  readonly reason: StopReason;
  readonly frames: CalibrationFrames['report'];
  readonly notes: readonly string[];
  /** What makes the result doubtful: parameters at bounds or without effect. */
  readonly warnings: readonly string[];
}

/**
 * Fits muscle parameters to measured joint torque: minimises Σ over trials and frames of (τ − τ̂)²/var(τ) / frames, with each trial's own variance
 * (the objective of CEINMS, Pizzolato et al. 2015), plus priors, by bounded least squares from several starts. CEINMS uses
 * simulated annealing on the same bounds; a smooth sum of squares with some twenty parameters needs a thousandth of the evaluations.
 *
 * The filter is symmetric in C1 and C2: starts where both are equal are set apart by 0.05, and only their pair means anything.
 * @throws GenuError when there is no usable frame, arrays disagree, or a muscle's parameters are out of range
 */
export function calibrate(problem: CalibrationProblem): Calibration {
  const { muscles, rate_Hz } = problem;
  if (muscles.length === 0) throw new GenuError('there are no muscles to calibrate.');
  if (!(rate_Hz > 0 && Number.isFinite(rate_Hz)))
    throw new GenuError(`the sampling rate is ${rate_Hz} Hz; it must be above 0.`);
  for (const muscle of muscles) checkMuscle(muscle);
  const groups = problem.groups ?? muscles.map(({ name }) => findKneeGroup(name));
  if (groups.length !== muscles.length)
    throw new GenuError(`there are ${groups.length} groups for ${muscles.length} muscles.`, {
      where: 'calibration',
      mend: 'Name the group of every muscle, in their order.',
    });
  const bounds = { ...defaultBounds, ...problem.bounds };
  const sharing: Sharing = { tendon: 'muscle', fibre: 'group', A: 'group', ...problem.sharing };
  const weights = { ...defaultWeights, ...problem.weights };
  const { trials, passive, maxFrames = 3000 } = problem;
  const frames = gatherFrames(muscles, trials, rate_Hz, bounds.delay[1], maxFrames, passive?.positive);
  // Without excitation a muscle gives passive force only: knee torque says next to nothing about it, and it keeps the model's values.
  const driven = muscles.map((_, m) => problem.trials.some(({ excitations }) => excitations[m]?.some((e) => e !== 0)));
  if (!driven.includes(true)) {
    throw new GenuError('no EMG drives any of the muscles.', {
      where: 'calibration',
      mend: 'Name the electrodes under emg.channels by muscles that cross the joint, e.g. vas_lat_r.',
    });
  }
  const driveGroups = groups.map((group, m) => (driven[m] ? group : undefined));
  const parameters = buildParameters(muscles, driveGroups, sharing, bounds, weights, problem.passive?.scale);
  const objective = makeCalibrationObjective(muscles, parameters, frames, rate_Hz, problem.hill ?? ceinmsStiffTendon);

  const startPoints = makeStarts(parameters, problem.starts ?? 6, problem.seed ?? 1);
  const search = (initial: Float64Array, start: number, done: number, maxIterations: number) =>
    findLeastSquares({
      ...objective,
      initial,
      lower: parameters.map((p) => p.lower),
      upper: parameters.map((p) => p.upper),
      scale: parameters.map((p) => p.upper - p.lower),
      maxIterations,
      costTolerance: 1e-6,
      stepTolerance: 1e-7,
      onIteration: ({ iteration, cost }) =>
        problem.onProgress?.({ start, starts: startPoints.length, iteration: done + iteration, cost: 2 * cost }),
    });
  const maxIterations = problem.maxIterations ?? 60;
  const short = Math.min(shortSearch, maxIterations);
  const results = startPoints.map((initial, start) => search(initial, start, 0, short));
  const first = results.reduce((a, b) => (b.cost < a.cost ? b : a));
  const best = search(first.parameters, results.indexOf(first), first.iterations, maxIterations - first.iterations);
  const residuals = new Float64Array(objective.residualCount);
  objective.calcResidualsInto(residuals, best.parameters);
  const effects = calcEffects(parameters, objective, best.parameters, residuals, frames.count);
  const report = parameters.map((p, j) => describeParameter(p, best.parameters[j]));
  const passiveIndex = parameters.findIndex((p) => p.kind === 'passive');
  return {
    muscles: applyParameters(muscles, parameters, best.parameters),
    rate_Hz,
    passiveScale:
      passiveIndex < 0
        ? undefined
        : effects[passiveIndex] < leastEffect
          ? problem.passive?.scale
          : best.parameters[passiveIndex],
    parameters: report,
    cost: 2 * best.cost,
    unexplained: objective.calcUnexplained(residuals),
    costHistory: [...first.costHistory, ...best.costHistory.slice(1)].map((cost) => 2 * cost),
    starts: results.map(({ cost }) => ({ cost: 2 * cost })),
    reason: best.reason,
    frames: frames.report,
    notes: [
      ...frames.notes,
      ...muscles.flatMap(({ name }, m) => (driven[m] ? [] : [`${name} has no EMG and keeps the values of the model.`])),
    ],
    warnings: listWarnings(report, effects, parameters[passiveIndex]?.name),
  };
}

function makeStarts(parameters: readonly CalibrationParameter[], count: number, seed: number | string): Float64Array[] {
  const random = makeRandom(seed).fork('calibration starts');
  return Array.from({ length: Math.max(1, count) }, (_, start) => {
    // The outer tenths are left out: a start at a bound tends to stay there.
    const point = Float64Array.from(parameters, ({ initial, lower, upper }) =>
      start === 0 ? initial : lower + (0.1 + 0.8 * random.uniform()) * (upper - lower),
    );
    const [first, second] = [
      parameters.findIndex((p) => p.kind === 'C1'),
      parameters.findIndex((p) => p.kind === 'C2'),
    ];
    if (Math.abs(point[first] - point[second]) < 0.05) {
      const { lower, upper } = parameters[second];
      point[second] += point[second] + 0.05 <= upper ? 0.05 : -Math.min(0.05, point[second] - lower);
    }
    return point;
  });
}

function describeParameter(parameter: CalibrationParameter, value: number): CalibratedParameter {
  const { name, group, initial, lower, upper } = parameter;
  const near = 1e-3 * (upper - lower);
  const at_bound = value - lower < near ? 'lower' : upper - value < near ? 'upper' : undefined;
  return { name, group, value, initial, lower, upper, at_bound };
}

/** A parameter that moves the torque by less than this share of its standard deviation, over its whole range, has no effect. */
const leastEffect = 1e-3;

/** How far each parameter moves the torque over its whole range, in standard deviations of the torque. */
function calcEffects(
  parameters: readonly CalibrationParameter[],
  objective: ReturnType<typeof makeCalibrationObjective>,
  values: Float64Array,
  residuals: Float64Array,
  frames: number,
): number[] {
  const jacobian = new Float64Array(parameters.length * objective.residualCount);
  objective.calcJacobianInto(jacobian, values, residuals);
  return parameters.map(({ lower, upper }, j) => {
    const column = jacobian.subarray(j * objective.residualCount, j * objective.residualCount + frames);
    return Math.sqrt(column.reduce((sum, r) => sum + r * r, 0)) * (upper - lower);
  });
}

function listWarnings(
  report: readonly CalibratedParameter[],
  effects: readonly number[],
  passiveName: string | undefined,
): string[] {
  const warnings: string[] = [];
  report.forEach(({ name, value, at_bound }, j) => {
    if (at_bound)
      warnings.push(
        `The ${name} ended at its ${at_bound} bound (${value.toPrecision(4)}): the trials do not determine it, or the model cannot explain them within its bounds.`,
      );
    // Gait loads no passive structures of the knee: that is ordinary, and the published torque then holds.
    if (effects[j] < leastEffect && name !== passiveName)
      warnings.push(
        `The ${name} has no effect on the torque of these trials; its value (${value.toPrecision(4)}) means nothing.`,
      );
  });
  return warnings;
}
