import { join } from 'node:path';
import { makeEnvironment } from '../../dist/cli/runtime/environment.js';
import { makeExecutor, readExecutorChoice } from '../../dist/cli/runtime/executors.js';
import { makeFileStore } from '../../dist/cli/runtime/store.js';
import { readStudyFile } from '../../dist/cli/runtime/yaml.js';
import { calibratePerson } from '../../dist/estimator/index.js';

/** A study as `genu run` sees it, within this process; calibrations are kept. */
export async function makeStudyEnvironment({ study: path, data, out }) {
  const study = readStudyFile(path);
  const workers = { calibrate: async (job, onProgress) => calibratePerson(job, onProgress) };
  const executor = await makeExecutor(readExecutorChoice(undefined));
  const store = makeFileStore(join(out, 'cache'));
  return { study, environment: makeEnvironment(study, data, store, workers, executor, { update: () => {} }) };
}
