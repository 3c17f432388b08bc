import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Done, makeScratch, runGenu } from './genu.js';
import { readPlain, type Table, writePlain } from './table.js';
import { makeSmallStudy, type Participant, writeRecordings, writeStudy } from './virtual-study.js';

/** A copy of the recordings with a study beside them, for one test. */
export interface Case {
  readonly folder: string;
  readonly study: string;
  readonly out: string;
  /** A file of the trial walk_12. */
  file(name: 'emg' | 'motion' | 'moments'): string;
  run(): Promise<Done>;
}

export const activities = ['walk_12'];
/** Without networks a study takes a second. */
export const quick = { models: ['mean', 'ridge'] };

/** Recordings of one virtual participant for a suite, and copies of them to spoil. Everything is removed after the suite. */
export function useCases(): {
  readonly folder: string;
  readonly people: readonly Participant[];
  makeCase(changes?: object): Case;
} {
  const { folder, remove } = makeScratch();
  const people: Participant[] = [];
  let number = 0;
  beforeAll(() => {
    people.push(...writeRecordings(join(folder, 'data'), { participants: 1, activities, duration_s: 5 }));
  });
  afterAll(remove);
  return {
    folder,
    people,
    makeCase(changes = {}) {
      const own = join(folder, `case-${++number}`);
      cpSync(join(folder, 'data'), own, { recursive: true });
      const study = writeStudy(join(own, 'study.yaml'), makeSmallStudy(people, activities, { ...quick, ...changes }));
      const out = join(own, 'out');
      return {
        folder: own,
        study,
        out,
        file: (name) => join(own, 'virtual01', 'walk_12', `${name}.sto`),
        run: () => runGenu(['run', study, '--out', out, '--json']),
      };
    },
  };
}

/** Rewrites one recording of a case. */
export function change(path: string, edit: (table: Table) => Table): void {
  writePlain(path, edit(readPlain(path)));
}

export const editRows = (path: string, edit: (row: readonly number[], i: number) => readonly number[]) =>
  change(path, (table) => ({ ...table, rows: table.rows.map(edit) }));
export const rename = (path: string, from: string, to: string) =>
  change(path, (table) => ({ ...table, labels: table.labels.map((label) => (label === from ? to : label)) }));

/** The user is told what is wrong, in sentences; a script sees it in the exit code and an empty stdout. */
export function expectRefused({ code, stdout, stderr }: Done, ...sentences: string[]): void {
  for (const sentence of sentences) expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^genu: /m);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+|unexpected error|node:internal|\bdist\//m);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

/** Neither results nor unfinished files. */
export function expectNothingWritten(out: string): void {
  const files = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
  expect(files.filter((file) => /results\.json|report\.html|\.genu$|\.sto$|\.part$|finished/.test(file))).toEqual([]);
}

/** Runs a spoiled case and holds that it is refused with these sentences and leaves nothing half written. */
export async function expectRunRefused(spoiled: Case, ...sentences: string[]): Promise<void> {
  expectRefused(await spoiled.run(), ...sentences);
  expectNothingWritten(spoiled.out);
}
