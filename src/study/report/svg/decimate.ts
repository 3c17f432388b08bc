import type { Series } from '../types.js';

/**
 * Indices of the samples a plot of `columns` columns can show: of each column the first, lowest, highest and last
 * (the M4 aggregation of Jugel et al. 2014, PVLDB 7:797), and one missing sample where there is a gap.
 * Indices increase; a short series keeps all of its samples.
 */
export function decimate(values: Series, columns: number): number[] {
  const count = values.length;
  if (count <= 4 * columns) return Array.from({ length: count }, (_, i) => i);
  const kept: number[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * count) / columns);
    const end = Math.floor(((column + 1) * count) / columns);
    const chosen = new Set<number>();
    let first = -1;
    let last = -1;
    let lowest = -1;
    let highest = -1;
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (value === null || !Number.isFinite(value)) {
        // One sample is enough to break the line, but it must lie between the samples it parts.
        if (i === start || isPresent(values[i - 1])) chosen.add(i);
        continue;
      }
      if (first < 0) first = i;
      last = i;
      if (lowest < 0 || value < values[lowest]!) lowest = i;
      if (highest < 0 || value > values[highest]!) highest = i;
      // The samples beside a gap are its edges.
      if ((i > 0 && !isPresent(values[i - 1])) || (i + 1 < count && !isPresent(values[i + 1]))) chosen.add(i);
    }
    for (const i of [first, lowest, highest, last]) if (i >= 0) chosen.add(i);
    kept.push(...[...chosen].sort((a, b) => a - b));
  }
  return kept;
}

function isPresent(value: number | null): boolean {
  return value !== null && Number.isFinite(value);
}
