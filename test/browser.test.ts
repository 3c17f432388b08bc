import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { KernelVariant } from '../src/learn/index.js';

// The built package trains in a real browser, on the files as they are: no bundler, one import map.

interface ToyTraining {
  readonly losses: readonly number[];
  readonly predictions: readonly number[];
}

interface ToyResults {
  readonly plain: ToyTraining;
  readonly fused: ToyTraining | null;
  readonly error?: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const executablePath = [
  process.env.GENU_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };

if (!executablePath)
  console.warn('No Chromium was found, so training in a browser is not tested. GENU_CHROMIUM names one.');

const findDifference = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, k) => Math.abs(value - b[k])));
};

describe.skipIf(!executablePath)('in Chromium', () => {
  it('a training run gives the losses and predictions that it gives in Node', { timeout: 300_000 }, async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
      requests.push(path);
      const file = join(root, path);
      if (!file.startsWith(root + (root.endsWith(sep) ? '' : sep)) || !existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
      response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      const foreign: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(origin)) foreign.push(request.url());
      });
      await page.goto(`${origin}/test/browser/page.html`);
      const handle = await page.waitForFunction('window.result', undefined, { timeout: 240_000 });
      const { plain, fused, error } = (await handle.jsonValue()) as ToyResults;
      expect(error).toBeUndefined();
      expect(errors).toEqual([]);
      expect(foreign).toEqual([]);
      expect(requests.some((path) => path.includes('onnxruntime-node'))).toBe(false);

      const script = new URL('browser/toy-training.mjs', import.meta.url).href;
      const { runToyTraining } = (await import(script)) as {
        runToyTraining: (kernels: KernelVariant) => Promise<ToyTraining>;
      };
      const inNode = await runToyTraining('plain');
      expect(inNode.losses.every(Number.isFinite)).toBe(true);
      expect(inNode.losses[2]).toBeLessThan(inNode.losses[0]);
      // The plain kernels give the same bits everywhere; the fused ones nearly the same numbers.
      expect(plain.losses).toEqual(inNode.losses);
      expect(plain.predictions).toEqual(inNode.predictions);
      if (!fused) console.warn('This Chromium has no relaxed SIMD: the fused kernels are not tested in it.');
      else {
        expect(findDifference(fused.losses, plain.losses)).toBeLessThan(1e-5);
        expect(findDifference(fused.predictions, plain.predictions)).toBeLessThan(1e-4);
      }
    } finally {
      await browser.close();
      server.close();
    }
  });
});
