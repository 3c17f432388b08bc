// A row times a matrix that lies in strips of 32 columns (then one each of 16, 8 and 4 for what is left), each row by row:
// the matrix is read once, in order. Eight sums at once hide the latency of the additions.
import { multiplyAdd } from './fused';

// @ts-ignore: decorator
@inline
function start(wanted: bool, y: usize, bias: usize, accumulate: i32, offset: usize): v128 {
  if (!wanted) return f32x4.splat(0);
  let sum = bias ? v128.load(bias + offset) : f32x4.splat(0);
  if (accumulate) sum = f32x4.add(sum, v128.load(y + offset));
  return sum;
}

/**
 * One strip; `width` and `isSparse` are known where it is called, so that only their own code is left. x is all numbers up
 * to `end`; of a sparse one, `from` to `end` lists the places of those that are not zero, in bytes. The loop comes last,
 * and no other is around it: V8 then keeps all that it needs in registers.
 */
// @ts-ignore: decorator
@inline
function strip(
  width: usize,
  isSparse: bool,
  from: usize,
  end: usize,
  x: usize,
  b: usize,
  y: usize,
  bias: usize,
  accumulate: i32,
): void {
  let s0 = start(true, y, bias, accumulate, 0);
  let s1 = start(width > 4, y, bias, accumulate, 16);
  let s2 = start(width > 8, y, bias, accumulate, 32);
  let s3 = start(width > 8, y, bias, accumulate, 48);
  let s4 = start(width > 16, y, bias, accumulate, 64);
  let s5 = start(width > 16, y, bias, accumulate, 80);
  let s6 = start(width > 16, y, bias, accumulate, 96);
  let s7 = start(width > 16, y, bias, accumulate, 112);
  let row = b;
  while (from < end) {
    let value: v128;
    if (isSparse) {
      const place = <usize>load<u32>(from);
      value = v128.load32_splat(x + place);
      row = b + place * width;
    } else value = v128.load32_splat(from);
    s0 = multiplyAdd(value, v128.load(row), s0);
    if (width > 4) s1 = multiplyAdd(value, v128.load(row, 16), s1);
    if (width > 8) {
      s2 = multiplyAdd(value, v128.load(row, 32), s2);
      s3 = multiplyAdd(value, v128.load(row, 48), s3);
    }
    if (width > 16) {
      s4 = multiplyAdd(value, v128.load(row, 64), s4);
      s5 = multiplyAdd(value, v128.load(row, 80), s5);
      s6 = multiplyAdd(value, v128.load(row, 96), s6);
      s7 = multiplyAdd(value, v128.load(row, 112), s7);
    }
    if (!isSparse) row += width << 2;
    from += 4;
  }
  v128.store(y, s0);
  if (width > 4) v128.store(y, s1, 16);
  if (width > 8) {
    v128.store(y, s2, 32);
    v128.store(y, s3, 48);
  }
  if (width > 16) {
    v128.store(y, s4, 64);
    v128.store(y, s5, 80);
    v128.store(y, s6, 96);
    v128.store(y, s7, 112);
  }
}

function strip32(from: usize, end: usize, b: usize, y: usize, bias: usize, accumulate: i32): void {
  let s0 = start(true, y, bias, accumulate, 0);
  let s1 = start(true, y, bias, accumulate, 16);
  let s2 = start(true, y, bias, accumulate, 32);
  let s3 = start(true, y, bias, accumulate, 48);
  let s4 = start(true, y, bias, accumulate, 64);
  let s5 = start(true, y, bias, accumulate, 80);
  let s6 = start(true, y, bias, accumulate, 96);
  let s7 = start(true, y, bias, accumulate, 112);
  if ((end - from) & 4) {
    const x = v128.load32_splat(from);
    s0 = multiplyAdd(x, v128.load(b, 0), s0);
    s1 = multiplyAdd(x, v128.load(b, 16), s1);
    s2 = multiplyAdd(x, v128.load(b, 32), s2);
    s3 = multiplyAdd(x, v128.load(b, 48), s3);
    s4 = multiplyAdd(x, v128.load(b, 64), s4);
    s5 = multiplyAdd(x, v128.load(b, 80), s5);
    s6 = multiplyAdd(x, v128.load(b, 96), s6);
    s7 = multiplyAdd(x, v128.load(b, 112), s7);
    from += 4;
    b += 128;
  }
  while (from < end) {
    const x = v128.load32_splat(from);
    s0 = multiplyAdd(x, v128.load(b, 0), s0);
    s1 = multiplyAdd(x, v128.load(b, 16), s1);
    s2 = multiplyAdd(x, v128.load(b, 32), s2);
    s3 = multiplyAdd(x, v128.load(b, 48), s3);
    s4 = multiplyAdd(x, v128.load(b, 64), s4);
    s5 = multiplyAdd(x, v128.load(b, 80), s5);
    s6 = multiplyAdd(x, v128.load(b, 96), s6);
    s7 = multiplyAdd(x, v128.load(b, 112), s7);
    const z = v128.load32_splat(from, 4);
    s0 = multiplyAdd(z, v128.load(b, 128), s0);
    s1 = multiplyAdd(z, v128.load(b, 144), s1);
    s2 = multiplyAdd(z, v128.load(b, 160), s2);
    s3 = multiplyAdd(z, v128.load(b, 176), s3);
    s4 = multiplyAdd(z, v128.load(b, 192), s4);
    s5 = multiplyAdd(z, v128.load(b, 208), s5);
    s6 = multiplyAdd(z, v128.load(b, 224), s6);
    s7 = multiplyAdd(z, v128.load(b, 240), s7);
    from += 8;
    b += 256;
  }
  v128.store(y, s0, 0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
  v128.store(y, s4, 64);
  v128.store(y, s5, 80);
  v128.store(y, s6, 96);
  v128.store(y, s7, 112);
}

function strip32Sparse(from: usize, end: usize, x: usize, b: usize, y: usize, bias: usize, accumulate: i32): void {
  strip(32, true, from, end, x, b, y, bias, accumulate);
}

function strip16(from: usize, end: usize, b: usize, y: usize, bias: usize, accumulate: i32): void {
  strip(16, false, from, end, 0, b, y, bias, accumulate);
}

/** Lists the places of the numbers that are not zero, in bytes, if a quarter of them or more are; 0, or the list's end. */
function listOthers(inner: usize, x: usize, list: usize): usize {
  const bytes = inner << 2;
  let zeros = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) zeros = i32x4.sub(zeros, f32x4.eq(v128.load(x + i), f32x4.splat(0)));
  const count =
    i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1) + i32x4.extract_lane(zeros, 2) + i32x4.extract_lane(zeros, 3);
  if (<usize>count << 2 < inner) return 0;
  for (i = 0; i < bytes; i += 4) {
    store<u32>(list, <u32>i);
    list += load<f32>(x + i) !== 0 ? 4 : 0;
  }
  return list;
}

/**
 * y[n] = Σₖ x[k]·b[k, n] (+ bias[n]) (+ y[n]), b as `packStrips` lays it out. Behind a ReLU about half of x is zero: the
 * rows of those are left out, which changes no bit of a sum of finite numbers.
 * @param list room for inner + 1 numbers
 */
export function gemv(
  columns: i32,
  inner: usize,
  x: usize,
  b: usize,
  y: usize,
  bias: usize,
  accumulate: i32,
  list: usize,
): void {
  const end = x + (inner << 2);
  const last = columns >= 32 && inner >= 32 ? listOthers(inner, x, list) : 0;
  for (; columns >= 32; columns -= 32) {
    if (last) strip32Sparse(list, last, x, b, y, bias, accumulate);
    else strip32(x, end, b, y, bias, accumulate);
    b += inner << 7;
    y += 128;
    if (bias) bias += 128;
  }
  if (columns >= 16) {
    strip16(x, end, b, y, bias, accumulate);
    b += inner << 6;
    y += 64;
    if (bias) bias += 64;
    columns -= 16;
  }
  if (columns >= 8) {
    strip(8, false, x, end, x, b, y, bias, accumulate);
    b += inner << 5;
    y += 32;
    if (bias) bias += 32;
    columns -= 8;
  }
  if (columns >= 4) {
    strip(4, false, x, end, x, b, y, bias, accumulate);
    b += inner << 4;
    y += 16;
    if (bias) bias += 16;
    columns -= 4;
  }
  // Less than a vector is left: the strip has zeros behind it.
  let sum = f32x4.splat(0);
  if (columns > 0) {
    for (; x < end; x += 4) {
      sum = multiplyAdd(v128.load32_splat(x), v128.load(b), sum);
      b += 16;
    }
  }
  for (; columns > 0; columns--) {
    let value = f32x4.extract_lane(sum, 0);
    if (bias) value += load<f32>(bias);
    if (accumulate) value += load<f32>(y);
    store<f32>(y, value);
    sum = i32x4.shuffle(sum, sum, 1, 2, 3, 3);
    y += 4;
    if (bias) bias += 4;
  }
}

/** b [inner, columns] into strips; `to` has room for inner·4·⌈columns/4⌉ numbers. */
export function packStrips(inner: i32, columns: i32, b: usize, ldb: usize, to: usize): void {
  ldb <<= 2;
  for (let n = 0; n < columns; ) {
    const left = columns - n;
    const width = left >= 32 ? 32 : left >= 16 ? 16 : left >= 8 ? 8 : 4;
    let from = b + (<usize>n << 2);
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < width; j++) {
        store<f32>(to, j < left ? load<f32>(from + (<usize>j << 2)) : 0);
        to += 4;
      }
      from += ldb;
    }
    n += width;
  }
}
