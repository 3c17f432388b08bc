import { describe, expect, it } from 'vitest';
import type { TableDeclaration } from './declaration.js';
import { readTableRecording } from './recording.js';

const read = (content: string | Uint8Array, declaration?: TableDeclaration) =>
  readTableRecording(typeof content === 'string' ? new TextEncoder().encode(content) : content, {
    file: 'trials/walk.csv',
    format: 'csv',
    declaration,
  });
const values = (...given: Parameters<typeof read>) => read(...given).channels.map((channel) => [...channel.values]);

const force: TableDeclaration = { rate_Hz: 100, channels: { force: { column: 2, unit: 'kgf' } } };

describe('a CSV file that explains itself', () => {
  it('is read by its headers: time, names, units in brackets', () => {
    const { name, channels, notes } = read(
      'Time (ms),knee (deg),moment [Nm],EMG VL (µV),count (n)\n0,180,1,2,3\n10,90,-1,4,5\n20,0,0,6,7\n',
    );
    expect(name).toBe('walk');
    expect(channels.map((c) => `${c.name} ${c.kind} ${c.unit} ${[...c.values].join(' ')}`)).toEqual([
      `knee coordinate rad ${Math.PI} ${90 * (Math.PI / 180)} 0`,
      'moment generalised_force N.m 1 -1 0',
      `EMG VL other V ${2 * 1e-6} ${4 * 1e-6} ${6 * 1e-6}`,
      'count (n) other ? 3 5 7',
    ]);
    expect([...channels[0].clock.times_s]).toEqual([0, 0.01, 0.02]);
    expect(channels[0].clock.rate_Hz).toBe(100);
    expect(channels[3].clock).toBe(channels[0].clock);
    expect(notes).toEqual([
      'The file does not say the units of 1 columns: count (n).',
      'Converted from deg to rad (× 0.0174532925): knee.',
      'Converted from uV to V (× 0.000001): EMG VL.',
    ]);
  });

  it('takes a time without unit for seconds and says so, but not where its steps are too long for that', () => {
    expect(read('time,a\n0,1\n0.01,2\n').notes).toContain(
      'The time column does not say its unit; it was read as seconds.',
    );
    expect(() => read('time,a\n0,1\n10,2\n')).toThrow(/does not say its unit and runs in steps of 10/);
  });

  it('leaves a column of texts out with a sentence', () => {
    const { channels, notes } = read('time,a,phase\n0,1,swing\n0.01,2,stance\n');
    expect(channels.map(({ name }) => name)).toEqual(['a']);
    expect(notes).toContain('Column C (phase) holds no numbers and was left out.');
  });

  it.each([
    ['no column is headed "time"', 'a,b\n1,2\n3,4\n'],
    ['the first row holds numbers, not headers', '1,2\n3,4\n'],
    ['column B has no header', 'time,\n0,1\n0.01,2\n'],
    ['two columns are headed "a"', 'time,a,a\n0,1,2\n0.01,2,3\n'],
    ['the time column has the unknown unit "frames"', 'time (frames),a\n0,1\n1,2\n'],
  ])('asks for a declaration where %s, and shows the table and the lines to write', (why, text) => {
    const call = () => read(text);
    expect(call).toThrow(`trials/walk.csv: ${why}, so its columns need a declaration.`);
    for (const line of text.trimEnd().split('\n')) expect(call).toThrow(line.replaceAll(',', ' | '));
    expect(call).toThrow(/rate_Hz: .*\n(.*\n)?.*channels:.*\n.*\{ column: 1, unit: uV \}/);
  });
});

describe('a declared CSV file', () => {
  it('is read by number without headers, and in SI', () => {
    const { channels } = read('1,2\n3,4\n', {
      rate_Hz: 2000,
      channels: {
        force: { column: 2, unit: 'kgf', positive: 'extension' },
        emg: { column: 1, unit: 'mV', kind: 'emg' },
      },
    });
    expect(channels.map((c) => [c.name, c.kind, c.unit, c.positive, [...c.values]])).toEqual([
      ['force', 'other', 'N', 'extension', [2 * 9.80665, 4 * 9.80665]],
      ['emg', 'emg', 'V', undefined, [1e-3, 3 * 1e-3]],
    ]);
    expect([...channels[0].clock.times_s]).toEqual([0, 1 / 2000]);
    expect(channels[0].clock.rate_Hz).toBe(2000);
  });

  it('finds columns by header, with or without the unit in brackets, below a preamble', () => {
    const text = 'Exported by X\nsubject,7\nTime [s],Force (N)\n0,5\n0.5,6\n';
    const declaration: TableDeclaration = {
      header_rows: 3,
      time: { column: 'Time', unit: 's' },
      channels: { f: { column: 'Force (N)', unit: 'N' } },
    };
    expect(values(text, declaration)).toEqual([[5, 6]]);
    expect(read(text, declaration).channels[0].clock.rate_Hz).toBe(2);
  });

  it('says when a header names another unit than the declaration', () => {
    const { notes } = read('a (mV)\n1\n', { rate_Hz: 1, channels: { a: { column: 'a', unit: 'uV' } } });
    expect(notes).toContain('a: its header says mV, its declaration uV; the declaration was followed.');
  });

  it('gives channels of other rates and lengths clocks of their own', () => {
    const { channels, notes } = read('1,10,5\n2,20,6\n3,,7\n4,,8\n5,,\n', {
      rate_Hz: 100,
      channels: {
        fast: { column: 1, unit: '1' },
        slow: { column: 2, unit: '1', rate_Hz: 50 },
        short: { column: 3, unit: '1' },
      },
    });
    expect(channels.map(({ values, clock }) => [[...values], clock.rate_Hz])).toEqual([
      [[1, 2, 3, 4, 5], 100],
      [[10, 20], 50],
      [[5, 6, 7, 8], 100],
    ]);
    expect(notes).toContain('At 100 Hz there are 5 samples of fast; 4 samples of short.');
  });

  it('reads several time columns in one table', () => {
    const { channels } = read('t1,a,t2,b\n0,1,0,9\n0.1,2,0.2,8\n0.2,3,,\n', {
      header_rows: 1,
      channels: {
        a: { column: 'a', unit: '1', time: { column: 't1', unit: 's' } },
        b: { column: 'b', unit: '1', time: { column: 't2', unit: 's' } },
      },
    });
    expect(channels.map(({ values, clock }) => [[...values], [...clock.times_s]])).toEqual([
      [
        [1, 2, 3],
        [0, 0.1, 0.2],
      ],
      [
        [9, 8],
        [0, 0.2],
      ],
    ]);
  });

  it('takes empty cells, NaN and NA for gaps and counts them', () => {
    const { channels, notes } = read('1,1\n1,\n1,NaN\n1,nan\n1,N/A\n1,#N/A\n1,7\n', force);
    expect([...channels[0].values]).toEqual([
      9.80665,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      7 * 9.80665,
    ]);
    expect(notes).toContain('force: 5 of 7 cells are empty or NaN; they are gaps.');
  });

  it('holds rounded time stamps to a declared rate', () => {
    const text = 'time,a\n0.00,1\n0.03,2\n0.07,3\n0.10,4\n';
    const declaration: TableDeclaration = {
      time: { column: 'time', unit: 's' },
      channels: { a: { column: 2, unit: '1' } },
    };
    const uneven = read(text, declaration);
    expect(uneven.channels[0].clock.rate_Hz).toBeUndefined();
    expect(uneven.notes).toContain(
      'The time stamps are not evenly spaced; if they were rounded, give rate_Hz as well.',
    );
    expect(read(text, { ...declaration, rate_Hz: 30 }).channels[0].clock.rate_Hz).toBe(30);
    expect(() => read(text, { ...declaration, rate_Hz: 60 })).toThrow(
      'column A (time): stamp 2 (0.03 s) does not fit the declared 60 Hz; on average there are 30.0000 stamps per second.',
    );
  });
});

describe('how text is written', () => {
  const expected = [[1.5, -2.25, 1000]].map((list) => list.map((x) => x * 9.80665));
  it.each([
    ['commas', '0,1.5\n0,-2.25\n0,1e3\n'],
    ['semicolons', '0;1.5\n0;-2.25\n0;1E+3\n'],
    ['tabs', '0\t1.5\n0\t-2.25\n0\t1000.\n'],
    ['bars', '0|1.5\n0|-2.25\n0|+1000\n'],
    ['runs of spaces', '  0   1.5\n  0  -2.25\n  0   1000 \n'],
    ['semicolons and decimal commas', '0;1,5\n0;-2,25\n0;1000\n'],
    ['tabs and decimal commas', '0\t1,5\n0\t-2,25\n0\t1000,0\n'],
    ['quoted decimal commas', '"0","1,5"\n"0","-2,25"\n"0","1000"\n'],
    ['quotes and blanks', '0, "1.5"\n0, -2.25\n0, 1000\n'],
    ['Windows line ends', '0,1.5\r\n0,-2.25\r\n0,1000\r\n'],
    ['a typographic minus', '0,1.5\n0,\u22122.25\n0,1000\n'],
    ['a byte order mark', '\ufeff0,1.5\n0,-2.25\n0,1000'],
  ])('%s', (_, text) => {
    expect(values(text, force)).toEqual(expected);
  });

  it('says that it read decimal commas', () => {
    expect(read('0;1,5\n', force).notes[0]).toBe(
      'Fractions are written with a comma, columns separated by semicolons.',
    );
  });

  it('UTF-16 with and without its mark, and Windows-1252', () => {
    const text = 'time (s),EMG (µV)\n0,1\n1,2\n';
    const declaration: TableDeclaration = {
      rate_Hz: 1,
      header_rows: 1,
      channels: { emg: { column: 'EMG', unit: 'uV' } },
    };
    const wide = (mark: boolean, little: boolean) => {
      const bytes = new DataView(new ArrayBuffer(2 * (text.length + (mark ? 1 : 0))));
      [...(mark ? '\ufeff' : ''), ...text].forEach((c, i) => {
        bytes.setUint16(2 * i, c.charCodeAt(0), little);
      });
      return new Uint8Array(bytes.buffer);
    };
    for (const mark of [true, false])
      for (const little of [true, false]) {
        const { channels, notes } = read(wide(mark, little), declaration);
        expect([...channels[0].values]).toEqual([1e-6, 2e-6]);
        expect(notes[0]).toBe(`The text is UTF-16${little ? 'LE' : 'BE'}.`);
      }
    const latin = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(read(latin, declaration).notes[0]).toBe('The text is not UTF-8; it was read as Windows-1252.');
    // The declared unit is the one the µ of the header says, so no sentence about a difference.
    expect(read(latin, declaration).notes.join()).not.toContain('its header says');
  });
});

describe('a sentence for every bad CSV file', () => {
  const cases: [string, string | Uint8Array, TableDeclaration, string][] = [
    [
      'a word',
      '1,2\n1,x\n',
      force,
      'row 2, column B: found "x", expected a number for channel "force". If the rows above',
    ],
    [
      'headers taken for numbers',
      'a,b\n1,2\n',
      force,
      'row 1, column B: found "b", expected a number for channel "force". If the rows above the numbers are headers, raise header_rows',
    ],
    [
      'a decimal comma',
      '1;2.5\n1;2,5\n',
      force,
      'found "2,5", expected a number for channel "force". If the comma is the decimal sign, write decimal: comma',
    ],
    [
      'a decimal point',
      '1;2,5\n1;2.5\n',
      { ...force, decimal: 'comma' },
      'found "2.5", expected a number for channel "force". Fractions are written with a comma elsewhere',
    ],
    [
      'a thousand or a fraction',
      '1;1,234\n1;2,345\n',
      force,
      '"1,234" may be a thousand or a fraction. Write decimal: comma or decimal: point',
    ],
    [
      'separators of thousands',
      '1;1.5\n1;"12,345.5"\n',
      force,
      'found "12,345.5", expected a number for channel "force". If it has separators between thousands, export it without',
    ],
    ['infinity', '1,2\n1,Inf\n', force, 'found "Inf", expected a number for channel "force". Write NaN'],
    [
      'a comma for both',
      'a,b\n1,5,2,5\n1,6,2,6\n',
      { ...force, header_rows: 1 },
      'row 2 has 4 cells, the row of headers (row 1) has 2: column D has no header. If fractions are written with commas',
    ],
    [
      'a cut file',
      'a,b,c\n1,2,3\n1,2,3\n1,2',
      { ...force, header_rows: 1 },
      'row 4, the last, has 2 cells where the one before has 3, and no line end: the file is cut off',
    ],
    ['an open quote', '1,2\n1,"2\n1,2\n', force, 'the quotes do not match'],
    [
      'no such column',
      '1,2\n',
      { rate_Hz: 1, channels: { a: { column: 5, unit: 'N' } } },
      'channel "a": column 5 (E) of the file holds nothing. Its columns are 1, 2.',
    ],
    [
      'no such header',
      'force,emg\n1,2\n',
      { rate_Hz: 1, channels: { a: { column: 'forse', unit: 'N' } } },
      'channel "a": no column of the file is headed "forse" in row 1. There are: force, emg.',
    ],
    [
      'a letter for a column',
      'force,emg\n1,2\n',
      { rate_Hz: 1, channels: { a: { column: 'B', unit: 'N' } } },
      'Columns are named by number, not by letter.',
    ],
    [
      'a header without header rows',
      '1,2\n',
      { rate_Hz: 1, header_rows: 0, channels: { a: { column: 'x', unit: 'N' } } },
      'named by its header, but header_rows is 0',
    ],
    [
      'a repeated header',
      'f,f\n1,2\n',
      { rate_Hz: 1, channels: { a: { column: 'f', unit: 'N' } } },
      '2 columns of the file are headed "f". They are 1 (A), 2 (B); name the one you mean by its number.',
    ],
    [
      'an empty row',
      '1,2\n\n1,2\n',
      force,
      'row 2 is empty, but samples follow. Delete the row if nothing is missing there',
    ],
    ['only headers', 'a,b\n', { ...force, header_rows: 1 }, 'column B (b) holds nothing below its 1 rows of headers.'],
    [
      'a sheet',
      '1,2\n',
      { rate_Hz: 1, channels: { a: { sheet: 'S', column: 1, unit: 'N' } } },
      'sheet "S" is asked for, but a text file has no sheets',
    ],
    [
      'time that stands still',
      'time,f\n0,1\n0,2\n',
      { time: { column: 'time', unit: 's' }, channels: { f: { column: 'f', unit: 'N' } } },
      'row 3, column A (time): time stands still: 0 s is followed by 0 s.',
    ],
    [
      'time that runs backwards',
      'time,f\n1,1\n0,2\n',
      { time: { column: 'time', unit: 's' }, channels: { f: { column: 'f', unit: 'N' } } },
      'time runs backwards: 1 s is followed by 0 s.',
    ],
    [
      'a missing stamp',
      'time,f\n0,1\n,2\n2,3\n',
      { time: { column: 'time', unit: 's' }, channels: { f: { column: 'f', unit: 'N' } } },
      'row 3, column B (f): this value has no time stamp. Fill in its time',
    ],
    ['nothing', '', force, 'the file is empty'],
    ['only line ends', '\n\n\n', force, 'there are no cells in it'],
    [
      'zero bytes',
      new Uint8Array([49, 44, 50, 10, 0, 0, 1]),
      force,
      'the file is binary or damaged: character 5 is no text',
    ],
    [
      'a workbook',
      new Uint8Array([0x50, 0x4b, 3, 4, 0]),
      force,
      'the file is a workbook or a zip archive, not text. Name it .xlsx',
    ],
    ['an old workbook', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), force, 'old or encrypted Excel workbook'],
  ];
  it.each(cases)('%s', (_, content, declaration, sentence) => {
    expect(() => read(content, declaration)).toThrow(sentence);
    expect(() => read(content, declaration)).toThrow(/^trials\/walk\.csv(, line \d+)?: /);
  });

  it('notes rows that are wholly empty where time stamps stand beside them', () => {
    const { channels, notes } = read('time,f\n0,1\n\n1,2\n', {
      time: { column: 'time', unit: 's' },
      channels: { f: { column: 'f', unit: 'N' } },
    });
    expect([...channels[0].values]).toEqual([1, 2]);
    expect(notes).toContain('1 empty rows were passed over.');
  });
});

describe('a sentence for every bad declaration', () => {
  const a = { column: 1, unit: 'N' } as const;
  it.each<[string, unknown, string]>([
    ['no channels', { rate_Hz: 1, channels: {} }, 'there are no channels'],
    ['no time', { channels: { a } }, 'nothing says when the samples of channel "a" were taken. Add rate_Hz'],
    ['a rate of 0', { rate_Hz: 0, channels: { a } }, 'rate_Hz is 0. Give the samples per second'],
    [
      'an unknown unit',
      { rate_Hz: 1, channels: { a: { column: 1, unit: 'stone' } } },
      'channel "a" has unit "stone". Known are: 1, V, mV',
    ],
    [
      'column 0',
      { rate_Hz: 1, channels: { a: { column: 0, unit: 'N' } } },
      'the column of channel "a" is 0. Give its number, from 1, or its header.',
    ],
    [
      'an unknown unit of time',
      { time: { column: 1, unit: 'h' }, channels: { a } },
      'time has unit "h". Known are: s, ms, us, min.',
    ],
    ['a fraction of a row', { rate_Hz: 1, header_rows: 0.5, channels: { a } }, 'header_rows is 0.5'],
    ['an unknown decimal sign', { rate_Hz: 1, decimal: 'dot', channels: { a } }, 'decimal is "dot"'],
    [
      'an unknown separator',
      { rate_Hz: 1, delimiter: ';', channels: { a } },
      'delimiter is ";". Known are: tab, semicolon',
    ],
  ])('%s', (_, declaration, sentence) => {
    expect(() => read('1,2\n', declaration as TableDeclaration)).toThrow(
      `in the declaration of the table, ${sentence}`,
    );
  });
});
