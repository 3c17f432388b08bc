import { setFlagsFromString } from 'node:v8';
import { GenuError } from '../../data/index.js';
import {
  type Executor,
  executorNames,
  hasFusedKernels,
  type KernelVariant,
  kernelVariants,
  listWeights,
  loadForward,
  makeNetwork,
  makeOnnxRuntimeExecutor,
  makeWasmExecutor,
  makeWeights,
  writeForwardOnnx,
} from '../../learn/index.js';

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
 * Which WebAssembly kernels the environment variable GENU_WASM asks for; without it, the fused ones where this Node has
 * them. Node 20 has them behind a flag of V8, which may be set while it runs.
 * @throws GenuError where it names no kernels, or the fused ones and this Node has none
 */
export function chooseKernels(): KernelVariant {
  if (!hasFusedKernels()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const wanted = process.env.GENU_WASM || (hasFusedKernels() ? 'fused' : 'plain');
  const known = kernelVariants.find((name) => name === wanted);
  if (known === 'fused' && !hasFusedKernels()) {
    throw new GenuError('the fused kernels are asked for, and this Node has no relaxed SIMD.', {
      where: 'GENU_WASM',
      mend: 'Take plain, or Node 20 or newer.',
    });
  }
  if (known) return known;
  throw new GenuError(`there are no kernels "${wanted}".`, {
    where: 'GENU_WASM',
    mend: `There are ${kernelVariants.join(' and ')}.`,
  });
}

/**
 * Makes the executor of a choice.
 * @throws GenuError where ONNX Runtime or CUDA is asked for by name and is not there
 */
export async function makeExecutor(choice: ExecutorChoice): Promise<Executor> {
  if (choice === 'wasm') return makeWasmExecutor({ kernels: chooseKernels() });
  const library = await importOnnxRuntime();
  if (library) {
    const { InferenceSession, env } = library;
    const device = choice === 'cuda' ? 'CUDA' : 'one thread';
    // What goes wrong comes as an error, and is told once.
    env.logLevel = 'fatal';
    const executor = makeOnnxRuntimeExecutor(
      // The log level keeps warnings about our own graphs' shapes off stderr.
      { create: (onnx, options) => InferenceSession.create(onnx, { logSeverityLevel: 3, ...options }) },
      `ONNX Runtime ${env.versions.node ?? ''}, ${device}`,
      choice === 'cuda' ? { executionProviders: ['cuda'] } : {},
    );
    if (choice === 'cuda') await requireCuda(executor);
    return executor;
  }
  if (choice === 'auto') return makeWasmExecutor({ kernels: chooseKernels() });
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

/** One executor on this machine, as `genu executors` tells of it. */
export interface FoundExecutor {
  readonly name: Exclude<ExecutorChoice, 'auto'>;
  readonly there: boolean;
  /** What it is, or why it cannot be used. */
  readonly description: string;
}

/** Looks which executors there are, each by running something on it. */
export async function findExecutors(): Promise<FoundExecutor[]> {
  return Promise.all(
    (['onnxruntime', 'cuda', 'wasm'] as const).map(async (name): Promise<FoundExecutor> => {
      try {
        const executor = await makeExecutor(name);
        await tryExecutor(executor);
        return { name, there: true, description: executor.description };
      } catch (error) {
        const [sentence] = (error instanceof Error ? error.message : String(error)).split('\n');
        return { name, there: false, description: sentence };
      }
    }),
  );
}

async function requireCuda(executor: Executor): Promise<void> {
  try {
    await tryExecutor(executor);
  } catch (error) {
    throw new GenuError(`the graphics card cannot be used: ${(error as Error).message.trim()}.`, {
      where: 'executor cuda',
      mend: 'It takes an NVIDIA card with CUDA and the CUDA libraries of onnxruntime-node (its installation script fetches them); or use --executor auto.',
    });
  }
}

/** Runs the smallest network once. */
async function tryExecutor(executor: Executor): Promise<void> {
  const config = makeNetwork({ kind: 'mlp', inputs: ['x'], window: 2 });
  const one = { mean: [0], deviation: [1] };
  const onnx = writeForwardOnnx(config, makeWeights(listWeights(config), 1), { inputs: one, outputs: one });
  const { program } = await loadForward(executor, onnx);
  await program.run({ features: new Float32Array(2) });
  await program.release();
}
