/** How the samples of a signal are spread; missing samples (NaN) and infinite ones are left out. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** Mean, standard deviation (Welford 1962, Technometrics 4:419, doi 10.1080/00401706.1962.10490022) and extremes; NaN where there is no sample. */
export function calcSpread(values: ArrayLike<number>): Spread {
  let [count, mean, squares, min, max] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return { count, mean: Number.NaN, deviation: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { count, mean, deviation: Math.sqrt(squares / count), min, max };
}

/** The value below which a share of the samples lies (nearest rank); NaN where there is none. */
export function calcQuantile(values: ArrayLike<number>, share: number): number {
  const known = Float64Array.from(values).filter(Number.isFinite).sort();
  return known.length === 0 ? Number.NaN : known[Math.min(known.length - 1, Math.floor(share * known.length))];
}

/** Pearson's correlation over the samples that both signals have; NaN with fewer than 3, or where one does not vary. */
export function calcCorrelation(a: ArrayLike<number>, b: ArrayLike<number>, use?: (i: number) => boolean): number {
  const length = Math.min(a.length, b.length);
  let [count, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  // The first common sample as origin keeps the sums small beside their differences.
  let [a0, b0] = [Number.NaN, Number.NaN];
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i]) || (use && !use(i))) continue;
    if (count === 0) [a0, b0] = [a[i], b[i]];
    const [x, y] = [a[i] - a0, b[i] - b0];
    count++;
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
  }
  const [va, vb] = [saa - (sa * sa) / count, sbb - (sb * sb) / count];
  if (count < 3 || !(va > 1e-12 * saa) || !(vb > 1e-12 * sbb)) return Number.NaN;
  return (sab - (sa * sb) / count) / Math.sqrt(va * vb);
}
