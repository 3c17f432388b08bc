/**
 * First derivative, at the data points, of the natural quintic spline through them: the interpolant with the least
 * ∫ f'''². It is what a degree-5 GCV spline (Woltring 1986, Adv. Eng. Softw. 8:104–113) becomes when no smoothing is asked.
 *
 * f''' is a sum of quadratic B-splines M_j with support [x_j, x_(j+3)] and unit area. By Peano's theorem the third
 * divided difference of f over that support is ∫ M_j f''' / 6, so their Gram matrix (five bands, positive definite) gives
 * f'''; f' then follows at each point from its two neighbours. Cost O(n).
 * @param x strictly increasing
 * @param y one per x; not NaN
 */
export function calcQuinticSplineSlopes(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const n = x.length;
  if (n < 2) return new Float64Array(n);
  if (n === 2) return new Float64Array(2).fill((y[1] - y[0]) / (x[1] - x[0]));

  const h = Float64Array.from({ length: n - 1 }, (_, i) => x[i + 1] - x[i]);
  const third = calcThirdDerivative(x, y, h);
  const slopes = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    // Taylor's theorem to either neighbour, with the integrals of f''' exact; f'' cancels between the two.
    const [left, right] = [h[i - 1], h[i]];
    const ahead = (y[i + 1] - y[i] - remainder(third, i, right, 1)) / right;
    const behind = (y[i] - y[i - 1] + remainder(third, i - 1, left, -1)) / left;
    slopes[i] = (left * ahead + right * behind) / (left + right);
    if (i === 1) slopes[0] = stepToEnd(slopes[1], behind, third, 0, left, -1);
    if (i === n - 2) slopes[n - 1] = stepToEnd(slopes[i], ahead, third, i, right, 1);
  }
  return slopes;
}

/** f''' at the start, the middle and the end of each interval, where it is quadratic: 3 numbers per interval. */
function calcThirdDerivative(x: ArrayLike<number>, y: ArrayLike<number>, h: Float64Array): Float64Array {
  const n = x.length;
  const count = n - 3;
  const third = new Float64Array(3 * (n - 1));
  if (count < 1) return third;

  // The three quadratic pieces of each M_j, by their values at start, middle and end.
  const pieces = new Float64Array(9 * count);
  for (let j = 0; j < count; j++) {
    const [a, b, c] = [h[j], h[j + 1], h[j + 2]];
    const span = a + b + c;
    const atB = (3 * a) / ((a + b) * span);
    const atC = (3 * c) / ((b + c) * span);
    const middle = (1.5 / span) * ((a + b / 2) / (a + b) + (c + b / 2) / (b + c));
    pieces.set([0, atB / 4, atB, atB, middle, atC, atC, atC / 4, 0], 9 * j);
  }

  // Upper bands of the Gram matrix ∫ M_j M_(j+offset).
  const bands = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let j = 0; j < count; j++) {
    for (let offset = 0; offset < 3 && j + offset < count; offset++) {
      let sum = 0;
      for (let piece = offset; piece < 3; piece++) {
        sum += h[j + piece] * integrateProduct(pieces, 9 * j + 3 * piece, 9 * (j + offset) + 3 * (piece - offset));
      }
      bands[offset][j] = sum;
    }
  }
  const weights = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    const s0 = (y[j + 1] - y[j]) / h[j];
    const s1 = (y[j + 2] - y[j + 1]) / h[j + 1];
    const s2 = (y[j + 3] - y[j + 2]) / h[j + 2];
    const d0 = (s1 - s0) / (h[j] + h[j + 1]);
    const d1 = (s2 - s1) / (h[j + 1] + h[j + 2]);
    weights[j] = (6 * (d1 - d0)) / (x[j + 3] - x[j]);
  }
  solveFiveBandsInto(weights, bands);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k < 9; k++) third[3 * j + k] += weights[j] * pieces[9 * j + k];
  }
  return third;
}

/** ∫ over the unit interval of the product of two quadratics given at 0, ½ and 1 (the mass matrix of quadratic elements). */
function integrateProduct(values: Float64Array, p: number, q: number): number {
  const [p0, p1, p2] = [values[p], values[p + 1], values[p + 2]];
  const [q0, q1, q2] = [values[q], values[q + 1], values[q + 2]];
  return (p0 * (4 * q0 + 2 * q1 - q2) + p1 * (2 * q0 + 16 * q1 + 2 * q2) + p2 * (4 * q2 + 2 * q1 - q0)) / 30;
}

/** Solves A·w = w in place for a symmetric positive definite A with main, first and second diagonals `bands` (L D Lᵀ). */
function solveFiveBandsInto(w: Float64Array, bands: readonly Float64Array[]): void {
  const n = w.length;
  const [diagonal, first, second] = bands;
  for (let i = 0; i < n; i++) {
    const d = diagonal[i];
    const l1 = first[i] / d;
    const l2 = second[i] / d;
    if (i + 1 < n) {
      diagonal[i + 1] -= l1 * first[i];
      w[i + 1] -= l1 * w[i];
    }
    if (i + 2 < n) {
      diagonal[i + 2] -= l2 * second[i];
      first[i + 1] -= l1 * second[i];
      w[i + 2] -= l2 * w[i];
    }
    first[i] = l1;
    second[i] = l2;
  }
  for (let i = n - 1; i >= 0; i--) {
    w[i] /= diagonal[i];
    if (i + 1 < n) w[i] -= first[i] * w[i + 1];
    if (i + 2 < n) w[i] -= second[i] * w[i + 2];
  }
}

/** ∫ (X − t)²/2 · f'''(t) dt from a node to its neighbour X across one interval, forwards (1) or backwards (−1). */
function remainder(third: Float64Array, interval: number, h: number, direction: 1 | -1): number {
  const middle = third[3 * interval + 1];
  const near = third[3 * interval + (direction === 1 ? 0 : 2)];
  const far = third[3 * interval + (direction === 1 ? 2 : 0)];
  // Moments of the quadratic's basis functions against (1 − u)²/2 on [0, 1].
  return direction * h ** 3 * ((3 * near) / 40 + middle / 10 - far / 120);
}

/** f' at an end point, one interval beyond a node whose f' and chord (with the f''' part taken off) are known. */
function stepToEnd(slope: number, chord: number, third: Float64Array, interval: number, h: number, direction: 1 | -1) {
  const middle = third[3 * interval + 1];
  const near = third[3 * interval + (direction === 1 ? 0 : 2)];
  // chord = f' ± h f''/2, so ± h f'' = 2 (chord − f'); then add ∫ (X − t) f''' dt.
  return slope + 2 * (chord - slope) + h * h * (near / 6 + middle / 3);
}
