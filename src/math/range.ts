/** Smallest and largest value, NaN left out; [∞, −∞] when there is none. */
export function findRange(values: ArrayLike<number>): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

/** Largest absolute value, NaN left out; 0 when there is none. */
export function findPeak(values: ArrayLike<number>): number {
  const [low, high] = findRange(values);
  return Math.max(0, -low, high);
}
