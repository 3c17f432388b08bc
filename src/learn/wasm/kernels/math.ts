// Functions of four numbers. Polynomials: S. Moshier, Cephes Math Library 2.2 (1992), single/expf.c and logf.c.
// Constants come from memory, in one instruction each; within the code they take four. `pmin` and `pmax` are one
// instruction, where `min` and `max` are eight; with x first they keep a NaN.
import { multiplyAdd, multiplySubtract } from './fused';

/** 1/ln 2; ln 2 in two parts, the first of few bits; the polynomial. */
const EXPONENTIAL = memory.data<f32>([
  1.44269504088896341, 0.693359375, 2.1219444005469058277e-4, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
  4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);
/** Arguments between which a power of e is a number, and those between which its power of two is a normal one. */
const LIMITS = memory.data<f32>([89, -104.5, 87, -87]);
const ONE = memory.data<f32>([1, 2]);
/** 1.5·2²³: once it is added to a number, the last bits are the nearest whole one. */
const ROUNDING = memory.data<f32>([12582912]);
/** Bias of the exponent. */
const BIAS = memory.data<i32>([127]);

// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

// @ts-ignore: decorator
@inline
function next(x: v128, sum: v128, index: usize): v128 {
  return multiplyAdd(sum, x, constant(EXPONENTIAL, index));
}

/** x/ln 2 to the nearest whole number n, as 1.5·2²³ + n. */
// @ts-ignore: decorator
@inline
function countTwos(x: v128): v128 {
  return multiplyAdd(x, constant(EXPONENTIAL, 0), constant(ROUNDING, 0));
}

/** e^r − 1, r being what is left of x after n times ln 2, |r| ≤ ½ ln 2. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, twos: v128): v128 {
  const n = f32x4.sub(twos, constant(ROUNDING, 0));
  const part = multiplySubtract(n, constant(EXPONENTIAL, 1), x);
  const r = multiplyAdd(n, constant(EXPONENTIAL, 2), part);
  let sum = next(r, constant(EXPONENTIAL, 3), 4);
  sum = next(r, sum, 5);
  sum = next(r, sum, 6);
  sum = next(r, sum, 7);
  sum = next(r, sum, 8);
  return multiplyAdd(sum, f32x4.mul(r, r), r);
}

/** 2ⁿ of a normal result. All but the last nine bits of 1.5·2²³ + n are shifted out. */
// @ts-ignore: decorator
@inline
function powerOfTwo(twos: v128): v128 {
  return i32x4.shl(i32x4.add(twos, constant(BIAS, 0)), 23);
}

/** eˣ over the whole range, down to the denormal numbers: 2ⁿ in two factors. */
export function exponential(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, constant(LIMITS, 0)), constant(LIMITS, 1));
  const twos = countTwos(x);
  const whole = i32x4.sub(twos, constant(ROUNDING, 0));
  const half = i32x4.shr_s(whole, 1);
  const fraction = f32x4.add(remainder(x, twos), constant(ONE, 0));
  return f32x4.mul(f32x4.mul(fraction, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(f32x4.neg(x), constant(LIMITS, 2)), constant(LIMITS, 3));
  const twos = countTwos(bounded);
  const power = f32x4.mul(f32x4.add(remainder(bounded, twos), constant(ONE, 0)), powerOfTwo(twos));
  return f32x4.div(constant(ONE, 0), f32x4.add(constant(ONE, 0), power));
}

/** tanh |x| = e/(e + 2) with e = exp(2|x|) − 1, which keeps all digits of a small x. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const twice = f32x4.pmin(f32x4.add(magnitude, magnitude), constant(LIMITS, 2));
  const twos = countTwos(twice);
  const power = powerOfTwo(twos);
  const e = multiplyAdd(remainder(twice, twos), power, f32x4.sub(power, constant(ONE, 0)));
  return v128.or(f32x4.div(e, f32x4.add(e, constant(ONE, 1))), v128.xor(x, magnitude));
}

// @ts-ignore: decorator
@inline
function polynomial(x: v128, sum: v128, coefficient: f32): v128 {
  return multiplyAdd(sum, x, f32x4.splat(coefficient));
}

export function logarithm(x: v128): v128 {
  const one = f32x4.splat(1);
  // Denormal numbers are taken for the least normal one.
  const normal = f32x4.pmax(x, f32x4.splat(1.17549435e-38));
  const exponent = i32x4.sub(i32x4.shr_u(normal, 23), i32x4.splat(126));
  // The fraction in [½, 1); below √½ it is doubled, so that it lies around one.
  let m = v128.or(v128.and(normal, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const isSmall = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(one, isSmall));
  m = f32x4.sub(f32x4.add(m, v128.and(m, isSmall)), one);
  const square = f32x4.mul(m, m);
  let sum = f32x4.splat(7.0376836292e-2);
  sum = polynomial(m, sum, -1.1514610310e-1);
  sum = polynomial(m, sum, 1.1676998740e-1);
  sum = polynomial(m, sum, -1.2420140846e-1);
  sum = polynomial(m, sum, 1.4249322787e-1);
  sum = polynomial(m, sum, -1.6668057665e-1);
  sum = polynomial(m, sum, 2.0000714765e-1);
  sum = polynomial(m, sum, -2.4999993993e-1);
  sum = polynomial(m, sum, 3.3333331174e-1);
  let y = f32x4.mul(f32x4.mul(sum, m), square);
  y = f32x4.sub(y, f32x4.mul(e, f32x4.splat(2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375)));
  const infinite = f32x4.splat(Infinity);
  y = v128.bitselect(infinite, y, f32x4.eq(x, infinite));
  y = v128.bitselect(f32x4.neg(infinite), y, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(NaN), y, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.ne(x, x)));
}

// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

// @ts-ignore: decorator
@inline
export function greatestLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
