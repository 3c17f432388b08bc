// Softmax and its derivative dx = y·(g − Σ y·g), along each row or down each column. Distances in numbers.
import { exponential, sumLanes } from './math';
import { greatestOf } from './reduce';

export function softmaxColumns(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    const shift = f32x4.splat(greatestOf(columns, x));
    let sums = f32x4.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const e = exponential(f32x4.sub(v128.load(x + i), shift));
      sums = f32x4.add(sums, e);
      v128.store(y + i, e);
    }
    let sum = sumLanes(sums);
    for (; i < all; i += 4) {
      const e = f32x4.extract_lane(exponential(f32x4.sub(v128.load32_splat(x + i), shift)), 0);
      sum += e;
      store<f32>(y + i, e);
    }
    const share = f32x4.splat(1 / sum);
    for (i = 0; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), share));
    for (; i < all; i += 4) store<f32>(y + i, load<f32>(y + i) * (1 / sum));
    x += xRow << 2;
    y += yRow << 2;
  }
}

export function softmaxColumnsGradient(
  rows: i32,
  columns: i32,
  y: usize,
  yRow: usize,
  g: usize,
  gRow: usize,
  dx: usize,
  dxRow: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let sums = f32x4.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(y + i), v128.load(g + i)));
    let sum = sumLanes(sums);
    for (; i < all; i += 4) sum += load<f32>(y + i) * load<f32>(g + i);
    const mean = f32x4.splat(sum);
    for (i = 0; i < whole; i += 16) {
      v128.store(dx + i, f32x4.mul(v128.load(y + i), f32x4.sub(v128.load(g + i), mean)));
    }
    for (; i < all; i += 4) store<f32>(dx + i, load<f32>(y + i) * (load<f32>(g + i) - sum));
    y += yRow << 2;
    g += gRow << 2;
    dx += dxRow << 2;
  }
}

/** Down the columns, four beside each other; those left over one by one, in all four lanes. */
export function softmaxRows(rows: i32, columns: i32, x: usize, xRow: usize, y: usize, yRow: usize): void {
  xRow <<= 2;
  yRow <<= 2;
  for (let n = 0; n < columns; ) {
    const isFour = n + 4 <= columns;
    let best = f32x4.splat(-Infinity);
    let p = x + (<usize>n << 2);
    for (let r = 0; r < rows; r++) {
      best = f32x4.max(best, isFour ? v128.load(p) : v128.load32_splat(p));
      p += xRow;
    }
    p = x + (<usize>n << 2);
    let q = y + (<usize>n << 2);
    let sum = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      const e = exponential(f32x4.sub(isFour ? v128.load(p) : v128.load32_splat(p), best));
      sum = f32x4.add(sum, e);
      if (isFour) v128.store(q, e);
      else v128.store_lane<f32>(q, e, 0);
      p += xRow;
      q += yRow;
    }
    const share = f32x4.div(f32x4.splat(1), sum);
    q = y + (<usize>n << 2);
    for (let r = 0; r < rows; r++) {
      if (isFour) v128.store(q, f32x4.mul(v128.load(q), share));
      else v128.store_lane<f32>(q, f32x4.mul(v128.load32_splat(q), share), 0);
      q += yRow;
    }
    n += isFour ? 4 : 1;
  }
}

export function softmaxRowsGradient(
  rows: i32,
  columns: i32,
  y: usize,
  yRow: usize,
  g: usize,
  gRow: usize,
  dx: usize,
  dxRow: usize,
): void {
  yRow <<= 2;
  gRow <<= 2;
  dxRow <<= 2;
  for (let n = 0; n < columns; ) {
    const isFour = n + 4 <= columns;
    const at = <usize>n << 2;
    let sum = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      const p = y + at + <usize>r * yRow;
      const q = g + at + <usize>r * gRow;
      sum = f32x4.add(
        sum,
        isFour ? f32x4.mul(v128.load(p), v128.load(q)) : f32x4.mul(v128.load32_splat(p), v128.load32_splat(q)),
      );
    }
    for (let r = 0; r < rows; r++) {
      const p = y + at + <usize>r * yRow;
      const q = g + at + <usize>r * gRow;
      const to = dx + at + <usize>r * dxRow;
      if (isFour) v128.store(to, f32x4.mul(v128.load(p), f32x4.sub(v128.load(q), sum)));
      else store<f32>(to, load<f32>(p) * (load<f32>(q) - f32x4.extract_lane(sum, 0)));
    }
    n += isFour ? 4 : 1;
  }
}
