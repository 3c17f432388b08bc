/** A cell: text, a number, or nothing. */
export type Cell = string | number | null;

/** A table apart from how it is written. */
export interface Sheet {
  /** Of its files, without the ending. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly {
    /** Machine-readable, as `rmse_Nm_per_kg`. */
    readonly key: string;
    /** For people, with the unit. */
    readonly label: string;
    /** Decimals in print; CSV has all digits. Left out for text. */
    readonly decimals?: number;
  }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Too long to print: written as CSV only. */
  readonly long?: boolean;
}

/** RFC 4180, UTF-8, decimal points, all digits; a missing number is an empty field. */
export function writeCsv({ columns, rows }: Sheet): string {
  const lines = [columns.map(({ key }) => key), ...rows];
  return lines.map((line) => `${line.map(writeField).join(',')}\r\n`).join('');
}

function writeField(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A LaTeX table for the package booktabs: `\input{tables/NAME}`. Of a number as many decimals as the report shows; a missing one is a dash. */
export function writeLatex({ name, caption, columns, rows }: Sheet): string {
  const shape = columns.map(({ decimals }) => (decimals === undefined ? 'l' : 'r')).join('');
  const write = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  return `${[
    '% Needs \\usepackage{booktabs}.',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\label{tab:${name}}`,
    `  \\begin{tabular}{${shape}}`,
    '    \\toprule',
    write(columns.map(({ label }) => escapeLatex(label))),
    '    \\midrule',
    ...rows.map((row) => write(row.map((cell, i) => writeCell(cell, columns[i].decimals)))),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n')}\n`;
}

function writeCell(cell: Cell, decimals = 3): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '--';
  return typeof cell === 'number' ? `$${cell.toFixed(decimals)}$` : escapeLatex(cell);
}

const latex: { readonly [character: string]: string } = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '²': '$^2$',
  '·': '$\\cdot$',
  '−': '$-$',
  '±': '$\\pm$',
  '≤': '$\\leq$',
  '–': '--',
  '’': "'",
  α: '$\\alpha$',
  '\u00a0': '~',
  '\u202f': '\\,',
};

/** Text that LaTeX prints as it stands. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}&%$#_~^²·−±≤–’α\u00a0\u202f]/g, (character) => latex[character]);
}
