import { GenuError } from '../../data/index.js';
import type { TableChannel, TableDeclaration, TimeUnit } from './declaration.js';
import { parseNumber } from './numbers.js';
import { printCell, printColumn, type Sheet } from './sheet.js';
import type { TableSource } from './source.js';
import { findSpelledUnit, splitHeader } from './units.js';

const TIME = /^(time|times|timestamp|t)([ _]?(s|sec|seconds|ms|us))?$/i;
/** A time column without a unit whose stamps are farther apart than this counts milliseconds or frames. */
const LONGEST_STEP_s = 0.4;

/**
 * What a table says of itself: one row of headers, one of them `time`, units in brackets behind the names, numbers below.
 * @throws GenuError when it does not, with the first rows and the lines to write into a declaration
 */
export function inferDeclaration(source: TableSource, notes: string[]): TableDeclaration {
  const refuse = (why: string): never => {
    throw new GenuError(`${why}, so its columns need a declaration.`, {
      where: source.where,
      mend: writeHelp(source),
    });
  };
  if (source.sheet_names.length > 1) refuse(`the workbook has ${source.sheet_names.length} sheets`);
  const sheet = source.read(source.sheet_names[0]);
  const isNumber = (row: number, c: number) => parseNumber(printCell(sheet, row, c), source.decimal) !== undefined;
  const columns = sheet.columns.flatMap((column, c) => (column === undefined ? [] : [c]));
  const headers = new Map(columns.map((c) => [c, printCell(sheet, 0, c)]));
  if (columns.length === 0) refuse('the table is empty');
  if (![...headers.values()].every((text) => text === '' || parseNumber(text, source.decimal) === undefined))
    refuse('the first row holds numbers, not headers');
  const time = columns.find((c) => TIME.test(splitHeader(headers.get(c)!).name));
  if (time === undefined) refuse('no column is headed "time"');
  const unit = findTimeUnit(headers.get(time!)!, sheet, time!, refuse, notes);
  const channels = new Map<string, TableChannel>();
  const open: string[] = [];
  for (const c of columns) {
    if (c === time) continue;
    const header = headers.get(c)!;
    if (header === '') refuse(`column ${printColumn(c)} has no header`);
    const { name, unit: said } = splitHeader(header);
    const known = said === undefined ? undefined : findSpelledUnit(said);
    const label = known === undefined ? header : name;
    if (channels.has(label)) refuse(`two columns are headed "${label}"`);
    if (!isNumber(1, c) && isWholeText(sheet, c)) {
      notes.push(`Column ${printColumn(c)} (${header}) holds no numbers and was left out.`);
      continue;
    }
    if (known === undefined) open.push(label);
    channels.set(label, { column: c + 1, unit: known ?? '?' });
  }
  if (channels.size === 0) refuse('there is no column of numbers beside time');
  if (open.length > 0) notes.push(`The file does not say the units of ${open.length} columns: ${list(open)}.`);
  return { header_rows: 1, time: { column: time! + 1, unit }, channels: Object.fromEntries(channels) };
}

function findTimeUnit(
  header: string,
  sheet: Sheet,
  time: number,
  refuse: (why: string) => never,
  notes: string[],
): TimeUnit {
  const { name, unit } = splitHeader(header);
  const said = (unit ?? TIME.exec(name)?.[3])?.toLowerCase();
  if (said === undefined) {
    const [first, second] = sheet.columns[time]!.numbers.subarray(1, 3);
    if (second - first > LONGEST_STEP_s)
      refuse(`the time column does not say its unit and runs in steps of ${second - first}`);
    notes.push('The time column does not say its unit; it was read as seconds.');
    return 's';
  }
  if (/^(s|sec|seconds)$/.test(said)) return 's';
  if (said === 'ms' || said === 'us') return said;
  return said === 'µs' || said === 'μs' ? 'us' : refuse(`the time column has the unknown unit "${said}"`);
}

function isWholeText(sheet: Sheet, c: number): boolean {
  const { numbers, odd, length } = sheet.columns[c]!;
  return odd.size > 1 && !numbers.subarray(0, length).some((value) => !Number.isNaN(value));
}

const SHOWN = { sheets: 5, rows: 3, columns: 6, letters: 18, channels: 4 };

/** The first cells of every sheet, and a declaration to begin with. */
function writeHelp(source: TableSource): string {
  const names = source.sheet_names.length === 0 ? [undefined] : source.sheet_names.slice(0, SHOWN.sheets);
  const sheets = names.map((name) => source.read(name));
  const hidden = source.sheet_names.length - sheets.length;
  return [
    'It begins:',
    ...sheets.flatMap((sheet) => showSheet(sheet)),
    ...(hidden > 0 ? [`  … and ${hidden} more sheets`] : []),
    'Write what the columns are, for example:',
    ...writeExample(sheets, source).map((line) => `  ${line}`),
  ].join('\n');
}

function showSheet(sheet: Sheet): string[] {
  const width = sheet.columns.length;
  const title = sheet.name === undefined ? 'table' : `sheet "${sheet.name}"`;
  const rows = Array.from({ length: Math.min(SHOWN.rows, sheet.rows) }, (_, row) => {
    const cells = Array.from({ length: Math.min(SHOWN.columns, width) }, (_, c) => clip(printCell(sheet, row, c)));
    return `    ${cells.join(' | ')}${width > SHOWN.columns ? ' | …' : ''}`;
  });
  return [`  ${title}, ${sheet.rows} rows × ${width} columns:`, ...rows];
}

const clip = (text: string) => (text.length > SHOWN.letters ? `${text.slice(0, SHOWN.letters - 1)}…` : text);

function writeExample(sheets: readonly Sheet[], { decimal }: TableSource): string[] {
  const lines = ['rate_Hz: 1000   # samples per second; or time: { column: 1, unit: s }'];
  const sheet = sheets.find(({ rows }) => rows > 0);
  if (sheet === undefined) return lines;
  const columns = sheet.columns.flatMap((column, c) => (column === undefined ? [] : [c]));
  const hasHeaders = columns.some((c) => parseNumber(printCell(sheet, 0, c), decimal) === undefined);
  if (hasHeaders) lines.push('header_rows: 1');
  lines.push('channels:       # name: its column, and the unit that the file holds');
  for (const c of columns.slice(0, SHOWN.channels)) {
    const { name, unit } = splitHeader(hasHeaders ? printCell(sheet, 0, c) : '');
    const label = name === '' ? `column_${printColumn(c)}` : name;
    const at = sheet.name === undefined || sheets.length === 1 ? '' : `sheet: ${JSON.stringify(sheet.name)}, `;
    const known = unit === undefined ? undefined : findSpelledUnit(unit);
    lines.push(`  ${JSON.stringify(label)}: { ${at}column: ${c + 1}, unit: ${known ?? 'uV'} }`);
  }
  return lines;
}

function list(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, and ${names.length - 8} more` : names.join(', ');
}
