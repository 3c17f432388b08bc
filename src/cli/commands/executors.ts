import type { Command } from 'commander';
import { executorChoices, executorOption, findExecutors, readExecutorChoice } from '../runtime/executors.js';

export function addExecutorsCommand(program: Command): void {
  program
    .command('executors')
    .description('What can run networks on this machine, and which of it is used.')
    .option(...executorOption)
    .option('--json', 'print as one JSON object')
    .addHelpText(
      'after',
      `
Each is tried with a small network. auto takes ONNX Runtime where its package is installed, and else WebAssembly, which is
always there; a graphics card (cuda) is only used when it is asked for. The WebAssembly kernels are there twice: GENU_WASM=fused
(the default: faster) or GENU_WASM=plain (the same bits on every machine).

Example:
  genu executors --json`,
    )
    .action(async (options: { executor?: string; json?: boolean }) => {
      const executors = await findExecutors();
      const choice = readExecutorChoice(options.executor);
      const isThere = (name: string) => executors.some((executor) => executor.name === name && executor.there);
      const chosen = choice === 'auto' ? (isThere('onnxruntime') ? 'onnxruntime' : 'wasm') : choice;
      const why = sayWhy(choice, chosen, options.executor !== undefined);
      if (options.json) {
        const usable = isThere(chosen);
        process.stdout.write(`${JSON.stringify({ chosen, usable, why, executors, choices: executorChoices })}\n`);
        return;
      }
      const lines = executors.map(
        ({ name, there, description }) =>
          `${name === chosen ? '*' : ' '} ${name.padEnd(12)} ${there ? '' : 'not here: '}${description}`,
      );
      process.stdout.write(`${lines.join('\n')}\nUsed: ${chosen}. ${why}\n`);
    });
}

function sayWhy(choice: string, chosen: string, byOption: boolean): string {
  if (choice !== 'auto') return `${byOption ? '--executor' : 'GENU_EXECUTOR'} asks for it.`;
  return chosen === 'onnxruntime'
    ? 'auto takes ONNX Runtime where it is installed: it is the fastest.'
    : 'auto takes WebAssembly where ONNX Runtime is not installed ("npm install onnxruntime-node" adds it).';
}
