// Runs the timings of this folder and writes RESULTS.md.
// Usage: npm run bench [-- NAME] [-- --json]; NAME is body, read, learn, learn-growth, infer or live. With a NAME nothing
// is written. GENU_PYTHON names a Python with PyTorch to compare with; without it, python3 is asked.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeGrowthFigure } from './learn/growth-figure.mjs';
import { writeGrowthTable, writeLearnTables } from './learn/tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = process.argv.includes('--json');
const [chosen] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const benches = {
  body: { title: 'Muscle geometry', run: () => callNode('body.mjs', '--json') },
  read: { title: 'Reading a table', run: () => callNode('read.mjs', '--json') },
  learn: { title: 'Networks: training and inference', run: () => callLong('learn.mjs'), write: writeLearnTables },
  'learn-growth': {
    title: 'Networks: how the cost of training grows',
    run: () => callLong('learn-growth.mjs'),
    write: (growth) => `${writeGrowthTable(growth)}\n\n![The same as curves](../docs/pictures/learn-growth.svg)`,
  },
  infer: { title: 'Inference, default network, one thread', run: () => callNode('infer.mjs', '--json') },
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
// What learn says stands alone; the others are under their names.
const isAlone = chosen?.startsWith('learn') && !results[chosen].failed;
console.log(json ? JSON.stringify(isAlone ? results[chosen] : results) : writeTables());
if (chosen === undefined) {
  writeFileSync(join(root, 'bench', 'RESULTS.md'), writeResults());
  const growth = results['learn-growth'];
  if (!growth.failed) writeFileSync(join(root, 'docs', 'pictures', 'learn-growth.svg'), writeGrowthFigure(growth));
}
// PyTorch is a peer, not a part: where it cannot do something its row says so.
const hasFailed = ({ failed, rows }) =>
  failed ||
  (Array.isArray(rows) && rows.some(({ engine, note }) => note !== undefined && !engine.startsWith('PyTorch')));
process.exitCode = Object.values(results).some(hasFailed) ? 1 : 0;

/** Numbers by name; `left_out` says why there are none, `failed` that there should have been. */
function call(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8', cwd: root, maxBuffer: 2 ** 26 });
  if (done.status === 0) return { text: done.stdout };
  return {
    failed: true,
    left_out: done.error ? String(done.error) : findReason(done.stderr, done.status ?? done.signal),
  };
}

/** What a process that failed says is wrong: the message of its error, in one line, else the last that it said. */
function findReason(stderr, end) {
  const lines = stderr.split('\n').map((line) => line.trim());
  const message = lines.find((line) => /^(Uncaught )?(\w*Error|Error \[\w+\])\b.*:/.test(line));
  const said = lines.filter((line) => line && !/^(Node\.js v|npm |at )/.test(line));
  return message ?? said.at(-1) ?? `it ended with ${end} and said nothing`;
}

function callNode(file, ...args) {
  const { text, ...rest } = call(process.execPath, [join('bench', file), ...args]);
  return text === undefined ? rest : JSON.parse(text);
}

/** One that takes minutes and says on standard error how far it is. */
function callLong(file) {
  const done = spawnSync(process.execPath, [join('bench', file)], {
    encoding: 'utf8',
    cwd: root,
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (done.status === 0) return JSON.parse(done.stdout);
  return { failed: true, left_out: `bench/${file} ended with ${done.status ?? done.signal}; it says why above.` };
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
      const { write } = benches[name];
      const rows = Object.entries(numbers).map(([key, value]) => `| ${key.replaceAll('_', ' ')} | ${show(value)} |`);
      const body =
        left_out !== undefined
          ? [`${failed ? 'Failed' : 'Left out'}: ${left_out}`]
          : write
            ? [write(numbers)]
            : ['| what | value |', '| --- | --- |', ...rows];
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
  const native = join(root, 'node_modules', 'onnxruntime-node', 'package.json');
  const onnxruntime = existsSync(native)
    ? `onnxruntime-node ${JSON.parse(readFileSync(native, 'utf8')).version}`
    : 'no onnxruntime-node';
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${platform()} ${release().split('-')[0]} ${arch()}`;
  return `# Timings

Written by \`npm run bench\`. Times are medians. On a busy machine the clock says little: figures per processor time are the ones to compare.

- genu ${version}, Node ${process.versions.node}, ${onnxruntime}
- ${machine}; load average ${load.toFixed(1)} at the start
- ${new Date().toISOString().slice(0, 10)}

${writeTables()}
`;
}
