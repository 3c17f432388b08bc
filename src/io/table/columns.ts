import { GenuError, listNearest } from '../../data/index.js';
import type { Decimal } from './numbers.js';
import { type OddCell, printCell, printColumn, type Sheet, sayPlace } from './sheet.js';
import { splitHeader } from './units.js';

/** A sheet with what is known about its rows. */
export interface Table {
  readonly sheet: Sheet;
  readonly where: string;
  readonly header_rows: number;
  readonly decimal: Decimal;
  /** Names a column in sentences: its header and its place. */
  say(column: number, row?: number): string;
}

export function makeTable(sheet: Sheet, where: string, header_rows: number, decimal: Decimal): Table {
  const say = (column: number, row?: number) => {
    const header = findHeaders({ sheet, header_rows }, column).at(0);
    return `${sayPlace(sheet, row, column)}${header === undefined ? '' : ` (${header})`}`;
  };
  return { sheet, where, header_rows, decimal, say };
}

/** What the rows of headers hold above a column, from the first on. */
export function findHeaders({ sheet, header_rows }: Pick<Table, 'sheet' | 'header_rows'>, column: number): string[] {
  return Array.from({ length: header_rows }, (_, row) => printCell(sheet, row, column)).filter((text) => text !== '');
}

/**
 * Finds a column by its number, or by its header: the whole of it, or all but the unit in its brackets.
 * @returns its 0-based position
 * @throws GenuError when there is no such column, or more than one
 */
export function findColumn(table: Table, column: number | string, what: string): number {
  const { sheet, where, header_rows } = table;
  const present = sheet.columns.length;
  const inSheet = sheet.name === undefined ? 'the file' : `sheet "${sheet.name}"`;
  if (typeof column === 'number') {
    if (sheet.columns[column - 1] !== undefined) return column - 1;
    throw new GenuError(`${what}: column ${column} (${printColumn(column - 1)}) of ${inSheet} holds nothing.`, {
      where,
      mend: `Its columns are ${printColumns(sheet)}.`,
    });
  }
  const wanted = column.trim();
  const headers = Array.from({ length: present }, (_, c) => findHeaders(table, c));
  const pick = (match: (header: string) => boolean) => headers.flatMap((texts, c) => (texts.some(match) ? [c] : []));
  const exact = pick((header) => header === wanted);
  const found = exact.length > 0 ? exact : pick((header) => splitHeader(header).name === wanted);
  if (found.length === 1) {
    refuseMergedHeader(table, found[0], wanted, what);
    return found[0];
  }
  if (found.length > 1) {
    throw new GenuError(`${what}: ${found.length} columns of ${inSheet} are headed "${wanted}".`, {
      where,
      mend: `They are ${found.map((c) => `${c + 1} (${printColumn(c)})`).join(', ')}; name the one you mean by its number.`,
    });
  }
  const names = headers.flat();
  const rows = header_rows === 1 ? 'row 1' : `rows 1 to ${header_rows}`;
  const letter = /^[A-Z]{1,2}$/.test(wanted) ? ` Columns are named by number, not by letter.` : '';
  throw new GenuError(
    header_rows === 0
      ? `${what}: column "${wanted}" is named by its header, but header_rows is 0.`
      : `${what}: no column of ${inSheet} is headed "${wanted}" in ${rows}.`,
    {
      where,
      mend:
        names.length > 0
          ? `There are: ${listNearest(wanted, names)}.${letter} If the headers stand lower, raise header_rows.`
          : `Give header_rows, or the number of the column.${letter}`,
    },
  );
}

/** A header that spans several columns names none of them. */
function refuseMergedHeader({ sheet, where, header_rows }: Table, column: number, wanted: string, what: string): void {
  const span = sheet.merged.find(
    ({ top, left, right }) =>
      top < header_rows && left === column && right > left && printCell(sheet, top, left) === wanted,
  );
  if (span === undefined) return;
  throw new GenuError(
    `${what}: the header "${wanted}" is merged over columns ${printColumn(span.left)} to ${printColumn(span.right)} of ${sayPlace(sheet)}.`,
    { where, mend: `Name the column by its number, ${span.left + 1} to ${span.right + 1}.` },
  );
}

function printColumns(sheet: Sheet): string {
  const there = sheet.columns.flatMap((column, c) => (column === undefined ? [] : [c + 1]));
  const text = there.slice(0, 12).join(', ') || 'none';
  return there.length > 12 ? `${text}, and ${there.length - 12} more` : text;
}

/** The odd cell as a sentence about what was expected of it. */
export function explainOdd({ kind, text }: OddCell): { found: string; mend: string } {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  switch (kind) {
    case 'error':
      return { found: `the error ${short}`, mend: 'Mend its formula; write NaN or #N/A where a value is missing.' };
    case 'date':
      return {
        found: `a date or time (${short})`,
        mend: 'Spreadsheets turn numbers such as 1.3 into dates: the number is lost. Export the column again as text or numbers.',
      };
    case 'boolean':
      return { found: short, mend: 'Write 0 and 1, or leave the column out of the declaration.' };
    case 'formula':
      return {
        found: short,
        mend: 'Open the workbook in a spreadsheet program and save it, so that its values are stored.',
      };
    default:
      return { found: `"${short}"`, mend: '' };
  }
}
