import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { TableDeclaration } from './declaration.js';
import { readTableRecording } from './recording.js';
import { makeParts, makeWorkbook, type TestCell, type TestSheet, zipParts } from './workbook.test.support.js';

const read = (bytes: Uint8Array, declaration?: TableDeclaration) =>
  readTableRecording(bytes, { file: 'ID 1.xlsx', format: 'xlsx', declaration });
const readSheets = (sheets: Record<string, TestSheet>, declaration?: TableDeclaration) =>
  read(makeWorkbook(sheets), declaration);
const readRows = (...rows: TestCell[][]) => readSheets({ A: { rows } }, one);

const one: TableDeclaration = { rate_Hz: 10, channels: { f: { column: 1, unit: 'N' } } };
const raw = (xml: string): TestCell => ({ raw: xml });

describe('readTableRecording of a workbook', () => {
  it('reads columns of several sheets, each with its own clock where rates or lengths differ', () => {
    const { name, channels, notes } = readSheets(
      {
        DNM: { rows: [[1], [2]] },
        'EMG & more': {
          rows: [
            [10, 20],
            [30, 40],
            [50, 60],
          ],
        },
      },
      {
        rate_Hz: 2000,
        channels: {
          force: { sheet: 'DNM', column: 1, unit: 'kgf' },
          vl: { sheet: 'EMG & more', column: 2, unit: 'uV', kind: 'emg' },
          slow: { sheet: 'EMG & more', column: 1, unit: '%', rate_Hz: 5 },
        },
      },
    );
    expect(name).toBe('ID 1');
    expect(channels.map(({ kind, unit, values, clock }) => [kind, unit, [...values], clock.rate_Hz])).toEqual([
      ['other', 'N', [9.80665, 2 * 9.80665], 2000],
      ['emg', 'V', [20 * 1e-6, 40 * 1e-6, 60 * 1e-6], 2000],
      ['other', '1', [10 * 0.01, 30 * 0.01, 50 * 0.01], 5],
    ]);
    expect(notes).toContain('Converted from kgf to N (× 9.80665): force.');
    expect(notes).toContain('At 2000 Hz there are 2 samples of force; 3 samples of vl.');
  });

  it('reads a sheet that explains itself without a declaration', () => {
    const { channels } = readSheets({
      A: {
        rows: [
          ['Time (s)', 'knee (deg)'],
          [0, 180],
          [0.5, 90],
        ],
      },
    });
    expect(channels.map((c) => [c.name, c.unit, [...c.values], c.clock.rate_Hz])).toEqual([
      ['knee', 'rad', [Math.PI, 90 * (Math.PI / 180)], 2],
    ]);
  });

  it('shows every sheet and the lines to write where there are several', () => {
    const call = () => readSheets({ DNM: { rows: [[1.5, 2]] }, EMG: { rows: [[3]] } });
    expect(call).toThrow('the workbook has 2 sheets, so its columns need a declaration. It begins:');
    expect(call).toThrow('sheet "DNM", 1 rows × 2 columns:\n    1.5 | 2\n  sheet "EMG", 1 rows × 1 columns:\n    3\n');
    expect(call).toThrow('{ sheet: "DNM", column: 1, unit: uV }');
  });

  it('reads what spreadsheet programs do with cells', () => {
    const { channels, notes } = readRows(
      [1],
      [raw('<c s="3"><v>2</v></c>')], // a number with a format that has letters of dates in quotes
      [raw('<c><f>A1+2</f><v>3</v></c>')],
      ['4.5'],
      [raw('<c t="str"><v>5e0</v></c>')],
      [raw('<c t="inlineStr"><is><r><t>6.</t></r><rPh><t>x</t></rPh><r><t>5</t></r></is></c>')],
      [raw('<c t="e"><v>#N/A</v></c>')],
      ['NaN'],
      [raw('<c/>'), 1],
      [raw('<c><v>7</v></c>')],
    );
    expect([...channels[0].values]).toEqual([1, 2, 3, 4.5, 5, 6.5, Number.NaN, Number.NaN, Number.NaN, 7]);
    expect(notes).toEqual([
      'sheet "A", column A: 3 cells hold numbers as text; they were read as numbers.',
      'f: 3 of 10 cells are empty or NaN; they are gaps.',
      'Sheet "A": 1 cells hold formulas; the values stored in the file were read.',
    ]);
  });

  it('reads rows and cells without addresses, hidden rows, and names with prefixes', () => {
    const data = '<row><c><v>1</v></c></row><row hidden="1"><c><v>2</v></c></row>';
    const parts = makeParts({ A: { data } });
    parts['xl/worksheets/sheet1.xml'] = parts['xl/worksheets/sheet1.xml']
      .replace('xmlns=', 'xmlns:x=')
      .replaceAll(/<(\/?)(?=[a-z])/gi, '<$1x:');
    const { channels, notes } = read(zipParts(parts), one);
    expect([...channels[0].values]).toEqual([1, 2]);
    expect(notes).toEqual(['Sheet "A": 1 hidden rows were read like the others.']);
  });

  it('reads numbers as text with decimal commas where that is declared', () => {
    expect(() => readRows(['1,5'])).toThrow(
      'found "1,5", expected a number for channel "f". If the comma is the decimal',
    );
    expect([...readSheets({ A: { rows: [['1,5'], [2.5]] } }, { ...one, decimal: 'comma' }).channels[0].values]).toEqual(
      [1.5, 2.5],
    );
  });

  it('reads columns beyond Z and few cells far down without the memory of all between', () => {
    const data = '<row r="1"><c r="AB1"><v>5</v></c></row>';
    const declaration: TableDeclaration = { rate_Hz: 1, channels: { f: { column: 28, unit: 'N' } } };
    expect([...readSheets({ A: { data } }, declaration).channels[0].values]).toEqual([5]);
  });
});

describe('a sentence for every bad workbook', () => {
  const sheet = (rows: TestCell[][], tail = ''): Uint8Array => makeWorkbook({ A: { rows, tail } });
  const change = (part: string, edit: (xml: string) => string) => {
    const parts = makeParts({ A: { rows: [[1], [2]] } });
    parts[part] = edit(parts[part]);
    return zipParts(parts);
  };
  const first = 'xl/worksheets/sheet1.xml';
  const cases: [string, () => Uint8Array, string][] = [
    [
      'a word',
      () => sheet([[1], ['rest']]),
      'sheet "A", row 2, column A: found "rest", expected a number for channel "f".',
    ],
    [
      'an error',
      () => sheet([[raw('<c t="e"><v>#DIV/0!</v></c>')]]),
      'row 1, column A: found the error #DIV/0!, expected a number',
    ],
    [
      'a date',
      () => sheet([[raw('<c s="1"><v>45000</v></c>')]]),
      'found a date or time (45000), expected a number for channel "f". Spreadsheets turn numbers such as 1.3 into dates',
    ],
    ['a date by its own format', () => sheet([[raw('<c s="2"><v>45000</v></c>')]]), 'found a date or time (45000)'],
    [
      'a boolean',
      () => sheet([[raw('<c t="b"><v>1</v></c>')]]),
      'found TRUE, expected a number for channel "f". Write 0 and 1',
    ],
    [
      'a formula without a value',
      () => sheet([[raw('<c><f>B1*2</f></c>')]]),
      'found a formula without a value, expected a number for channel "f". Open the workbook',
    ],
    [
      'merged cells',
      () => sheet([[1], [2]], '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'),
      'cells A1:B2 of sheet "A" are merged. Undo the merging',
    ],
    ['an empty row', () => sheet([[1], [], [2]]), 'sheet "A", row 2 is empty, but samples follow.'],
    ['an empty sheet', () => sheet([]), 'column 1 (A) of sheet "A" holds nothing. Its columns are none.'],
    [
      'two sheets',
      () => makeWorkbook({ A: {}, B: {} }),
      'channel "f": nothing says which of 2 sheets it is on. Add sheet: with one of A, B.',
    ],
    [
      'a text that is not there',
      () => sheet([[raw('<c t="s"><v>99</v></c>')]]),
      'row 1 refers to a text "99" that is not there',
    ],
    [
      'a number that is none',
      () => change(first, (xml) => xml.replace('<v>1<', '<v>0x1<')),
      'row 1 holds "0x1" as a number',
    ],
    ['an unknown type', () => sheet([[raw('<c t="z"><v>1</v></c>')]]), 'a cell of the unknown type "z"'],
    ['an address that is none', () => change(first, (xml) => xml.replace('"A1"', '"A0"')), 'there is a cell "A0"'],
    ['a cell beyond the last', () => change(first, (xml) => xml.replace('"A1"', '"XFE1"')), 'there is a cell "XFE1"'],
    [
      'a cell that stands twice',
      () => change(first, (xml) => xml.replace('</c>', '</c><c r="A1"><v>9</v></c>')),
      'cell A1 is out of order in row 1',
    ],
    ['a row that stands twice', () => change(first, (xml) => xml.replace('r="2"', 'r="1"')), 'row "1" follows row 1'],
    [
      'a sheet that is cut off',
      () => change(first, (xml) => xml.slice(0, -60)),
      'xl/worksheets/sheet1.xml is not well-formed',
    ],
    [
      'a missing part',
      () => {
        const parts = makeParts({ A: {} });
        delete parts[first];
        return zipParts(parts);
      },
      `its part ${first} is missing`,
    ],
    [
      'no sheet',
      () => change('xl/workbook.xml', (xml) => xml.replace(/<sheet /, '<other ')),
      'the workbook has no sheet with cells',
    ],
    [
      'an .xls',
      () => Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1),
      'this is an old Excel workbook (.xls), or one with a password. Open it and save it',
    ],
    ['a text', () => strToU8('a,b\n1,2\n'), 'this is no .xlsx workbook. If it is text, name it .csv'],
    ['nothing', () => new Uint8Array(0), 'the file is empty'],
    [
      'an .ods',
      () => zipSync({ 'content.xml': strToU8('<a/>') }),
      'this is an OpenDocument file (.ods). Open it in a spreadsheet program and save it as .xlsx.',
    ],
    ['another zip archive', () => zipSync({ 'a.txt': strToU8('a') }), 'this is a zip archive without a workbook in it'],
    ['a cut archive', () => sheet([[1]]).subarray(0, 500), 'the workbook is damaged'],
  ];
  it.each(cases)('%s', (_, make, sentence) => {
    const bytes = make();
    expect(() => read(bytes, one)).toThrow(sentence);
    expect(() => read(bytes, one)).toThrow(/^ID 1\.xlsx: /);
  });

  it('a sheet that is not there: names those that are', () => {
    const declaration: TableDeclaration = { rate_Hz: 1, channels: { f: { sheet: 'EMG_GL', column: 1, unit: 'uV' } } };
    expect(() => readSheets({ DNM: {}, EMG_LG: {} }, declaration)).toThrow(
      'there is no sheet "EMG_GL". It has: EMG_LG, DNM.',
    );
  });

  it('a header that is merged over several columns', () => {
    const rows = [
      ['EMG', undefined],
      [1, 2],
    ];
    const tail = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>';
    expect(() =>
      readSheets({ A: { rows, tail } }, { rate_Hz: 1, channels: { f: { column: 'EMG', unit: 'uV' } } }),
    ).toThrow('the header "EMG" is merged over columns A to B of sheet "A". Name the column by its number, 1 to 2.');
  });

  it('a sheet that spreads over more cells than memory should hold', () => {
    const row = Array.from({ length: 60 }, (_, c) => {
      const letters = String.fromCharCode(65 + Math.floor(c / 26), 65 + (c % 26));
      return `<c r="${letters}1048576"><v>1</v></c>`;
    });
    expect(() => readSheets({ A: { data: `<row r="1048576">${row.join('')}</row>` } }, one)).toThrow(
      'the cells are spread over too many rows and columns to be a recording.',
    );
  });

  it('a part that would unpack to more than memory should hold, without unpacking it', () => {
    const bytes = zipParts(makeParts({ A: { rows: [[1]] } }));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const name = strToU8('xl/worksheets/sheet1.xml');
    for (let at = 0; at + 46 + name.length <= bytes.length; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      if (name.every((byte, i) => bytes[at + 46 + i] === byte)) view.setUint32(at + 24, 2 ** 31, true);
    }
    expect(() => read(bytes, one)).toThrow(
      'xl/worksheets/sheet1.xml unpacks to 2048 MiB; genu reads parts of up to 400 MiB',
    );
  });
});
