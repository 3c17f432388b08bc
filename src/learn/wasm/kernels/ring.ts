// A ring of frames, of which the oldest gives its place to the newest. Its place is a number that is carried from run to
// run; one outside the ring counts as the first.

// @ts-ignore: decorator
@inline
function placeOf(span: i32, position: usize): i32 {
  const value = load<f32>(position);
  return value >= 0 && value < <f32>span ? <i32>value : 0;
}

/** ring[position] = x, of `columns` numbers. */
export function putFrame(span: i32, columns: i32, x: usize, position: usize, ring: usize): void {
  memory.copy(ring + ((<usize>placeOf(span, position) * <usize>columns) << 2), x, <usize>columns << 2);
}

/** The place of the next frame. */
export function advance(span: i32, position: usize, next: usize): void {
  const place: i32 = placeOf(span, position) + 1;
  const wrapped: i32 = place === span ? 0 : place;
  store<f32>(next, <f32>wrapped);
}
