// Runs the timings of this folder and writes RESULTS.md.
// Usage: npm run bench [-- NAME] [-- --json]; NAME is body, read, learn, infer, torch or live. With a NAME nothing is written.
// GENU_PYTHON names a Python with PyTorch to compare with.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = process.argv.includes('--json');
const [chosen] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const benches = {
  body: { title: 'Muscle geometry', run: () => callNode('body.mjs', '--json') },
  read: { title: 'Reading a table', run: () => callNode('read.mjs', '--json') },
  learn: { title: 'Training', run: runLearn },
  infer: { title: 'Inference, default network, one thread', run: () => callNode('infer.mjs', '--json') },
  torch: { title: 'PyTorch, the same networks, one thread', run: runTorch },
  live: { title: 'Live', run: runLive },
};
if (chosen !== undefined && !(chosen in benches)) {
  console.error(`bench: there is no "${chosen}"; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

const load = loadavg()[0];
const results = {};
for (const [name, { title, run }] of Object.entries(benches)) {
  if (chosen !== undefined && name !== chosen) continue;
  console.error(`bench: ${title} …`);
  results[name] = run();
}
console.log(json ? JSON.stringify(results) : writeTables());
if (chosen === undefined) writeFileSync(join(root, 'bench', 'RESULTS.md'), writeResults());
process.exitCode = Object.values(results).some(({ failed }) => failed) ? 1 : 0;

/** Numbers by name; `left_out` says why there are none, `failed` that there should have been. */
function call(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8', cwd: root, maxBuffer: 2 ** 26 });
  if (done.status === 0) return { text: done.stdout };
  return { failed: true, left_out: (done.stderr || String(done.error)).trim().split('\n').at(-1) };
}

function callNode(file, ...args) {
  const { text, ...rest } = call(process.execPath, [join('bench', file), ...args]);
  return text === undefined ? rest : JSON.parse(text);
}

function runLearn() {
  const sizes = ['small', 'large'].map((size) => [size, call(process.execPath, [join('bench', 'learn.mjs'), size])]);
  const failed = sizes.find(([, answer]) => answer.failed);
  if (failed) return failed[1];
  return Object.fromEntries(sizes.flatMap(([size, { text }]) => readLearn(size, text)));
}

/** learn.mjs prints sentences; a figure that is not found there is a failure, not a gap. */
function readLearn(size, text) {
  const find = (what, pattern) => {
    const found = pattern.exec(text);
    if (!found) throw new Error(`bench/learn.mjs does not say ${what} any more.`);
    return Number(found[1]);
  };
  return [
    [`${size}_weights`, find('weights', /(\d+) weights/)],
    [`${size}_session_ms`, find('session', /session in (\d+) ms/)],
    [`${size}_windows_per_s`, find('windows/s by the clock', /wall clock: median [\d.]+ ms, (\d+) windows/)],
    [
      `${size}_windows_per_s_of_processor_time`,
      find('windows/s of processor time', /processor: median [\d.]+ ms, (\d+) windows/),
    ],
  ];
}

function runTorch() {
  const python = process.env.GENU_PYTHON;
  if (!python) return { left_out: 'GENU_PYTHON names no Python, so nothing is compared with PyTorch.' };
  if (call(python, ['-c', 'import torch']).failed) return { left_out: 'the Python of GENU_PYTHON has no PyTorch.' };
  const { text, ...rest } = call(python, [join('bench', 'torch_peer.py')]);
  return text === undefined ? rest : JSON.parse(text);
}

function runLive() {
  if (!existsSync(join(root, 'bench', 'live.mjs'))) return { left_out: 'there is no bench/live.mjs.' };
  const bundle = findBundle(join(root, 'out'));
  if (bundle === undefined) return { left_out: 'no trained model is under out/; "npm start" makes one.' };
  const { text, ...rest } = call(process.execPath, [join('bench', 'live.mjs'), bundle, '--json']);
  return text === undefined ? rest : JSON.parse(text);
}

function findBundle(folder) {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true }).map(String);
  const file = files.filter((name) => /hybrid-.*\.genu$/.test(name)).sort()[0];
  return file && join(folder, file);
}

function writeTables() {
  return Object.entries(results)
    .map(([name, { failed, left_out, ...numbers }]) => {
      const rows = Object.entries(numbers).map(([key, value]) => `| ${key.replaceAll('_', ' ')} | ${show(value)} |`);
      const body =
        left_out === undefined
          ? ['| what | value |', '| --- | --- |', ...rows]
          : [`${failed ? 'Failed' : 'Left out'}: ${left_out}`];
      return [`## ${benches[name].title}`, '', ...body].join('\n');
    })
    .join('\n\n');
}

function show(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function writeResults() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { version: onnxruntime } = JSON.parse(
    readFileSync(join(root, 'node_modules', 'onnxruntime-node', 'package.json'), 'utf8'),
  );
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${platform()} ${release().split('-')[0]} ${arch()}`;
  return `# Timings

Written by \`npm run bench\`. Times are medians. On a busy machine the clock says little: figures per processor time are the ones to compare.

- genu ${version}, Node ${process.versions.node}, onnxruntime-node ${onnxruntime}
- ${machine}; load average ${load.toFixed(1)} at the start
- ${new Date().toISOString().slice(0, 10)}

${writeTables()}
`;
}
