// A process that compares strategies: { id, target, seed } in, { id, rows, notes } out.
import { compareTransfer } from '../../dist/study/index.js';
import { makeCohortStudy } from './cohort.mjs';

const plan = JSON.parse(process.argv[2]);
const { study, environment } = await makeCohortStudy(plan);
const readClock_s = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
process.on('message', async ({ id, target, seed }) => {
  const { adaptation_s, strategies, adaptation } = plan;
  const comparison = { study, target, seeds: [seed], adaptation_s, strategies, adaptation, readClock_s };
  const started = readClock_s();
  const outcome = await compareTransfer(comparison, environment);
  process.send({ id, ...outcome, cpu_s: readClock_s() - started });
});
process.send({ ready: true, executor: environment.executor.description });
