import { GenuError } from '../data/index.js';
import { type LineReader, LONGEST_LINE_BYTES, makeLineReader, quote } from './lines.js';
import { readHeader, readLabels, type StorageHeader } from './storage-header.js';
import { countDecimals, isMissing, scanNumber } from './storage-number.js';

/** A storage file as it is written: nothing converted, nothing interpreted. */
export interface StorageTable {
  readonly header: StorageHeader;
  /** Strictly as the rows give them; seconds. */
  readonly times_s: Float64Array;
  /** Decimal places of the most precise time stamp; undefined when stamps are written with exponents. */
  readonly time_decimals: number | undefined;
  /** The columns other than time; NaN where a value is missing. */
  readonly columns: readonly { readonly label: string; readonly values: Float64Array }[];
  readonly notes: readonly string[];
}

const TAB = 9;
const BLANK = 32;

/**
 * Reads an OpenSim storage file (.sto), an OpenSim or SIMM motion file (.mot), or a headerless table whose labels begin with `time`.
 * Memory stays within a small multiple of the file's size whatever its header promises.
 * @param bytes the whole file
 * @param where names the file in errors
 * @param number_repeated whether the second column labelled `x` is called `x#2` instead of being refused
 * @throws GenuError naming file and line: see the header and label rules; a row with too few or too many values; a cell that is no
 *   number; time that is missing, stands still or runs backwards; counts in the header that disagree with the table; an empty table
 */
export function readTable(
  bytes: Uint8Array,
  where: string,
  {
    number_repeated = false,
    longest_line_bytes = LONGEST_LINE_BYTES,
  }: { readonly number_repeated?: boolean; readonly longest_line_bytes?: number } = {},
): StorageTable {
  const lines = makeLineReader(bytes, where, longest_line_bytes);
  const header = readHeader(lines, where);
  const notes: string[] = [];
  const labels = readLabels(lines, countValuesAhead(lines), where, number_repeated, notes);
  if (header.columns !== undefined && header.columns !== labels.length) {
    const what = `the header promises ${header.columns} columns (time is one of them), but there are ${labels.length} labels`;
    if (!header.counts_are_stale) {
      const mend = 'Correct nColumns, or export the file again.';
      throw new GenuError(`${what}.`, { where, line: lines.line, mend });
    }
    notes.push(`The count is not binding in this file version: ${what}.`);
  }
  const { cells, rows, decimals } = readRows(lines, labels, header, where, notes);
  const time = labels.findIndex((label) => label.toLowerCase() === 'time');
  const columns = labels.map((label, j) => ({ label, values: pickColumn(cells, rows, labels.length, j) }));
  const [{ values: times_s }] = columns.splice(time, 1);
  return { header, times_s, time_decimals: decimals, columns, notes };
}

function pickColumn(cells: Float64Array, rows: number, columns: number, j: number): Float64Array {
  const values = new Float64Array(rows);
  for (let i = 0, k = j; i < rows; i++, k += columns) values[i] = cells[k];
  return values;
}

/** Values in the next row that is not blank, without moving the reader. */
function countValuesAhead(lines: LineReader): number | undefined {
  const { bytes } = lines;
  let i = lines.end;
  while (i < bytes.length && bytes[i] <= BLANK) i++;
  if (i >= bytes.length) return undefined;
  const limit = Math.min(bytes.length, i + LONGEST_LINE_BYTES);
  let count = 0;
  for (let between = true; i < limit && bytes[i] !== 10 && bytes[i] !== 13; i++) {
    const gap = bytes[i] === TAB || bytes[i] === BLANK;
    if (between && !gap) count++;
    between = gap;
  }
  return count;
}

interface Rows {
  readonly cells: Float64Array;
  readonly rows: number;
  readonly decimals: number | undefined;
}

function readRows(
  lines: LineReader,
  labels: readonly string[],
  header: StorageHeader,
  where: string,
  notes: string[],
): Rows {
  const { bytes } = lines;
  const columns = labels.length;
  const time = labels.findIndex((label) => label.toLowerCase() === 'time');
  // A row of n cells takes at least 2n − 1 bytes and a line end, so the file bounds the table; the promised count only saves growing.
  const most_rows = Math.floor((bytes.length - lines.end + 1) / (2 * columns)) + 1;
  let capacity = Math.min(most_rows, Math.max(header.rows ?? 0, 16));
  let cells = new Float64Array(capacity * columns);
  let rows = 0;
  let decimals: number | undefined = 0;
  let empty_cells = 0;
  while (lines.next()) {
    if (isBlank(lines)) continue;
    if (rows === capacity) {
      capacity = Math.min(most_rows, 2 * capacity);
      const grown = new Float64Array(capacity * columns);
      grown.set(cells);
      cells = grown;
    }
    const base = rows * columns;
    const count = scanRow(lines, labels, cells, base, where);
    if (count !== columns) empty_cells += readRowWithEmptyCells(lines, labels, cells, base, count, where);
    const now = cells[base + time];
    if (!Number.isFinite(now)) {
      throw new GenuError('the time stamp is not a number.', {
        where,
        line: lines.line,
        mend: 'Write it in seconds, or take the row out.',
      });
    }
    if (rows > 0 && now <= cells[base - columns + time])
      throw badTime(cells[base - columns + time], now, where, lines.line);
    if (decimals !== undefined) decimals = maxDecimals(decimals, lines, time);
    rows++;
  }
  checkCount(rows, header, where, lines, notes);
  if (empty_cells > 0) notes.push(`${empty_cells} cells are empty; they are read as missing values.`);
  return { cells, rows, decimals };
}

function isBlank(lines: LineReader): boolean {
  for (let i = lines.start; i < lines.end; i++) {
    const c = lines.bytes[i];
    if (c !== TAB && c !== BLANK) return false;
  }
  return true;
}

/** Reads the values of a row into `cells` from `base`; returns how many there are, of which no more than a row's worth is stored. */
function scanRow(
  lines: LineReader,
  labels: readonly string[],
  cells: Float64Array,
  base: number,
  where: string,
): number {
  const { bytes, end } = lines;
  let count = 0;
  let i = lines.start;
  while (true) {
    while (i < end && (bytes[i] === TAB || bytes[i] === BLANK)) i++;
    if (i >= end) return count;
    const start = i;
    while (i < end && bytes[i] !== TAB && bytes[i] !== BLANK) i++;
    if (count < labels.length) cells[base + count] = readCell(bytes, start, i, count, labels, lines.line, where);
    count++;
  }
}

function readCell(
  bytes: Uint8Array,
  start: number,
  end: number,
  column: number,
  labels: readonly string[],
  line: number,
  where: string,
): number {
  const value = scanNumber(bytes, start, end);
  if (!Number.isNaN(value) || isMissing(bytes, start, end)) return value;
  const decimal_comma = bytes.subarray(start, end).includes(44);
  throw new GenuError(`column ${column + 1} ("${labels[column]}") holds ${quote(bytes, start, end)}, not a number.`, {
    where,
    line,
    mend: decimal_comma
      ? 'Numbers need a decimal point, not a comma.'
      : 'Write nan for a missing value, or export the file again.',
  });
}

/** A row with the wrong number of values is still whole when tabs show which inner cells are empty; those become NaN. */
function readRowWithEmptyCells(
  lines: LineReader,
  labels: readonly string[],
  cells: Float64Array,
  base: number,
  count: number,
  where: string,
): number {
  const { bytes } = lines;
  let end = lines.end;
  while (end > lines.start && (bytes[end - 1] === TAB || bytes[end - 1] === BLANK)) end--;
  let tabs = 0;
  for (let i = lines.start; i < end; i++) if (bytes[i] === TAB) tabs++;
  if (count > labels.length || tabs + 1 !== labels.length) throw wrongCount(lines, labels, count, where);
  let empty = 0;
  let start = lines.start;
  for (let column = 0; column < labels.length; column++) {
    let stop = start;
    while (stop < end && bytes[stop] !== TAB) stop++;
    let [from, to] = [start, stop];
    while (from < to && bytes[from] === BLANK) from++;
    while (to > from && bytes[to - 1] === BLANK) to--;
    if (from === to) empty++;
    cells[base + column] = from === to ? Number.NaN : readCell(bytes, from, to, column, labels, lines.line, where);
    start = stop + 1;
  }
  return empty;
}

function wrongCount(lines: LineReader, labels: readonly string[], count: number, where: string): GenuError {
  const few = count < labels.length;
  const what = `the row has ${count} values, but there are ${labels.length} labels`;
  const cut = few && !lines.closed;
  const next = few ? ` (the first without a value is "${labels[count]}")` : '';
  return new GenuError(cut ? `the file ends in the middle of a row: ${what}${next}.` : `${what}${next}.`, {
    where,
    line: lines.line,
    mend: cut
      ? 'The file was cut off; copy or export it again.'
      : 'Write nan for missing values; a label with a blank in it needs tabs between labels.',
  });
}

function badTime(before_s: number, now_s: number, where: string, line: number): GenuError {
  const how = now_s === before_s ? 'stands still' : 'runs backwards';
  return new GenuError(`time ${how}: ${before_s} s is followed by ${now_s} s.`, {
    where,
    line,
    mend: 'Time stamps must increase; cut the file where two trials were joined, or print time with more decimals.',
  });
}

function maxDecimals(decimals: number, lines: LineReader, time: number): number | undefined {
  const { bytes, end } = lines;
  let i = lines.start;
  for (let column = 0; ; column++) {
    while (i < end && (bytes[i] === TAB || bytes[i] === BLANK)) i++;
    const start = i;
    while (i < end && bytes[i] !== TAB && bytes[i] !== BLANK) i++;
    if (column < time) continue;
    const here = countDecimals(bytes, start, i);
    return here === undefined ? undefined : Math.max(decimals, here);
  }
}

function checkCount(rows: number, header: StorageHeader, where: string, lines: LineReader, notes: string[]): void {
  const promised = header.rows;
  if (promised !== undefined && rows < promised && !header.counts_are_stale) {
    throw new GenuError(`the header promises ${promised} rows, but there are ${rows}.`, {
      where,
      line: lines.line,
      mend: 'The file was cut off; copy or export it again. If the rows are all there, correct nRows.',
    });
  }
  if (rows === 0) {
    throw new GenuError('the table is empty: there are labels but no rows.', {
      where,
      line: lines.line,
      mend: 'Export it again.',
    });
  }
  if (promised !== undefined && rows !== promised) {
    notes.push(`The header promises ${promised} rows, but there are ${rows}; all of them were read.`);
  }
  if (rows !== promised && !lines.closed) {
    notes.push(
      'The last line has no line end and the header does not count the rows: the last number may be cut short.',
    );
  }
}
