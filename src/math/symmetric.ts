/** Eigenvalues and powers of symmetric matrices, row-major size × size, for sizes up to a few hundred. */

export interface SymmetricEigen {
  /** In rising order. */
  readonly values: Float64Array;
  /** Row-major; row k is the unit eigenvector of value k. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors by cyclic Jacobi rotations (Golub & Van Loan 2013, algorithm 8.5.3); only the upper triangle is read.
 * @throws RangeError when the matrix is not square or holds a number that is not finite
 */
export function calcSymmetricEigen(matrix: Float64Array): SymmetricEigen {
  const size = Math.round(Math.sqrt(matrix.length));
  if (size * size !== matrix.length) throw new RangeError(`a matrix of ${matrix.length} numbers is not square.`);
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  let norm = 0;
  for (let i = 0; i < size; i++) {
    v[i * size + i] = 1;
    for (let j = i; j < size; j++) {
      a[j * size + i] = a[i * size + j];
      norm += (i === j ? 1 : 2) * a[i * size + j] ** 2;
    }
  }
  if (!Number.isFinite(norm)) throw new RangeError('the matrix holds a number that is not finite, or is too large.');
  // Converges quadratically: about ten sweeps at any size; 60 is out of reach.
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) off += 2 * a[i * size + j] ** 2;
    if (off <= 1e-32 * norm) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, k) => k).sort((x, y) => a[x * size + x] - a[y * size + y] || x - y);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(v.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (k) => a[k * size + k]), vectors };
}

/** Turns rows and columns p and q so that a_pq becomes 0. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const tau = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const kp = a[k * size + p];
    const kq = a[k * size + q];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const pk = a[p * size + k];
    const qk = a[q * size + k];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
    const vp = v[p * size + k];
    const vq = v[q * size + k];
    v[p * size + k] = c * vp - s * vq;
    v[q * size + k] = s * vp + c * vq;
  }
}

/**
 * A symmetric positive definite matrix raised to any real power: 0.5 its square root, −0.5 the root's inverse, −1 its inverse.
 * @throws RangeError when the matrix is not positive definite (to about 14 digits); the message says what to add to its diagonal
 */
export function calcSymmetricPower(matrix: Float64Array, power: number): Float64Array {
  const { values, vectors } = calcSymmetricEigen(matrix);
  const size = values.length;
  const largest = values[size - 1] ?? 0;
  if (size > 0 && !(values[0] > largest * size * 1e-16 && values[0] > 0)) {
    throw new RangeError(
      `the matrix is not positive definite: its eigenvalues reach from ${values[0].toExponential(1)} to ${largest.toExponential(1)}. ` +
        'Add a ridge to its diagonal.',
    );
  }
  const out = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const scale = values[k] ** power;
    for (let i = 0; i < size; i++) {
      const vi = scale * vectors[k * size + i];
      for (let j = 0; j < size; j++) out[i * size + j] += vi * vectors[k * size + j];
    }
  }
  return out;
}
