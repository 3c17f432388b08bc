// One engine in a process of its own, idle until it is asked: each line of standard input is a request, each line of
// standard output its answer. With a number of workers, as many worker threads get each request at the same time.
// Usage: node bench/learn/job.mjs ENGINE [WORKERS]
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { engines } from './engines.mjs';
import { findQuantile, timeRuns } from './statistics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const engine = isMainThread ? process.argv[2] : workerData;
const workers = isMainThread ? Number(process.argv[3] ?? 0) : 0;
const prepared = new Map();
let loaded;

const requests = {
  async prepare({ name, what, model, warm_s }) {
    loaded ??= await engines[engine]();
    const { preparations } = await import('./workloads.mjs');
    const work = await preparations[what](loaded.executor, model);
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

if (!isMainThread) {
  parentPort.on('message', async (request) => parentPort.postMessage(await answer(request)));
} else {
  const threads = Array.from({ length: workers }, () => new Worker(new URL(import.meta.url), { workerData: engine }));
  const ask = (thread, request) =>
    new Promise((resolve) => {
      thread.once('message', resolve);
      thread.postMessage(request);
    });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const answers = workers > 0 ? await Promise.all(threads.map((t) => ask(t, request))) : [await answer(request)];
    // A worker thread sees the processor time of the whole process.
    for (const each of answers) if (workers > 0 && 'processor_ms' in each) each.processor_ms /= workers;
    console.log(JSON.stringify(answers));
  }
  process.exit(0);
}
