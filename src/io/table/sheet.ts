import { GenuError } from '../../data/index.js';

/** A cell that is not plainly a number. */
export interface OddCell {
  readonly kind: 'text' | 'error' | 'date' | 'boolean' | 'formula';
  readonly text: string;
}

/** Cells of one column from the first row on; NaN where a cell is empty or odd. */
export interface Column {
  numbers: Float64Array;
  /** Rows up to the last cell that holds something. */
  length: number;
  readonly odd: Map<number, OddCell>;
}

/** 0-based and inclusive. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A table as it stands in the file. Rows and columns count from 0 here and from 1 in sentences. */
export interface Sheet {
  /** Undefined for a text file, which has no sheets. */
  readonly name: string | undefined;
  readonly columns: readonly (Column | undefined)[];
  /** 1 for each row in which some cell holds something. */
  readonly filled: Uint8Array;
  /** Rows up to the last that holds something. */
  readonly rows: number;
  readonly merged: readonly CellRange[];
  readonly hidden_rows: number;
  /** Cells that hold a formula, and the value it had when the file was saved. */
  readonly formulas: number;
}

/** What all sheets of one file may spread over: 40 million cells (320 MB), some 600 channels of 30 s at 2 kHz. */
export interface CellBudget {
  left: number;
}
export const makeCellBudget = (): CellBudget => ({ left: 40_000_000 });

export interface SheetBuilder {
  put(row: number, column: number, cell: number | OddCell): void;
  finish(rest?: Partial<Pick<Sheet, 'merged' | 'hidden_rows' | 'formulas'>>): Sheet;
}

/**
 * Gathers cells, row by row.
 * @throws GenuError (from `put`) when they spread so wide that memory would not hold the table
 */
export function makeSheetBuilder(name: string | undefined, where: string, budget: CellBudget): SheetBuilder {
  const columns: (Column | undefined)[] = [];
  let filled = new Uint8Array(64);
  let rows = 0;
  const take = (cells: number) => {
    budget.left -= cells;
    if (budget.left < 0) {
      throw new GenuError('the cells are spread over too many rows and columns to be a recording.', {
        where,
        mend: 'Delete stray cells far right of or below the table, or split the trial into several files.',
      });
    }
  };
  return {
    put(row, at, cell) {
      let column = columns[at];
      if (column === undefined) {
        take(64);
        column = { numbers: new Float64Array(64).fill(Number.NaN), length: 0, odd: new Map() };
        columns[at] = column;
      }
      const size = column.numbers.length;
      if (row >= size) {
        const larger = Math.max(2 * size, row + 1);
        take(larger - size);
        const grown = new Float64Array(larger).fill(Number.NaN, size);
        grown.set(column.numbers);
        column.numbers = grown;
      }
      if (typeof cell === 'number') column.numbers[row] = cell;
      else column.odd.set(row, cell);
      if (row >= column.length) column.length = row + 1;
      if (row >= rows) {
        rows = row + 1;
        if (rows > filled.length) {
          const grown = new Uint8Array(Math.max(2 * filled.length, rows));
          grown.set(filled);
          filled = grown;
        }
      }
      filled[row] = 1;
    },
    finish: (rest) => ({ name, columns, filled, rows, merged: [], hidden_rows: 0, formulas: 0, ...rest }),
  };
}

/** What a cell shows; empty where nothing is in it. */
export function printCell(sheet: Sheet, row: number, column: number): string {
  const cells = sheet.columns[column];
  if (cells === undefined || row >= cells.length) return '';
  const odd = cells.odd.get(row);
  if (odd) return odd.text;
  const value = cells.numbers[row];
  return Number.isNaN(value) ? '' : String(value);
}

/** Letters of a 0-based column: A, B, …, Z, AA. */
export function printColumn(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

/** `sheet "DNM", row 5, column B`, for sentences; text files have no sheet. */
export function sayPlace(sheet: Sheet, row?: number, column?: number): string {
  return [
    sheet.name === undefined ? undefined : `sheet "${sheet.name}"`,
    row === undefined ? undefined : `row ${row + 1}`,
    column === undefined ? undefined : `column ${printColumn(column)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
