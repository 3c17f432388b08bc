import { isPooled } from '../conditions.js';
import { isNumber } from '../format.js';
import type { ErrorRow, Maybe } from '../types.js';

/** One measure of every participant under every treatment (a model, a set of inputs, …). */
export interface Matrix<T> {
  readonly treatments: readonly T[];
  readonly participants: readonly string[];
  /** One row per participant, one column per treatment; null where it is not known. */
  readonly values: readonly (readonly (number | null)[])[];
}

/**
 * Arranges rows by participant and treatment.
 * @param place which treatment a row is of; undefined leaves the row out
 */
export function makeMatrix<T>(
  rows: readonly ErrorRow[],
  participants: readonly string[],
  treatments: readonly T[],
  place: (row: ErrorRow) => T | undefined,
  measure: (row: ErrorRow) => Maybe,
): Matrix<T> {
  const known = new Map<string, number>();
  for (const row of rows) {
    const treatment = place(row);
    const value = measure(row);
    if (isPooled(row) || treatment === undefined || !isNumber(value)) continue;
    known.set(`${treatments.indexOf(treatment)} ${row.participant}`, value);
  }
  const present = participants.filter((name) => treatments.some((_, column) => known.has(`${column} ${name}`)));
  return {
    treatments,
    participants: present,
    values: present.map((name) => treatments.map((_, column) => known.get(`${column} ${name}`) ?? null)),
  };
}

/** Only the participants who have a value under every treatment: those that paired comparisons can use. */
export function keepComplete<T>(matrix: Matrix<T>): Matrix<T> {
  const kept = matrix.participants.map((_, i) => i).filter((i) => matrix.values[i].every(isNumber));
  return {
    ...matrix,
    participants: kept.map((i) => matrix.participants[i]),
    values: kept.map((i) => matrix.values[i]),
  };
}

/** The known values of one treatment. */
export function listColumn<T>(matrix: Matrix<T>, column: number): number[] {
  return matrix.values.map((row) => row[column]).filter(isNumber);
}

/** The matrix with its participants in that order of indices. */
export function orderParticipants<T>(matrix: Matrix<T>, order: readonly number[]): Matrix<T> {
  return {
    ...matrix,
    participants: order.map((i) => matrix.participants[i]),
    values: order.map((i) => matrix.values[i]),
  };
}

/** The matrix with only some of its treatments. */
export function keepTreatments<T>(matrix: Matrix<T>, keep: (treatment: T) => boolean): Matrix<T> {
  const kept = matrix.treatments.map((_, i) => i).filter((i) => keep(matrix.treatments[i]));
  return {
    ...matrix,
    treatments: kept.map((i) => matrix.treatments[i]),
    values: matrix.values.map((row) => kept.map((i) => row[i])),
  };
}
