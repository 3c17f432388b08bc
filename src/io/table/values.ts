import { GenuError } from '../../data/index.js';
import { explainOdd, type Table } from './columns.js';
import { explainNumber, parseNumber } from './numbers.js';
import { type OddCell, printColumn, sayPlace } from './sheet.js';

/** Numbers of one column, row by row, in the unit of the file; NaN where a value is missing. */
export interface ColumnValues {
  readonly values: Float64Array;
  /** Cells that hold a number as text. */
  readonly as_text: number;
}

/**
 * Reads the numbers of a column in rows from (inclusive) to (exclusive).
 * @throws GenuError at the first cell that is neither a number nor missing, or that is merged with others
 */
export function readValues(table: Table, column: number, from: number, to: number, what: string): ColumnValues {
  const { sheet, where, say } = table;
  const cells = sheet.columns[column];
  const values = new Float64Array(to - from).fill(Number.NaN);
  if (cells === undefined) return { values, as_text: 0 };
  values.set(cells.numbers.subarray(from, Math.min(to, cells.length)));
  const merged = sheet.merged.find(
    ({ top, left, bottom, right }) => bottom >= from && top < to && left <= column && column <= right,
  );
  if (merged !== undefined) {
    const range = `${printColumn(merged.left)}${merged.top + 1}:${printColumn(merged.right)}${merged.bottom + 1}`;
    throw new GenuError(`${what}: cells ${range} of ${sayPlace(sheet)} are merged.`, {
      where,
      mend: 'Undo the merging, so that every sample has its own cell; give header_rows if these are headers.',
    });
  }
  let as_text = 0;
  for (const [row, odd] of cells.odd) {
    if (row < from || row >= to) continue;
    const value = readOdd(odd);
    if (value === undefined) {
      const { found, mend } = explainOdd(odd);
      throw new GenuError(`${say(column, row)}: found ${found}, expected a number for ${what}.`, {
        where,
        mend: mend || explainNumber(odd.text, table.decimal),
      });
    }
    if (!Number.isNaN(value)) as_text++;
    values[row - from] = value;
  }
  return { values, as_text };

  function readOdd({ kind, text }: OddCell): number | undefined {
    if (kind === 'error') return text === '#N/A' ? Number.NaN : undefined;
    return kind === 'text' ? parseNumber(text, table.decimal) : undefined;
  }
}
