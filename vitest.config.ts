import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that hold something to ONNX Runtime, an optional package; without it they are left out, and that is said. */
async function listLeftOut(): Promise<string[]> {
  try {
    await import('onnxruntime-node');
    return [];
  } catch {
    const files = ['src', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    );
    const needing = files.filter(
      (file) =>
        file.endsWith('.test.ts') &&
        /from 'onnxruntime-node'|executors\.test\.support/.test(readFileSync(file, 'utf8')),
    );
    console.warn(`ONNX Runtime does not load here; ${needing.length} test files that compare with it are left out:`);
    console.warn(needing.join('\n'));
    return needing;
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(await listLeftOut())],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    setupFiles: ['test/support/fused-kernels.ts'],
    // Many tests start processes of their own and wait for them.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
