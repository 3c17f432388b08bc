import type { Channel, ChannelKind, Recording } from '../../data/index.js';
import { makeClockFinder, sayTable } from './clock.js';
import { findColumn, findHeaders, makeTable, type Table } from './columns.js';
import { checkDeclaration, type TableChannel, type TableDeclaration } from './declaration.js';
import { chooseSheet, openSource, type TableFormat } from './source.js';
import { inferDeclaration } from './undeclared.js';
import { findSpelledUnit, findUnit, splitHeader } from './units.js';
import { readValues } from './values.js';

export interface TableOptions {
  /** Names the file in errors and notes. */
  readonly file: string;
  /** `csv` is any text whose columns are separated by tabs, semicolons, bars, commas or spaces. */
  readonly format: TableFormat;
  /** What the columns mean. Without it, only a single table with headers and a time column can be read. */
  readonly declaration?: TableDeclaration | undefined;
  /** The recording's name; otherwise the file's. */
  readonly name?: string | undefined;
  /** Kind of the channels whose kind is not declared. */
  readonly kind?: ChannelKind | undefined;
}

/**
 * Reads a CSV or XLSX file as a recording in SI units, with one clock for all columns that share rate or time stamps and length. What was
 * converted, filled or found odd is said in the notes.
 * @param bytes the whole file
 * @throws GenuError naming sheet, row and column: for cells that are no numbers, columns or sheets that are not there, time that does not
 * increase, damaged and oversized files; without a declaration, also for a table that does not explain itself, with the lines to write
 */
export function readTableRecording(bytes: Uint8Array, options: TableOptions): Recording {
  const { file } = options;
  const notes: string[] = [];
  if (options.declaration !== undefined) checkDeclaration(options.declaration, file);
  const source = openSource(bytes, file, options.format, options.declaration, notes);
  const declaration = options.declaration ?? inferDeclaration(source, notes);
  const header_rows = declaration.header_rows ?? (isNamedByHeader(declaration) ? 1 : 0);
  const tables = new Map<string | undefined, Table>();
  const open = (sheet: string | undefined, what: string): Table => {
    const name = chooseSheet(source, sheet, what);
    const known = tables.get(name);
    if (known !== undefined) return known;
    const table = makeTable(source.read(name), file, header_rows, source.decimal);
    tables.set(name, table);
    return table;
  };
  const findClock = makeClockFinder(open, notes);
  const reads = Object.entries(declaration.channels).map(([name, channel]) => {
    const what = `channel "${name}"`;
    const table = open(channel.sheet, what);
    const column = findColumn(table, channel.column, what);
    const rate_Hz = channel.rate_Hz ?? (channel.time ? undefined : declaration.rate_Hz);
    const time = channel.time ?? (channel.rate_Hz === undefined ? declaration.time : undefined);
    const { clock, rows } = findClock(table, column, time, rate_Hz, channel.sheet);
    return { name, channel, table, column, clock, rows };
  });
  const converted = new Map<string, string[]>();
  const channels = reads.map(({ name, channel, table, column, clock, rows }): Channel => {
    const what = `channel "${name}"`;
    const { values, as_text } = readValues(table, column, header_rows, rows[rows.length - 1] + 1, what);
    const { si, factor, kind } = findUnit(channel.unit)!;
    if (as_text > 0 && options.format === 'xlsx')
      notes.push(`${table.say(column)}: ${as_text} cells hold numbers as text; they were read as numbers.`);
    if (factor !== 1) {
      const how = `${channel.unit} to ${si} (× ${Number(factor.toPrecision(9))})`;
      converted.set(how, [...(converted.get(how) ?? []), name]);
    }
    noteHeader(table, column, channel, name, notes);
    const samples = Float64Array.from(rows, (row) => values[row - header_rows] * factor);
    const missing = samples.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
    if (missing > 0) notes.push(`${name}: ${missing} of ${samples.length} cells are empty or NaN; they are gaps.`);
    return {
      name,
      kind: channel.kind ?? options.kind ?? kind ?? 'other',
      unit: si,
      clock,
      values: samples,
      positive: channel.positive,
    };
  });
  for (const [how, names] of converted) notes.push(`Converted from ${how}: ${names.join(', ')}.`);
  for (const table of tables.values()) noteSheet(table, notes);
  noteLengths(channels, notes);
  return {
    name: options.name ?? file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, ''),
    channels,
    events: [],
    notes,
  };
}

function isNamedByHeader({ time, channels }: TableDeclaration): boolean {
  const columns = Object.values(channels).flatMap((channel) => [channel.column, channel.time?.column]);
  return [time?.column, ...columns].some((column) => typeof column === 'string');
}

/** The unit that stands above the numbers, where it is another than the declared one. */
function noteHeader(table: Table, column: number, { unit }: TableChannel, name: string, notes: string[]): void {
  for (const header of findHeaders(table, column)) {
    const said = splitHeader(header).unit ?? header.replace(/^[([]|[)\]]$/g, '');
    const spelled = findSpelledUnit(said);
    if (spelled !== undefined && spelled !== unit) {
      notes.push(`${name}: its header says ${said}, its declaration ${unit}; the declaration was followed.`);
    }
  }
}

function noteSheet(table: Table, notes: string[]): void {
  const { hidden_rows, formulas } = table.sheet;
  if (hidden_rows > 0) notes.push(`${sayTable(table)}${hidden_rows} hidden rows were read like the others.`);
  if (formulas > 0)
    notes.push(`${sayTable(table)}${formulas} cells hold formulas; the values stored in the file were read.`);
}

/** Channels of one rate that end at different times are worth a sentence: a column may have been cut. */
function noteLengths(channels: readonly Channel[], notes: string[]): void {
  const byRate = new Map<number, Map<number, string[]>>();
  for (const { name, clock, values } of channels) {
    if (clock.rate_Hz === undefined) continue;
    const lengths = byRate.get(clock.rate_Hz) ?? new Map<number, string[]>();
    byRate.set(clock.rate_Hz, lengths.set(values.length, [...(lengths.get(values.length) ?? []), name]));
  }
  for (const [rate_Hz, lengths] of byRate) {
    if (lengths.size < 2) continue;
    const parts = [...lengths].map(([count, names]) => `${count} samples of ${names.join(', ')}`);
    notes.push(`At ${Number(rate_Hz.toPrecision(6))} Hz there are ${parts.join('; ')}.`);
  }
}
