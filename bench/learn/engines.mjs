// The engines that run in Node, each as one Executor. What does not load says why.
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

const versionOf = (name) => createRequire(import.meta.url)(`../../node_modules/${name}/package.json`).version;

export const engines = {
  'ONNX Runtime': async () => {
    const { InferenceSession } = await import('onnxruntime-node');
    return {
      executor: await overOnnx(InferenceSession, { logSeverityLevel: 3 }),
      version: versionOf('onnxruntime-node'),
    };
  },
  WASM: () => overWasm(),
  'WASM plain': () => overWasm('plain'),
  /** Two workers that share the batches of one training. */
  'WASM team': async () => {
    const { makeTrainingTeam } = await import('../../dist/learn/index.js');
    const { executor, version } = await overWasm();
    const ports = Array.from({ length: 2 }, () => {
      const { port1, port2 } = new MessageChannel();
      const worker = new Worker(new URL('member.mjs', import.meta.url), { workerData: port2, transferList: [port2] });
      worker.unref();
      return port1;
    });
    return { executor, version, team: makeTrainingTeam(ports, executor) };
  },
  'onnxruntime-web': async () => {
    const { env, InferenceSession } = await import('onnxruntime-web/wasm');
    env.wasm.numThreads = 1;
    return {
      executor: await overOnnx(InferenceSession, { logSeverityLevel: 3 }),
      version: versionOf('onnxruntime-web'),
    };
  },
};

/** The kernels that the command takes by itself, unless others are named. */
async function overWasm(kernels) {
  const { hasFusedKernels, makeWasmExecutor } = await import('../../dist/learn/index.js');
  if (!hasFusedKernels()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const executor = makeWasmExecutor(kernels && { kernels });
  return { executor, version: kernels ? undefined : executor.name === 'wasm-fused' ? 'fused' : 'plain' };
}

async function overOnnx(InferenceSession, options) {
  const { makeOnnxRuntimeExecutor } = await import('../../dist/learn/executors/onnxruntime.js');
  const factory = { create: (onnx, given) => InferenceSession.create(onnx, given) };
  return makeOnnxRuntimeExecutor(factory, undefined, options);
}
