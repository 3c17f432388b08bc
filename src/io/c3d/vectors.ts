/** A point or direction in three dimensions. */
export type Vector3 = readonly [number, number, number];

export const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Length 1; NaN for a vector without length. */
export const normalise = (a: Vector3): Vector3 => {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** R·a, where the columns of R are the axes. */
export const rotate = ([x, y, z]: readonly [Vector3, Vector3, Vector3], a: Vector3): Vector3 => [
  x[0] * a[0] + y[0] * a[1] + z[0] * a[2],
  x[1] * a[0] + y[1] * a[1] + z[1] * a[2],
  x[2] * a[0] + y[2] * a[1] + z[2] * a[2],
];
