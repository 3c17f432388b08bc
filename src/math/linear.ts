/** Dense symmetric positive definite systems by Cholesky factorisation (Golub & Van Loan 2013, algorithm 4.2.1). Matrices are row-major, size × size. */

/**
 * Lower factor L with L·Lᵀ = matrix; only the lower triangle of `matrix` is read. `out` may be `matrix` itself.
 * @returns -1, or the 0-based row whose pivot is not positive: the matrix is then not positive definite and `out` is unfinished
 */
export function factorCholeskyInto(out: Float64Array, matrix: Float64Array, size: number): number {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= out[i * size + k] * out[j * size + k];
      if (i !== j) out[i * size + j] = sum / out[j * size + j];
      else if (sum > 0 && sum < Number.POSITIVE_INFINITY) out[i * size + i] = Math.sqrt(sum);
      else return i;
    }
  }
  return -1;
}

/** Solves L·Lᵀ·x = b from a factor of `factorCholeskyInto`. `out` may be `rightHandSide` itself. */
export function solveCholeskyInto(
  out: Float64Array,
  factor: Float64Array,
  rightHandSide: Float64Array,
  size: number,
): void {
  for (let i = 0; i < size; i++) {
    let sum = rightHandSide[i];
    for (let k = 0; k < i; k++) sum -= factor[i * size + k] * out[k];
    out[i] = sum / factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = out[i];
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i] * out[k];
    out[i] = sum / factor[i * size + i];
  }
}

/**
 * Solves matrix·x = b for one or more right-hand sides, as in ridge regression.
 * @param matrix size × size, symmetric positive definite; unchanged
 * @param rightHandSides one array of `size` per column; unchanged
 * @throws RangeError when sizes disagree, or when the matrix is not positive definite; the message says what to add to its diagonal
 */
export function solvePositiveDefinite(matrix: Float64Array, rightHandSides: readonly Float64Array[]): Float64Array[] {
  const size = Math.round(Math.sqrt(matrix.length));
  if (size * size !== matrix.length) throw new RangeError(`a matrix of ${matrix.length} numbers is not square.`);
  for (const b of rightHandSides)
    if (b.length !== size) throw new RangeError(`a right-hand side has ${b.length} rows, the matrix ${size}.`);
  const factor = new Float64Array(matrix.length);
  const row = factorCholeskyInto(factor, matrix, size);
  if (row >= 0) {
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(matrix[i * size + i]));
    throw new RangeError(
      `the matrix is not positive definite: row ${row + 1} of ${size} depends on the rows before it. ` +
        `Add a ridge of at least ${(largest * size * 1e-14).toExponential(1)} to its diagonal.`,
    );
  }
  return rightHandSides.map((b) => {
    const x = new Float64Array(size);
    solveCholeskyInto(x, factor, b, size);
    return x;
  });
}
