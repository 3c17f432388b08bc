// One engine in a process of its own, idle until it is asked: each line of standard input is a request, each line of
// standard output its answer.
// Usage: node bench/learn/job.mjs ENGINE
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { engines } from './engines.mjs';
import { findQuantile, timeRuns } from './statistics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const engine = process.argv[2];
const prepared = new Map();
let loaded;

const requests = {
  async prepare({ name, what, model, warm_s }) {
    loaded ??= await engines[engine]();
    const { preparations } = await import('./workloads.mjs');
    const work = await preparations[what](loaded, model);
    prepared.set(name, work);
    await timeRuns(work.run, warm_s);
    return { ...work.about, version: loaded.version };
  },
  time: ({ name, seconds }) => timeRuns(prepared.get(name).run, seconds),
  async release({ name }) {
    await prepared.get(name).release();
    prepared.delete(name);
    return {};
  },
  async stream({ model, samples }) {
    const { prepareStream } = await import('./workloads.mjs');
    const step = await prepareStream(model);
    for (let k = 0; k < 2000; k++) step();
    const times_us = new Float64Array(samples);
    for (let k = 0; k < samples; k++) {
      const start = performance.now();
      step();
      times_us[k] = 1000 * (performance.now() - start);
    }
    return { p50_us: findQuantile(times_us, 0.5), p99_us: findQuantile(times_us, 0.99) };
  },
};

/** Failures are answers too: an engine that cannot do something leaves its row empty. */
async function answer({ request, ...given }) {
  try {
    return await requests[request](given);
  } catch (error) {
    const [reason] = String(error?.message ?? error).split('\n');
    return { error: reason.replaceAll(root, '').replace(/\.$/, '') };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await answer(JSON.parse(line))));
process.exit(0);
