import type { Command } from 'commander';
import { GenuError } from '../../data/index.js';
import { estimateTrial, loadEstimator, orientTrial, readBundle, releaseEstimator } from '../../estimator/index.js';
import { writeStorage } from '../../io/index.js';
import { executorOption, makeExecutor, readExecutorChoice } from '../runtime/executors.js';
import { readBytes, writeAtomic } from '../runtime/files.js';
import { readRecordingFile } from '../runtime/recordings.js';

interface PredictOptions {
  readonly emg: string;
  readonly motion: string;
  readonly out: string;
  readonly participant?: string;
  readonly mass?: string;
  readonly side?: string;
  readonly executor?: string;
  readonly json?: boolean;
}

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .description('Knee torque of a recording, by a trained model.')
    .argument('<model.genu>', 'model written by genu run')
    .requiredOption('--emg <file>', 'EMG (.sto, .mot, .c3d)')
    .requiredOption(
      '--motion <file>',
      'joint angles (.sto, .mot, .c3d); the same file where it holds both, or where nothing moves',
    )
    .requiredOption('--out <file>', 'table to write (.sto): torque, muscle forces and activations')
    .option('--participant <id>', 'a participant the model was trained on (default: the only one there is)')
    .option('--mass <kg>', 'body mass of somebody new')
    .option('--side <side>', 'left or right, for a model whose channels leave the side open')
    .option(...executorOption)
    .option('--json', 'print a summary as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  genu predict results/models/hybrid-all.genu --emg walk/emg.sto --motion walk/ik.sto --out torque.sto',
    )
    .action(async (model: string, options: PredictOptions) => {
      const summary = await predict(model, options);
      for (const note of summary.notes) process.stderr.write(`note: ${note}\n`);
      process.stdout.write(
        options.json
          ? `${JSON.stringify(summary)}\n`
          : `${summary.out}: ${summary.predicted} of ${summary.frames} frames predicted by ${summary.model}, ${summary.min_Nm_per_kg.toFixed(2)} to ${summary.max_Nm_per_kg.toFixed(2)} N·m/kg, ${summary.positive} positive\n`,
      );
    });
}

async function predict(model: string, options: PredictOptions) {
  const bundle = readBundle(readBytes(model), model);
  const { kind, spec, muscles, participants } = bundle;
  const mass = options.mass === undefined ? undefined : Number(options.mass);
  if (mass !== undefined && !(mass >= 5 && mass <= 400)) {
    throw new GenuError(`--mass ${options.mass} is no body mass in kg.`, {
      where: 'predict',
      mend: 'Give a number from 5 to 400.',
    });
  }
  if (options.participant !== undefined && !participants.includes(options.participant)) {
    throw new GenuError(`the model was not trained on "${options.participant}".`, {
      where: model,
      mend: `It knows ${participants.join(', ')}; for somebody new give --mass instead.`,
    });
  }
  // A model of one person is taken to be used on that person, unless another body mass is given.
  const id = options.participant ?? (participants.length === 1 && mass === undefined ? participants[0] : undefined);
  if (id === undefined && mass === undefined) {
    throw new GenuError(`the model knows ${participants.length} participants.`, {
      where: model,
      mend: `Say whose recording it is: --participant ${participants.join(' | ')}, or --mass for somebody new.`,
    });
  }
  const { side } = options;
  if (side !== undefined && side !== 'left' && side !== 'right') {
    throw new GenuError(`--side ${side} is no side.`, { where: 'predict', mend: 'Say left or right.' });
  }
  const one = options.motion === options.emg;
  const emg = readRecordingFile(
    options.emg,
    one ? { unit: spec.motion.unit } : { kind: spec.emg.kind === 'raw' ? 'emg' : 'emg_envelope' },
  );
  const motion = one ? emg : readRecordingFile(options.motion, { unit: spec.motion.unit });
  const trial = orientTrial({ id: options.emg, emg, motion }, spec, side);
  const executor = await makeExecutor(readExecutorChoice(options.executor));
  const estimator = await loadEstimator(bundle, executor, model);
  const estimate = await estimateTrial(estimator, trial, { id, mass_kg: mass });
  await releaseEstimator(estimator);
  const torque = estimate.torque_Nm_per_kg[kind]!;
  const known = Array.from(torque).filter(Number.isFinite);
  if (known.length === 0)
    throw new GenuError(
      'no frame could be predicted: the recording is shorter than the window, or has gaps everywhere.',
      {
        where: options.emg,
        mend: `The model looks at ${(spec.window.past + spec.window.future) / spec.rate_Hz} s without a gap; genu inspect shows gaps.`,
      },
    );
  const unit = (name: string, scale: number) => ({ label: name, values: torque.map((value) => value * scale) });
  const columns = [
    unit(spec.torque.channel, estimate.mass_kg),
    unit(`${spec.torque.channel}_per_kg`, 1),
    ...(estimate.spread_Nm_per_kg
      ? [{ label: `${spec.torque.channel}_per_kg_spread`, values: estimate.spread_Nm_per_kg }]
      : []),
    ...muscles.map((muscle, m) => ({ label: `${muscle}_force`, values: estimate.forces_N[m] })),
    ...muscles.map((muscle, m) => ({ label: `${muscle}_activation`, values: estimate.activations[m] })),
  ];
  const name = `Knee torque (N.m; N.m/kg; ${spec.torque.positive} positive), muscle forces (N) and activations by genu ${bundle.provenance.genu_version}, model ${kind}`;
  writeAtomic(options.out, writeStorage({ name, inDegrees: false, times_s: estimate.times_s, columns }));
  return {
    out: options.out,
    model: kind,
    participant: id ?? null,
    mass_kg: estimate.mass_kg,
    positive: spec.torque.positive,
    executor: executor.description,
    frames: torque.length,
    predicted: known.length,
    min_Nm_per_kg: known.reduce((a, b) => Math.min(a, b)),
    max_Nm_per_kg: known.reduce((a, b) => Math.max(a, b)),
    half_width_Nm_per_kg: estimate.half_width_Nm_per_kg ?? null,
    far_from_training: estimate.novel ? estimate.novel.reduce((sum, flag) => sum + flag, 0) : null,
    notes: [...emg.notes, ...(one ? [] : motion.notes), ...estimate.notes],
  };
}
