/** Rotation matrices as nine numbers in row order, at an offset of a flat array, so that whole chains share one array. */

/** Writes the rotation of body-fixed XYZ angles (rad) at `out[at…at+8]`. */
export function writeRotationXyzInto(out: Float64Array, at: number, angles: readonly [number, number, number]): void {
  const [sx, sy, sz] = angles.map(Math.sin);
  const [cx, cy, cz] = angles.map(Math.cos);
  out[at] = cy * cz;
  out[at + 1] = -cy * sz;
  out[at + 2] = sy;
  out[at + 3] = cx * sz + sx * sy * cz;
  out[at + 4] = cx * cz - sx * sy * sz;
  out[at + 5] = -sx * cy;
  out[at + 6] = sx * sz - cx * sy * cz;
  out[at + 7] = sx * cz + cx * sy * sz;
  out[at + 8] = cx * cy;
}

/** Turns the matrix at `at` by `angle` (rad) about a unit axis given in its own frame: R ← R · Rot(axis, angle). */
export function turnRotationInto(out: Float64Array, at: number, x: number, y: number, z: number, angle: number): void {
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const v = 1 - c;
  // Rodrigues' formula.
  const r00 = c + v * x * x;
  const r01 = v * x * y - s * z;
  const r02 = v * x * z + s * y;
  const r10 = v * x * y + s * z;
  const r11 = c + v * y * y;
  const r12 = v * y * z - s * x;
  const r20 = v * x * z - s * y;
  const r21 = v * y * z + s * x;
  const r22 = c + v * z * z;
  for (let row = at; row < at + 9; row += 3) {
    const a = out[row];
    const b = out[row + 1];
    const d = out[row + 2];
    out[row] = a * r00 + b * r10 + d * r20;
    out[row + 1] = a * r01 + b * r11 + d * r21;
    out[row + 2] = a * r02 + b * r12 + d * r22;
  }
}

/** out ← a · b, each at its offset; `out` may not overlap `a` or `b`. */
export function multiplyRotationsInto(
  out: Float64Array,
  at: number,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
): void {
  for (let i = 0; i < 3; i++) {
    const a0 = a[aAt + 3 * i];
    const a1 = a[aAt + 3 * i + 1];
    const a2 = a[aAt + 3 * i + 2];
    for (let j = 0; j < 3; j++) {
      out[at + 3 * i + j] = a0 * b[bAt + j] + a1 * b[bAt + 3 + j] + a2 * b[bAt + 6 + j];
    }
  }
}

/** out ← origin + R · (x, y, z): a point of a frame, seen from outside. */
export function placePointInto(
  out: Float64Array,
  at: number,
  rotation: Float64Array,
  rotationAt: number,
  origin: Float64Array,
  originAt: number,
  x: number,
  y: number,
  z: number,
): void {
  for (let i = 0; i < 3; i++) {
    const row = rotationAt + 3 * i;
    out[at + i] = origin[originAt + i] + rotation[row] * x + rotation[row + 1] * y + rotation[row + 2] * z;
  }
}
