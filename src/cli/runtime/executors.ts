import { GenuError } from '../../data/index.js';
import { type Executor, executorNames, makeOnnxRuntimeExecutor, makeWasmExecutor } from '../../learn/index.js';

/** What a user may ask for; `auto` is ONNX Runtime where its package is installed, else WebAssembly. */
export const executorChoices = ['auto', ...executorNames, 'cuda'] as const;
export type ExecutorChoice = (typeof executorChoices)[number];

/** The choice of `--executor`, else that of the environment variable GENU_EXECUTOR, else `auto`. */
export function readExecutorChoice(option: string | undefined): ExecutorChoice {
  const [choice, where] =
    option === undefined ? [process.env.GENU_EXECUTOR || 'auto', 'GENU_EXECUTOR'] : [option, '--executor'];
  const known = executorChoices.find((name) => name === choice);
  if (known) return known;
  throw new GenuError(`there is no executor "${choice}".`, {
    where,
    mend: `There are ${executorChoices.join(', ')}.`,
  });
}

/**
 * Makes the executor of a choice.
 * @throws GenuError where ONNX Runtime is asked for by name and is not installed
 */
export async function makeExecutor(choice: ExecutorChoice): Promise<Executor> {
  if (choice === 'wasm') return makeWasmExecutor();
  const library = await importOnnxRuntime();
  if (library) {
    const { InferenceSession, env } = library;
    const device = choice === 'cuda' ? 'CUDA' : 'one thread';
    return makeOnnxRuntimeExecutor(
      // The log level keeps warnings about our own graphs' shapes off stderr.
      { create: (onnx, options) => InferenceSession.create(onnx, { logSeverityLevel: 3, ...options }) },
      `ONNX Runtime ${env.versions.node ?? ''}, ${device}`,
      choice === 'cuda' ? { executionProviders: ['cuda'] } : {},
    );
  }
  if (choice === 'auto') return makeWasmExecutor();
  throw new GenuError('ONNX Runtime is not installed, or not for this machine.', {
    where: `executor ${choice}`,
    mend: 'Run "npm install onnxruntime-node", or use --executor wasm.',
  });
}

/** The optional package; undefined where it is missing or has no library for this machine. */
async function importOnnxRuntime() {
  try {
    return await import('onnxruntime-node');
  } catch {
    return undefined;
  }
}

export const executorOption = [
  '--executor <name>',
  `what runs the networks: ${executorChoices.join(', ')} (default: GENU_EXECUTOR or auto)`,
] as const;
