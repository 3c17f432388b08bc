import {
  calcFriedman,
  calcHolm,
  calcWilcoxon,
  type FriedmanResult,
  type WilcoxonResult,
} from '../../statistics/index.js';
import { keepComplete, listColumn, type Matrix } from './matrix.js';

/** One treatment against the reference, participant by participant. */
export interface Contrast<T> {
  readonly treatment: T;
  /** Of reference − treatment: a negative location is a lower error of the reference. */
  readonly test: WilcoxonResult;
  /** Corrected for all contrasts with the reference (Holm). */
  readonly adjustedP: number;
}

export interface Comparison<T> {
  /** Participants with a value under every treatment: those that were compared. */
  readonly n: number;
  /** Participants left out for want of one. */
  readonly left_out: number;
  readonly reference: T;
  /** Null of two treatments. */
  readonly friedman: FriedmanResult | null;
  readonly contrasts: readonly Contrast<T>[];
  /** The smallest corrected p that the first contrast could have had, whatever the data: above 0.05 nothing can be significant. */
  readonly smallest_adjustedP: number;
}

/**
 * Friedman's test over all treatments, then the reference against each other one (Wilcoxon signed-rank, Holm): as many comparisons as there
 * are questions, not as there are pairs, for with few participants every further one costs the power to find any.
 * @param isAsked whether the reference is to be compared with a treatment: not with one that is there to show what nothing would give
 * @returns undefined with fewer than three complete participants or two treatments.
 */
export function compareTreatments<T>(
  matrix: Matrix<T>,
  reference: T,
  isAsked: (treatment: T) => boolean = () => true,
): Comparison<T> | undefined {
  const complete = keepComplete(matrix);
  const column = complete.treatments.indexOf(reference);
  const n = complete.participants.length;
  if (n < 3 || column < 0 || complete.treatments.length < 2) return undefined;
  const columns = complete.treatments.map((_, i) => listColumn(complete, i));
  const others = complete.treatments.flatMap((treatment, i) =>
    i === column || !isAsked(treatment) ? [] : [{ treatment, test: calcWilcoxon(columns[column], columns[i]) }],
  );
  const adjusted = calcHolm(others.map(({ test }) => test.p));
  return {
    n,
    left_out: matrix.participants.length - n,
    reference,
    friedman: columns.length > 2 ? calcFriedman(columns) : null,
    contrasts: others.map((other, i) => ({ ...other, adjustedP: adjusted[i] })),
    smallest_adjustedP: Math.min(1, (others.length * 2) / 2 ** n),
  };
}
