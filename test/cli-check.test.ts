import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../src/study/index.js';
import { change, useCases } from './support/cases.js';
import { runGenu, runJson } from './support/genu.js';

/** `genu check` as a user runs it, on recordings of one simulated person. */

const { makeCase } = useCases();
interface Report {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<string, number>>;
}
/** Turns the sign of the moments. */
const turn = (file: string) =>
  change(file, (table) => ({
    ...table,
    rows: table.rows.map(([time, ...values]) => [time, ...values.map((value) => -1000 * value)]),
  }));

describe('genu check', () => {
  it('finds nothing wrong with sound recordings, and ends with 0', async () => {
    const { study } = makeCase();
    const { value } = await runJson<Report>(['check', study, '--strict']);
    expect(value.path).toBe(study);
    expect(value.counts).toMatchObject({ error: 0, warning: 0 });
  });

  it('names what is wrong, for people and for programs, with the line that mends it', async () => {
    const spoiled = makeCase();
    turn(spoiled.file('moments'));
    const { value } = await runJson<Report>(['check', spoiled.study]);
    expect(value.findings[0]).toMatchObject({
      severity: 'error',
      where: { participant: 'virtual01', trial: 'walk_12' },
    });
    expect(value.findings.map(({ id }) => id)).toContain('moment-unit');
    expect(value.findings.every((finding) => finding.picture === undefined)).toBe(true);
    const { code, stdout } = await runGenu(['check', spoiled.study]);
    expect(code).toBe(0);
    expect(stdout).toContain('unit: N.mm');
    expect((await runGenu(['check', spoiled.study, '--strict'])).code).toBe(1);
  });

  it('puts pictures into JSON and into a page when asked to', async () => {
    const spoiled = makeCase();
    turn(spoiled.file('moments'));
    const page = join(spoiled.folder, 'check.html');
    const { value } = await runJson<Report>(['check', spoiled.study, '--pictures', '--out', page]);
    expect(value.findings.find(({ id }) => id === 'moment-unit')?.picture).toMatch(/^<svg /);
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain('moment-unit');
  });

  it('looks at one file, and says of one that is damaged what the reader says', async () => {
    const spoiled = makeCase();
    change(spoiled.file('moments'), (table) => ({
      ...table,
      rows: [...table.rows.slice(0, 20), ...table.rows.slice(10)],
    }));
    const { value } = await runJson<Report>(['check', spoiled.file('moments')]);
    expect(value.findings).toMatchObject([{ id: 'time-stamps', severity: 'error' }]);
    const { value: whole } = await runJson<Report>(['check', spoiled.study]);
    expect(whole.findings.map(({ id }) => id)).toContain('time-stamps');
  });

  it('ends with 1 when the path cannot be read', async () => {
    const { code, stdout, stderr } = await runGenu(['check', 'nowhere.c3d']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('nowhere.c3d: there is no such file.');
    const model = await runGenu(['check', 'package.json']);
    expect(model.code).toBe(1);
    expect(model.stderr).toContain('genu does not read ".json" files as recordings.');
  });
});
