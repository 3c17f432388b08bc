import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Published recordings and reference results, beside the checkout. */
export const shared = join(root, '..', 'shared');
const main = join(root, 'dist', 'cli', 'main.js');

/** What a command left behind. */
export interface Done {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command as a user would, without waiting for its end. @param env variables beside those of the test */
export function startGenu(
  args: readonly string[],
  cwd = root,
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; done: Promise<Done> } {
  // Pictures take longer than the small studies of the tests; png.test.ts looks at them.
  const options = { cwd, env: { ...process.env, GENU_PNG: '0', ...env } };
  const child = spawn(process.execPath, [main, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  const done = new Promise<Done>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  return { child, done };
}

/** Runs the built command to its end. */
export function runGenu(args: readonly string[], cwd = root, env: NodeJS.ProcessEnv = {}): Promise<Done> {
  return startGenu(args, cwd, env).done;
}

/** Runs the command with --json and parses all of its stdout. @throws Error with stderr when it fails */
export async function runJson<T>(args: readonly string[]): Promise<{ value: T; stderr: string }> {
  const { code, stdout, stderr } = await runGenu([...args, '--json']);
  if (code !== 0) throw new Error(`genu ${args.join(' ')} ended with ${code}: ${stderr}`);
  return { value: JSON.parse(stdout) as T, stderr };
}

/** A new folder for files that a suite makes; `remove` takes it away. */
export function makeScratch(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'genu-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Whether something is beside the checkout; says so when it is not. */
export function isShared(...path: string[]): boolean {
  const there = existsSync(join(shared, ...path));
  if (!there) console.warn(`../shared/${path.join('/')} is not there: the tests that need it are skipped.`);
  return there;
}
