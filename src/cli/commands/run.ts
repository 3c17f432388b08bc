import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeStorage } from '../../io/index.js';
import { hashValue, listStudyFiles, type ResultRow, runStudy, type StudyOutcome } from '../../study/index.js';
import { makeEnvironment } from '../runtime/environment.js';
import { executorOption, makeExecutor, readExecutorChoice } from '../runtime/executors.js';
import { checkWritable } from '../runtime/files.js';
import { findFinished, writeFinished } from '../runtime/finished.js';
import { findRasterise, noPng } from '../runtime/png.js';
import { makeProgress } from '../runtime/progress.js';
import { makeFileStore } from '../runtime/store.js';
import { writeRowsTable } from '../runtime/table.js';
import { makeWorkers } from '../runtime/workers.js';
import { readStudyFile } from '../runtime/yaml.js';

/** What is said of a run when it is done. */
export type RunSummary = Pick<StudyOutcome, 'results' | 'warnings' | 'simulated'>;

const mostWarnings = 12;

interface RunOptions {
  readonly data?: string;
  readonly out?: string;
  readonly executor?: string;
  readonly tensorboard?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('Run a whole study: prepare, calibrate, train, test, report.')
    .argument('<study.yaml>', 'the study')
    .option('--data <dir>', "root of the recordings; the study's paths start there (default: the study file's folder)")
    .option('--out <dir>', 'folder for results (default: out/ and the name of the study)')
    .option(...executorOption)
    .option('--tensorboard <dir>', 'folder for the learning curves of each network that is trained')
    .option('--no-png', 'write figures as SVG only, not as PNG too')
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      `
Writes results.json, report.html, models/*.genu, predictions/*.sto, figures/ (SVG and PNG), tables/ (CSV and LaTeX),
methods.md and references.bib into the folder. What is done is kept in its
cache/: the same command goes on where an interrupted run stopped, in mid-training too, and computes nothing again that
has not changed. Checkpoints of a training are written every 10 s, or every GENU_CHECKPOINT_S seconds.
Learning curves (one folder for each network: model, participant, number in its ensemble) are looked at with
"tensorboard --logdir DIR"; networks that were trained before have none.

Example:
  genu run study.yaml --data recordings --out results`,
    )
    .action(async (path: string, options: RunOptions) => {
      const done = await runStudyFile(path, options);
      process.stdout.write(options.json ? `${JSON.stringify(done.results)}\n` : `${sayOutcome(done)}\n`);
    });
}

/** Runs the study of a file and writes everything it makes. */
export async function runStudyFile(path: string, options: RunOptions): Promise<RunSummary & { folder: string }> {
  const root = resolve(options.data ?? dirname(path));
  const study = readStudyFile(path, root);
  const folder = resolve(options.out ?? join('out', study.study));
  checkWritable(folder);
  const progress = makeProgress(process.stderr);
  const choice = readExecutorChoice(options.executor);
  const executor = await makeExecutor(choice);
  const cache = join(folder, 'cache');
  const tensorboard = options.tensorboard === undefined ? undefined : resolve(options.tensorboard);
  if (tensorboard !== undefined) checkWritable(tensorboard);
  const workers = makeWorkers(choice, { checkpoints: cache, tensorboard, say: progress.say });
  try {
    // GENU_PNG=0 says the same as --no-png, for who runs many studies.
    const wanted = options.png !== false && process.env.GENU_PNG !== '0';
    const rasterise = wanted ? await findRasterise() : undefined;
    if (wanted && !rasterise) process.stderr.write(`note: ${noPng}\n`);
    const environment = {
      ...makeEnvironment(study, root, makeFileStore(cache), workers, executor, progress),
      ...(rasterise ? { rasterise } : {}),
    };
    process.stderr.write(`networks run on ${executor.description}\n`);
    const key = hashValue([
      environment.code_key,
      rasterise !== undefined,
      study,
      listStudyFiles(study).filter(environment.hasFile).map(environment.hashFile),
    ]);
    const finished = findFinished<RunSummary>(folder, key);
    if (finished) {
      process.stderr.write('nothing has changed since the last run; nothing was computed again\n');
      return { ...finished, folder };
    }
    const { results, report, written, models, predictions, warnings, simulated } = await runStudy(study, environment);
    progress.end();
    const summary: RunSummary = { results, warnings, simulated };
    const text = new TextEncoder();
    writeFinished(
      folder,
      key,
      [
        ...models,
        ...written,
        ...predictions.map(({ file, ...table }) => ({ file, bytes: writeStorage({ ...table, inDegrees: false }) })),
        { file: 'report.html', bytes: text.encode(report) },
        { file: 'results.json', bytes: text.encode(`${JSON.stringify(results, null, 1)}\n`) },
      ],
      summary,
    );
    sayWarnings(warnings);
    return { ...summary, folder };
  } finally {
    progress.end();
    await workers.close();
  }
}

/** The first few; the report has all. */
function sayWarnings(warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, mostWarnings)) process.stderr.write(`warning: ${warning}\n`);
  if (warnings.length > mostWarnings)
    process.stderr.write(`warning: … and ${warnings.length - mostWarnings} more, in the report\n`);
}

/** The short table and where everything is. */
export function sayOutcome({ results, simulated, folder }: RunSummary & { folder: string }): string {
  const rows: readonly ResultRow[] = results.rows;
  const people = new Set(rows.map((row) => row.participant)).size - 1;
  // Of transfer only what all activities come to: there are rows for every amount of data and every policy.
  const shown = rows.filter(
    (row) => row.participant === 'all' && (row.protocol !== 'transfer' || row.activity === 'all'),
  );
  const title = `${results.study}: ${people === 1 ? 'one participant' : `${people} participants`}, ${simulated ? 'SIMULATED, not measured people; ' : ''}torque in N·m/kg`;
  return [
    title,
    '',
    writeRowsTable(shown),
    '',
    `Report: ${relative(process.cwd(), join(folder, 'report.html')) || folder}`,
  ].join('\n');
}
