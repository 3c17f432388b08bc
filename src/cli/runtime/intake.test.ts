import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { childrenFolder, emgLegs, hasChildren } from '../../../test/support/children.js';
import type { StudyFile } from '../../study/index.js';
import { makeIntakeWorld } from './intake.js';
import { readStudyFile } from './yaml.js';

const folder = mkdtempSync(join(tmpdir(), 'genu-intake-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = fileURLToPath(new URL('../../../examples/children-gait/study.yaml', import.meta.url));

describe('makeIntakeWorld', () => {
  it('lists what lies under the root, through links, without hidden files and without going in circles', () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'B/Walk'), { recursive: true });
    mkdirSync(join(folder, 'elsewhere/Turn'), { recursive: true });
    for (const file of ['root/B/Walk/b.c3d', 'root/B/.hidden', 'root/LICENSE', 'elsewhere/Turn/a.c3d'])
      writeFileSync(join(folder, file), '');
    symlinkSync(join(folder, 'elsewhere'), join(root, 'A'));
    symlinkSync(root, join(root, 'B/again'));
    symlinkSync(join(folder, 'nowhere'), join(root, 'C'));
    const { listFiles } = makeIntakeWorld({} as StudyFile, root);
    expect(listFiles()).toEqual(['A/Turn/a.c3d', 'B/Walk/b.c3d', 'C', 'LICENSE']);
  });

  it('says when the root is not there', () => {
    expect(() => makeIntakeWorld({} as StudyFile, join(folder, 'no such')).listFiles()).toThrow(
      /there is no such file/,
    );
  });
});

describe.skipIf(!hasChildren)('examples/children-gait', () => {
  it('finds every child with mass, height, leg and segments', () => {
    const study = readStudyFile(example, childrenFolder);
    expect(Object.fromEntries(study.participants.map(({ id, side }) => [id, side]))).toEqual(emgLegs);
    const first = study.participants[0];
    expect(first).toMatchObject({ id: 'HC002D', mass_kg: 32.1, height_m: 1.45 });
    // What Plug-in Gait wrote into the same files: PROCESSING:RFemurLength, RTibiaLength.
    expect(first.segments_m!.thigh).toBeCloseTo(0.3381, 3);
    expect(first.segments_m!.shank).toBeCloseTo(0.3468, 3);
    expect(study.intake!.warnings).toEqual([]);
  });

  it('runs on whoever lies there: another folder, a child who lacks a trial, a folder that is none', () => {
    const root = join(folder, 'others');
    cpSync(join(childrenFolder, 'HC031A'), join(root, 'X17'), { recursive: true });
    rmSync(join(root, 'X17/Turn'), { recursive: true });
    cpSync(join(childrenFolder, 'HC038A'), join(root, 'Y2'), { recursive: true });
    mkdirSync(join(root, 'notes'));
    writeFileSync(join(root, 'notes/readme.txt'), 'nothing');
    const study = readStudyFile(example, root);
    expect(study.participants.map(({ id, side, trials }) => [id, side, trials.map((trial) => trial.id)])).toEqual([
      ['X17', 'right', ['Static', 'Straight']],
      ['Y2', 'right', ['Static', 'Straight', 'Turn']],
    ]);
    expect(study.intake!.warnings).toEqual([
      'X17: the trial Turn is not there (X17/Turn/*.c3d).',
      'notes is left out: it has none of the trials Straight, Turn.',
    ]);
  });
});
