// Every kind of network on one study: the same search for each, then several seeds of what it found; writes docs/networks.md.
// Usage after `npm run build`: node bench/networks.mjs [--study FILE] [--data DIR] [--kinds a,b] [--trials 20] [--seeds 5]
//   [--epochs 30] [--workers 2] [--out DIR] [--docs FILE] [--json]
// Every training is kept in --out (out/networks) under the hash of what went into it; the same command goes on from there. After a
// change of the training code delete that folder.
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calcMetrics, hashValue, prepareNetworkData } from '../dist/study/index.js';
import { makeStudyEnvironment } from './networks/environment.mjs';
import { listCandidates, listEntrants, makeEntrantNetwork } from './networks/plan.mjs';
import { summarise, writeNetworks } from './networks/tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: given } = parseArgs({
  options: {
    study: { type: 'string', default: join(root, 'examples', 'treadmill-adult', 'study.yaml') },
    data: { type: 'string', default: join(root, '..', 'shared', 'data', 'treadmill-adult') },
    kinds: { type: 'string' },
    trials: { type: 'string', default: '20' },
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '30' },
    workers: { type: 'string', default: '2' },
    out: { type: 'string', default: join(root, 'out', 'networks') },
    docs: { type: 'string', default: join(root, 'docs', 'networks.md') },
    json: { type: 'boolean', default: false },
  },
});
const [trials, seeds, epochs, workers] = ['trials', 'seeds', 'epochs', 'workers'].map((name) => {
  const value = Number(given[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  return stop(`--${name} ${given[name]}: give a whole number of at least 1.`);
});
const place = { study: resolve(given.study), data: resolve(given.data), out: resolve(given.out) };
const entrants = listEntrants(given.kinds?.split(','));
if (entrants.length === 0) stop(`--kinds ${given.kinds}: there is no such kind of network.`);
mkdirSync(place.out, { recursive: true });

say('preparing the study');
const { study, environment } = await makeStudyEnvironment(place);
const people = await prepareNetworkData(study, environment);
const candidates = listCandidates(study, trials);
/** What every training has in common. */
const common = {
  executor: environment.executor.name,
  training: study.training,
  data: people.map(({ participant, kinds }) => ({ participant, kinds })),
};
const commonHash = hashValue(common);

const started = performance.now();
const progress = { done: 0, worked: 0, total: entrants.length * (trials + seeds) };
const pool = startPool(workers);
const rows = await Promise.all(entrants.map(compare));
pool.close();

const byValidation = (a, b) => a.validation_Nm_per_kg.mean - b.validation_Nm_per_kg.mean;
const found = rows.filter((row) => row !== undefined);
if (found.length === 0) stop('every training failed.');
const best = found.filter(({ model }) => model === 'hybrid').sort(byValidation)[0];
const result = {
  study: study.study,
  simulated: study.simulated,
  trials,
  seeds,
  epochs,
  executor: environment.executor.description,
  best: best?.name ?? null,
  rows: found,
  baselines: [measureBase('ridge', 'residual_ridge'), measureBase('NMS solver', 'residual_nms')],
};
writeFileSync(resolve(given.docs), writeNetworks({ ...result, rows: found, best }));
if (given.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else process.stdout.write(`${readFileSync(resolve(given.docs), 'utf8')}\n`);

/** Search, then seeds. Candidates and seeds of all entrants are worked on side by side; undefined where all candidates fail. */
async function compare(entrant) {
  const search = await Promise.all(candidates.map((candidate) => train(entrant, candidate, study.seed, false)));
  const ranked = search
    .map((trial, k) => ({ ...trial, candidate: candidates[k] }))
    .filter(({ failure }) => failure === undefined)
    .sort((a, b) => a.validation_Nm_per_kg - b.validation_Nm_per_kg);
  if (ranked.length === 0) {
    say(`${entrant.name}: every candidate failed; the first: ${search[0].failure}`);
    progress.done += seeds;
    return undefined;
  }
  const [{ candidate, weights }] = ranked;
  // Not the seed of the search, whose validation loss was chosen for being low.
  const runs = await Promise.all(
    Array.from({ length: seeds }, (_, k) => train(entrant, candidate, study.seed + 1000 + k, true)),
  );
  const failed = runs.find(({ failure }) => failure !== undefined);
  if (failed) throw new Error(`${entrant.name}: ${failed.failure}`);
  const over = (pick) => summarise(runs.map(pick));
  return {
    ...entrant,
    weights,
    candidate,
    search: {
      own: search[0].validation_Nm_per_kg ?? null,
      best: ranked[0].validation_Nm_per_kg,
      median: ranked[Math.floor((ranked.length - 1) / 2)].validation_Nm_per_kg,
      worst: ranked[ranked.length - 1].validation_Nm_per_kg,
      failed: search.length - ranked.length,
    },
    validation_Nm_per_kg: over((run) => run.validation_Nm_per_kg),
    cpu_s: over((run) => run.cpu_s),
    errors: Object.fromEntries(
      Object.keys(runs[0].errors).map((activity) => [
        activity,
        {
          r2: over((run) => run.errors[activity].r2),
          rmse_Nm_per_kg: over((run) => run.errors[activity].rmse_Nm_per_kg),
        },
      ]),
    ),
  };
}

/** One training, found or done. */
async function train(entrant, candidate, seed, test) {
  const networks = people.map(({ spec, kinds }) =>
    makeEntrantNetwork(study, spec, entrant, candidate, kinds[entrant.model].inputs),
  );
  const inputs = { common: commonHash, model: entrant.model, networks, candidate, seed, epochs, test };
  const file = join(place.out, `${hashValue(inputs).slice(0, 32)}.json`);
  if (existsSync(file)) {
    progress.done++;
    return JSON.parse(readFileSync(file, 'utf8')).result;
  }
  const result = await pool.run({ entrant, candidate, seed, epochs, test });
  const { common: _, ...written } = inputs;
  // Whole or not at all, whenever this is killed; what failed is tried again.
  if (result.failure === undefined) {
    writeFileSync(`${file}.part`, JSON.stringify({ entrant, ...written, result }));
    renameSync(`${file}.part`, file);
  }
  progress.done++;
  progress.worked++;
  const left_s = ((performance.now() - started) / 1000 / progress.worked) * (progress.total - progress.done);
  const loss = result.failure ?? `validation ${result.validation_Nm_per_kg.toFixed(4)} N·m/kg`;
  say(`${progress.done} of ${progress.total}, about ${sayTime(left_s)} left; ${entrant.name}, seed ${seed}: ${loss}`);
  return result;
}

/** What a residual network builds on, on the same test frames. */
function measureBase(name, model) {
  const parts = people.flatMap(({ mass_kg, kinds }) =>
    kinds[model].test.map(({ activity, measured, compared, base_Nm_per_kg }) => ({
      activity,
      mass_kg,
      measured: measured.map((value, i) => (compared[i] ? value : Number.NaN)),
      predicted: base_Nm_per_kg,
    })),
  );
  const activities = [...new Set(parts.map(({ activity }) => activity)), 'all'];
  const errors = activities.map((activity) => {
    const { r2, rmse_Nm_per_kg } = calcMetrics(parts.filter((one) => activity === 'all' || one.activity === activity));
    return [activity, { r2, rmse_Nm_per_kg }];
  });
  return { name, errors: Object.fromEntries(errors) };
}

/** Processes that take one job at a time; they start with the first job that is not found. */
function startPool(size) {
  const queue = [];
  const idle = [];
  const children = [];
  const next = () => {
    while (idle.length > 0 && queue.length > 0) idle.pop().take(queue.shift());
  };
  const start = () => {
    const child = fork(
      join(dirname(fileURLToPath(import.meta.url)), 'networks', 'worker.mjs'),
      [JSON.stringify(place)],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    let settle;
    const worker = {
      take(entry) {
        settle = entry.resolve;
        child.send({ id: 0, ...entry.job });
      },
    };
    child.on('message', ({ ready, result }) => {
      if (!ready) settle(result);
      idle.push(worker);
      next();
    });
    child.on('exit', (code) => {
      if (code) stop(`a worker ended with ${code}; the same command goes on from what is done.`);
    });
    children.push(child);
  };
  return {
    run(job) {
      if (children.length === 0) for (let k = 0; k < size; k++) start();
      return new Promise((resolve) => {
        queue.push({ job, resolve });
        next();
      });
    },
    close() {
      for (const child of children) child.disconnect();
    },
  };
}

function sayTime(seconds) {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
}

function say(text) {
  process.stderr.write(`networks: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}
