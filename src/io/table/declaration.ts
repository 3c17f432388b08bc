import { type ChannelKind, GenuError } from '../../data/index.js';
import { findUnit, type TableUnit, tableUnits } from './units.js';

/** The column that holds time stamps. */
export interface TableTime {
  /** Sheet of the column; by default the sheet of the channel it times. */
  readonly sheet?: string | undefined;
  /** 1-based number of the column, or its header. */
  readonly column: number | string;
  readonly unit: TimeUnit;
}

/** One channel of the recording: where it stands in the file and what its numbers mean. */
export interface TableChannel {
  /** Name of the sheet; may be left out where the file has only one. */
  readonly sheet?: string | undefined;
  /** 1-based number of the column, or its header. */
  readonly column: number | string;
  /** The unit the file holds; memory holds SI. */
  readonly unit: TableUnit;
  /** By default `coordinate`, `speed` or `generalised_force` where the unit is that of an angle, its speed or a torque; else `other`. */
  readonly kind?: ChannelKind | undefined;
  /** What the positive direction means, e.g. `extension`. */
  readonly positive?: string | undefined;
  /** Samples per second of this channel, where they differ from the table's. */
  readonly rate_Hz?: number | undefined;
  /** Time stamps of this channel, where they differ from the table's. */
  readonly time?: TableTime | undefined;
}

/** What the columns of a CSV or XLSX file mean: plain data, as a study writes it. */
export interface TableDeclaration {
  /** Samples per second. With `time` as well, the stamps are checked against it. */
  readonly rate_Hz?: number | undefined;
  readonly time?: TableTime | undefined;
  /** Rows above the first row of numbers; by default 1 where a column is named by its header, else 0. */
  readonly header_rows?: number | undefined;
  /** How fractions are written in text; by default found out from the file, and noted when it is the comma. */
  readonly decimal?: 'point' | 'comma' | undefined;
  /** What separates the columns of a text file; by default found out from the file. */
  readonly delimiter?: Delimiter | undefined;
  readonly channels: Readonly<Record<string, TableChannel>>;
}

export const delimiters = { tab: '\t', semicolon: ';', bar: '|', comma: ',', space: ' ' } as const;
export type Delimiter = keyof typeof delimiters;

/** Seconds in one unit of time. */
export const timeUnits = { s: 1, ms: 1e-3, us: 1e-6, min: 60 } as const;
export type TimeUnit = keyof typeof timeUnits;

const LAST_COLUMN = 16_384;

/**
 * Refuses a declaration that cannot be followed, before the file is looked at.
 * @throws GenuError naming the field, what was expected, and how to write it
 */
export function checkDeclaration(declaration: TableDeclaration, where: string): void {
  const { channels, rate_Hz, time, header_rows, decimal, delimiter } = declaration;
  const refuse = (what: string, mend: string): never => {
    throw new GenuError(`in the declaration of the table, ${what}`, { where, mend });
  };
  const entries = Object.entries(channels ?? {});
  if (entries.length === 0)
    refuse('there are no channels.', 'Add lines such as channels: { force: { column: 1, unit: N } }.');
  if (header_rows !== undefined && !(Number.isInteger(header_rows) && header_rows >= 0 && header_rows <= 1000))
    refuse(`header_rows is ${header_rows}.`, 'Give the number of rows above the first row of numbers, 0 to 1000.');
  if (decimal !== undefined && decimal !== 'point' && decimal !== 'comma')
    refuse(`decimal is "${decimal}".`, 'Write decimal: point or decimal: comma.');
  if (delimiter !== undefined && !(delimiter in delimiters))
    refuse(`delimiter is "${delimiter}".`, `Known are: ${Object.keys(delimiters).join(', ')}.`);
  checkRate(rate_Hz, 'rate_Hz');
  checkTime(time, 'time');
  for (const [name, channel] of entries) {
    checkColumn(channel.column, `channel "${name}"`);
    if (findUnit(channel.unit) === undefined)
      refuse(`channel "${name}" has unit "${channel.unit}".`, `Known are: ${tableUnits.join(', ')}.`);
    checkRate(channel.rate_Hz, `rate_Hz of channel "${name}"`);
    checkTime(channel.time, `time of channel "${name}"`);
    if (rate_Hz === undefined && time === undefined && channel.rate_Hz === undefined && channel.time === undefined)
      refuse(
        `nothing says when the samples of channel "${name}" were taken.`,
        'Add rate_Hz: <samples per second>, or time: { column: 1, unit: s }.',
      );
  }

  function checkRate(rate: number | undefined, what: string): void {
    if (rate !== undefined && !(Number.isFinite(rate) && rate > 0))
      refuse(`${what} is ${rate}.`, 'Give the samples per second, a number above 0.');
  }
  function checkTime(stamps: TableTime | undefined, what: string): void {
    if (stamps === undefined) return;
    checkColumn(stamps.column, what);
    if (!(stamps.unit in timeUnits))
      refuse(`${what} has unit "${stamps.unit}".`, `Known are: ${Object.keys(timeUnits).join(', ')}.`);
  }
  function checkColumn(column: number | string, what: string): void {
    const good =
      typeof column === 'string'
        ? column.trim() !== ''
        : Number.isInteger(column) && column >= 1 && column <= LAST_COLUMN;
    if (!good) refuse(`the column of ${what} is ${JSON.stringify(column)}.`, 'Give its number, from 1, or its header.');
  }
}
