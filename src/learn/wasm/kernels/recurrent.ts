// One step of a GRU over all windows, once its products are made; names as in operators/gru.ts.
import { multiplyAdd } from './fused';
import { hyperbolicTangent, sigmoid } from './math';

// @ts-ignore: decorator
@inline
function read(p: usize, isFour: bool): v128 {
  return isFour ? v128.load(p) : v128.load32_splat(p);
}

// @ts-ignore: decorator
@inline
function write(p: usize, value: v128, isFour: bool): void {
  if (isFour) v128.store(p, value);
  else v128.store_lane<f32>(p, value, 0);
}

// @ts-ignore: decorator
@inline
function step(i: usize, r: usize, z: usize, q: usize, n: usize, before: usize, h: usize, isFour: bool): void {
  const reset = sigmoid(read(r + i, isFour));
  const update = sigmoid(read(z + i, isFour));
  const candidate = hyperbolicTangent(multiplyAdd(reset, read(q + i, isFour), read(n + i, isFour)));
  const old = before ? read(before + i, isFour) : f32x4.splat(0);
  write(r + i, reset, isFour);
  write(z + i, update, isFour);
  write(n + i, candidate, isFour);
  write(h + i, multiplyAdd(update, f32x4.sub(old, candidate), candidate), isFour);
}

/**
 * r, z and n hold their sums before the function and then the gates; h = n + z∘(before − n). `before` is 0 at the start.
 */
export function gruStep(size: i32, r: usize, z: usize, q: usize, n: usize, before: usize, h: usize): void {
  const all = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= all; i += 16) step(i, r, z, q, n, before, h, true);
  for (; i < all; i += 4) step(i, r, z, q, n, before, h, false);
}

// @ts-ignore: decorator
@inline
function stepBack(
  i: usize,
  g: usize,
  r: usize,
  z: usize,
  q: usize,
  n: usize,
  before: usize,
  dr: usize,
  dz: usize,
  dq: usize,
  dn: usize,
  direct: usize,
  gBefore: usize,
  isFour: bool,
): void {
  const one = f32x4.splat(1);
  const gradient = read(g + i, isFour);
  const reset = read(r + i, isFour);
  const update = read(z + i, isFour);
  const candidate = read(n + i, isFour);
  const old = before ? read(before + i, isFour) : f32x4.splat(0);
  const toCandidate = f32x4.mul(
    f32x4.mul(gradient, f32x4.sub(one, update)),
    f32x4.sub(one, f32x4.mul(candidate, candidate)),
  );
  const toProduct = f32x4.mul(toCandidate, reset);
  write(dn + i, toCandidate, isFour);
  write(dq + i, toProduct, isFour);
  write(dr + i, f32x4.mul(f32x4.mul(toProduct, read(q + i, isFour)), f32x4.sub(one, reset)), isFour);
  const kept = f32x4.mul(gradient, update);
  write(dz + i, f32x4.mul(f32x4.mul(kept, f32x4.sub(one, update)), f32x4.sub(old, candidate)), isFour);
  if (gBefore) write(gBefore + i, f32x4.add(kept, read(direct + i, isFour)), isFour);
}

/**
 * From g, the whole derivative by h: those by the sums before each function, and gBefore = g∘z + direct, to which the
 * products with U are still to be added. At the first step `before` and `gBefore` are 0.
 */
export function gruStepGradient(
  size: i32,
  g: usize,
  r: usize,
  z: usize,
  q: usize,
  n: usize,
  before: usize,
  dr: usize,
  dz: usize,
  dq: usize,
  dn: usize,
  direct: usize,
  gBefore: usize,
): void {
  const all = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= all; i += 16) stepBack(i, g, r, z, q, n, before, dr, dz, dq, dn, direct, gBefore, true);
  for (; i < all; i += 4) stepBack(i, g, r, z, q, n, before, dr, dz, dq, dn, direct, gBefore, false);
}
