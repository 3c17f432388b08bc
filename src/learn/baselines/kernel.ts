import type { Pace } from './pace.js';

/** linear: x·z; rbf: exp(−gamma |x − z|²). */
export type Kernel = 'linear' | 'rbf';

/**
 * Inner products (linear) or squared distances (rbf) of all rows of `a` with all rows of `b`, from which `bendInto` makes the
 * kernel of any gamma.
 * @returns row-major [rows of a, rows of b]; single precision, as the matrix of 4000 rows is 64 MB then
 */
export async function calcRelations(
  kernel: Kernel,
  a: Float64Array,
  b: Float64Array,
  features: number,
  pace: Pace,
): Promise<Float32Array> {
  const rows = a.length / features;
  const columns = b.length / features;
  const isSame = a === b;
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = isSame ? i : 0; j < columns; j++) {
      const relation = relate(kernel, a, i * features, b, j * features, features);
      out[i * columns + j] = relation;
      if (isSame) out[j * columns + i] = relation;
    }
    await pace();
  }
  return out;
}

/** Inner product or squared distance of two rows of `features` values that start at `atA` and `atB`. */
export function relate(
  kernel: Kernel,
  a: ArrayLike<number>,
  atA: number,
  b: ArrayLike<number>,
  atB: number,
  features: number,
): number {
  // Four sums side by side: the processor need not wait for one addition before the next.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = features - (features % 4);
  let k = 0;
  if (kernel === 'linear') {
    for (; k < whole; k += 4) {
      s0 += a[atA + k] * b[atB + k];
      s1 += a[atA + k + 1] * b[atB + k + 1];
      s2 += a[atA + k + 2] * b[atB + k + 2];
      s3 += a[atA + k + 3] * b[atB + k + 3];
    }
    for (; k < features; k++) s0 += a[atA + k] * b[atB + k];
    return s0 + s1 + (s2 + s3);
  }
  for (; k < whole; k += 4) {
    const d0 = a[atA + k] - b[atB + k];
    const d1 = a[atA + k + 1] - b[atB + k + 1];
    const d2 = a[atA + k + 2] - b[atB + k + 2];
    const d3 = a[atA + k + 3] - b[atB + k + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; k < features; k++) s0 += (a[atA + k] - b[atB + k]) ** 2;
  return s0 + s1 + (s2 + s3);
}

/** Kernel values from relations; `out` may be `relations` itself. */
export function bendInto(out: Float32Array, kernel: Kernel, relations: Float32Array, gamma: number): void {
  if (kernel === 'linear') out.set(relations);
  else for (let k = 0; k < relations.length; k++) out[k] = Math.exp(-gamma * relations[k]);
}
