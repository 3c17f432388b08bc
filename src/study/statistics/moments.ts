/** Arithmetic mean; NaN of nothing. */
export function calcMean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Sum of squared distances from the mean. */
export function calcSquares(values: ArrayLike<number>): number {
  const mean = calcMean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return sum;
}

/** Standard deviation with n − 1; NaN of fewer than two. */
export function calcDeviation(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : Math.sqrt(calcSquares(values) / (values.length - 1));
}

/** Value below which a share of the sorted values lies, linear between neighbours (Hyndman & Fan 1996, type 7, doi 10.2307/2684934). */
export function calcQuantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
