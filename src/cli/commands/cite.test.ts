import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readBibliography } from '../../study/index.js';
import { addCiteCommand } from './cite.js';

const folder = mkdtempSync(join(tmpdir(), 'genu-cite-'));
const path = join(folder, 'study.yaml');
writeFileSync(
  path,
  `study: small
emg: { kind: raw, channels: { vas_lat_r: VL } }
motion: { coordinates: [knee_angle_r] }
torque: { positive: extension }
files: { all: "{participant}/{trial}.sto" }
participants: [{ id: P01, mass_kg: 70, trials: [{ id: walk, activity: walk }] }]
split: { train_first: 0.7 }
`,
);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function run(...args: string[]): Promise<string> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  const program = new Command();
  addCiteCommand(program);
  await program.parseAsync(['cite', path, ...args], { from: 'user' });
  return out;
}

describe('genu cite', () => {
  it('prints BibTeX of what the study uses', async () => {
    const keys = [...readBibliography(await run()).keys()];
    expect(keys).toEqual(expect.arrayContaining(['Pizzolato2015', 'Xie2025', 'KingmaBa2015', 'HoerlKennard1970']));
    expect(keys).not.toContain('Breiman2001');
  });

  it('prints the methods in words, with the list of what they cite', async () => {
    const text = await run('--style', 'text');
    const [methods, list] = text.split('\n\nReferences\n\n');
    for (const [, key] of methods.matchAll(/@(\w+)/g)) expect(list).toContain(`[@${key}]`);
    expect(methods).toContain('30–450 Hz');
  });

  it('prints both as JSON', async () => {
    const value = JSON.parse(await run('--json'));
    expect(Object.keys(value)).toEqual(['study', 'genu_version', 'methods', 'references']);
    expect(Object.keys(value.references[0])).toEqual(['key', 'why', 'text', 'bibtex']);
  });

  it('refuses another style by name', async () => {
    await expect(run('--style', 'apa')).rejects.toThrow(/no style "apa".*bibtex or text/s);
  });
});
