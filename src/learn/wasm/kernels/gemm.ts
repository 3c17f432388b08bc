// Matrix products on 128-bit vectors: 4 rows by 8 columns of the result stay in registers (8 of 16; 5 and 6 rows spill).
// The right side is packed in panels of 8 columns, so that the innermost loop reads it in order.
import { multiplyAdd } from './fused';

/** Bytes at the start of memory for a tile of the result whose rows or columns are not all wanted. */
const TILE: usize = 64;
/** Numbers of the left side that are to stay in the first-level cache over all panels: 32 KiB. */
const BLOCK: i32 = 8192;

/**
 * Four rows of a, each `inner` bytes long, times one panel, two numbers of each row at a time. The loop comes last,
 * and no other is around it: V8 then keeps all that it needs in registers.
 */
function tile4(
  inner: usize,
  a: usize,
  lda: usize,
  b: usize,
  c: usize,
  ldc: usize,
  bias: usize,
  accumulate: i32,
): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let s00 = bias ? v128.load(bias) : f32x4.splat(0);
  let s01 = bias ? v128.load(bias, 16) : f32x4.splat(0);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  if (accumulate) {
    s00 = f32x4.add(s00, v128.load(c));
    s01 = f32x4.add(s01, v128.load(c, 16));
    s10 = f32x4.add(s10, v128.load(c1));
    s11 = f32x4.add(s11, v128.load(c1, 16));
    s20 = f32x4.add(s20, v128.load(c2));
    s21 = f32x4.add(s21, v128.load(c2, 16));
    s30 = f32x4.add(s30, v128.load(c3));
    s31 = f32x4.add(s31, v128.load(c3, 16));
  }
  const end = a + inner;
  let a1 = a + lda;
  let a2 = a1 + lda;
  let a3 = a2 + lda;
  if (inner & 4) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    b += 32;
  }
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a1);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a2);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a3);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    x = v128.load32_splat(a, 4);
    s00 = multiplyAdd(x, b2, s00);
    s01 = multiplyAdd(x, b3, s01);
    x = v128.load32_splat(a1, 4);
    s10 = multiplyAdd(x, b2, s10);
    s11 = multiplyAdd(x, b3, s11);
    x = v128.load32_splat(a2, 4);
    s20 = multiplyAdd(x, b2, s20);
    s21 = multiplyAdd(x, b3, s21);
    x = v128.load32_splat(a3, 4);
    s30 = multiplyAdd(x, b2, s30);
    s31 = multiplyAdd(x, b3, s31);
    a += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    b += 64;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** The same for a packed left side: four numbers of a, then the next four. */
function tilePacked(count: usize, a: usize, b: usize, c: usize, ldc: usize, accumulate: i32): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (accumulate) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const end = a + (count << 4);
  if (count & 1) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a, 4);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a, 8);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a, 12);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    a += 16;
    b += 32;
  }
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(x, b0, s00);
    s01 = multiplyAdd(x, b1, s01);
    x = v128.load32_splat(a, 4);
    s10 = multiplyAdd(x, b0, s10);
    s11 = multiplyAdd(x, b1, s11);
    x = v128.load32_splat(a, 8);
    s20 = multiplyAdd(x, b0, s20);
    s21 = multiplyAdd(x, b1, s21);
    x = v128.load32_splat(a, 12);
    s30 = multiplyAdd(x, b0, s30);
    s31 = multiplyAdd(x, b1, s31);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    x = v128.load32_splat(a, 16);
    s00 = multiplyAdd(x, b2, s00);
    s01 = multiplyAdd(x, b3, s01);
    x = v128.load32_splat(a, 20);
    s10 = multiplyAdd(x, b2, s10);
    s11 = multiplyAdd(x, b3, s11);
    x = v128.load32_splat(a, 24);
    s20 = multiplyAdd(x, b2, s20);
    s21 = multiplyAdd(x, b3, s21);
    x = v128.load32_splat(a, 28);
    s30 = multiplyAdd(x, b2, s30);
    s31 = multiplyAdd(x, b3, s31);
    a += 32;
    b += 64;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** `tile4` over all taps. */
// @ts-ignore: decorator
@inline
function taps4(
  inner: usize,
  taps: i32,
  a: usize,
  lda: usize,
  tap: usize,
  b: usize,
  c: usize,
  ldc: usize,
  bias: usize,
  accumulate: i32,
): void {
  tile4(inner, a, lda, b, c, ldc, bias, accumulate);
  for (let k = 1; k < taps; k++) {
    a += tap;
    b += inner << 3;
    tile4(inner, a, lda, b, c, ldc, 0, 1);
  }
}

/** One row times four panels: eight sums at once hide the latency of the additions. */
function row4(inner: usize, a: usize, b: usize, panel: usize, c: usize, bias: usize, accumulate: i32): void {
  const zero = f32x4.splat(0);
  let s0 = bias ? v128.load(bias) : zero;
  let s1 = bias ? v128.load(bias, 16) : zero;
  let s2 = bias ? v128.load(bias, 32) : zero;
  let s3 = bias ? v128.load(bias, 48) : zero;
  let s4 = bias ? v128.load(bias, 64) : zero;
  let s5 = bias ? v128.load(bias, 80) : zero;
  let s6 = bias ? v128.load(bias, 96) : zero;
  let s7 = bias ? v128.load(bias, 112) : zero;
  if (accumulate) {
    s0 = f32x4.add(s0, v128.load(c));
    s1 = f32x4.add(s1, v128.load(c, 16));
    s2 = f32x4.add(s2, v128.load(c, 32));
    s3 = f32x4.add(s3, v128.load(c, 48));
    s4 = f32x4.add(s4, v128.load(c, 64));
    s5 = f32x4.add(s5, v128.load(c, 80));
    s6 = f32x4.add(s6, v128.load(c, 96));
    s7 = f32x4.add(s7, v128.load(c, 112));
  }
  let b1 = b + panel;
  let b2 = b1 + panel;
  let b3 = b2 + panel;
  const end = a + inner;
  while (a < end) {
    const x = v128.load32_splat(a);
    s0 = multiplyAdd(x, v128.load(b), s0);
    s1 = multiplyAdd(x, v128.load(b, 16), s1);
    s2 = multiplyAdd(x, v128.load(b1), s2);
    s3 = multiplyAdd(x, v128.load(b1, 16), s3);
    s4 = multiplyAdd(x, v128.load(b2), s4);
    s5 = multiplyAdd(x, v128.load(b2, 16), s5);
    s6 = multiplyAdd(x, v128.load(b3), s6);
    s7 = multiplyAdd(x, v128.load(b3, 16), s7);
    a += 4;
    b += 32;
    b1 += 32;
    b2 += 32;
    b3 += 32;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
  v128.store(c, s4, 64);
  v128.store(c, s5, 80);
  v128.store(c, s6, 96);
  v128.store(c, s7, 112);
}

/** One row times one panel, into the tile aside. */
function row1(inner: usize, taps: i32, a: usize, tap: usize, b: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (; taps > 0; taps--) {
    const end = a + inner;
    for (let p = a; p < end; p += 4) {
      const x = v128.load32_splat(p);
      s0 = multiplyAdd(x, v128.load(b), s0);
      s1 = multiplyAdd(x, v128.load(b, 16), s1);
      b += 32;
    }
    a += tap;
  }
  v128.store(TILE, s0);
  v128.store(TILE, s1, 16);
}

/** Takes the wanted part of the tile aside. */
function takeTile(rows: i32, columns: i32, c: usize, ldc: usize, bias: usize, accumulate: i32): void {
  for (let i = 0; i < rows; i++) {
    const from = TILE + (<usize>i << 5);
    const to = c + <usize>i * ldc;
    for (let j: usize = 0; j < <usize>columns << 2; j += 4) {
      let value = load<f32>(from + j);
      if (bias) value += load<f32>(bias + j);
      if (accumulate) value += load<f32>(to + j);
      store<f32>(to + j, value);
    }
  }
}

/** c[m, n] = Σ over taps and k of a[m + tap, k]·b[tap, k, n] (+ bias[n]) (+ c). Distances in numbers. */
export function gemm(
  rows: i32,
  columns: i32,
  inner: i32,
  taps: i32,
  a: usize,
  lda: usize,
  tap: usize,
  b: usize,
  panel: usize,
  c: usize,
  ldc: usize,
  bias: usize,
  accumulate: i32,
): void {
  lda <<= 2;
  tap <<= 2;
  panel <<= 2;
  ldc <<= 2;
  const bytes = <usize>inner << 2;
  const whole = rows & ~3;
  const block = max(4, min(64, (BLOCK / max(1, inner * taps)) & ~3));
  for (let first = 0; first < whole; first += block) {
    const last = min(first + block, whole);
    let right = b;
    for (let n = 0; n < columns; n += 8) {
      const shift = <usize>n << 2;
      let left = a + <usize>first * lda;
      let to = c + <usize>first * ldc + shift;
      const offset = bias ? bias + shift : 0;
      if (n + 8 <= columns) {
        for (let m = first; m < last; m += 4) {
          taps4(bytes, taps, left, lda, tap, right, to, ldc, offset, accumulate);
          left += lda << 2;
          to += ldc << 2;
        }
      } else {
        for (let m = first; m < last; m += 4) {
          taps4(bytes, taps, left, lda, tap, right, TILE, 32, 0, 0);
          takeTile(4, columns - n, to, ldc, offset, accumulate);
          left += lda << 2;
          to += ldc << 2;
        }
      }
      right += panel;
    }
  }
  for (let m = whole; m < rows; m++) {
    const left = a + <usize>m * lda;
    let to = c + <usize>m * ldc;
    let right = b;
    let offset = bias;
    let n = 0;
    for (; n + 32 <= columns; n += 32) {
      row4(bytes, left, right, panel, to, offset, accumulate);
      for (let k = 1; k < taps; k++) {
        row4(bytes, left + <usize>k * tap, right + <usize>k * (bytes << 3), panel, to, 0, 1);
      }
      right += panel << 2;
      to += 128;
      if (offset) offset += 128;
    }
    for (; n < columns; n += 8) {
      row1(bytes, taps, left, tap, right);
      takeTile(1, min(8, columns - n), to, ldc, offset, accumulate);
      right += panel;
      to += 32;
      if (offset) offset += 32;
    }
  }
}

/**
 * c[tap, m, n] = Σₖ a[k + tap, m]·b[k, n] (+ c), k running over `inner` rows, `block` of them at a time: both sides are
 * packed into `room`, of block·(4·⌈taps·rows/4⌉ + 8·⌈columns/8⌉) numbers.
 */
export function gemmTransposed(
  rows: i32,
  columns: i32,
  inner: i32,
  taps: i32,
  a: usize,
  lda: usize,
  tap: usize,
  b: usize,
  ldb: usize,
  c: usize,
  ldc: usize,
  accumulate: i32,
  room: usize,
  block: i32,
): void {
  lda <<= 2;
  tap <<= 2;
  ldb <<= 2;
  const all = rows * taps;
  const bytes = ldc << 2;
  for (let first = 0; first < inner; first += block) {
    const count = min(block, inner - first);
    const leftPanel = <usize>count << 4;
    const rightPanel = <usize>count << 5;
    const right = room + leftPanel * <usize>((all + 3) >> 2);
    packLeft(rows, all, count, a + <usize>first * lda, lda, tap, room);
    pack(count, columns, b + <usize>first * ldb, ldb >> 2, right, rightPanel >> 2);
    const adds = first > 0 ? 1 : accumulate;
    for (let n = 0; n < columns; n += 8) {
      const panel = right + rightPanel * <usize>(n >> 3);
      const width = min(8, columns - n);
      for (let m = 0; m < all; m += 4) {
        const left = room + leftPanel * <usize>(m >> 2);
        const to = c + <usize>m * bytes + (<usize>n << 2);
        if (width === 8 && m + 4 <= all) tilePacked(count, left, panel, to, bytes, adds);
        else {
          tilePacked(count, left, panel, TILE, 32, 0);
          takeTile(min(4, all - m), width, to, bytes, 0, adds);
        }
      }
    }
  }
}

/** Columns of all taps of a, four by four, each four over `count` rows. */
function packLeft(rows: i32, all: i32, count: i32, a: usize, lda: usize, tap: usize, to: usize): void {
  for (let m = 0; m < all; m += 4) {
    const at = m % rows;
    let from = a + <usize>(m / rows) * tap + (<usize>at << 2);
    if (at + 4 <= rows) {
      for (let k = 0; k < count; k++) {
        v128.store(to, v128.load(from));
        from += lda;
        to += 16;
      }
      continue;
    }
    for (let j = 0; j < 4; j++) {
      const own = m + j;
      from = a + <usize>(own / rows) * tap + (<usize>(own % rows) << 2);
      for (let k = 0; k < count; k++) {
        store<f32>(to + (<usize>j << 2) + (<usize>k << 4), own < all ? load<f32>(from + <usize>k * lda) : 0);
      }
    }
    to += <usize>count << 4;
  }
}

/** b [inner, columns] into panels of 8 columns, the last one filled up with zeros. Distances in numbers. */
export function pack(inner: i32, columns: i32, b: usize, ldb: usize, to: usize, panel: usize): void {
  for (let n = 0; n < columns; n += 8) {
    let from = b + (<usize>n << 2);
    let at = to;
    const width = columns - n;
    for (let k = 0; k < inner; k++) {
      if (width >= 8) {
        v128.store(at, v128.load(from));
        v128.store(at, v128.load(from, 16), 16);
      } else {
        for (let j = 0; j < 8; j++) {
          store<f32>(at + (<usize>j << 2), j < width ? load<f32>(from + (<usize>j << 2)) : 0);
        }
      }
      from += ldb << 2;
      at += 32;
    }
    to += panel << 2;
  }
}

/** The same for bᵀ, b being [columns, inner]. */
export function packTransposed(inner: i32, columns: i32, b: usize, ldb: usize, to: usize, panel: usize): void {
  ldb <<= 2;
  for (let n = 0; n < columns; n += 8) {
    for (let j = 0; j < 8; j++) {
      const from = b + <usize>(n + j) * ldb;
      const at = to + (<usize>j << 2);
      if (n + j < columns) {
        for (let k = 0; k < inner; k++) store<f32>(at + (<usize>k << 5), load<f32>(from + (<usize>k << 2)));
      } else {
        for (let k = 0; k < inner; k++) store<f32>(at + (<usize>k << 5), 0);
      }
    }
    to += panel << 2;
  }
}
