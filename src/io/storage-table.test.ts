import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { readTable } from './storage-table.js';

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readTable(encode(text), 'walk.sto');
const HEADER = 'Coordinates\nversion=1\nnRows=2\nnColumns=3\ninDegrees=no\nendheader\n';
const TABLE = 'time\ta\tb\n0\t1\t2\n0.01\t3\t4\n';

function expectSameTable(text: string): void {
  const { times_s, columns } = read(text);
  expect([...times_s]).toEqual([0, 0.01]);
  expect(columns.map(({ label, values }) => [label, ...values])).toEqual([
    ['a', 1, 3],
    ['b', 2, 4],
  ]);
}

describe('readTable', () => {
  it.each<[string, string]>([
    ['a version 1 header', HEADER + TABLE],
    ['no header', TABLE],
    ['blank lines before a headerless table', `\n\n${TABLE}`],
    ['no name line', HEADER.slice(HEADER.indexOf('\n') + 1) + TABLE],
    ['a blank name line', `\n${HEADER.slice(HEADER.indexOf('\n') + 1)}${TABLE}`],
    ['a SIMM header', `name walk\ndatacolumns 3\ndatarows 2\nrange 0.0 0.01\nendheader\n${TABLE}`],
    [
      'both headers',
      `walk\nnRows=2\nnColumns=3\n\n# SIMM Motion File Header:\nname walk\ndatacolumns 3\ndatarows 2\notherdata 1\nendheader\n${TABLE}`,
    ],
    ['the oldest keys', `walk\nnr=2\nnc = 3\nendheader\n${TABLE}`],
    [
      'comments',
      `walk\nnRows=2\n\nUnits are S.I. units (second, meters, Newtons, ...)\nAngles are in degrees.\n\nendheader\n${TABLE}`,
    ],
    [
      'a version 3 header',
      `inDegrees=no\nnColumns=3\nDataType=double\nversion=3\nOpenSimVersion=4.5-2024-03-01-1daf88a4f\nendheader\n${TABLE}`,
    ],
    ['EndHeader in capitals among blanks', `walk\n  ENDHEADER \t\n${TABLE}`],
    ['blank lines after the header and at the end', `${HEADER}\n\n${TABLE}\n  \t\n\n`],
    ['trailing tabs everywhere', `${HEADER}${TABLE}`.replaceAll('\n', '\t\t\n')],
    ['CRLF', (HEADER + TABLE).replaceAll('\n', '\r\n')],
    ['CR', (HEADER + TABLE).replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${HEADER}${TABLE}`],
    ['blanks instead of tabs', (HEADER + TABLE).replaceAll('\t', '   ')],
    ['both', `${HEADER}time\ta  b\n 0  1\t 2\n 0.01 \t3 4 \n`],
    ['padded labels', `${HEADER}  time\t  a\t b\n0\t1\t2\n0.01\t3\t4\n`],
    ['Time with a capital', HEADER + TABLE.replace('time', 'Time')],
    ['time in another column', `${HEADER}a\ttime\tb\n1\t0\t2\n3\t0.01\t4\n`],
    ['no final line end', (HEADER + TABLE).trimEnd()],
    ['a name that begins with time', `time normalised walk\n${HEADER.slice(12)}${TABLE}`],
  ])('reads a table with %s', (_, text) => expectSameTable(text));

  it('keeps what the header says', () => {
    const { header } = read(`${HEADER.replace('=no', '= YES')}${TABLE}`);
    expect(header).toMatchObject({ name: 'Coordinates', rows: 2, columns: 3, inDegrees: true, simm: false });
    expect(header.entries.get('version')).toBe('1');
    expect(read(`a\nAngles are in radians.\nendheader\n${TABLE}`).header.inDegrees).toBe(false);
    expect(read(`name my trial\ndatarows 2\nendheader\n${TABLE}`).header).toMatchObject({
      name: 'my trial',
      simm: true,
    });
  });

  it('lets labels hold blanks when tabs part them', () => {
    expect(read('time\tHip Flexion R\tb\n0\t1\t2\n').columns[0].label).toBe('Hip Flexion R');
  });

  it('reads missing values as NaN: nan in any form, and inner cells that tabs show to be empty', () => {
    const { columns, notes } = read('time\ta\tb\tc\n0\tnan\t-NaN\t1\n1\t\t2\t3\n2\t4\t\t1.#QNAN\n3\tinf\t-inf\t0\n');
    expect(columns.map(({ values }) => [...values])).toEqual([
      [Number.NaN, Number.NaN, 4, Number.POSITIVE_INFINITY],
      [Number.NaN, 2, Number.NaN, Number.NEGATIVE_INFINITY],
      [1, 3, Number.NaN, 0],
    ]);
    expect(notes).toEqual(['2 cells are empty; they are read as missing values.']);
  });

  it('says what does not quite fit, and reads on', () => {
    expect(read(`${HEADER}${TABLE}0.02\t5\t6\n`).notes).toEqual([
      expect.stringMatching(/promises 2 rows, but there are 3/),
    ]);
    const stale = read(`version=3\nDataType=double\nnColumns=40\nnRows=9\nendheader\n${TABLE}`);
    expect(stale.notes).toEqual([
      expect.stringMatching(/40 columns.*3 labels/),
      expect.stringMatching(/9 rows.*are 2/),
    ]);
    expect(read(TABLE.trimEnd()).notes).toEqual([expect.stringMatching(/may be cut short/)]);
  });

  it('numbers repeated labels when asked to', () => {
    const bytes = encode('time\tfx\tfx\tfx\n0\t1\t2\t3\n');
    const { columns, notes } = readTable(bytes, 'walk.sto', { number_repeated: true });
    expect(columns.map(({ label }) => label)).toEqual(['fx', 'fx#2', 'fx#3']);
    expect(notes).toEqual([expect.stringMatching(/numbered: fx/)]);
    expect(() => readTable(encode('time\ttime\n0\t1\n'), 'a', { number_repeated: true })).toThrow(/both labelled/);
    expect(() => readTable(encode('time\ta\ta\ta#2\n0\t1\t2\t3\n'), 'a', { number_repeated: true })).toThrow(/a#2/);
  });

  it.each<[string, string, RegExp]>([
    ['no time column', `${HEADER}t\ta\tb\n0\t1\t2\n1\t1\t2\n`, /line 7: there is no column "time" among the 3 labels/],
    ['commas', `walk\nendheader\ntime,a,b\n0,1,2\n`, /line 3: .*parted by commas/],
    [
      'a row too short',
      `${HEADER}time\ta\tb\n0\t1\t2\n0.01\t3\n`,
      /line 9: the row has 2 values, but there are 3 labels.*"b"/,
    ],
    [
      'a row too long',
      `${HEADER}time\ta\tb\n0\t1\t2\n0.01\t3\t4\t5\n`,
      /line 9: the row has 4 values, but there are 3 labels/,
    ],
    ['empty last cells', 'time\ta\tb\n0\t1\t\n', /line 2: the row has 2 values/],
    [
      'a cut last line',
      `${HEADER}time\ta\tb\n0\t1\t2\n0.01\t3`,
      /line 9: the file ends in the middle of a row.*cut off/,
    ],
    ['fewer rows than promised', `${HEADER}time\ta\tb\n0\t1\t2\n`, /promises 2 rows, but there are 1.*cut off/],
    ['repeated labels', 'time\tknee\tknee\n0\t1\t2\n', /line 1: columns 2 and 3 are both labelled "knee"/],
    ['an empty label', 'time\t\tknee\n0\t1\t2\n', /line 1: column 2 has no label/],
    [
      'time backwards',
      'time\ta\n0\t1\n0.02\t1\n0.01\t1\n',
      /line 4: time runs backwards: 0.02 s is followed by 0.01 s/,
    ],
    ['time standing still', 'time\ta\n0\t1\n0.5\t1\n0.5\t1\n', /line 4: time stands still/],
    ['a missing time stamp', 'time\ta\n0\t1\nnan\t1\n', /line 3: the time stamp is not a number/],
    ['a word for a number', 'time\tknee\n0\t1\n1\tx7\n', /line 3: column 2 \("knee"\) holds "x7", not a number/],
    ['a decimal comma', 'time\tknee\n0\t1,5\n', /line 2: column 2 \("knee"\) holds "1,5".*decimal point/],
    ['the wrong nColumns', `${HEADER.replace('=3', '=4')}${TABLE}`, /line 7: the header promises 4 columns.*3 labels/],
    ['an nRows that is no number', `${HEADER.replace('nRows=2', 'nRows=many')}${TABLE}`, /line 3: nrows is "many"/],
    ['an inDegrees that is no yes or no', `${HEADER.replace('=no', '=maybe')}${TABLE}`, /line 5: inDegrees is "maybe"/],
    [
      'vector cells',
      `DataType=Vec3\nversion=3\nendheader\ntime\ta\n0\t1,2,3\n`,
      /line 1: the cells are of type Vec3; only DataType=double/,
    ],
    ['no rows', `walk\nendheader\ntime\ta\n`, /the table is empty: there are labels but no rows/],
    ['nothing after the header', `walk\nendheader\n\n`, /ends after its header/],
    ['no endheader', `Coordinates\nversion=1\n${TABLE}`, /line 3: the labels begin here, but no "endheader"/],
    ['a header that is cut', 'Coordinates\nversion=1\nnRows=2', /neither an "endheader" line nor/],
    ['a text', 'Dear reader,\nthis is no table.\n', /neither an "endheader" line nor/],
    ['no bytes', '', /the file is empty/],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(GenuError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(/^walk\.sto/);
  });

  it('allocates by the size of the file, not by what the header promises', () => {
    expect(() => read(`walk\nnRows=999999999999\nendheader\n${TABLE}`)).toThrow(/promises 999999999999 rows/);
  });

  it('stops at an endless line in header, labels or rows', () => {
    const endless = '7'.repeat(3000);
    for (const text of [endless, `walk\nendheader\ntime ${endless}`, `walk\nendheader\ntime a\n0 ${endless}`]) {
      expect(() => readTable(encode(text), 'a.sto', { longest_line_bytes: 1000 })).toThrow(/longer than 1000 bytes/);
    }
  });

  it('throws nothing but GenuError, whatever is cut, changed or put in', () => {
    const whole = encode(`${HEADER}${TABLE}0.02\tnan\t-1.5e-3\n`);
    const attempt = (bytes: Uint8Array) => {
      try {
        const { times_s, columns } = readTable(bytes, 'x.sto');
        for (const { values } of columns) expect(values).toHaveLength(times_s.length);
      } catch (error) {
        if (!(error instanceof GenuError)) throw error;
      }
    };
    for (let end = 0; end <= whole.length; end++) attempt(whole.subarray(0, end));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const bytes = whole.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          attempt(bytes);
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), attempt), { numRuns: 500 });
    const words = fc.constantFrom(
      'time',
      'endheader',
      '=',
      '\n',
      '\t',
      ' ',
      '1',
      'nan',
      'nRows',
      'name ',
      'a',
      '\r',
      '#',
      '0.5',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (list) => attempt(encode(list.join('')))),
      { numRuns: 2000 },
    );
  });
});
