// CSV and XLSX tables against pandas and openpyxl: files that they wrote, and recordings that a laboratory published.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTableRecording } from '../dist/io/index.js';
import { findDifference } from './compare.mjs';
import { ask } from './python.mjs';

const shared = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const folders = ['isometric-elderly', 'c3d-oddities'].filter((folder) => existsSync(`${shared}${folder}`));
const recordings = folders.flatMap((folder) =>
  readdirSync(`${shared}${folder}`)
    .filter((file) => /\.(csv|xlsx)$/.test(file))
    .map((file) => `${shared}${folder}/${file}`),
);

export function checkTables(python) {
  const { tables, files = [] } = ask(python, 'tables_reference.py', { files: recordings });
  const row = (check, peer, difference) => ({ check, peer, quantity: 'every number', difference, tolerance: 0 });
  const written = tables.map(({ format, sheet, base64, columns }) => {
    const { channels } = readTableRecording(Buffer.from(base64, 'base64'), {
      file: `made.${format}`,
      format,
      declaration: declare(sheet, columns.length, 1),
    });
    return compare(
      channels,
      columns.map((list) => list.map((value) => value ?? Number.NaN)),
    );
  });
  const read = files.map(({ file, sheet, header_rows, columns }) => {
    const { channels } = readTableRecording(readFileSync(file), {
      file: basename(file),
      format: sheet === null ? 'csv' : 'xlsx',
      declaration: declare(sheet, columns.length, header_rows),
    });
    const numbers = columns.map((text) => new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer));
    return { values: numbers.reduce((sum, { length }) => sum + length, 0), difference: compare(channels, numbers) };
  });
  const total = read.reduce((sum, { values }) => sum + values, 0);
  return [
    row(`${tables.length} tables that pandas and openpyxl wrote`, 'pandas, openpyxl', Math.max(...written)),
    read.length > 0
      ? row(
          `${recordings.length} published tables, ${total} numbers`,
          'openpyxl, pandas',
          Math.max(...read.map((r) => r.difference)),
        )
      : { check: 'published tables', peer: 'openpyxl', missing: 'they are not beside the checkout' },
  ];
}

/** All columns of one sheet, as they are. */
function declare(sheet, columns, header_rows) {
  const channels = Array.from({ length: columns }, (_, c) => [
    `c${c}`,
    { sheet: sheet ?? undefined, column: c + 1, unit: '1' },
  ]);
  return { rate_Hz: 1, header_rows, channels: Object.fromEntries(channels) };
}

function compare(channels, columns) {
  const differences = columns.map((expected, c) => {
    const found = channels[c].values;
    // openpyxl goes on with empty cells to the last row of the sheet, genu to the last cell of the column.
    if (found.length > expected.length || !expected.slice(found.length).every(Number.isNaN))
      return Number.POSITIVE_INFINITY;
    const isGap = Array.from(found, Number.isNaN);
    if (isGap.some((gap, i) => gap !== Number.isNaN(expected[i]))) return Number.POSITIVE_INFINITY;
    const keep = (list) => list.slice(0, found.length).filter((_, i) => !isGap[i]);
    return findDifference(keep(found), keep(expected));
  });
  return Math.max(...differences);
}
