// How the cost of training grows with the window, the batch, the GRU and the whole network, around the network `engine`.
// Prints { rows } as JSON; progress goes to standard error. Usage, after a build: node bench/learn-growth.mjs
import { Job, listCores, nodeCommand } from './learn/jobs.mjs';
import { models } from './learn/models.mjs';
import { findMedian } from './learn/statistics.mjs';

const ENGINES = ['ONNX Runtime', 'WASM'];
const ROUNDS = 3;
const ROUND_S = 0.6;
const WARM_S = 0.2;

const { batch, clip, network } = models.engine;
/** All widths by one factor. */
const widen = (factor) => ({
  ...network,
  convolutionFilters: factor * network.convolutionFilters,
  gruUnits: factor * network.gruUnits,
  attentionUnits: factor * network.attentionUnits,
  denseUnits: factor * network.denseUnits,
});
const points = [
  ...[25, 50, 100, 200, 400].map((window) => ({ vary: 'window', value: window, network: { ...network, window } })),
  ...[16, 32, 64, 128, 256, 512].map((size) => ({ vary: 'batch', value: size, network, batch: size })),
  ...[32, 64, 128, 256].map((gruUnits) => ({ vary: 'gru_units', value: gruUnits, network: { ...network, gruUnits } })),
  ...[0.25, 0.5, 1, 2].map((factor) => ({ vary: 'parameters', network: widen(factor) })),
];

const say = (text) => console.error(`bench learn-growth: ${text}`);
const on = listCores().slice(0, 1);
const jobs = ENGINES.map((engine) => ({ engine, job: new Job(nodeCommand(engine), on) }));
const rows = [];
for (const point of points) rows.push(...(await measure(point)));
for (const { job } of jobs) job.end();
console.log(JSON.stringify({ rows }));

/** The engines by turns; where one fails its figures are null and `note` says why. */
async function measure({ vary, value, ...changes }) {
  const model = { batch, clip, ...changes };
  const found = [];
  for (const { engine, job } of jobs) {
    const about = await job.ask({ request: 'prepare', name: 'point', what: 'training', model, warm_s: WARM_S });
    found.push({ engine, job, about, times: [] });
  }
  const able = found.filter(({ about }) => about.error === undefined);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { job, times } of able) times.push(await job.ask({ request: 'time', name: 'point', seconds: ROUND_S }));
  }
  for (const { job } of able) await job.ask({ request: 'release', name: 'point' });
  const parameters = able[0]?.about.parameters ?? null;
  say(`${vary} ${value ?? parameters} is done.`);
  return found.map(({ engine, about, times }) => {
    const row = {
      engine,
      vary,
      value: value ?? parameters,
      window: model.network.window,
      batch: model.batch,
      parameters,
    };
    const failed = [about, ...times].find(({ error }) => error !== undefined);
    const none = { windows_per_s: null, per_processor_s: null, build_ms: null, compile_ms: null };
    if (failed) return { ...row, ...none, note: failed.error };
    const rate = (key) => (1000 * model.batch) / findMedian(times.map((time) => time[key]));
    return {
      ...row,
      windows_per_s: rate('clock_ms'),
      per_processor_s: rate('processor_ms'),
      build_ms: about.build_ms,
      compile_ms: about.compile_ms,
    };
  });
}
