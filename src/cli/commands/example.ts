import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { GenuError } from '../../data/index.js';
import { readBundle } from '../../estimator/index.js';
import { writeStorage } from '../../io/index.js';
import { findKneeGroup } from '../../nms/index.js';
import { protocolNames } from '../../study/index.js';
import {
  activityNames,
  electrodes,
  makeCohort,
  makeTrialTables,
  type VirtualParticipant,
} from '../../virtual/index.js';
import { executorOption } from '../runtime/executors.js';
import { readBytes, writeAtomic } from '../runtime/files.js';
import { runStudyFile, sayOutcome } from './run.js';

interface ExampleOptions {
  readonly out: string;
  readonly participants: string;
  readonly seed: string;
  readonly protocols: string;
  readonly activities?: string;
  readonly duration: string;
  readonly executor?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

export function addExampleCommand(program: Command): void {
  program
    .command('example')
    .description('Generate simulated participants and run the whole study on them.')
    .option('--out <dir>', 'folder for recordings, study and results', join('out', 'example'))
    .option('--participants <n>', 'how many virtual participants', '2')
    .option('--protocols <list>', `what to ask, of ${protocolNames.join(', ')}`, 'within')
    .option('--activities <list>', `what they do, of ${activityNames.join(', ')} (default: all)`)
    .option('--duration <s>', 'length of each trial in seconds', '20')
    .option('--seed <n>', 'seed of the generator', '1')
    .option('--png', 'write figures as PNG too')
    .option(...executorOption)
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  genu example --participants 3 --out out/example
  genu example --participants 24 --protocols between,transfer --out out/cohort`,
    )
    .action(async (options: ExampleOptions) => {
      process.stderr.write('generating simulated participants\n');
      const { study, cohort } = writeExample(options);
      const done = await runStudyFile(study, {
        out: join(options.out, 'results'),
        png: options.png === true,
        ...(options.executor === undefined ? {} : { executor: options.executor }),
      });
      process.stdout.write(
        options.json
          ? `${JSON.stringify(done.results)}\n`
          : `${[sayOutcome(done), ...sayRecovery(cohort, done.folder), sayNext(study)].join('\n\n')}\n`,
      );
    });
}

function readCount(text: string, option: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new GenuError(`${option} ${text} is no whole number from ${least} on.`, {
      where: 'example',
      mend: `Give one, e.g. ${option} ${Math.max(2, least)}.`,
    });
  return value;
}

/** Writes the recordings and the study file. */
function writeExample(options: ExampleOptions): { study: string; cohort: readonly VirtualParticipant[] } {
  const seed = readCount(options.seed, '--seed', 0);
  const cohort = makeCohort({
    participants: readCount(options.participants, '--participants', 1),
    seed,
    activities: options.activities?.split(','),
    duration_s: readCount(options.duration, '--duration', 5),
  });
  for (const participant of cohort) {
    for (const trial of participant.trials) {
      for (const { name, times_s, columns, in_degrees } of makeTrialTables(trial)) {
        const table = {
          times_s,
          inDegrees: in_degrees,
          columns: columns.map((column) => ({ label: column.name, values: column.values })),
        };
        const title = {
          emg: `Raw EMG (V), simulated`,
          motion: 'Coordinates',
          moments: 'Inverse Dynamics Generalized Forces',
        }[name];
        writeAtomic(
          join(options.out, 'recordings', participant.id, trial.name, `${name}.sto`),
          writeStorage({ name: title, ...table }),
        );
      }
    }
    writeAtomic(
      join(options.out, 'truth', `${participant.id}.json`),
      `${JSON.stringify(participant.truth, null, 1)}\n`,
    );
  }
  const path = join(options.out, 'study.yaml');
  writeAtomic(
    path,
    `# The built-in example: SIMULATED participants with known muscles (truth/*.json), not measured people.\n${stringify(makeStudy(cohort, seed, options), { lineWidth: 120 })}`,
  );
  return { study: path, cohort };
}

/** Participants are left out in so many groups at most, or each network would be trained once for every one of a large cohort. */
const most_folds = 6;
const train_first = 0.7;

function makeStudy(cohort: readonly VirtualParticipant[], seed: number, options: ExampleOptions): object {
  const protocols = options.protocols.split(',');
  const least_s = Number(options.duration) * train_first;
  const file = (name: string) => `recordings/{participant}/{trial}/${name}.sto`;
  return {
    study: 'example',
    title: 'The built-in example: simulated participants',
    simulated: true,
    model: 'generic',
    files: { emg: file('emg'), motion: file('motion'), moments: file('moments') },
    emg: {
      kind: 'raw',
      maximum: 'maximum_trials',
      channels: Object.fromEntries(electrodes.map((name) => [name, name])),
    },
    motion: { coordinates: ['hip_flexion_r', 'hip_adduction_r', 'knee_angle_r', 'ankle_angle_r'], lowpass_Hz: 10 },
    torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', unit: 'N.m', positive: 'extension' },
    cycle: { channel: 'hip_flexion_r', start: 'maximum', shortest_s: 0.5 },
    participants: cohort.map(({ id, mass_kg, height_m, trials }) => ({
      id,
      mass_kg: Number(mass_kg.toFixed(3)),
      height_m: Number(height_m.toFixed(3)),
      trials: trials.map(({ name, kind }) =>
        kind === 'mvc' ? { id: name, activity: 'mvc', use: 'maximum' } : { id: name, activity: name },
      ),
    })),
    protocols,
    ...(cohort.length > most_folds ? { between: { folds: most_folds } } : {}),
    ...(protocols.includes('transfer') ? { transfer: { seconds: [0.15, 0.4, 1].map((part) => part * least_s) } } : {}),
    // Neighbouring windows of so many recordings teach little more.
    ...(cohort.length > most_folds ? { training: { stride_s: 0.06, epochs: 12 } } : {}),
    split: { train_first },
    seed,
  };
}

/** The strengths that the participants were made with, beside those that calibration found from their recordings. */
function sayRecovery(cohort: readonly VirtualParticipant[], folder: string): string[] {
  const fileOf = (id: string) => join(folder, 'models', `nms-within-${id}.genu`);
  const fitted = cohort.filter(({ id }) => existsSync(fileOf(id)));
  if (fitted.length === 0) return [];
  const lines = fitted.map(({ id, truth }) => {
    const file = fileOf(id);
    const { muscles } = readBundle(readBytes(file), file).people[id];
    const groups = ['quadriceps', 'hamstrings', 'gastrocnemius'].map((group) => {
      const known = truth.strengths[group];
      const found = muscles.find(({ name }) => findKneeGroup(name) === group)!.strength;
      return `${group} ${found.toFixed(2)} (known ${known.toFixed(2)}, ${found >= known ? '+' : '−'}${Math.abs(100 * (found / known - 1)).toFixed(0)} %)`;
    });
    return `  ${id}: ${groups.join(', ')}`;
  });
  return [['Strengths found by calibration:', ...lines].join('\n')];
}

function sayNext(study: string): string {
  return [
    `These participants are simulated (${activityNames.length} activities each). For your own recordings: copy ${relative(process.cwd(), study)}, change its files,`,
    'channels and participants (docs/study.md says what each line means), and run:  npx genu run YOUR-STUDY.yaml --data YOUR-FOLDER',
  ].join('\n');
}
