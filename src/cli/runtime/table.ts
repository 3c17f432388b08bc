import type { ResultRow } from '../../study/index.js';

const columns: readonly { readonly head: string; readonly cell: (row: ResultRow) => string }[] = [
  { head: 'activity', cell: (row) => row.activity },
  { head: 'model', cell: (row) => row.model },
  { head: 'frames', cell: (row) => String(row.n) },
  { head: 'RMSE Nm/kg', cell: (row) => show(row.rmse_Nm_per_kg, 3) },
  { head: 'NRMSE %', cell: (row) => show(row.nrmse_percent, 1) },
  { head: 'R²', cell: (row) => show(row.r2, 3) },
  { head: 'skill vs ridge', cell: (row) => show(row.skill_vs_ridge, 2) },
  { head: 'skill vs mean', cell: (row) => show(row.skill_vs_mean, 2) },
];

/** Rows as a table for a terminal: text to the left, numbers to the right. */
export function writeRowsTable(rows: readonly ResultRow[]): string {
  const cells = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => line[c].length)));
  return cells
    .map((line, l) => {
      const text = line
        .map((cell, c) => (c < 2 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd();
      return l > 0 && rows[l - 1].activity !== rows[l - 2]?.activity && l > 1 ? `\n${text}` : text;
    })
    .join('\n');
}

function show(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
