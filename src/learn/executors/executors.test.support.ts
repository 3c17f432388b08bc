import { InferenceSession } from 'onnxruntime-node';
import { makeOnnxRuntimeExecutor, type OnnxSessionFactory } from './onnxruntime.js';

/** ONNX Runtime as the tests use it: for double precision its sessions, otherwise the executor. */
export const sessions: OnnxSessionFactory = { create: (onnx, options) => InferenceSession.create(onnx, options) };

export const onnxruntime = makeOnnxRuntimeExecutor(sessions);
