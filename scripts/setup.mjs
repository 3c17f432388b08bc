// Makes a checkout ready with nothing but Node and npm: installs what package-lock.json names, builds dist/, links the command.
// Runs before start, test, bench and validate; does nothing when nothing has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `genu needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

const run = (command, args, what) => {
  console.error(`genu setup: ${what}`);
  const done = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(`genu setup: "${command} ${args.join(' ')}" failed; its messages are above.`);
    process.exit(done.status ?? 1);
  }
};
const digest = (files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
};
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
const stampHolds = (file, key) => existsSync(file) && readFileSync(file, 'utf8') === key;

const lockStamp = join('node_modules', '.genu-lock');
const lockKey = `${digest(['package-lock.json'])} ${process.platform} ${process.arch}`;
if (!stampHolds(lockStamp, lockKey)) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing packages (once; about 480 MB on disk)');
  writeFileSync(lockStamp, lockKey);
}

// The kernels, AssemblyScript, become WebAssembly modules that lie as text in TypeScript modules: no file to be found or
// fetched at run time, in Node or in a browser. One source makes two: plain, and with fused multiplication and addition.
const wasm = join('src', 'learn', 'wasm');
const kernels = walk(join(wasm, 'kernels')).sort();
const compiler = join('node_modules', 'assemblyscript');
const kernelMark = `// ${digest([...kernels, join(compiler, 'package.json'), join('scripts', 'setup.mjs')])}`;
const compilerFlags =
  '-O3 --enable simd --noAssert --runtime stub --importMemory --noExportMemory --initialMemory 1 --memoryBase 512 --disableWarning 112';
for (const [name, more] of [
  ['plain', ''],
  ['fused', ' --enable relaxed-simd'],
]) {
  const generated = join(wasm, `${name}.generated.ts`);
  if (existsSync(generated) && readFileSync(generated, 'utf8').startsWith(kernelMark)) continue;
  const binary = join('node_modules', `.genu-kernels-${name}.wasm`);
  const text = join('node_modules', `.genu-kernels-${name}.wat`);
  const flags = `${compilerFlags}${more}`.split(' ');
  run(
    process.execPath,
    [join(compiler, 'bin', 'asc.js'), join(wasm, 'kernels', 'index.ts'), ...flags, '-o', binary, '-t', text],
    `compiling kernels, ${name}`,
  );
  // From the text form, for this Node may not know the instructions of the fused ones.
  const names = [...readFileSync(text, 'utf8').matchAll(/^ \(export "(\w+)" \(func/gm)].map(([, name]) => name);
  const lines = [
    kernelMark,
    '// Made by scripts/setup.mjs from the kernels beside it.',
    `export const binary = '${readFileSync(binary).toString('base64')}';`,
    `export type KernelName = ${names.map((name) => `'${name}'`).join(' | ')};`,
  ];
  writeFileSync(generated, `${lines.join('\n')}\n`);
  rmSync(binary);
  rmSync(text);
}

const sources = walk('src')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .sort();
const buildStamp = join('dist', '.genu-build');
const buildKey = digest([...sources, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']);
if (!stampHolds(buildStamp, buildKey)) {
  rmSync('dist', { recursive: true, force: true });
  run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], 'building');
  mkdirSync('dist', { recursive: true });
  writeFileSync(buildStamp, buildKey);
}

// `npx genu` finds this link first, so it never asks a registry.
const main = join('dist', 'cli', 'main.js');
if (existsSync(main) && process.platform !== 'win32') {
  if ((statSync(main).mode & 0o111) !== 0o111) chmodSync(main, 0o755);
  const link = join('node_modules', '.bin', 'genu');
  if (!existsSync(link)) {
    rmSync(link, { force: true });
    symlinkSync(join('..', '..', main), link);
  }
}
