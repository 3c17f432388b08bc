import { GenuError } from '../../data/index.js';
import type { TableDeclaration } from './declaration.js';
import { readDelimited } from './delimited.js';
import type { Decimal } from './numbers.js';
import type { Sheet } from './sheet.js';
import { openWorkbook } from './workbook.js';

/** `csv` is any text whose columns are separated by tabs, semicolons, bars, commas or spaces. */
export type TableFormat = 'csv' | 'xlsx';

/** Sheets of a file, read as they are asked for. */
export interface TableSource {
  readonly where: string;
  /** Empty for a text file. */
  readonly sheet_names: readonly string[];
  readonly decimal: Decimal;
  read(sheet: string | undefined): Sheet;
}

/** @throws GenuError as `readDelimited` and `openWorkbook` do */
export function openSource(
  bytes: Uint8Array,
  where: string,
  format: TableFormat,
  declaration: TableDeclaration | undefined,
  notes: string[],
): TableSource {
  if (format === 'csv') {
    const { sheet, decimal } = readDelimited(bytes, where, declaration ?? {}, notes);
    return { where, sheet_names: [], decimal, read: () => sheet };
  }
  const { sheet_names, read } = openWorkbook(bytes, where);
  return { where, sheet_names, decimal: declaration?.decimal ?? 'point', read: (sheet) => read(sheet!) };
}

/**
 * The sheet that is meant; undefined for a text file.
 * @throws GenuError when a text file is asked for a sheet, or nothing says which of several is meant
 */
export function chooseSheet(
  { sheet_names, where }: TableSource,
  sheet: string | undefined,
  what: string,
): string | undefined {
  if (sheet_names.length === 0) {
    if (sheet === undefined) return undefined;
    throw new GenuError(`${what}: sheet "${sheet}" is asked for, but a text file has no sheets.`, {
      where,
      mend: 'Leave sheet out of the declaration.',
    });
  }
  if (sheet !== undefined) return sheet;
  if (sheet_names.length === 1) return sheet_names[0];
  throw new GenuError(`${what}: nothing says which of ${sheet_names.length} sheets it is on.`, {
    where,
    mend: `Add sheet: with one of ${sheet_names.slice(0, 12).join(', ')}.`,
  });
}
