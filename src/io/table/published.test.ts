import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readC3d } from '../c3d/index.js';
import type { TableChannel } from './declaration.js';
import { readTableRecording } from './recording.js';

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const [workbook, sprint] = [`${shared}isometric-elderly/ID 1.xlsx`, `${shared}c3d-oddities/sprint_emg.csv`];
const isThere = existsSync(workbook) && existsSync(sprint);
if (!isThere) console.warn('../shared/data is not there: published tables are not read.');

describe.skipIf(!isThere)('published tables', () => {
  it('isometric efforts: force in kgf and EMG in µV on sheets without headers', () => {
    const emg = (column: number): TableChannel => ({ sheet: 'EMG_VL', column, unit: 'uV', kind: 'emg' });
    const { channels, notes } = readTableRecording(readFileSync(workbook), {
      file: 'ID 1.xlsx',
      format: 'xlsx',
      declaration: {
        rate_Hz: 2000,
        channels: { force: { sheet: 'DNM', column: 1, unit: 'kgf' }, vl: emg(1), bf: emg(2), ta: emg(3), gl: emg(4) },
      },
    });
    expect(channels.map(({ kind, unit, values, clock }) => [kind, unit, values.length, clock.rate_Hz])).toEqual([
      ['other', 'N', 20_001, 2000],
      ...Array.from({ length: 4 }, () => ['emg', 'V', 20_001, 2000]),
    ]);
    // All share one clock of ten seconds; the first cells are those that the file shows.
    expect(new Set(channels.map(({ clock }) => clock)).size).toBe(1);
    expect(channels[0].clock.times_s.at(-1)).toBe(10);
    expect(channels[0].values[0] / 9.80665).toBeCloseTo(12.3008179487179, 12);
    expect(channels[1].values[0]).toBeCloseTo(-88.937118437118e-6, 18);
    expect(notes).toEqual([
      'Converted from kgf to N (× 9.80665): force.',
      'Converted from uV to V (× 0.000001): vl, bf, ta, gl.',
    ]);
  });

  it('a sprint: the exported CSV holds what the C3D file beside it holds', () => {
    const { channels } = readC3d(readFileSync(sprint.replace('_emg.csv', '.c3d')), { file: 'sprint.c3d' }).recording;
    const text = readFileSync(sprint, 'utf8');
    const names = text
      .slice(0, text.indexOf('\n'))
      .split(',')
      .filter((name) => name.startsWith('Voltage.EMG'));
    expect(names).toHaveLength(10);
    const table = readTableRecording(readFileSync(sprint), {
      file: 'sprint_emg.csv',
      format: 'csv',
      declaration: {
        rate_Hz: 1000,
        channels: Object.fromEntries(
          names.map((name) => [name, { column: name, unit: 'V' as const, kind: 'emg' as const }]),
        ),
      },
    });
    for (const { name, values } of table.channels) {
      const same = channels.find((channel) => channel.name === name);
      expect(same?.unit).toBe('V');
      expect(same?.clock.rate_Hz).toBe(1000);
      expect(values).toEqual(same?.values);
    }
  });
});
