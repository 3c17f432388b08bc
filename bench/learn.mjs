// Training, inference and streaming on every engine, and PyTorch: all in turn in the same minutes, so that what else
// the machine does hits all alike. Prints { rows, ratios } as JSON; progress goes to standard error.
// Usage, after a build: node bench/learn.mjs
// GENU_PYTHON names a Python with PyTorch; without it, python3 is asked.
import { spawnSync } from 'node:child_process';
import { Job, listCores, nodeCommand, pythonCommand } from './learn/jobs.mjs';
import { models } from './learn/models.mjs';
import { calcRatios, makeRows } from './learn/rows.mjs';
import { findMedian } from './learn/statistics.mjs';

const ROUNDS = 5;
/** A round that would end later than this is not begun, but for the first. */
const LAST_ROUND_S = 310;
const SECONDS = { training: 0.9, window: 0.3, product: 0.4 };
/** Each thing runs this long before it is timed. */
const WARM_S = 0.5;
/** What an engine may take to make one thing ready, and how long after the start; torch.compile is what takes long. */
const PREPARE_S = 60;
const PREPARED_S = 180;
const STREAM_SAMPLES = 100_000;
const STREAM_PASSES = 3;

const started = performance.now();
const elapsed_s = () => (performance.now() - started) / 1000;
const say = (text) => console.error(`bench learn, ${elapsed_s().toFixed(0)} s: ${text}`);

const python = findPython();
const cores = listCores();
if (cores.length === 0) say('processes cannot be pinned to cores here.');
if (cores.length === 1) say('there is one core, so nothing is run twice at once.');
const [one, other] = cores.length === 0 ? [[], []] : [[cores[0]], cores.length > 1 ? [cores[1]] : undefined];
const jobs = [];
const settings = listSettings();
const timings = listTimings();
await prepareAll();
await timeAll();
const streams = await timeStreams();
for (const job of jobs) job.end();
sayHowBusy();
const rows = makeRows(timings, streams);
console.log(JSON.stringify({ rows, ratios: calcRatios(timings, rows) }));

function findPython() {
  const named = process.env.GENU_PYTHON;
  const command = named || 'python3';
  if (spawnSync(command, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0) return command;
  const why = named ? `the Python of GENU_PYTHON, ${named}, has no PyTorch` : 'python3 has no PyTorch';
  say(`${why}: the ratios to it are null. Set GENU_PYTHON to a Python where "import torch" works.`);
}

function start(command, on) {
  const job = new Job(command, on);
  jobs.push(job);
  return job;
}

/** Each engine once on one core and twice on two. Processes are idle but when asked, so one serves both. */
function listSettings() {
  const wasmJob = start(nodeCommand('WASM'), one);
  const plainJob = start(nodeCommand('WASM plain'), one);
  const team = other && start(nodeCommand('WASM team'), [...one, ...other]);
  const single = (engine, ceiling, command) => ({ engine, ceiling, setting: '1 core', jobs: [start(command, one)] });
  const list = ['ONNX Runtime', 'onnxruntime-web'].map((engine) =>
    single(engine, engine === 'ONNX Runtime' ? 'native' : 'wasm', nodeCommand(engine)),
  );
  if (python) {
    list.push(single('PyTorch eager', 'native', pythonCommand(python, 'eager')));
    list.push(single('PyTorch compile', 'native', pythonCommand(python, 'compile')));
  }
  const doubles = list.map(({ engine, ceiling, jobs: [first] }) => {
    const second = other && start(first.command, other);
    return second && { engine, ceiling, setting: '2 processes', jobs: [first, second] };
  });
  const wasm = { engine: 'WASM', ceiling: 'wasm', setting: '1 worker', jobs: [wasmJob] };
  const plain = { ...wasm, engine: 'WASM plain', jobs: [plainJob] };
  const workers = team && { ...wasm, setting: '2 workers', jobs: [team] };
  const [ort, ...others] = list;
  return [ort, wasm, plain, ...others, doubles[0], workers, ...doubles.slice(1)].filter(Boolean);
}

/** Every timing that is repeated; `answers` has a list for each round, with one entry for each process. */
function listTimings() {
  const isSingle = ({ setting }) => setting === '1 core' || setting === '1 worker';
  const timing = (setting, what, model) => ({ ...setting, what, model, name: `${what} ${model}`, answers: [] });
  const products = settings.filter(({ engine, setting }) => /^1/.test(setting) && /^(ONNX Runtime|WASM)$/.test(engine));
  return [
    ...Object.keys(models).flatMap((model) => [
      ...settings.map((setting) => timing(setting, 'training', model)),
      ...settings.filter(isSingle).map((setting) => timing(setting, 'window', model)),
    ]),
    ...products.map((setting) => timing(setting, 'product', 'peak')),
  ];
}

/** The jobs of each core one after the other, the cores at the same time. */
async function prepareAll() {
  const isFirst = (job) => settings.some((setting) => setting.setting !== '2 processes' && setting.jobs.includes(job));
  const prepare = async (queue) => {
    for (const job of queue) {
      const wanted = timings.filter((timing) => timing.jobs.includes(job));
      for (const name of new Set(wanted.map((timing) => timing.name))) {
        const sharing = wanted.filter((timing) => timing.name === name);
        const [{ what, model, engine }] = sharing;
        const request = { request: 'prepare', name, what, model: models[model] ?? {}, warm_s: WARM_S };
        const most_s = Math.max(5, Math.min(PREPARE_S, PREPARED_S - elapsed_s()));
        const about = await job.ask({ ...request, most_s }, most_s + 10);
        if (about.error !== undefined) say(`${engine} cannot do ${name}: ${about.error}.`);
        for (const timing of sharing) {
          if (about.error !== undefined) timing.error = about.error;
          else timing.about = about;
        }
      }
      say(`${wanted[0].engine} is ready.`);
    }
  };
  await Promise.all([prepare(jobs.filter(isFirst)), prepare(jobs.filter((job) => !isFirst(job)))]);
}

async function timeAll() {
  const able = timings.filter(({ error }) => error === undefined);
  const began_s = elapsed_s();
  for (let round = 0; round < ROUNDS; round++) {
    const expected_s = elapsed_s() + (elapsed_s() - began_s) / Math.max(1, round);
    if (round > 0 && expected_s > LAST_ROUND_S) {
      say(`time is up after ${round} rounds of ${ROUNDS}.`);
      break;
    }
    // Each round begins elsewhere, so that none always follows the same neighbour's heat.
    const first = Math.floor((round * able.length) / ROUNDS);
    for (const timing of [...able.slice(first), ...able.slice(0, first)]) {
      const request = { request: 'time', name: timing.name, seconds: SECONDS[timing.what] };
      const answers = await Promise.all(timing.jobs.map((job) => job.ask(request)));
      timing.error ??= answers.find(({ error }) => error !== undefined)?.error;
      timing.answers.push(answers);
    }
    say(`round ${round + 1} is done.`);
  }
}

/** Where the processes got less than their core, the clock compares little. */
function sayHowBusy() {
  const shares = timings
    .filter(({ setting, what, error }) => setting.startsWith('1') && what === 'training' && error === undefined)
    .flatMap(({ answers }) => answers.map(([{ clock_ms, processor_ms }]) => processor_ms / clock_ms));
  const share = shares.length > 0 ? findMedian(shares) : 1;
  if (share < 0.9) {
    const percent = (100 * share).toFixed(0);
    say(
      `the machine was busy: the engines had ${percent} % of a core; figures by processor time are the ones to compare.`,
    );
  }
}

/** Frames are streamed on genu's own kernels only. */
async function timeStreams() {
  const {
    jobs: [job],
  } = settings.find(({ engine }) => engine === 'WASM');
  const found = [];
  for (const model of Object.keys(models)) {
    const answers = [];
    for (let pass = 0; pass < STREAM_PASSES && !answers.at(-1)?.error; pass++) {
      const request = { request: 'stream', model: models[model], samples: STREAM_SAMPLES };
      answers.push(await job.ask(request));
    }
    const error = answers.at(-1).error;
    if (error) say(`the network "${model}" is not streamed: ${error}.`);
    found.push({ model, error, answers });
  }
  return found;
}
