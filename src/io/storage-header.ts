import { GenuError } from '../data/index.js';
import { type LineReader, quote, readText } from './lines.js';

/** What the lines before the labels say. Absent entries were not said. */
export interface StorageHeader {
  /** The name line, or SIMM's `name …`; empty when there is none. */
  readonly name: string;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  /** From `inDegrees=`, else from the comment "Angles are in degrees" (or radians). */
  readonly inDegrees?: boolean | undefined;
  /** Whether it is the header of a SIMM motion file, whose angles are degrees by definition of that format. */
  readonly simm: boolean;
  /** OpenSim 4 (version 2 and later) copies the counts of the table that it was made from, so they bind nothing. */
  readonly counts_are_stale: boolean;
  /** Every `key=value` line, keys in lower case. */
  readonly entries: ReadonlyMap<string, string>;
}

const MOST_HEADER_LINES = 10_000;
const SIMM_KEYS = new Set(['datarows', 'datacolumns', 'otherdata']);
const ROWS = new Set(['nrows', 'datarows', 'nr']);
const COLUMNS = new Set(['ncolumns', 'datacolumns', 'nc']);
const ANGLES = /angles are in (degrees|radians)/i;
const KEY_LINE = /^([A-Za-z_]\w*)\s*=\s*(.*)$/;
const SIMM_LINE =
  /^(name|datarows|datacolumns|otherdata|range|wrap|event|units|nr|nc|nrows|ncolumns|enforce_\w+|calc_\w+)\s+(.*)$/i;

/** Whether a header's first line is a name, and not an entry of the header. */
export function isNameLine(line: string): boolean {
  return !(
    KEY_LINE.test(line) ||
    SIMM_LINE.test(line) ||
    ANGLES.test(line) ||
    isEndOfHeader(line) ||
    line.startsWith('#')
  );
}

function isEndOfHeader(line: string): boolean {
  return line.toLowerCase() === 'endheader';
}

/**
 * Reads the header and leaves the reader on the label row. A table without a header is recognised by a first row that begins with `time`
 * and a second that begins with a number.
 * @throws GenuError for a header without `endheader`, counts that are no whole numbers, and data types other than double
 */
export function readHeader(lines: LineReader, where: string): StorageHeader {
  const entries = new Map<string, string>();
  const header = { name: '', simm: false, counts_are_stale: false } as {
    -readonly [key in keyof StorageHeader]: StorageHeader[key];
  };
  let angles: boolean | undefined;
  let first_line = true;
  let time_row = 0;
  while (lines.next()) {
    const text = readText(lines.bytes, lines.start, lines.end).trim();
    if (time_row > 0 && text !== '') {
      const begins_with_number = /^[-+.]?\d/.test(text);
      if (begins_with_number) throw missingEnd(where, time_row);
      time_row = 0;
    }
    if (isEndOfHeader(text)) {
      stepToLabels(lines, where);
      return { ...header, inDegrees: header.inDegrees ?? angles, entries };
    }
    if (text === '') continue;
    const said = ANGLES.exec(text);
    if (said) angles = said[1].toLowerCase() === 'degrees';
    if (text.startsWith('#')) continue;
    if (beginsWithTime(text)) {
      if (first_line && isFollowedByNumber(lines)) return { ...header, entries };
      time_row = lines.line;
    }
    const entry = KEY_LINE.exec(text) ?? SIMM_LINE.exec(text);
    if (entry) {
      const key = entry[1].toLowerCase();
      if (text.includes('=')) entries.set(key, entry[2]);
      readEntry(header, key, entry[2].trim(), where, lines.line);
    } else if (first_line && !said) header.name = text;
    first_line = false;
    if (lines.line > MOST_HEADER_LINES) break;
  }
  throw missingEnd(where, undefined);
}

function missingEnd(where: string, line: number | undefined): GenuError {
  const what =
    line === undefined
      ? 'there is neither an "endheader" line nor a row of labels that begins with "time".'
      : 'the labels begin here, but no "endheader" line stands before them.';
  const mend =
    'An OpenSim table is: header lines, "endheader", a row of labels that begins with "time", rows of numbers.';
  return new GenuError(what, { where, line, mend });
}

function readEntry(
  header: { -readonly [key in keyof StorageHeader]: StorageHeader[key] },
  key: string,
  value: string,
  where: string,
  line: number,
): void {
  if (SIMM_KEYS.has(key)) header.simm = true;
  if (key === 'name' && header.name === '') header.name = value;
  if (ROWS.has(key)) header.rows = readCount(key, value, where, line);
  if (COLUMNS.has(key)) header.columns = readCount(key, value, where, line);
  if (key === 'version') header.counts_are_stale = Number(value) >= 2;
  if (key === 'indegrees') header.inDegrees = readYes(value, where, line);
  if (key === 'datatype' && value.toLowerCase() !== 'double') {
    throw new GenuError(`the cells are of type ${value}; only DataType=double can be read.`, {
      where,
      line,
      mend: 'Write the table with one number per column (in OpenSim: flatten the TimeSeriesTable).',
    });
  }
}

function readCount(key: string, value: string, where: string, line: number): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new GenuError(`${key} is "${value}", not a whole number.`, {
    where,
    line,
    mend: 'Write how many there are, or take the line out.',
  });
}

function readYes(value: string, where: string, line: number): boolean {
  if (/^(yes|true|1)$/i.test(value)) return true;
  if (/^(no|false|0)$/i.test(value)) return false;
  throw new GenuError(`inDegrees is "${value}"; it must be yes or no.`, {
    where,
    line,
    mend: 'Write yes for degrees, no for radians.',
  });
}

function beginsWithTime(text: string): boolean {
  return /^"?time"?([\s,;]|$)/i.test(text);
}

/** Looks ahead without moving: whether the next line that is not blank begins with a number. */
function isFollowedByNumber(lines: LineReader): boolean {
  let i = lines.end;
  while (i < lines.bytes.length && lines.bytes[i] <= 32) i++;
  return i >= lines.bytes.length || /^([-+.]?\d|[-+]?nan)/i.test(readText(lines.bytes, i, i + 3));
}

function stepToLabels(lines: LineReader, where: string): void {
  while (lines.next()) {
    for (let i = lines.start; i < lines.end; i++) if (lines.bytes[i] > 32) return;
  }
  throw new GenuError('the file ends after its header; there are no labels and no rows.', {
    where,
    mend: 'Export it again.',
  });
}

/**
 * Splits the label row. Tabs part labels when that gives as many labels as the first row has values (labels may then hold blanks),
 * else any blanks do.
 * @param values how many values the first row has; undefined when there is none
 * @param number_repeated whether a repeated label becomes `label#2`, `label#3`, … instead of an error
 * @throws GenuError for empty or repeated labels, and without a label `time`
 */
export function readLabels(
  lines: LineReader,
  values: number | undefined,
  where: string,
  number_repeated: boolean,
  notes: string[],
): string[] {
  const row = readText(lines.bytes, lines.start, lines.end);
  const by_tabs = row
    .replace(/\s+$/, '')
    .split('\t')
    .map((label) => label.trim());
  const by_blanks = row.trim().split(/\s+/);
  const given = by_tabs.length !== values && by_blanks.length === values ? by_blanks : by_tabs;
  const empty = given.indexOf('');
  if (empty >= 0)
    throw new GenuError(`column ${empty + 1} has no label.`, {
      where,
      line: lines.line,
      mend: 'Give each column a name of its own.',
    });
  const labels = nameRepeated(given, lines.line, where, number_repeated, notes);
  if (labels.some((label) => label.toLowerCase() === 'time')) return labels;
  const commas = labels.length === 1 && /[,;]/.test(labels[0]);
  throw new GenuError(
    `there is no column "time" among the ${labels.length} labels (the first is ${quoteLabel(labels[0])}).`,
    {
      where,
      line: lines.line,
      mend: commas
        ? 'The labels are parted by commas; an OpenSim table is parted by tabs or blanks.'
        : 'Every table needs time stamps in seconds in a column labelled time.',
    },
  );
}

function nameRepeated(
  given: readonly string[],
  line: number,
  where: string,
  number_repeated: boolean,
  notes: string[],
): string[] {
  const places = new Map<string, number[]>();
  given.forEach((label, i) => {
    const before = places.get(label);
    if (before) before.push(i);
    else places.set(label, [i]);
  });
  const repeated = [...places].filter(([, columns]) => columns.length > 1);
  if (repeated.length === 0) return [...given];
  const [label, [first, second]] = repeated[0];
  if (!number_repeated || label.toLowerCase() === 'time') {
    throw new GenuError(`columns ${first + 1} and ${second + 1} are both labelled "${label}".`, {
      where,
      line,
      mend: 'Rename or remove one of them; nothing says which is meant.',
    });
  }
  const named = given.map((text, i) => {
    const turn = places.get(text)!.indexOf(i);
    return turn === 0 ? text : `${text}#${turn + 1}`;
  });
  if (new Set(named).size < named.length) {
    throw new GenuError(`"${label}" is repeated and "${label}#2" is a label too.`, { where, line });
  }
  notes.push(`Labels that stand more than once were numbered: ${repeated.map(([text]) => text).join(', ')}.`);
  return named;
}

function quoteLabel(label: string): string {
  const bytes = new TextEncoder().encode(label);
  return quote(bytes, 0, bytes.length);
}
