import { type InferenceSession, Tensor } from 'onnxruntime-common';

/** A loaded model. ONNX Runtime's sessions, in Node and in the browser, are of this form. */
export interface NetworkSession {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * What runs models. An adapter is two lines:
 * `import { InferenceSession } from 'onnxruntime-node';`
 * `const runtime = { createSession: (onnx, options) => InferenceSession.create(onnx, options) };`
 */
export interface NetworkRuntime {
  createSession(onnx: Uint8Array, options?: InferenceSession.SessionOptions): Promise<NetworkSession>;
}

/** One thread: folds and seeds run side by side instead, and results repeat bit for bit. */
export const ONE_THREAD: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/** A single-precision tensor over (not a copy of) the numbers. */
export const tensor = (data: Float32Array, shape: readonly number[]): Tensor => new Tensor('float32', data, shape);

/** The numbers of a single-precision tensor. */
export const numbers = (value: Tensor): Float32Array => value.data as Float32Array;
