// Elementwise functions. All distances are in numbers. Numbers left over behind the last vector take the same way
// through one lane, so that a result does not depend on where a number lies.
import { exponential, hyperbolicTangent, logarithm, sigmoid as sigmoidOf } from './math';

const NEGATE = 0;
const ABSOLUTE = 1;
const SIGN = 2;
const SQUARE = 3;
const SQUARE_ROOT = 4;
const RECIPROCAL = 5;
const RELU = 6;
const EXPONENTIAL = 7;
const LOGARITHM = 8;
const TANGENT = 9;
const SIGMOID = 10;

// @ts-ignore: decorator
@inline
function apply(kind: i32, x: v128): v128 {
  if (kind === NEGATE) return f32x4.neg(x);
  if (kind === ABSOLUTE) return f32x4.abs(x);
  if (kind === SIGN) {
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    return f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)));
  }
  if (kind === SQUARE) return f32x4.mul(x, x);
  if (kind === SQUARE_ROOT) return f32x4.sqrt(x);
  if (kind === RECIPROCAL) return f32x4.div(f32x4.splat(1), x);
  if (kind === RELU) return f32x4.pmax(x, f32x4.splat(0));
  if (kind === EXPONENTIAL) return exponential(x);
  if (kind === LOGARITHM) return logarithm(x);
  if (kind === TANGENT) return hyperbolicTangent(x);
  return sigmoidOf(x);
}

// @ts-ignore: decorator
@inline
function unary(kind: i32, rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(y + i, apply(kind, v128.load(x + i)));
    for (; i < all; i += 4) v128.store_lane<f32>(y + i, apply(kind, v128.load32_splat(x + i)), 0);
    x += xRow << 2;
    y += yRow << 2;
  }
}

export function negate(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(NEGATE, rows, columns, x, xRow, y, yRow);
}
export function absolute(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(ABSOLUTE, rows, columns, x, xRow, y, yRow);
}
export function sign(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(SIGN, rows, columns, x, xRow, y, yRow);
}
export function square(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(SQUARE, rows, columns, x, xRow, y, yRow);
}
export function squareRoot(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(SQUARE_ROOT, rows, columns, x, xRow, y, yRow);
}
export function reciprocal(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(RECIPROCAL, rows, columns, x, xRow, y, yRow);
}
export function relu(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(RELU, rows, columns, x, xRow, y, yRow);
}
export function exponentials(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(EXPONENTIAL, rows, columns, x, xRow, y, yRow);
}
export function logarithms(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(LOGARITHM, rows, columns, x, xRow, y, yRow);
}
export function tanh(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(TANGENT, rows, columns, x, xRow, y, yRow);
}
export function sigmoid(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  unary(SIGMOID, rows, columns, x, xRow, y, yRow);
}

/** y = scale·x + shift, for two plain numbers. */
export function affine(
  rows: i32,
  columns: i32,
  x: usize,
  xRow: usize,
  scale: f32,
  shift: f32,
  y: usize,
  yRow: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  const scales = f32x4.splat(scale);
  const shifts = f32x4.splat(shift);
  for (; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < whole; i += 16) {
      v128.store(y + i, f32x4.add(f32x4.mul(v128.load(x + i), scales), shifts));
    }
    for (; i < all; i += 4) store<f32>(y + i, load<f32>(x + i) * scale + shift);
    x += xRow << 2;
    y += yRow << 2;
  }
}

export function fill(rows: i32, columns: i32, value: f32, y: usize, yRow: usize): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  const values = f32x4.splat(value);
  for (; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(y + i, values);
    for (; i < all; i += 4) store<f32>(y + i, value);
    y += yRow << 2;
  }
}

/** y[i·y0 + j·y1 + k·y2] = x[i·x0 + j·x1 + k·x2] */
export function copy(
  n0: i32,
  n1: i32,
  n2: i32,
  x: usize,
  x0: usize,
  x1: usize,
  x2: usize,
  y: usize,
  y0: usize,
  y1: usize,
  y2: usize,
): void {
  const isDense = x2 === 1 && y2 === 1;
  for (let i = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      let from = x + ((<usize>i * x0 + <usize>j * x1) << 2);
      let to = y + ((<usize>i * y0 + <usize>j * y1) << 2);
      let k = 0;
      if (isDense) {
        for (; k + 4 <= n2; k += 4) {
          v128.store(to, v128.load(from));
          from += 16;
          to += 16;
        }
      }
      for (; k < n2; k++) {
        store<f32>(to, load<f32>(from));
        from += x2 << 2;
        to += y2 << 2;
      }
    }
  }
}
