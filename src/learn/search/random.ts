import type { Random } from '../../math/index.js';
import { LearnError } from '../errors.js';

/** How one setting is drawn. Plain JSON. */
export type Range =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** Uniform in the logarithm: each decade alike. */
  | { readonly kind: 'log-uniform'; readonly low: number; readonly high: number }
  /** Whole numbers, both ends included. */
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: readonly (number | string | boolean)[] };

export type SearchSpace = Readonly<Record<string, Range>>;

/** One setting for each name of the space. */
export type Candidate = Readonly<Record<string, number | string | boolean>>;

/** @throws LearnError that names a range from which nothing can be drawn */
export function checkSpace(space: SearchSpace): void {
  for (const [name, range] of Object.entries(space)) {
    const fail = (what: string): never => {
      throw new LearnError(what, { where: `search space, ${name}` });
    };
    if (range.kind === 'choice') {
      if (range.values.length === 0) fail('has no values.');
      continue;
    }
    const { kind, low, high } = range;
    if (!(low <= high && Number.isFinite(high - low)))
      fail(`reaches from ${low} to ${high}; low must not be above high.`);
    if (kind === 'log-uniform' && !(low > 0)) fail(`starts at ${low}; a logarithm needs a number above 0.`);
    if (kind === 'integer' && !(Number.isInteger(low) && Number.isInteger(high) && high - low < 2 ** 32)) {
      fail(`reaches from ${low} to ${high}; both must be whole numbers, less than 2^32 apart.`);
    }
  }
}

/**
 * Draws a candidate (Bergstra & Bengio 2012, JMLR 13:281: better than a grid where few settings matter). Each setting has a stream
 * of its own: one more setting in the space leaves the draws of the others as they were.
 */
export function drawCandidate(space: SearchSpace, random: Random): Candidate {
  return Object.fromEntries(
    Object.entries(space).map(([name, range]) => [name, drawValue(range, random.fork(name))] as const),
  );
}

function drawValue(range: Range, random: Random): number | string | boolean {
  if (range.kind === 'choice') return range.values[random.integer(range.values.length)];
  const { kind, low, high } = range;
  if (kind === 'integer') return low + random.integer(high - low + 1);
  const share = random.uniform();
  const value = kind === 'uniform' ? low + share * (high - low) : low * Math.exp(share * Math.log(high / low));
  // Rounding must not carry a draw past its ends.
  return Math.min(high, Math.max(low, value));
}
