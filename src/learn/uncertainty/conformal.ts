import { LearnError } from '../errors.js';
import { findGroupMargin, findMargin, type Margin } from './margin.js';

/** Predictions of one output over some rows, with what a form of interval needs beside them. */
export interface UncertainPredictions {
  /** [rows] */
  readonly prediction?: ArrayLike<number>;
  /** Spread of an ensemble, at least 0, in units of the prediction [rows]. */
  readonly spread?: ArrayLike<number>;
  /** Lower and upper quantile of quantile heads [rows]. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
}

/**
 * How an interval is made of a prediction and a margin m, and what the held-out score is:
 * - absolute: prediction ± m; score |y − prediction| (Lei et al. 2018, doi 10.1080/01621459.2017.1307116);
 * - normalised: prediction ± m·(spread + floor); score |y − prediction| / (spread + floor) (same, locally weighted);
 * - quantile: [lower − m, upper + m]; score max(lower − y, y − upper), below 0 where y lies inside
 *   (conformalised quantile regression: Romano, Patterson & Candès 2019, NeurIPS 32).
 */
export type IntervalForm =
  | { readonly kind: 'absolute' }
  | { readonly kind: 'normalised'; readonly floor: number }
  | { readonly kind: 'quantile' };

/** Intervals calibrated on held-out rows. Plain JSON. */
export interface Conformal {
  readonly form: IntervalForm;
  readonly all: Margin;
  /** A margin for each category, with a promise for that category alone; undefined where no categories were given. */
  readonly byCategory?: Readonly<Record<string, Margin>>;
}

export interface ConformalOptions {
  /** Share of new labels that may lie outside, 0 to 1. */
  readonly alpha: number;
  readonly form: IntervalForm;
  /** The participant of each row. Without it rows count as exchangeable, which neighbouring windows are not. */
  readonly groups?: ArrayLike<string | number>;
  /** Asks for a promise about each new group and not only on average: see `findGroupMargin`. Needs groups. */
  readonly confidence?: number;
  /** Kind of each row, such as its activity: one margin for each ("Mondrian", Vovk, Gammerman & Shafer 2005). */
  readonly categories?: ArrayLike<string>;
}

/**
 * Split-conformal calibration on rows that neither training nor early stopping has seen.
 * @param labels [rows], in units of the prediction
 * @throws LearnError where a series that the form needs is missing or of another length, or an option is out of its range
 */
export function fitConformal(
  held: UncertainPredictions,
  labels: ArrayLike<number>,
  { alpha, form, groups, confidence, categories }: ConformalOptions,
): Conformal {
  if (form.kind === 'normalised' && !(form.floor > 0 && Number.isFinite(form.floor))) {
    throw new LearnError(`must be above 0, is ${form.floor}.`, {
      where: 'form.floor',
      mend: 'A small share of the deviation of the labels will do.',
    });
  }
  if (confidence !== undefined && !groups) {
    throw new LearnError('needs the group of each row.', { where: 'confidence' });
  }
  if (categories && categories.length !== labels.length) {
    throw new LearnError(`${categories.length} categories for ${labels.length} rows.`, { where: 'categories' });
  }
  const scores = Float64Array.from(labels, (label, k) => calcScore(form, held, k, label, labels.length));
  const find = (chosen: readonly number[]): Margin => {
    const own = chosen.map((k) => scores[k]);
    const ownGroups = groups && chosen.map((k) => groups[k]);
    return confidence !== undefined && ownGroups
      ? findGroupMargin(own, alpha, ownGroups, confidence)
      : findMargin(own, alpha, ownGroups);
  };
  if (groups && groups.length !== labels.length) {
    throw new LearnError(`${groups.length} groups for ${labels.length} rows.`, { where: 'groups' });
  }
  const rows = Array.from(labels, (_, k) => k);
  const all = find(rows);
  if (!categories) return { form, all };
  const names = [...new Set(Array.from(categories))].sort();
  const byCategory = Object.fromEntries(names.map((name) => [name, find(rows.filter((k) => categories[k] === name))]));
  return { form, all, byCategory };
}

/**
 * The interval of one row; [−∞, ∞] where no finite margin can be promised.
 * @param category takes that category's margin; the margin of all where it was not among those of calibration
 * @throws LearnError where a series that the form needs is missing
 */
export function calcInterval(
  { form, all, byCategory }: Conformal,
  predictions: UncertainPredictions,
  row: number,
  category?: string,
): [lower: number, upper: number] {
  const { margin } =
    (category !== undefined && byCategory && Object.hasOwn(byCategory, category) && byCategory[category]) || all;
  const m = margin ?? Number.POSITIVE_INFINITY;
  if (form.kind === 'quantile') {
    const lower = pick(predictions, 'lower', row) - m;
    const upper = pick(predictions, 'upper', row) + m;
    // A margin below 0 can turn a narrow band inside out; the set is empty then, and its middle is what is said.
    return lower <= upper ? [lower, upper] : [(lower + upper) / 2, (lower + upper) / 2];
  }
  const prediction = pick(predictions, 'prediction', row);
  const half = form.kind === 'absolute' ? m : m * (pick(predictions, 'spread', row) + form.floor);
  return [prediction - half, prediction + half];
}

function calcScore(form: IntervalForm, held: UncertainPredictions, row: number, label: number, rows: number): number {
  if (form.kind === 'quantile') {
    return Math.max(pick(held, 'lower', row, rows) - label, label - pick(held, 'upper', row, rows));
  }
  const off = Math.abs(label - pick(held, 'prediction', row, rows));
  return form.kind === 'absolute' ? off : off / (pick(held, 'spread', row, rows) + form.floor);
}

function pick(from: UncertainPredictions, name: keyof UncertainPredictions, row: number, rows?: number): number {
  const series = from[name];
  if (!series) throw new LearnError('is needed by this form of interval.', { where: name });
  if (rows !== undefined && series.length !== rows) {
    throw new LearnError(`has ${series.length} rows, the labels ${rows}.`, { where: name });
  }
  return series[row];
}
