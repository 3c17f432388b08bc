import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTableRecording } from './recording.js';

/** Written by validate/tables_reference.py. */
const { tables } = JSON.parse(readFileSync(new URL('./pandas.reference.json', import.meta.url), 'utf8')) as {
  tables: {
    name: string;
    format: 'csv' | 'xlsx';
    sheet: string | null;
    base64: string;
    columns: (number | null)[][];
  }[];
};

describe('files written by pandas and openpyxl', () => {
  it.each(tables)('$format, $name: every number as they read it', ({ format, sheet, base64, columns }) => {
    const { channels, notes } = readTableRecording(Buffer.from(base64, 'base64'), {
      file: `made.${format}`,
      format,
      declaration: {
        time: { column: 'time', unit: 's' },
        channels: Object.fromEntries(
          ['knee', 'EMG VL', 'count'].map((column) => [
            column,
            { sheet: sheet ?? undefined, column, unit: '1' as const },
          ]),
        ),
      },
    });
    const found = [channels[0].clock.times_s, ...channels.map(({ values }) => values)];
    expect(found.map((list) => [...list])).toEqual(columns.map((list) => list.map((value) => value ?? Number.NaN)));
    expect(notes.filter((note) => note.includes('gaps'))).toHaveLength(2);
  });
});
