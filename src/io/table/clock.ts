import { type Clock, GenuError, makeClock, makeUniformClock } from '../../data/index.js';
import { findColumn, type Table } from './columns.js';
import { type TableTime, timeUnits } from './declaration.js';
import { sayPlace } from './sheet.js';
import { readValues } from './values.js';

/** The rows of a sheet that are samples, and when they were taken. */
export interface RowClock {
  readonly clock: Clock;
  /** 0-based row of each sample. */
  readonly rows: Int32Array;
}

/** One clock for all channels with the same stamps, or with the same rate and number of samples. */
export function makeClockFinder(open: (sheet: string | undefined, what: string) => Table, notes: string[]) {
  const clocks = new Map<string, RowClock>();
  const keep = (key: string, make: () => RowClock): RowClock => {
    const known = clocks.get(key);
    if (known !== undefined) return known;
    const made = make();
    clocks.set(key, made);
    return made;
  };
  return (
    table: Table,
    column: number,
    time: TableTime | undefined,
    rate_Hz: number | undefined,
    sheet: string | undefined,
  ): RowClock => {
    if (time === undefined) {
      const rated = makeRateClock(table, column, rate_Hz!);
      return { ...rated, clock: keep(`${rate_Hz} ${rated.rows.length}`, () => rated).clock };
    }
    const from = open(time.sheet ?? sheet, 'time');
    const stamps = keep(JSON.stringify([from.sheet.name, time.column, time.unit, rate_Hz]), () =>
      makeTimeClock(from, time, rate_Hz, notes),
    );
    checkStamped(table, column, stamps.rows);
    return stamps;
  };
}

/** @throws GenuError when the column holds something in a row that has no time stamp */
function checkStamped({ sheet, where, header_rows, say }: Table, column: number, rows: Int32Array): void {
  const { numbers, odd, length } = sheet.columns[column]!;
  let next = 0;
  for (let row = header_rows; row < length; row++) {
    if (rows[next] === row) next++;
    else if (!Number.isNaN(numbers[row]) || odd.has(row)) {
      throw new GenuError(`${say(column, row)}: this value has no time stamp.`, {
        where,
        mend: 'Fill in its time or delete the row; give header_rows if the numbers begin below it; or give the channel a time or rate_Hz of its own.',
      });
    }
  }
}

/**
 * Clock of a column that was sampled at a known rate from time 0 on: one sample a row, down to the last cell that holds something.
 * @throws GenuError when there is no sample, or an empty row among them, which may or may not stand for one
 */
function makeRateClock(table: Table, column: number, rate_Hz: number): RowClock {
  const { sheet, where, header_rows, say } = table;
  const length = sheet.columns[column]?.length ?? 0;
  if (length <= header_rows) {
    throw new GenuError(`${say(column)} holds nothing below its ${header_rows} rows of headers.`, {
      where,
      mend: 'Lower header_rows, or name another column.',
    });
  }
  const empty = sheet.filled.subarray(0, length).indexOf(0, header_rows);
  if (empty >= 0) {
    throw new GenuError(`${sayPlace(sheet, empty)} is empty, but samples follow.`, {
      where,
      mend: 'Delete the row if nothing is missing there; write NaN into it where a sample is; give header_rows if the numbers begin below it.',
    });
  }
  return {
    clock: makeUniformClock(0, rate_Hz, length - header_rows),
    rows: Int32Array.from({ length: length - header_rows }, (_, i) => header_rows + i),
  };
}

/**
 * Clock of a column of time stamps. Rows in which nothing stands at all are passed over, and noted.
 * @param rate_Hz where it is declared too, the stamps must be those of an even clock to within 0.6 of a step
 * @throws GenuError when a stamp is no number, does not increase, or contradicts the rate
 */
function makeTimeClock(table: Table, time: TableTime, rate_Hz: number | undefined, notes: string[]): RowClock {
  const { sheet, where, header_rows, say } = table;
  const column = findColumn(table, time.column, 'time');
  const { values } = readValues(table, column, header_rows, sheet.rows, 'time');
  const rows: number[] = [];
  let passed = 0;
  for (let i = 0; i < values.length; i++) {
    const row = header_rows + i;
    if (!Number.isNaN(values[i])) rows.push(row);
    else if (sheet.filled[row] === 0) passed++;
  }
  if (passed > 0) notes.push(`${sayTable(table)}${passed} empty rows were passed over.`);
  const factor = timeUnits[time.unit];
  const times_s = Float64Array.from(rows, (row) => values[row - header_rows] * factor);
  for (let i = 1; i < times_s.length; i++) {
    if (times_s[i] > times_s[i - 1]) continue;
    throw new GenuError(
      `${say(column, rows[i])}: time ${times_s[i] === times_s[i - 1] ? 'stands still' : 'runs backwards'}: ${times_s[i - 1]} s is followed by ${times_s[i]} s.`,
      {
        where,
        mend: 'Cut the file where two trials were joined; if the stamps were rounded, give rate_Hz and leave time out.',
      },
    );
  }
  const clock = makeClock(times_s, where);
  if (rate_Hz !== undefined) checkRate(clock, rate_Hz, `${say(column)}`, where);
  else if (clock.rate_Hz === undefined && times_s.length > 1)
    notes.push(`${sayTable(table)}The time stamps are not evenly spaced; if they were rounded, give rate_Hz as well.`);
  return {
    clock: rate_Hz === undefined ? clock : { times_s, rate_Hz },
    rows: Int32Array.from(rows),
  };
}

function checkRate({ times_s }: Clock, rate_Hz: number, what: string, where: string): void {
  const count = times_s.length;
  for (let i = 0; i < count; i++) {
    if (Math.abs((times_s[i] - times_s[0]) * rate_Hz - i) <= 0.6) continue;
    const mean = (count - 1) / (times_s[count - 1] - times_s[0]);
    throw new GenuError(
      `${what}: stamp ${i + 1} (${times_s[i]} s) does not fit the declared ${rate_Hz} Hz; on average there are ${mean.toPrecision(6)} stamps per second.`,
      { where, mend: 'Mend rate_Hz or the unit of time, or leave one of them out.' },
    );
  }
}

/** `sheet "DNM": `, or nothing where there are no sheets. */
export function sayTable({ sheet }: Table): string {
  return sheet.name === undefined ? '' : `Sheet "${sheet.name}": `;
}
