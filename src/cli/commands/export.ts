import { basename, extname, join } from 'node:path';
import type { Command } from 'commander';
import { GenuError } from '../../data/index.js';
import { type Bundle, findBase, readBundle } from '../../estimator/index.js';
import { importNetworkOnnx, writeStreamingOnnx } from '../../learn/index.js';
import { readBytes, writeAtomic } from '../runtime/files.js';
import { describeNetworkFile } from '../runtime/network-file.js';

interface ExportOptions {
  readonly out: string;
  readonly streaming?: boolean;
  readonly json?: boolean;
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('The networks of a trained model as .onnx files, which need nothing of genu.')
    .argument('<model.genu>', 'model written by genu run')
    .requiredOption('--out <path>', 'a file (.onnx), or a folder for one file of each network of an ensemble')
    .option('--streaming', 'the network frame by frame with carried state: causal networks with a sequence head')
    .option('--json', 'print what was written as one JSON object')
    .addHelpText(
      'after',
      `
Features go in and torques come out in SI units; scaling is inside. The file's metadata name the channels in their order, their
units, the rate, the window and the direction that counts as positive: genu inspect shows them. Features are
[batch, frames, channels] prepared as genu prepares them: filtered, EMG divided by its maximum.

Example:
  genu export results/models/network-all.genu --out knee.onnx
In Python:
  torque = onnxruntime.InferenceSession("knee.onnx").run(["prediction"], {"features": features})[0]`,
    )
    .action((model: string, options: ExportOptions) => {
      const bundle = readBundle(readBytes(model), model);
      const files = writeNetworks(bundle, model, options);
      const notes = listNotes(bundle, model);
      for (const note of notes) process.stderr.write(`note: ${note}\n`);
      const { facts } = describeNetworkFile(readBytes(files[0]), files[0]);
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ files, ...facts, notes })}\n`
          : `${files.join('\n')}\n${facts.network}; ${facts.features}\n`,
      );
    });
}

function writeNetworks({ kind, network }: Bundle, model: string, { out, streaming }: ExportOptions): string[] {
  if (!network) {
    throw new GenuError(`a model of kind ${kind} has no network to export.`, {
      where: model,
      mend: 'Name a model of kind network, hybrid or residual_….',
    });
  }
  const { members } = network;
  const single = extname(out).toLowerCase() === '.onnx';
  if (single && members.length > 1) {
    throw new GenuError(`the model is an ensemble of ${members.length} networks; ${out} is one file.`, {
      where: model,
      mend: 'Name a folder with --out; average what the networks predict.',
    });
  }
  const stem = basename(model, extname(model));
  return members.map((forward, k) => {
    const file = single ? out : join(out, `${stem}${members.length > 1 ? `-${k + 1}` : ''}.onnx`);
    writeAtomic(file, streaming ? makeStreaming(forward) : forward);
    return file;
  });
}

function makeStreaming(forward: Uint8Array): Uint8Array {
  const { config, weights, scaling, metadata } = importNetworkOnnx(forward);
  return writeStreamingOnnx(config, weights, scaling, metadata);
}

function listNotes({ kind, network, uncertainty }: Bundle, model: string): string[] {
  const base = findBase(kind);
  const notes: string[] = [];
  if (base)
    notes.push(
      `${model}: the network predicts what is to be added to the torque of ${base}, which is not in the file.`,
    );
  if (network?.inputs.some((name) => name.startsWith('force '))) {
    notes.push(`${model}: the muscle forces among its inputs come from genu's solver.`);
  }
  if (uncertainty) notes.push(`${model}: its prediction intervals stay in the .genu model.`);
  return notes;
}
