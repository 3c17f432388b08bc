/**
 * Adam with decoupled weight decay; names as in operators/adam.ts. `step`, `correction` and `shrink` are one number
 * each. A result may lie where its old value lies.
 */
export function adam(
  size: i32,
  weights: usize,
  gradient: usize,
  first: usize,
  second: usize,
  step: usize,
  correction: usize,
  shrink: usize,
  decayed: usize,
  firstDecay: f32,
  secondDecay: f32,
  epsilon: f32,
  nextWeights: usize,
  nextFirst: usize,
  nextSecond: usize,
): void {
  const steps = v128.load32_splat(step);
  const corrections = v128.load32_splat(correction);
  const shrinks = v128.load32_splat(shrink);
  const whole = <usize>(size & ~3) << 2;
  const all = <usize>size << 2;
  for (let i: usize = 0; i < all; i += i < whole ? 16 : 4) {
    const isFour = i < whole;
    const g = isFour ? v128.load(gradient + i) : v128.load32_splat(gradient + i);
    const w = isFour ? v128.load(weights + i) : v128.load32_splat(weights + i);
    const m = isFour ? v128.load(first + i) : v128.load32_splat(first + i);
    const v = isFour ? v128.load(second + i) : v128.load32_splat(second + i);
    const mark = isFour ? v128.load(decayed + i) : v128.load32_splat(decayed + i);
    const mean = f32x4.add(f32x4.mul(m, f32x4.splat(firstDecay)), f32x4.mul(g, f32x4.splat(1 - firstDecay)));
    const square = f32x4.add(
      f32x4.mul(v, f32x4.splat(secondDecay)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(1 - secondDecay)),
    );
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(square), corrections), f32x4.splat(epsilon));
    const shrunk = f32x4.sub(w, f32x4.mul(w, f32x4.mul(mark, shrinks)));
    const next = f32x4.sub(shrunk, f32x4.div(f32x4.mul(mean, steps), scale));
    if (isFour) {
      v128.store(nextWeights + i, next);
      v128.store(nextFirst + i, mean);
      v128.store(nextSecond + i, square);
    } else {
      v128.store_lane<f32>(nextWeights + i, next, 0);
      v128.store_lane<f32>(nextFirst + i, mean, 0);
      v128.store_lane<f32>(nextSecond + i, square, 0);
    }
  }
}
