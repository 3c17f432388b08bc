// Functions of two operands, either of which may be repeated: over the rows (its row distance is 0) or over the columns
// (its column distance is 0 instead of 1). Distances in numbers.

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;
const MAXIMUM = 4;
const MINIMUM = 5;
const GATE = 6;
const MULTIPLY_ADD = 7;
const TANH_GRADIENT = 8;
const SIGMOID_GRADIENT = 9;
const RECIPROCAL_GRADIENT = 10;

// @ts-ignore: decorator
@inline
function apply(kind: i32, a: v128, b: v128, y: usize): v128 {
  if (kind === ADD) return f32x4.add(a, b);
  if (kind === SUBTRACT) return f32x4.sub(a, b);
  if (kind === MULTIPLY) return f32x4.mul(a, b);
  if (kind === DIVIDE) return f32x4.div(a, b);
  if (kind === MAXIMUM) return f32x4.max(a, b);
  if (kind === MINIMUM) return f32x4.min(a, b);
  if (kind === GATE) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  if (kind === MULTIPLY_ADD) return f32x4.add(v128.load(y), f32x4.mul(a, b));
  if (kind === TANH_GRADIENT) return f32x4.mul(a, f32x4.sub(f32x4.splat(1), f32x4.mul(b, b)));
  if (kind === SIGMOID_GRADIENT) return f32x4.mul(a, f32x4.sub(b, f32x4.mul(b, b)));
  return f32x4.neg(f32x4.mul(a, f32x4.mul(b, b)));
}

// @ts-ignore: decorator
@inline
function applyOne(kind: i32, a: v128, b: v128, y: usize): v128 {
  if (kind === MULTIPLY_ADD) return f32x4.add(v128.load32_splat(y), f32x4.mul(a, b));
  return apply(kind, a, b, y);
}

// @ts-ignore: decorator
@inline
function binary(
  kind: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  y: usize,
  yRow: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let i: usize = 0;
    if (aColumn & bColumn) {
      for (; i < whole; i += 16) v128.store(y + i, apply(kind, v128.load(a + i), v128.load(b + i), y + i));
    } else {
      const aSame = v128.load32_splat(a);
      const bSame = v128.load32_splat(b);
      for (; i < whole; i += 16) {
        const left = aColumn ? v128.load(a + i) : aSame;
        const right = bColumn ? v128.load(b + i) : bSame;
        v128.store(y + i, apply(kind, left, right, y + i));
      }
    }
    for (; i < all; i += 4) {
      const left = v128.load32_splat(a + (aColumn ? i : 0));
      const right = v128.load32_splat(b + (bColumn ? i : 0));
      v128.store_lane<f32>(y + i, applyOne(kind, left, right, y + i), 0);
    }
    a += aRow << 2;
    b += bRow << 2;
    y += yRow << 2;
  }
}

export function add(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(ADD, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function subtract(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(SUBTRACT, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function multiply(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(MULTIPLY, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function divide(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(DIVIDE, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function maximum(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(MAXIMUM, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function minimum(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(MINIMUM, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function gate(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(GATE, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function multiplyAdd(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(MULTIPLY_ADD, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function tanhGradient(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(TANH_GRADIENT, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function sigmoidGradient(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(SIGMOID_GRADIENT, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
export function reciprocalGradient(
  rows: i32, columns: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, y: usize, yRow: usize,
): void {
  binary(RECIPROCAL_GRADIENT, rows, columns, a, aRow, aColumn, b, bRow, bColumn, y, yRow);
}
