import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error a plain module without types
import configuration from '../.dependency-cruiser.mjs';
// @ts-expect-error a plain module without types
import { rooms as table } from '../rooms.mjs';

const rooms = table as Record<string, { imports: string[]; libraries: string[]; node?: boolean }>;
const root = fileURLToPath(new URL('..', import.meta.url));
const planted = mkdtempSync(join(root, 'src/math/planted-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

async function findViolations(): Promise<ICruiseResult> {
  const { options, forbidden } = configuration as { options: object; forbidden: object[] };
  const result = await cruise(['src'], { ...options, validate: true, ruleSet: { forbidden }, baseDir: root } as never);
  return result.output as ICruiseResult;
}

describe('the rooms', () => {
  it('every folder of src has a row, and every row a folder', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).sort()).toEqual(Object.keys(rooms).sort());
  });

  it('ARCHITECTURE.md shows the same table', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    for (const [room, { imports, libraries, node }] of Object.entries(rooms)) {
      const cells = [
        room,
        imports.join(', ') || 'nothing',
        [...libraries, ...(node ? ['Node'] : [])].join(', ') || 'none',
      ];
      expect(text).toContain(`| ${cells.join(' | ')} |`);
    }
  });

  it('nobody imports what the table does not allow, and a planted violation is caught', async () => {
    const clean = await findViolations();
    expect(clean.summary.totalCruised).toBeGreaterThan(50);
    const ours = clean.summary.violations.filter((violation) => !violation.from.includes('planted-'));
    expect(ours.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);

    mkdirSync(planted, { recursive: true });
    writeFileSync(
      join(planted, 'leak.ts'),
      "import { modelKinds } from '../../study/index.js';\nimport 'node:fs';\nexport const kinds = modelKinds;\n",
    );
    const caught = (await findViolations()).summary.violations
      .filter(({ from }) => from.includes('planted-'))
      .map(({ rule }) => rule.name);
    expect(caught).toContain('math-may-not-import');
    expect(caught).toContain('math-no-node');
  });
});
