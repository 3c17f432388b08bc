import { describe, expect, it } from 'vitest';
import { makeCohortData } from '../cohort.fixture.js';
import { makeReportData } from '../report.fixture.js';
import { makeReportFiles } from './files.js';
import { escapeLatex, type Sheet, writeCsv, writeLatex } from './sheet.js';
import { listSheets } from './sheets.js';

const data = makeCohortData(7, 3);
const sheets = listSheets(data);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Fields of RFC 4180 text, by its grammar. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const odd: Sheet = {
  name: 'odd',
  caption: '50 % of A_1 & B²',
  columns: [
    { key: 'name', label: 'Name' },
    { key: 'value', label: 'RMSE, N·m/kg', decimals: 2 },
  ],
  rows: [
    ['a "quoted", name\nwith a break', 1 / 3],
    ['{x} ~ \\y $5 #1', null],
    ['', Number.NaN],
  ],
};

describe('tables', () => {
  it('as CSV read back cell by cell, with all digits', () => {
    expect(parseCsv(writeCsv(odd))).toEqual([
      ['name', 'value'],
      ['a "quoted", name\nwith a break', String(1 / 3)],
      ['{x} ~ \\y $5 #1', ''],
      ['', ''],
    ]);
    for (const sheet of sheets) {
      const [head, ...rows] = parseCsv(writeCsv(sheet));
      expect(head).toEqual(sheet.columns.map(({ key }) => key));
      expect(new Set(head).size).toBe(head.length);
      expect(rows).toHaveLength(sheet.rows.length);
      for (const row of rows) expect(row).toHaveLength(head.length);
    }
  });

  it('as LaTeX show every sign as text and balance their braces', () => {
    const text = writeLatex(odd);
    expect(text).toContain('\\caption{50 \\% of A\\_1 \\& B$^2$}');
    expect(text).toContain('\\begin{tabular}{lr}');
    expect(text).toContain('\\{x\\} \\textasciitilde{} \\textbackslash{}y \\$5 \\#1 & -- \\\\');
    expect(text).toContain('$0.33$');
    expect(escapeLatex('%BW·ht')).toBe('\\%BW$\\cdot$ht');
    for (const sheet of sheets) {
      const latex = writeLatex(sheet);
      const bare = latex.replace(/\\[{}\\]/g, '');
      expect(bare.split('{').length).toBe(bare.split('}').length);
      expect(latex.match(/^ {4}.*\\\\$/gm)).toHaveLength(sheet.rows.length + 1);
      // Nothing that pdfLaTeX has no sign for.
      expect(latex).not.toMatch(/[^\x20-\x7e\n]/);
    }
  });

  it('have every error, and the participants as the heat map has them', () => {
    expect(sheets.find(({ name }) => name === 'errors')!.rows).toHaveLength(data.errors.length);
    const participants = sheets.find(({ name }) => name === 'participants-between')!;
    expect(participants.rows).toHaveLength(7);
    const column = participants.columns.findIndex(({ key }) => key === 'rmse_Nm_per_kg_hybrid');
    const found = data.errors.find(
      (row) =>
        row.protocol === 'between' &&
        !row.inputs &&
        row.model === 'hybrid' &&
        row.activity === 'all' &&
        row.participant === 'P03',
    )!;
    expect(participants.rows.find(([name]) => name === 'P03')![column]).toBe(found.rmse_Nm_per_kg);
    expect(sheets.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'protocols',
        'transfer',
        'ablation',
        'agreement',
        'coverage',
        'units',
        'comparison-within',
      ]),
    );
  });
});

describe('makeReportFiles', () => {
  it('gives each figure of the report as SVG and, where it can be drawn, PNG', () => {
    const png = new Uint8Array([137, 80, 78, 71]);
    const { report, files } = makeReportFiles(data, () => png);
    const names = files.map(({ file }) => file);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('figures/04-error-against-seconds-of-adaptation.svg');
    expect(names).toEqual(
      expect.arrayContaining([
        'methods.md',
        'references.bib',
        'figures/captions.md',
        'tables/errors.csv',
        'tables/errors-pooled.tex',
      ]),
    );
    for (const name of names) expect(name).toMatch(/^[\w./-]+$/);
    const svgs = files.filter(({ file }) => file.endsWith('.svg'));
    expect(svgs).toHaveLength(report.match(/<svg /g)!.length);
    for (const { file, bytes } of svgs) {
      expect(report).toContain(read(bytes).trim());
      expect(names).toContain(file.replace('.svg', '.png'));
    }
    const without = makeReportFiles(data).files.map(({ file }) => file);
    expect(without).toEqual(names.filter((name) => !name.endsWith('.png')));
  });

  it('stays plain for one participant: no table of what is not there', () => {
    const names = makeReportFiles(makeReportData(1, 2)).files.map(({ file }) => file);
    expect(names.filter((name) => name.endsWith('.csv')).sort()).toEqual([
      'tables/errors-pooled.csv',
      'tables/errors.csv',
      'tables/participants.csv',
      'tables/units.csv',
    ]);
  });
});
