import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { readBundle } from '../../estimator/index.js';
import { evaluateBundle } from '../../study/index.js';
import { makeEnvironment } from '../runtime/environment.js';
import { executorOption, makeExecutor, readExecutorChoice } from '../runtime/executors.js';
import { readBytes } from '../runtime/files.js';
import { makeProgress } from '../runtime/progress.js';
import { writeRowsTable } from '../runtime/table.js';
import { makeWorkers } from '../runtime/workers.js';
import { readStudyFile } from '../runtime/yaml.js';

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('Test a trained model on the trials of a study that are there. Nothing is trained or fitted.')
    .argument('<model.genu>', 'model written by genu run')
    .argument('<study.yaml>', 'describes the trials: files, channels, masses, mask')
    .option('--data <dir>', 'root of the recordings (default: the folder of the study file)')
    .option(...executorOption)
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      `
Trials of the study whose files are not under --data are left out, and said. Of a recording the model was trained on, only
the frames it did not see are used.

Example:
  genu evaluate results/models/hybrid-all.genu study.yaml --data new-recordings`,
    )
    .action(async (model: string, path: string, options: { data?: string; executor?: string; json?: boolean }) => {
      const root = resolve(options.data ?? dirname(path));
      const study = readStudyFile(path, root);
      const progress = makeProgress(process.stderr);
      const store = { get: () => undefined, put: () => {} };
      const choice = readExecutorChoice(options.executor);
      const executor = await makeExecutor(choice);
      const environment = makeEnvironment(study, root, store, makeWorkers(choice), executor, progress);
      const { results, notes } = await evaluateBundle(readBundle(readBytes(model), model), model, study, environment);
      progress.end();
      for (const note of notes) process.stderr.write(`note: ${note}\n`);
      process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `${writeRowsTable(results.rows)}\n`);
    });
}
