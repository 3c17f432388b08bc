import type { MessagePort } from 'node:worker_threads';
import { type TrainedNetwork, trainNetwork } from '../../learn/index.js';
import type { TrainJob } from '../../study/index.js';
import { nodeRuntime } from './onnxruntime.js';

const report_ms = 200;

/** Runs in a worker: ONNX Runtime blocks its thread while it computes, and the main one has to show progress. */
export default async function train({ job, port }: { job: TrainJob; port: MessagePort }): Promise<TrainedNetwork> {
  let last = 0;
  try {
    return await trainNetwork({
      ...job,
      runtime: nodeRuntime,
      onProgress: (progress) => {
        if (Date.now() - last < report_ms) return;
        last = Date.now();
        port.postMessage(progress);
      },
    });
  } finally {
    port.close();
  }
}
