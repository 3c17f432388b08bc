import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeC3dFile, writeC3dFile } from '../../io/index.js';
import { inspectFile, writeInspection } from './inspection.js';

const folder = mkdtempSync(join(tmpdir(), 'genu-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('looks into a C3D file: channels, first frame, subject', () => {
  const path = join(folder, 'walk.c3d');
  writeFileSync(
    path,
    writeC3dFile(
      makeC3dFile({
        format: 'float',
        rate_Hz: 100,
        first_frame: 11,
        frame_count: 2,
        points: { labels: ['C7'], unit: 'mm', scale: 0.1, values: Float32Array.of(1, 2, 3, 0, 4, 5, 6, 0) },
        parameters: { PROCESSING: { Bodymass: { type: 'float', values: [31.5] } } },
        header_events: [{ label: 'RHS', time_s: 0.01, flag: 0 }],
      }),
    ),
  );
  const inspection = inspectFile(path);
  expect(inspection).toMatchObject({
    format: 'recording',
    facts: { point_rate_Hz: 100, first_frame: 11, events: ['0.11 s RHS'], 'processing Bodymass': 31.5 },
  });
  expect(writeInspection(inspection)).toContain('  processing Bodymass: 31.5\n');
  expect(writeInspection(inspection)).toMatch(/C7\.x\s+marker\s+m\s+100 Hz\s+0\.1–0\.11 s\s+0\.001 … 0\.004/);
});
