// The engines that run in Node, each as one Executor. What does not load says why.
import { createRequire } from 'node:module';

const versionOf = (name) => createRequire(import.meta.url)(`../../node_modules/${name}/package.json`).version;

export const engines = {
  'ONNX Runtime': async () => {
    const { InferenceSession } = await import('onnxruntime-node');
    return {
      executor: await overOnnx(InferenceSession, { logSeverityLevel: 3 }),
      version: versionOf('onnxruntime-node'),
    };
  },
  WASM: async () => {
    const { makeWasmExecutor } = await import('../../dist/learn/executors/wasm.js');
    return { executor: await makeWasmExecutor() };
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

async function overOnnx(InferenceSession, options) {
  const { makeOnnxRuntimeExecutor } = await import('../../dist/learn/executors/onnxruntime.js');
  const factory = { create: (onnx, given) => InferenceSession.create(onnx, given) };
  return makeOnnxRuntimeExecutor(factory, undefined, options);
}
