#!/usr/bin/env node
import { Command } from 'commander';
import { addCheckCommand } from './commands/check.js';
import { addCiteCommand } from './commands/cite.js';
import { addEvaluateCommand } from './commands/evaluate.js';
import { addExampleCommand } from './commands/example.js';
import { addExecutorsCommand } from './commands/executors.js';
import { addExportCommand } from './commands/export.js';
import { addInspectCommand } from './commands/inspect.js';
import { addMusclesCommand } from './commands/muscles.js';
import { addNetworksCommand } from './commands/networks.js';
import { addPredictCommand } from './commands/predict.js';
import { addRunCommand } from './commands/run.js';
import { addSchemaCommand } from './commands/schema.js';
import { reportError } from './runtime/errors.js';
import { genuVersion } from './runtime/version.js';

const program = new Command('genu')
  .description('From lab recordings (EMG and joint angles) to knee joint torque.')
  .version(genuVersion())
  .showHelpAfterError('(genu --help shows the commands, genu COMMAND --help an example of each)')
  .addHelpText(
    'after',
    `
Examples:
  genu example                                         the built-in, simulated example
  genu run study.yaml --data recordings --out results  a whole study
  genu inspect trial.sto                               what is in a file
Exit codes: 0 done, 1 bad input or a failed run, 2 a wrong command line.`,
  );

for (const add of [
  addRunCommand,
  addEvaluateCommand,
  addPredictCommand,
  addInspectCommand,
  addCheckCommand,
  addMusclesCommand,
  addExportCommand,
  addNetworksCommand,
  addExecutorsCommand,
  addExampleCommand,
  addCiteCommand,
  addSchemaCommand,
]) {
  add(program);
}
// commander ends with 1 on a wrong command line; 2 keeps that apart from bad input.
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
for (const command of program.commands) command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
