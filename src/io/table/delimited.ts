import { type CsvError, parse } from 'csv-parse/browser/esm/sync';
import { GenuError } from '../../data/index.js';
import { type Delimiter, delimiters, type TableDeclaration } from './declaration.js';
import { type Decimal, findDecimal, parseNumber } from './numbers.js';
import { makeCellBudget, makeSheetBuilder, printColumn, type Sheet } from './sheet.js';
import { decodeText } from './text.js';

/** What is looked at to find out separators and the decimal sign. */
const SAMPLE_CHARACTERS = 65_536;
const SNIFFED_LINES = 50;

export interface TextTable {
  readonly sheet: Sheet;
  readonly decimal: Decimal;
}

/**
 * Reads text whose columns are separated by tabs, semicolons, bars, commas or spaces (RFC 4180 quotes) as one sheet.
 * @throws GenuError when the text is binary, a quote is never closed, a row has more cells than the header, or the last row is cut off
 */
export function readDelimited(
  bytes: Uint8Array,
  where: string,
  declaration: Pick<TableDeclaration, 'decimal' | 'delimiter' | 'header_rows'>,
  notes: string[],
): TextTable {
  const text = decodeText(bytes, where, notes);
  const delimiter = declaration.delimiter ?? findDelimiter(text);
  const plain = delimiter === 'space' ? text.replace(/^[ \t]+|[ \t]+$/gm, '').replace(/[ \t]+/g, ' ') : text;
  const decimal = declaration.decimal ?? chooseDecimal(plain, delimiter, where, notes);
  const builder = makeSheetBuilder(undefined, where, makeCellBudget());
  const headers = declaration.header_rows ?? 1;
  let header = 0;
  let [before, last] = [0, 0];
  let row = 0;
  parseRows(plain, delimiter, where, (cells) => {
    const width = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (row === headers - 1) header = cells.length;
    if (row >= headers && header > 1 && width > header) refuseWide(width);
    for (let c = 0; c < width; c++) {
      const cell = cells[c].trim();
      // A missing value that is written out, such as NaN, is a sample all the same: it keeps its row.
      if (cell !== '') builder.put(row, c, parseNumber(cell, decimal) ?? { kind: 'text', text: cell });
    }
    [before, last] = [last, cells.length];
    row++;
  });
  const sheet = builder.finish();
  if (sheet.rows === 0)
    throw new GenuError('there are no cells in it.', { where, mend: 'Copy or export the file again.' });
  if (row > headers + 1 && last < before && !/[\r\n]$/.test(text)) {
    throw new GenuError(
      `row ${row}, the last, has ${last} cells where the one before has ${before}, and no line end: the file is cut off.`,
      { where, mend: 'Copy or export it again, or delete its last row.' },
    );
  }
  return { sheet, decimal };

  function refuseWide(width: number): never {
    throw new GenuError(
      `row ${row + 1} has ${width} cells, the row of headers (row ${headers}) has ${header}: column ${printColumn(width - 1)} has no header.`,
      {
        where,
        mend:
          delimiter === 'comma' && width >= 2 * header - 1
            ? 'If fractions are written with commas, the comma cannot separate the columns too: export with semicolons or tabs.'
            : 'If the headers stand in another row, give header_rows in the declaration; else put cells that hold the separator in quotes.',
      },
    );
  }
}

function parseRows(text: string, delimiter: Delimiter, where: string, onRow: (cells: string[]) => void): void {
  try {
    parse(text, {
      delimiter: delimiters[delimiter],
      bom: true,
      relax_column_count: true,
      // Tabs count as blanks that trimming removes, so they cannot be separators then.
      trim: delimiter !== 'tab',
      max_record_size: 4 * 2 ** 20,
      on_record: (cells: string[]) => {
        onRow(cells);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof GenuError) throw error;
    const { code, message, lines } = error as CsvError & { lines?: number };
    const line = typeof lines === 'number' ? lines : undefined;
    if (code === 'CSV_MAX_RECORD_SIZE')
      throw new GenuError('a row is longer than 4 MiB.', {
        where,
        line,
        mend: 'Its line ends are lost, a quote is never closed, or it is not a table; export the file again.',
      });
    throw new GenuError(`the quotes do not match: ${message}.`, {
      where,
      line,
      mend: 'Close the quote, and double those that belong to a text.',
    });
  }
}

/** First in this order that cuts most lines into the same number of cells: a comma may be the decimal sign, a space part of a name. */
const order = ['tab', 'semicolon', 'bar', 'comma', 'space'] as const satisfies readonly Delimiter[];

function findDelimiter(text: string): Delimiter {
  const lines = sampleLines(text).slice(0, SNIFFED_LINES);
  for (const delimiter of order) {
    const widths = lines.map((line) => countCells(line, delimiters[delimiter]));
    // Rows above the table may be of any width, so the last one sets the measure.
    const width = widths.at(-1) ?? 1;
    if (width >= 2 && widths.filter((other) => other === width).length >= 0.6 * widths.length) return delimiter;
  }
  return 'comma';
}

function sampleLines(text: string): string[] {
  const lines = text.slice(0, SAMPLE_CHARACTERS).split(/\r\n|\n|\r/);
  if (text.length > SAMPLE_CHARACTERS) lines.pop();
  return lines.filter((line) => line.trim() !== '');
}

function countCells(line: string, delimiter: string): number {
  const bare = line.replace(/"[^"]*"/g, 'q');
  return delimiter === ' ' ? bare.trim().split(/[ \t]+/).length : bare.split(delimiter).length;
}

function chooseDecimal(text: string, delimiter: Delimiter, where: string, notes: string[]): Decimal {
  if (delimiter === 'comma' && !text.slice(0, SAMPLE_CHARACTERS).includes('"')) return 'point';
  const cells = sampleLines(text).flatMap((line) => line.split(delimiters[delimiter]));
  const quoted = delimiter === 'comma' ? (text.slice(0, SAMPLE_CHARACTERS).match(/"[^"\r\n]*"/g) ?? []) : cells;
  const found = findDecimal(quoted.map((cell) => cell.replaceAll('"', '')));
  if ('ambiguous' in found) {
    throw new GenuError(`"${found.ambiguous}" may be a thousand or a fraction.`, {
      where,
      mend: 'Write decimal: comma or decimal: point in the declaration of the table; export numbers without separators between thousands.',
    });
  }
  if (found.decimal === 'comma')
    notes.push(`Fractions are written with a comma, columns separated by ${sayDelimiter[delimiter]}.`);
  return found.decimal;
}

const sayDelimiter: Record<Delimiter, string> = {
  tab: 'tabs',
  semicolon: 'semicolons',
  bar: 'bars',
  comma: 'commas',
  space: 'spaces',
};
