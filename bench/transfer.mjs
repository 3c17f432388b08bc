// Transfer strategies on simulated participants, each left out in turn; writes docs/transfer.md. About ten minutes on two cores.
// Usage after `npm run build`: node bench/transfer.mjs [--participants 5] [--seeds 2] [--seconds 5,20,60] [--duration 90]
//   [--strategies a,b] [--epochs 6] [--steps 300] [--rate 0.001] [--cohort 1] [--workers 2] [--docs FILE] [--json]
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transferStrategyNames } from '../dist/learn/index.js';
import { writeTransfer } from './transfer/tables.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: given } = parseArgs({
  options: {
    participants: { type: 'string', default: '5' },
    seeds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '5,20,60' },
    duration: { type: 'string', default: '90' },
    strategies: { type: 'string', default: transferStrategyNames.join(',') },
    epochs: { type: 'string', default: '6' },
    steps: { type: 'string', default: '300' },
    rate: { type: 'string', default: '0.001' },
    cohort: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    docs: { type: 'string', default: join(here, '..', 'docs', 'transfer.md') },
    json: { type: 'boolean', default: false },
  },
});
const number = (name, text = given[name]) => {
  const value = Number(text);
  if (value > 0) return value;
  process.stderr.write(`transfer: --${name} ${text}: give a number above 0.\n`);
  process.exit(1);
};
const plan = {
  participants: number('participants'),
  duration_s: number('duration'),
  epochs: number('epochs'),
  cohort_seed: number('cohort'),
  adaptation_s: given.seconds.split(',').map((text) => number('seconds', text)),
  strategies: given.strategies.split(','),
  adaptation: { steps: number('steps'), learning_rate: number('rate') },
};
const seeds = Array.from({ length: number('seeds') }, (_, k) => k + 1);
const jobs = Array.from({ length: plan.participants }, (_, p) => `virtual${String(p + 1).padStart(2, '0')}`).flatMap(
  (target) => seeds.map((seed) => ({ target, seed })),
);

const started = performance.now();
const { executor, outcomes } = await runJobs(jobs.map((job, id) => ({ id, ...job })));
// Ridge has no seed: every job of a participant finds the same.
const rows = outcomes.flatMap((outcome, k) => outcome.rows.filter((row) => row.seed !== null || jobs[k].seed === 1));
const result = {
  simulated: true,
  plan,
  seeds: seeds.length,
  executor,
  cpu_s: outcomes.reduce((sum, { cpu_s }) => sum + cpu_s, 0),
  notes: [...new Set(outcomes.flatMap(({ notes }) => notes))],
  rows,
};
const text = writeTransfer(result);
writeFileSync(resolve(given.docs), text);
process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : `${text}\n`);

/** Works the jobs off in processes, each with one at a time. */
async function runJobs(queue) {
  const outcomes = new Array(queue.length);
  let executor = '';
  const waiting = [...queue];
  await Promise.all(
    Array.from({ length: Math.min(number('workers'), queue.length) }, () => {
      const child = fork(join(here, 'transfer', 'worker.mjs'), [JSON.stringify(plan)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      return new Promise((done, fail) => {
        child.on('message', ({ id, ready, executor: name, ...outcome }) => {
          if (ready) executor = name;
          else {
            outcomes[id] = outcome;
            const count = outcomes.filter((one) => one !== undefined).length;
            const minutes = (performance.now() - started) / 60_000;
            process.stderr.write(`transfer: ${count} of ${queue.length} done in ${minutes.toFixed(1)} min\n`);
          }
          if (waiting.length > 0) child.send(waiting.shift());
          else child.disconnect();
        });
        child.on('exit', (code) => (code ? fail(new Error(`a worker ended with ${code}`)) : done()));
      });
    }),
  );
  return { executor, outcomes };
}
