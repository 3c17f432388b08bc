// Scaling and normalisation of channels. Distances in numbers; where none is given, rows follow one another.
import { sumLanes } from './math';

// @ts-ignore: decorator
@inline
function scaled(x: v128, scale: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(x, scale), shift);
}

/** y = x·scale + shift, one scale and shift for each column. */
export function scaleAndShift(
  rows: i32,
  columns: i32,
  x: usize,
  xRow: usize,
  scale: usize,
  shift: usize,
  y: usize,
  yRow: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < whole; i += 16) {
      v128.store(y + i, scaled(v128.load(x + i), v128.load(scale + i), v128.load(shift + i)));
    }
    for (; i < all; i += 4) store<f32>(y + i, load<f32>(x + i) * load<f32>(scale + i) + load<f32>(shift + i));
    x += xRow << 2;
    y += yRow << 2;
  }
}

/** y = a·p + b·q + r, with one p, q and r for each column. */
export function combine(
  rows: i32,
  columns: i32,
  a: usize,
  p: usize,
  b: usize,
  q: usize,
  r: usize,
  y: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const first = scaled(v128.load(a + i), v128.load(p + i), v128.load(r + i));
      v128.store(y + i, scaled(v128.load(b + i), v128.load(q + i), first));
    }
    for (; i < all; i += 4) {
      const first = load<f32>(a + i) * load<f32>(p + i) + load<f32>(r + i);
      store<f32>(y + i, load<f32>(b + i) * load<f32>(q + i) + first);
    }
    a += all;
    b += all;
    y += all;
  }
}

/**
 * Layer normalisation: normalised = (x − mean)/σ of each row, y = normalised·gain + shift, inverse = 1/σ.
 */
export function layerNormalise(
  rows: i32,
  columns: i32,
  x: usize,
  gain: usize,
  shift: usize,
  epsilon: f32,
  y: usize,
  normalised: usize,
  inverse: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let sums = f32x4.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) sums = f32x4.add(sums, v128.load(x + i));
    let sum = sumLanes(sums);
    for (; i < all; i += 4) sum += load<f32>(x + i);
    const mean = sum / <f32>columns;
    const means = f32x4.splat(mean);

    sums = f32x4.splat(0);
    for (i = 0; i < whole; i += 16) {
      const centred = f32x4.sub(v128.load(x + i), means);
      sums = f32x4.add(sums, f32x4.mul(centred, centred));
      v128.store(normalised + i, centred);
    }
    sum = sumLanes(sums);
    for (; i < all; i += 4) {
      const centred = load<f32>(x + i) - mean;
      sum += centred * centred;
      store<f32>(normalised + i, centred);
    }

    const factor: f32 = 1 / sqrt<f32>(sum / <f32>columns + epsilon);
    const factors = f32x4.splat(factor);
    store<f32>(inverse, factor);
    for (i = 0; i < whole; i += 16) {
      const value = f32x4.mul(v128.load(normalised + i), factors);
      v128.store(normalised + i, value);
      v128.store(y + i, scaled(value, v128.load(gain + i), v128.load(shift + i)));
    }
    for (; i < all; i += 4) {
      const value = load<f32>(normalised + i) * factor;
      store<f32>(normalised + i, value);
      store<f32>(y + i, value * load<f32>(gain + i) + load<f32>(shift + i));
    }
    x += all;
    y += all;
    normalised += all;
    inverse += 4;
  }
}

/** dx = (g·γ − mean(g·γ) − x̂·mean(g·γ·x̂))/σ, means over each row. */
export function layerNormaliseGradient(
  rows: i32,
  columns: i32,
  g: usize,
  normalised: usize,
  inverse: usize,
  gain: usize,
  dx: usize,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const all = <usize>columns << 2;
  for (; rows > 0; rows--) {
    let sums = f32x4.splat(0);
    let products = f32x4.splat(0);
    let i: usize = 0;
    for (; i < whole; i += 16) {
      const value = f32x4.mul(v128.load(g + i), v128.load(gain + i));
      sums = f32x4.add(sums, value);
      products = f32x4.add(products, f32x4.mul(value, v128.load(normalised + i)));
    }
    let sum = sumLanes(sums);
    let product = sumLanes(products);
    for (; i < all; i += 4) {
      const value = load<f32>(g + i) * load<f32>(gain + i);
      sum += value;
      product += value * load<f32>(normalised + i);
    }
    const mean = sum / <f32>columns;
    const along = product / <f32>columns;
    const factor = load<f32>(inverse);
    for (i = 0; i < all; i += 4) {
      const value = load<f32>(g + i) * load<f32>(gain + i);
      store<f32>(dx + i, (value - mean - load<f32>(normalised + i) * along) * factor);
    }
    g += all;
    normalised += all;
    dx += all;
    inverse += 4;
  }
}
