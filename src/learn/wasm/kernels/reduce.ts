// Sums. Long ones are taken in blocks, so that their rounding errors do not grow with the length.
import { greatestLane, sumLanes } from './math';

const ROWS: i32 = 128;
const NUMBERS: usize = 1024;

// @ts-ignore: decorator
@inline
function term(isDot: bool, a: usize, b: usize): v128 {
  return isDot ? f32x4.mul(v128.load(a), v128.load(b)) : v128.load(a);
}

/** y[n] = Σ over rows of a (or a·b). */
// @ts-ignore: decorator
@inline
function overRows(isDot: bool, rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, y: usize): void {
  aRow <<= 2;
  bRow <<= 2;
  const all = <usize>columns << 2;
  for (let i: usize = 0; i < all; i += 4) store<f32>(y + i, 0);
  for (let first = 0; first < rows; first += ROWS) {
    const count = min(ROWS, rows - first);
    let i: usize = 0;
    for (; i + 64 <= all; i += 64) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let p = a + i;
      let q = b + i;
      for (let r = 0; r < count; r++) {
        s0 = f32x4.add(s0, term(isDot, p, q));
        s1 = f32x4.add(s1, term(isDot, p + 16, q + 16));
        s2 = f32x4.add(s2, term(isDot, p + 32, q + 32));
        s3 = f32x4.add(s3, term(isDot, p + 48, q + 48));
        p += aRow;
        q += bRow;
      }
      v128.store(y + i, f32x4.add(v128.load(y + i), s0));
      v128.store(y + i, f32x4.add(v128.load(y + i, 16), s1), 16);
      v128.store(y + i, f32x4.add(v128.load(y + i, 32), s2), 32);
      v128.store(y + i, f32x4.add(v128.load(y + i, 48), s3), 48);
    }
    for (; i + 16 <= all; i += 16) {
      let s = f32x4.splat(0);
      let p = a + i;
      let q = b + i;
      for (let r = 0; r < count; r++) {
        s = f32x4.add(s, term(isDot, p, q));
        p += aRow;
        q += bRow;
      }
      v128.store(y + i, f32x4.add(v128.load(y + i), s));
    }
    for (; i < all; i += 4) {
      let s: f32 = 0;
      let p = a + i;
      let q = b + i;
      for (let r = 0; r < count; r++) {
        s += isDot ? load<f32>(p) * load<f32>(q) : load<f32>(p);
        p += aRow;
        q += bRow;
      }
      store<f32>(y + i, load<f32>(y + i) + s);
    }
    a += aRow * <usize>count;
    b += bRow * <usize>count;
  }
}

/** Σ of `length` numbers of a (or a·b). */
// @ts-ignore: decorator
@inline
function line(isDot: bool, length: usize, a: usize, b: usize): f32 {
  let sum: f32 = 0;
  const whole = length & ~3;
  for (let first: usize = 0; first < whole; first += NUMBERS) {
    const end = (min(first + NUMBERS, whole) - first) << 2;
    const p = a + (first << 2);
    const q = b + (first << 2);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let i: usize = 0;
    for (; i + 32 <= end; i += 32) {
      s0 = f32x4.add(s0, term(isDot, p + i, q + i));
      s1 = f32x4.add(s1, term(isDot, p + i + 16, q + i + 16));
    }
    for (; i < end; i += 16) s0 = f32x4.add(s0, term(isDot, p + i, q + i));
    sum += sumLanes(f32x4.add(s0, s1));
  }
  for (let k = whole; k < length; k++) {
    const i = k << 2;
    sum += isDot ? load<f32>(a + i) * load<f32>(b + i) : load<f32>(a + i);
  }
  return sum;
}

export function sumRows(rows: i32, columns: i32, x: usize, xRow: usize, y: usize): void {
  overRows(false, rows, columns, x, xRow, x, xRow, y);
}

export function dotRows(rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, y: usize): void {
  overRows(true, rows, columns, a, aRow, b, bRow, y);
}

export function sumColumns(rows: i32, columns: i32, x: usize, xRow: usize, y: usize): void {
  for (let r = 0; r < rows; r++) {
    store<f32>(y + (<usize>r << 2), line(false, columns, x, x));
    x += xRow << 2;
  }
}

export function dotColumns(rows: i32, columns: i32, a: usize, aRow: usize, b: usize, bRow: usize, y: usize): void {
  for (let r = 0; r < rows; r++) {
    store<f32>(y + (<usize>r << 2), line(true, columns, a, b));
    a += aRow << 2;
    b += bRow << 2;
  }
}

/** Greatest number of a row. */
export function greatestOf(columns: i32, x: usize): f32 {
  let best = f32x4.splat(-Infinity);
  let k = 0;
  for (; k + 4 <= columns; k += 4) best = f32x4.max(best, v128.load(x + (<usize>k << 2)));
  for (; k < columns; k++) best = f32x4.max(best, v128.load32_splat(x + (<usize>k << 2)));
  return greatestLane(best);
}

export function greatest(rows: i32, columns: i32, x: usize, xRow: usize, y: usize): void {
  for (let r = 0; r < rows; r++) {
    store<f32>(y + (<usize>r << 2), greatestOf(columns, x));
    x += xRow << 2;
  }
}
