import type { ResultRow } from '../../study/index.js';

interface Column {
  readonly head: string;
  readonly cell: (row: ResultRow) => string;
  readonly isText?: true;
}

/** Which question a row answers; shown where there are several. */
const questions: readonly Column[] = [
  { head: 'protocol', cell: (row) => row.protocol, isText: true },
  { head: 'seconds', cell: (row) => (row.adaptation_s === null ? '' : String(row.adaptation_s)), isText: true },
  { head: 'policy', cell: (row) => row.policy ?? '', isText: true },
];

const columns: readonly Column[] = [
  { head: 'activity', cell: (row) => row.activity, isText: true },
  { head: 'model', cell: (row) => row.model, isText: true },
  { head: 'frames', cell: (row) => String(row.n) },
  { head: 'RMSE Nm/kg', cell: (row) => show(row.rmse_Nm_per_kg, 3) },
  { head: 'NRMSE %', cell: (row) => show(row.nrmse_percent, 1) },
  { head: 'R²', cell: (row) => show(row.r2, 3) },
  { head: 'skill vs ridge', cell: (row) => show(row.skill_vs_ridge, 2) },
  { head: 'skill vs mean', cell: (row) => show(row.skill_vs_mean, 2) },
];

/** Rows as a table for a terminal: text to the left, numbers to the right; a blank line between groups. */
export function writeRowsTable(rows: readonly ResultRow[]): string {
  const asked = questions.filter(({ cell }) => new Set(rows.map(cell)).size > 1);
  const all = [...asked, ...columns];
  const cells = [all.map(({ head }) => head), ...rows.map((row) => all.map(({ cell }) => cell(row)))];
  const widths = all.map((_, c) => Math.max(...cells.map((line) => line[c].length)));
  const groupOf = (row: ResultRow) => [row.protocol, row.adaptation_s, row.activity].join();
  return cells
    .map((line, l) => {
      const text = line
        .map((cell, c) => (all[c].isText ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd();
      return l > 1 && groupOf(rows[l - 1]) !== groupOf(rows[l - 2]) ? `\n${text}` : text;
    })
    .join('\n');
}

function show(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
