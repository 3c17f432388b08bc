import { type FunctionDescription, GenuError } from '../data/index.js';
import { calcCubicSpline, calcCubicSplineSlope, findInterval, fitSimmSpline } from '../math/index.js';

/** A function of some entries of the coordinate vector q, with its slope with respect to each. */
export interface CoordinateFunction {
  /** Entries of q that it depends on, one per argument. */
  readonly arguments: Int32Array;
  calcValue(q: Float64Array): number;
  /** Derivative with respect to argument `index`. */
  calcSlope(q: Float64Array, index: number): number;
}

interface ScalarFunction {
  calcValue(x: number): number;
  calcSlope(x: number): number;
}

/**
 * Prepares a described function for evaluation.
 * @param indices where its coordinates stand in q; none means that it is taken at 0
 * @param where names the joint, coupler or path point in errors
 * @throws GenuError for a function that cannot be evaluated, or that takes another number of coordinates
 */
export function buildFunction(
  description: FunctionDescription,
  indices: readonly number[],
  where: string,
): CoordinateFunction {
  if (indices.length > 1) return buildLinear(description, indices, where);
  const scalar = buildScalar(description, where);
  if (indices.length === 0 || isConstant(description)) {
    const value = scalar.calcValue(0);
    return { arguments: new Int32Array(0), calcValue: () => value, calcSlope: () => 0 };
  }
  const [at] = indices;
  return {
    arguments: Int32Array.of(at),
    calcValue: (q) => scalar.calcValue(q[at]),
    calcSlope: (q) => scalar.calcSlope(q[at]),
  };
}

/** Whether the function has one value whatever its arguments. */
export function isConstant(description: FunctionDescription): boolean {
  return description.type === 'multiplier' ? isConstant(description.function) : description.type === 'constant';
}

function buildLinear(description: FunctionDescription, indices: readonly number[], where: string): CoordinateFunction {
  if (description.type === 'multiplier') {
    const inner = buildLinear(description.function, indices, where);
    return {
      arguments: inner.arguments,
      calcValue: (q) => description.scale * inner.calcValue(q),
      calcSlope: (q, index) => description.scale * inner.calcSlope(q, index),
    };
  }
  const coefficients = description.type === 'linear' ? description.coefficients : [];
  if (description.type === 'constant') return buildFunction(description, [], where);
  if (coefficients.length !== indices.length + 1) {
    throw new GenuError(`a ${description.type} function is given ${indices.length} coordinates.`, {
      where,
      mend: 'Only a linear function with one coefficient per coordinate and an intercept can take several.',
    });
  }
  return {
    arguments: Int32Array.from(indices),
    calcValue: (q) => indices.reduce((sum, at, i) => sum + coefficients[i] * q[at], coefficients[indices.length]),
    calcSlope: (_, index) => coefficients[index],
  };
}

function buildScalar(description: FunctionDescription, where: string): ScalarFunction {
  switch (description.type) {
    case 'constant': {
      const { value } = description;
      return { calcValue: () => value, calcSlope: () => 0 };
    }
    case 'linear': {
      const [slope, intercept] = description.coefficients;
      if (description.coefficients.length !== 2) {
        throw new GenuError(
          `a linear function of one coordinate has ${description.coefficients.length} coefficients.`,
          {
            where,
            mend: 'Expected 2: slope and intercept.',
          },
        );
      }
      return { calcValue: (x) => slope * x + intercept, calcSlope: () => slope };
    }
    case 'polynomial': {
      const { coefficients } = description;
      const degree = coefficients.length - 1;
      const derived = coefficients.slice(0, degree).map((c, i) => c * (degree - i));
      return { calcValue: (x) => calcPolynomial(coefficients, x), calcSlope: (x) => calcPolynomial(derived, x) };
    }
    case 'simm_spline': {
      const spline = fitSimmSpline(description.x, description.y);
      return { calcValue: (x) => calcCubicSpline(spline, x), calcSlope: (x) => calcCubicSplineSlope(spline, x) };
    }
    case 'piecewise_linear':
      return buildPiecewiseLinear(description.x, description.y);
    case 'multiplier': {
      const { scale } = description;
      const inner = buildScalar(description.function, where);
      return { calcValue: (x) => scale * inner.calcValue(x), calcSlope: (x) => scale * inner.calcSlope(x) };
    }
    case 'unsupported':
      throw new GenuError(`its function cannot be evaluated: ${description.why}.`, { where });
  }
}

/** Horner's scheme, highest power first. */
function calcPolynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
}

/** Straight between its points, and on along the outermost pieces. */
function buildPiecewiseLinear(x: readonly number[], y: readonly number[]): ScalarFunction {
  const piece = (at: number): number => Math.max(0, Math.min(x.length - 2, findInterval(x, at)));
  const slopeOf = (i: number): number => (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
  return {
    calcValue: (at) => y[piece(at)] + slopeOf(piece(at)) * (at - x[piece(at)]),
    calcSlope: (at) => slopeOf(piece(at)),
  };
}
