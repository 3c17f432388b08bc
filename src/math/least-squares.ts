import { factorCholeskyInto, solveCholeskyInto } from './linear.js';

/** Least squares with box bounds: minimise ½ Σ r_i(x)² subject to lower ≤ x ≤ upper. Arrays have one number per parameter. */
export interface LeastSquaresProblem {
  /** Where to start, within the bounds. */
  readonly initial: ArrayLike<number>;
  readonly residualCount: number;
  /** Writes all residuals at `parameters`. A residual that is not finite refuses the step that led there. */
  calcResidualsInto(out: Float64Array, parameters: Float64Array): void;
  /**
   * Writes dr_i/dx_j at `out[j · residualCount + i]`; `residuals` are those at `parameters`. Without it the Jacobian comes from one-sided
   * differences that stay within the bounds.
   */
  calcJacobianInto?: ((out: Float64Array, parameters: Float64Array, residuals: Float64Array) => void) | undefined;
  /** Default −∞ and ∞. Equal bounds hold a parameter fixed. */
  readonly lower?: ArrayLike<number> | undefined;
  readonly upper?: ArrayLike<number> | undefined;
  /** Typical size of each parameter, > 0; default max(|initial|, 1), or the width of the bounds where that is smaller. */
  readonly scale?: ArrayLike<number> | undefined;
  /** Default 100. */
  readonly maxIterations?: number | undefined;
  /** Stop when one step lowers the cost by less than this share of it; default 1e-10. */
  readonly costTolerance?: number | undefined;
  /** Stop when a step, in units of `scale`, is shorter than this; default 1e-10. */
  readonly stepTolerance?: number | undefined;
  /** Stop when the scaled projected gradient is smaller than this; default 1e-10. */
  readonly gradientTolerance?: number | undefined;
  onIteration?: ((progress: LeastSquaresProgress) => void) | undefined;
}

export interface LeastSquaresProgress {
  /** 0 at the start; then the number of accepted steps. */
  readonly iteration: number;
  readonly cost: number;
  /** A copy. */
  readonly parameters: Float64Array;
  readonly projectedGradient: number;
}

export type StopReason = 'gradient' | 'cost' | 'step' | 'iterations';

export interface LeastSquaresResult {
  readonly parameters: Float64Array;
  /** ½ Σ r². */
  readonly cost: number;
  /** At the start and after each accepted step; never increases. */
  readonly costHistory: readonly number[];
  /** −1 at the lower bound, 1 at the upper, 0 between. */
  readonly active: Int8Array;
  /** Accepted steps. */
  readonly iterations: number;
  /** Times the residuals were computed, those of finite differences included. */
  readonly evaluations: number;
  readonly reason: StopReason;
}

/**
 * Levenberg–Marquardt with box bounds: a projected method with an active set, in which bounded parameters are held and the step of the
 * others is found again (Kanzow, Yamashita & Fukushima 2004, J. Comput. Appl. Math. 172:375–397; step control by the gain ratio after
 * Nielsen 1999, IMM-REP-1999-05; scaling by the largest JᵀJ diagonal seen, Moré 1978). Every accepted step lowers the cost and every
 * point computed lies within the bounds.
 * @throws RangeError when sizes disagree, bounds cross, the start is outside them, the residuals there are not finite, or a Jacobian is not
 */
export function findLeastSquares(problem: LeastSquaresProblem): LeastSquaresResult {
  const count = problem.initial.length;
  const rows = problem.residualCount;
  const { lower, upper, scale } = readSettings(problem);
  const costTolerance = problem.costTolerance ?? 1e-10;
  const stepTolerance = problem.stepTolerance ?? 1e-10;
  const gradientTolerance = problem.gradientTolerance ?? 1e-10;
  const maxIterations = problem.maxIterations ?? 100;

  let x = Float64Array.from(problem.initial);
  let residuals = new Float64Array(rows);
  let trial = new Float64Array(count);
  let trialResiduals = new Float64Array(rows);
  const jacobian = new Float64Array(count * rows);
  const hessian = new Float64Array(count * count);
  const gradient = new Float64Array(count);
  const diagonal = new Float64Array(count);
  const step = new Float64Array(count);
  const work = makeStepWork(count);

  let evaluations = 1;
  problem.calcResidualsInto(residuals, x);
  let cost = calcCost(residuals);
  if (!Number.isFinite(cost)) throw new RangeError('the residuals at the start are not finite.');
  const costHistory = [cost];

  let iterations = 0;
  let damping = 1e-3;
  let growth = 2;
  let reason: StopReason | undefined;

  while (reason === undefined) {
    if (problem.calcJacobianInto) problem.calcJacobianInto(jacobian, x, residuals);
    else evaluations += calcDifferences(jacobian, problem, x, residuals, lower, upper, scale, trialResiduals);
    calcNormalEquations(hessian, gradient, jacobian, residuals, count, rows);
    if (!gradient.every(Number.isFinite) || !hessian.every(Number.isFinite))
      throw new RangeError(`the Jacobian is not finite at [${x.join(', ')}].`);
    const projectedGradient = calcProjectedGradient(gradient, x, lower, upper, scale);
    problem.onIteration?.({ iteration: iterations, cost, parameters: x.slice(), projectedGradient });
    if (projectedGradient <= gradientTolerance) reason = 'gradient';
    else if (iterations >= maxIterations) reason = 'iterations';
    updateDiagonal(diagonal, hessian, scale);

    while (reason === undefined) {
      const predicted = calcStep(step, hessian, gradient, diagonal, damping, x, lower, upper, work);
      let length = 0;
      for (let j = 0; j < count; j++) {
        // Rounding must not carry a parameter past its bound.
        trial[j] = Math.min(upper[j], Math.max(lower[j], x[j] + step[j]));
        length = Math.hypot(length, step[j] / scale[j]);
      }
      if (length <= stepTolerance) {
        reason = 'step';
        break;
      }
      let newCost = Number.POSITIVE_INFINITY;
      if (predicted > 0) {
        problem.calcResidualsInto(trialResiduals, trial);
        evaluations++;
        newCost = calcCost(trialResiduals);
      }
      const gain = (cost - newCost) / predicted;
      if (newCost < cost && gain > 1e-4) {
        if (cost - newCost <= costTolerance * cost && gain > 0.25) reason = 'cost';
        [x, trial] = [trial, x];
        [residuals, trialResiduals] = [trialResiduals, residuals];
        cost = newCost;
        costHistory.push(cost);
        iterations++;
        damping = Math.max(damping * Math.max(1 / 3, 1 - (2 * gain - 1) ** 3), 1e-14);
        growth = 2;
        break;
      }
      damping *= growth;
      growth *= 2;
    }
  }

  const active = Int8Array.from(x, (value, j) => (value <= lower[j] ? -1 : value >= upper[j] ? 1 : 0));
  return { parameters: x, cost, costHistory, active, iterations, evaluations, reason };
}

function readSettings(problem: LeastSquaresProblem) {
  const { initial, residualCount } = problem;
  const count = initial.length;
  if (count === 0 || !(residualCount >= 1)) throw new RangeError('least squares needs a parameter and a residual.');
  const read = (values: ArrayLike<number> | undefined, fallback: number, name: string): Float64Array => {
    if (values && values.length !== count)
      throw new RangeError(`${name} has ${values.length} numbers for ${count} parameters.`);
    return values ? Float64Array.from(values) : new Float64Array(count).fill(fallback);
  };
  const lower = read(problem.lower, Number.NEGATIVE_INFINITY, 'lower');
  const upper = read(problem.upper, Number.POSITIVE_INFINITY, 'upper');
  const scale = read(problem.scale, 0, 'scale');
  for (let j = 0; j < count; j++) {
    if (!(initial[j] >= lower[j] && initial[j] <= upper[j] && Number.isFinite(initial[j])))
      throw new RangeError(`parameter ${j} starts at ${initial[j]}, outside its bounds [${lower[j]}, ${upper[j]}].`);
    if (!problem.scale) {
      const size = Math.max(Math.abs(initial[j]), 1);
      // Bounds a rounding error apart must not set the scale.
      scale[j] = Math.min(size, Math.max(upper[j] - lower[j], 1e-8 * size));
    } else if (!(scale[j] > 0)) throw new RangeError(`scale of parameter ${j} is ${scale[j]}, not positive.`);
  }
  return { lower, upper, scale };
}

function calcCost(residuals: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < residuals.length; i++) sum += residuals[i] * residuals[i];
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum / 2;
}

/** Forward differences, backward where the upper bound is nearer than the step; returns the number of residual evaluations. */
function calcDifferences(
  jacobian: Float64Array,
  problem: LeastSquaresProblem,
  x: Float64Array,
  residuals: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  scale: Float64Array,
  shifted: Float64Array,
): number {
  const rows = residuals.length;
  const point = x.slice();
  let evaluations = 0;
  for (let j = 0; j < x.length; j++) {
    const column = j * rows;
    const size = Math.sqrt(Number.EPSILON) * Math.max(Math.abs(x[j]), scale[j]);
    const up = upper[j] - x[j];
    const down = x[j] - lower[j];
    point[j] = up >= size ? x[j] + size : down > up ? Math.max(lower[j], x[j] - size) : upper[j];
    // The step that the floating-point numbers really took.
    const taken = point[j] - x[j];
    if (taken === 0) jacobian.fill(0, column, column + rows);
    else {
      problem.calcResidualsInto(shifted, point);
      evaluations++;
      for (let i = 0; i < rows; i++) jacobian[column + i] = (shifted[i] - residuals[i]) / taken;
    }
    point[j] = x[j];
  }
  return evaluations;
}

function calcNormalEquations(
  hessian: Float64Array,
  gradient: Float64Array,
  jacobian: Float64Array,
  residuals: Float64Array,
  count: number,
  rows: number,
): void {
  for (let j = 0; j < count; j++) {
    const a = jacobian.subarray(j * rows, (j + 1) * rows);
    let dot = 0;
    for (let i = 0; i < rows; i++) dot += a[i] * residuals[i];
    gradient[j] = dot;
    for (let k = 0; k <= j; k++) {
      const b = jacobian.subarray(k * rows, (k + 1) * rows);
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += a[i] * b[i];
      hessian[j * count + k] = sum;
      hessian[k * count + j] = sum;
    }
  }
}

/** Largest move of a scaled parameter along the negative gradient, cut off at the bounds: zero exactly at a constrained minimum. */
function calcProjectedGradient(
  gradient: Float64Array,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  scale: Float64Array,
): number {
  let largest = 0;
  for (let j = 0; j < x.length; j++) {
    const room = gradient[j] > 0 ? (x[j] - lower[j]) / scale[j] : (upper[j] - x[j]) / scale[j];
    largest = Math.max(largest, Math.min(Math.abs(gradient[j]) * scale[j], room));
  }
  return largest;
}

function updateDiagonal(diagonal: Float64Array, hessian: Float64Array, scale: Float64Array): void {
  const count = diagonal.length;
  let largest = 0;
  for (let j = 0; j < count; j++) {
    diagonal[j] = Math.max(diagonal[j], hessian[j * count + j]);
    largest = Math.max(largest, diagonal[j] * scale[j] * scale[j]);
  }
  // A parameter without any effect still needs a positive diagonal.
  const floor = largest > 0 ? 1e-12 * largest : 1;
  for (let j = 0; j < count; j++) diagonal[j] = Math.max(diagonal[j], floor / (scale[j] * scale[j]));
}

function makeStepWork(count: number) {
  return {
    free: new Int32Array(count),
    held: new Uint8Array(count),
    matrix: new Float64Array(count * count),
    side: new Float64Array(count),
  };
}

/**
 * Damped Gauss–Newton step within the bounds, into `step`. A parameter whose free step would cross a bound is held there and the rest solved
 * again. Returns the cost reduction that the undamped quadratic model predicts, or −1 when the damped system cannot be factored.
 */
function calcStep(
  step: Float64Array,
  hessian: Float64Array,
  gradient: Float64Array,
  diagonal: Float64Array,
  damping: number,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  work: ReturnType<typeof makeStepWork>,
): number {
  const count = x.length;
  const { free, held, matrix, side } = work;
  for (let j = 0; j < count; j++) {
    held[j] = (x[j] <= lower[j] && gradient[j] >= 0) || (x[j] >= upper[j] && gradient[j] <= 0) ? 1 : 0;
    step[j] = 0;
  }
  for (let crossed = true; crossed; ) {
    let size = 0;
    for (let j = 0; j < count; j++) if (!held[j]) free[size++] = j;
    for (let a = 0; a < size; a++) {
      const j = free[a];
      side[a] = -gradient[j];
      for (let k = 0; k < count; k++) if (held[k]) side[a] -= hessian[j * count + k] * step[k];
      for (let b = 0; b <= a; b++) matrix[a * size + b] = hessian[j * count + free[b]];
      matrix[a * size + a] += damping * diagonal[j];
    }
    if (factorCholeskyInto(matrix, matrix, size) >= 0) {
      step.fill(1);
      return -1;
    }
    solveCholeskyInto(side, matrix, side, size);
    crossed = false;
    for (let a = 0; a < size; a++) {
      const j = free[a];
      step[j] = side[a];
      const beyond = x[j] + side[a] <= lower[j] ? lower[j] : x[j] + side[a] >= upper[j] ? upper[j] : undefined;
      if (beyond === undefined) continue;
      crossed = true;
      held[j] = 1;
      step[j] = beyond - x[j];
    }
  }
  let predicted = 0;
  for (let j = 0; j < count; j++) {
    let curvature = 0;
    for (let k = 0; k < count; k++) curvature += hessian[j * count + k] * step[k];
    predicted -= step[j] * (gradient[j] + curvature / 2);
  }
  return predicted;
}
