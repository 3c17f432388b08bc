import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GenuError } from '../../data/index.js';
import { readStudyFile } from './yaml.js';

const folder = mkdtempSync(join(tmpdir(), 'genu-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readStudyFile', () => {
  it('refuses aliases that grow without measure', () => {
    const file = join(folder, 'study.yaml');
    const names = [...'abcdefghi'];
    const lines = names.map((name, i) => {
      const item = i === 0 ? 'x' : `*${names[i - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
    });
    writeFileSync(file, lines.join('\n'));
    expect(() => readStudyFile(file)).toThrow(GenuError);
    expect(() => readStudyFile(file)).toThrow(/its aliases \(\*name\) cannot be resolved/);
  });
});
