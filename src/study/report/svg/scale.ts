import { formatNumber, formatSignificant } from '../format.js';

export type Domain = readonly [number, number];

/** Maps data to pixels. */
export interface Scale {
  readonly domain: Domain;
  readonly ticks: readonly number[];
  readonly calc: (value: number) => number;
  readonly format: (tick: number) => string;
}

/**
 * Round numbers in [low, high], evenly spaced by 1, 2 or 5 times a power of ten; at most `most` + 1 of them.
 * A domain of no width has the one tick.
 */
export function findTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const step = findStep(low, high, most);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => multiply(first + i, step));
}

/** The domain widened to round numbers; a domain of no width grows around its value. */
export function findRoundDomain(low: number, high: number, most = 5): Domain {
  if (!(high > low)) {
    const half = Math.abs(low) > 0 ? Math.abs(low) / 2 : 1;
    return findRoundDomain(low - half, low + half, most);
  }
  const step = findStep(low, high, most);
  return [multiply(Math.floor(low / step + 1e-9), step), multiply(Math.ceil(high / step - 1e-9), step)];
}

/** Smallest and largest number of several series, with `include`; [0, 1] when there is none. */
export function findExtent(series: readonly (readonly (number | null)[])[], include: readonly number[] = []): Domain {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of [...series, include]) {
    for (const value of values) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** A linear scale from `domain` to the pixels `range`. */
export function makeLinearScale(domain: Domain, range: Domain, most = 5): Scale {
  const [low, high] = domain[1] > domain[0] ? domain : findRoundDomain(domain[0], domain[0]);
  const ticks = findTicks(low, high, most);
  const decimals = countDecimals(findStep(low, high, most));
  return {
    domain: [low, high],
    ticks,
    calc: (value) => range[0] + ((value - low) / (high - low)) * (range[1] - range[0]),
    format: (tick) => (decimals > 5 ? formatSignificant(tick, 2) : formatNumber(tick, decimals)),
  };
}

/** A logarithmic scale; `domain` is positive. Ticks are 1, 2 and 5 times powers of ten, only the powers over more than two decades. */
export function makeLogScale(domain: Domain, range: Domain): Scale {
  const low = Math.log10(domain[0]);
  const high = Math.log10(domain[1]);
  const steps = high - low > 2 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= domain[0] * (1 - 1e-9) && tick <= domain[1] * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return {
    domain,
    ticks,
    calc: (value) => range[0] + ((Math.log10(value) - low) / (high - low)) * (range[1] - range[0]),
    format: (tick) => formatSignificant(tick, 1),
  };
}

function findStep(low: number, high: number, most: number): number {
  const raw = (high - low) / most;
  const power = Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => Number(`${candidate}e${power}`) >= raw * (1 - 1e-9)) ?? 10;
  return Number(`${factor}e${power}`);
}

/** `count` steps without the binary crumbs of 3 × 0.1. */
function multiply(count: number, step: number): number {
  return count === 0 ? 0 : Number((count * step).toPrecision(12));
}

function countDecimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}
