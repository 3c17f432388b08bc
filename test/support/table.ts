import { readFileSync, writeFileSync } from 'node:fs';

/** An OpenSim storage table, read and written in the plainest way: apart from genu's own reader. */
export interface Table {
  readonly head: readonly string[];
  readonly labels: readonly string[];
  /** Row by row; the first column is time. */
  readonly rows: readonly (readonly number[])[];
}

export function readPlain(path: string): Table {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const end = lines.indexOf('endheader');
  return {
    head: lines.slice(0, end),
    labels: lines[end + 1].split('\t'),
    rows: lines
      .slice(end + 2)
      .map((line) => line.split('\t').map((cell) => (cell === 'nan' ? Number.NaN : Number(cell)))),
  };
}

export function writePlain(path: string, { head, labels, rows }: Table): void {
  const counted = head.map((line) => (line.startsWith('nRows=') ? `nRows=${rows.length}` : line));
  const body = rows.map((row) => row.map((value) => (Number.isNaN(value) ? 'nan' : String(value))).join('\t'));
  writeFileSync(path, `${[...counted, 'endheader', labels.join('\t'), ...body].join('\n')}\n`);
}

/** One column by its label. */
export function getColumn({ labels, rows }: Table, label: string): number[] {
  const at = labels.indexOf(label);
  if (at < 0) throw new Error(`no column ${label} among ${labels.join(', ')}`);
  return rows.map((row) => row[at]);
}
