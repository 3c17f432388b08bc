import { calcHolm, calcWilcoxon, type WilcoxonResult } from '../../statistics/index.js';
import type { Policy } from '../conditions.js';
import { remember } from './remember.js';
import { calcInterval, calcMedian, calcSpread, type Spread } from './spread.js';
import { findPoint, fromScratch, listSeconds, notAdapted, type TransferCurve } from './transfer.js';

/** A model, how it was adapted, with how many seconds, and how it did. */
export interface Choice extends Policy {
  readonly adaptation_s: number;
  readonly spread: Spread;
}

/** A choice against another with the same seconds, participant by participant. */
export interface PairedGain {
  readonly adaptation_s: number;
  /** Of choice − other: negative where the choice has the lower error. */
  readonly test: WilcoxonResult;
  /** Corrected for all numbers of seconds (Holm). */
  readonly adjustedP: number;
}

export interface PairedGains {
  /** Of each participant's mean error over all seconds: one question, one test. */
  readonly overall: WilcoxonResult;
  readonly each: readonly PairedGain[];
}

export interface Recommendation {
  /** Participants with every figure that is compared. */
  readonly n: number;
  /** How near to the best is near enough, as a share of its error. */
  readonly tolerance: number;
  /** The lowest median of all. */
  readonly best: Choice;
  /** The fewest seconds with which some policy comes near enough, and the best policy there. */
  readonly enough: Choice;
  /** 95 % bootstrap interval (participants drawn) of those seconds; null of fewer than five participants. */
  readonly enough_interval_s: readonly [number, number] | null;
  /** The best model and policy against training from scratch on the same seconds; undefined where that is what is best, or was not tried. */
  readonly against_scratch: PairedGains | undefined;
  /** The same against no adaptation. */
  readonly against_none: PairedGains | undefined;
  /** The fewest seconds from which training from scratch (same model) comes near enough; null where it never does. */
  readonly scratch_enough_s: number | null;
}

/** How near to the lowest median is near enough. */
const tolerance = 0.05;

interface Candidate extends Policy {
  readonly adaptation_s: number;
  /** One error per complete participant. */
  readonly values: readonly number[];
}

/**
 * How many seconds of a new person are needed: the fewest with which some policy's median error is within `tolerance` of the lowest median.
 * The policy and the seconds are chosen on the very participants they are reported for, so both medians flatter a little.
 * Undefined where fewer than three participants have all figures, or nothing was adapted.
 */
export const recommend = remember((curves: readonly TransferCurve[]): Recommendation | undefined => {
  const participants = listComplete(curves);
  const all: Candidate[] = curves.flatMap(({ model, policy, points }) =>
    points.map(({ adaptation_s, values }) => ({
      model,
      policy,
      // Who is not adapted needs no seconds, whatever number they were tested beside.
      adaptation_s: policy === notAdapted ? 0 : adaptation_s,
      values: participants.map((name) => values.get(name)!),
    })),
  );
  if (participants.length < 3 || !all.some(({ adaptation_s }) => adaptation_s > 0)) return undefined;
  const indices = participants.map((_, i) => i);
  const best = findLowest(all, indices);
  const enough = findEnough(all, indices);
  const line = curves.find(({ model, policy }) => model === best.model && policy === best.policy)!;
  const limit = (1 + tolerance) * calcMedian(best.values);
  const scratch = all
    .filter(({ model, policy }) => model === best.model && policy === fromScratch)
    .filter(({ values }) => calcMedian(values) <= limit)
    .map(({ adaptation_s }) => adaptation_s);
  const against = (policy: string) =>
    compare(
      line,
      curves.find((curve) => curve.model === best.model && curve.policy === policy),
      participants,
    );
  return {
    n: participants.length,
    tolerance,
    best: describe(best),
    enough: describe(enough),
    enough_interval_s: calcInterval(indices, (drawn) => findEnough(all, drawn).adaptation_s, 'enough'),
    against_scratch: against(fromScratch),
    against_none: against(notAdapted),
    scratch_enough_s: scratch.length === 0 ? null : Math.min(...scratch),
  };
});

const describe = ({ values, ...choice }: Candidate): Choice => ({ ...choice, spread: calcSpread(values) });

/** Participants whose error is known at every point of every curve. */
function listComplete(curves: readonly TransferCurve[]): string[] {
  const points = curves.flatMap((curve) => curve.points);
  return [...(points[0]?.values.keys() ?? [])].filter((name) => points.every(({ values }) => values.has(name)));
}

function findLowest(all: readonly Candidate[], drawn: readonly number[]): Candidate {
  const median = ({ values }: Candidate) => calcMedian(drawn.map((i) => values[i]));
  return all.reduce((best, one) => (median(one) < median(best) ? one : best));
}

function findEnough(all: readonly Candidate[], drawn: readonly number[]): Candidate {
  const medians = all.map(({ values }) => calcMedian(drawn.map((i) => values[i])));
  const limit = (1 + tolerance) * Math.min(...medians);
  let chosen = -1;
  all.forEach(({ adaptation_s }, i) => {
    if (medians[i] > limit) return;
    const fewer = chosen < 0 || adaptation_s < all[chosen].adaptation_s;
    if (fewer || (adaptation_s === all[chosen].adaptation_s && medians[i] < medians[chosen])) chosen = i;
  });
  return all[chosen];
}

function compare(
  own: TransferCurve,
  other: TransferCurve | undefined,
  participants: readonly string[],
): PairedGains | undefined {
  if (other === undefined || other === own) return undefined;
  const list = ({ values }: { readonly values: ReadonlyMap<string, number> }) =>
    participants.map((name) => values.get(name)!);
  const pairs = listSeconds([own]).flatMap((adaptation_s) => {
    const [a, b] = [findPoint(own, adaptation_s), findPoint(other, adaptation_s)];
    return adaptation_s > 0 && a && b ? [{ adaptation_s, a: list(a), b: list(b) }] : [];
  });
  if (pairs.length === 0) return undefined;
  const average = (lists: readonly (readonly number[])[]) =>
    participants.map((_, i) => lists.reduce((sum, values) => sum + values[i], 0) / lists.length);
  const tests = pairs.map(({ a, b }) => calcWilcoxon(a, b));
  const adjusted = calcHolm(tests.map(({ p }) => p));
  return {
    overall: calcWilcoxon(average(pairs.map(({ a }) => a)), average(pairs.map(({ b }) => b))),
    each: pairs.map(({ adaptation_s }, i) => ({ adaptation_s, test: tests[i], adjustedP: adjusted[i] })),
  };
}
