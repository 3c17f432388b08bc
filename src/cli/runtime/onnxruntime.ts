import { InferenceSession } from 'onnxruntime-node';
import type { NetworkRuntime } from '../../learn/index.js';

/** ONNX Runtime's native library. Its log level keeps warnings about our own graphs' shapes off stderr. */
export const nodeRuntime: NetworkRuntime = {
  createSession: (onnx, options) => InferenceSession.create(onnx, { logSeverityLevel: 3, ...options }),
};
