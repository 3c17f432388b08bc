/**
 * Derivative of max pooling: of each block of `size` frames of `length` numbers, the greatest gets g, of equal ones the
 * first; the others get zero.
 */
export function maxPoolGradient(blocks: i32, size: i32, length: i32, x: usize, g: usize, dx: usize): void {
  const row = <usize>length << 2;
  const whole = <usize>(length & ~3) << 2;
  for (; blocks > 0; blocks--) {
    for (let i: usize = 0; i < row; i += i < whole ? 16 : 4) {
      const isFour = i < whole;
      let best = isFour ? v128.load(x + i) : v128.load32_splat(x + i);
      let at = i32x4.splat(0);
      for (let k = 1; k < size; k++) {
        const p = x + i + <usize>k * row;
        const value = isFour ? v128.load(p) : v128.load32_splat(p);
        const isGreater = f32x4.gt(value, best);
        best = v128.bitselect(value, best, isGreater);
        at = v128.bitselect(i32x4.splat(k), at, isGreater);
      }
      const gradient = isFour ? v128.load(g + i) : v128.load32_splat(g + i);
      for (let k = 0; k < size; k++) {
        const p = dx + i + <usize>k * row;
        const share = v128.and(gradient, i32x4.eq(at, i32x4.splat(k)));
        if (isFour) v128.store(p, share);
        else v128.store_lane<f32>(p, share, 0);
      }
    }
    x += row * <usize>size;
    dx += row * <usize>size;
    g += row;
  }
}
