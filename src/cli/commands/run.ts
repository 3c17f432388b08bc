import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { type ResultRow, runStudy, type StudyOutcome } from '../../study/index.js';
import { writeStorage } from '../../io/index.js';
import { makeEnvironment } from '../runtime/environment.js';
import { writeAtomic } from '../runtime/files.js';
import { makeProgress } from '../runtime/progress.js';
import { makeFileStore } from '../runtime/store.js';
import { writeRowsTable } from '../runtime/table.js';
import { makeWorkers } from '../runtime/workers.js';
import { readStudyFile } from '../runtime/yaml.js';

interface RunOptions {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('Run a whole study: prepare, calibrate, train, test, report.')
    .argument('<study.yaml>', 'the study')
    .option('--data <dir>', "root of the recordings; the study's paths start there (default: the study file's folder)")
    .option('--out <dir>', 'folder for results (default: out/ and the name of the study)')
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      `
Writes results.json, report.html, models/*.genu and predictions/*.sto into the folder. What is done is kept in its
cache/: the same command goes on where an interrupted run stopped, and computes nothing again that has not changed.

Example:
  genu run study.yaml --data recordings --out results`,
    )
    .action(async (path: string, options: RunOptions) => {
      const { outcome, folder } = await runStudyFile(path, options);
      if (options.json) process.stdout.write(`${JSON.stringify(outcome.results)}\n`);
      else process.stdout.write(`${sayOutcome(outcome, folder)}\n`);
    });
}

/** Runs the study of a file and writes everything it makes. */
export async function runStudyFile(path: string, options: RunOptions): Promise<{ outcome: StudyOutcome; folder: string }> {
  const study = readStudyFile(path);
  const root = resolve(options.data ?? dirname(path));
  const folder = resolve(options.out ?? join('out', study.study));
  const progress = makeProgress(process.stderr);
  const workers = makeWorkers();
  try {
    const outcome = await runStudy(study, makeEnvironment(study, root, makeFileStore(join(folder, 'cache')), workers, progress));
    progress.end();
    for (const { file, bytes } of outcome.models) writeAtomic(join(folder, file), bytes);
    for (const { file, ...table } of outcome.predictions) writeAtomic(join(folder, file), writeStorage({ ...table, inDegrees: false }));
    writeAtomic(join(folder, 'report.html'), outcome.report);
    writeAtomic(join(folder, 'results.json'), `${JSON.stringify(outcome.results, null, 1)}\n`);
    for (const warning of outcome.warnings) process.stderr.write(`note: ${warning}\n`);
    return { outcome, folder };
  } finally {
    progress.end();
    await workers.close();
  }
}

/** The short table and where everything is. */
export function sayOutcome(outcome: StudyOutcome, folder: string): string {
  const rows: readonly ResultRow[] = outcome.results.rows;
  const people = new Set(rows.map((row) => row.participant)).size - 1;
  const shown = rows.filter((row) => row.participant === 'all');
  const title = `${outcome.results.study}: ${people === 1 ? 'one participant' : `${people} participants`}, ${outcome.simulated ? 'SIMULATED, not measured people; ' : ''}torque in N·m/kg`;
  return [title, '', writeRowsTable(shown), '', `Report: ${relative(process.cwd(), join(folder, 'report.html')) || folder}`].join('\n');
}
