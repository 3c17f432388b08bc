// Time of one frame of the live estimator, from its samples to its torque: percentiles over 20,000 frames.
// Usage: npm run build && node bench/live.mjs model.genu [--json]; GENU_EXECUTOR chooses what runs its network.
import { readFileSync } from 'node:fs';
import { makeExecutor, readExecutorChoice } from '../dist/cli/runtime/executors.js';
import { loadEstimator, readBundle, releaseEstimator } from '../dist/estimator/index.js';
import { makeLiveEstimator } from '../dist/live/index.js';

const FRAMES = 20_000;
const WARM_UP = 500;
/** Of raw EMG, as near to this as a whole multiple of the model's rate comes. */
const EMG_RATE_HZ = 2000;

const path = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (path === undefined) {
  console.error('Usage: node bench/live.mjs model.genu [--json]; "npm start" makes models in results/models.');
  process.exit(1);
}
const bundle = readBundle(readFileSync(path), path);
const executor = await makeExecutor(readExecutorChoice(undefined));
const estimator = await loadEstimator(bundle, executor, path);
const { spec, people, participants } = bundle;
const id = participants[0];
const perFrame = spec.emg.kind === 'raw' ? Math.round(EMG_RATE_HZ / spec.rate_Hz) : 1;
const live = makeLiveEstimator(estimator, { id, emg_rate_Hz: perFrame * spec.rate_Hz, motion_rate_Hz: spec.rate_Hz });

const emg = new Float64Array(live.channels.length);
const angles = new Float64Array(live.coordinates.length);
/** Noise that comes and goes, and angles that swing, once a second. */
function fill(time_s) {
  const swing = Math.sin(2 * Math.PI * time_s);
  for (let c = 0; c < emg.length; c++) emg[c] = people[id].emg_maxima[c] * (1 + swing) * (Math.random() - 0.5);
  if (spec.emg.kind === 'envelope') for (let c = 0; c < emg.length; c++) emg[c] = Math.abs(emg[c]);
  for (let i = 0; i < angles.length; i++) angles[i] = 0.3 * Math.sin(2 * Math.PI * time_s + i);
}

const times_ms = new Float64Array(FRAMES);
let predicted = 0;
let heap_MB = 0;
for (let frame = -WARM_UP; frame < FRAMES; frame++) {
  if (frame === 0) {
    globalThis.gc?.();
    heap_MB = process.memoryUsage().heapUsed / 1e6;
  }
  let spent = 0;
  for (let k = 0; k < perFrame; k++) {
    fill((frame + (k + 1) / perFrame) / spec.rate_Hz);
    const start = performance.now();
    live.pushEmg(emg);
    spent += performance.now() - start;
  }
  const start = performance.now();
  live.pushMotion(angles);
  const results = await live.step();
  spent += performance.now() - start;
  if (frame < 0) continue;
  times_ms[frame] = spent;
  for (const { torque_Nm_per_kg } of results) if (Number.isFinite(torque_Nm_per_kg)) predicted++;
}
globalThis.gc?.();
const sorted = times_ms.toSorted((a, b) => a - b);
const percentile = (share) => sorted[Math.min(FRAMES - 1, Math.floor(share * FRAMES))];
const figures = {
  model: bundle.kind,
  executor: executor.description,
  members: estimator.networks.length,
  muscles: bundle.muscles.length,
  emg_samples_per_frame: perFrame,
  frames: FRAMES,
  predicted,
  frame_budget_ms: 1000 / spec.rate_Hz,
  p50_ms: percentile(0.5),
  p95_ms: percentile(0.95),
  p99_ms: percentile(0.99),
  p999_ms: percentile(0.999),
  max_ms: sorted[FRAMES - 1],
  late_frames: sorted.filter((time) => time > 1000 / spec.rate_Hz).length,
  latency_ms: 1000 * live.latency_s,
  window_wait_ms: 1000 * live.latency.window_s,
  // Only of use with node --expose-gc: what stays in memory after 20,000 frames.
  ...(globalThis.gc ? { heap_growth_MB: process.memoryUsage().heapUsed / 1e6 - heap_MB } : {}),
};
await releaseEstimator(estimator);
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else
  for (const [name, value] of Object.entries(figures))
    console.log(`${name.padEnd(22)} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`);
