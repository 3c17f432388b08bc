import type { MessagePort } from 'node:worker_threads';
import { type CalibrationJob, type CalibrationResult, calibratePerson } from '../../estimator/index.js';
import { type TrainedNetwork, trainNetwork } from '../../learn/index.js';
import type { TrainJob } from '../../study/index.js';
import { type ExecutorChoice, makeExecutor } from './executors.js';

const report_ms = 200;

/** At most one message every `report_ms`. */
function makeReporter<T>(port: MessagePort): (message: T) => void {
  let last = 0;
  return (message) => {
    if (Date.now() - last < report_ms) return;
    last = Date.now();
    port.postMessage(message);
  };
}

/** Runs in a worker: ONNX Runtime blocks its thread while it computes, and the main one has to show progress. */
export async function train({
  job,
  executor,
  port,
}: {
  job: TrainJob;
  executor: ExecutorChoice;
  port: MessagePort;
}): Promise<TrainedNetwork> {
  try {
    return await trainNetwork({ ...job, executor: await makeExecutor(executor), onProgress: makeReporter(port) });
  } finally {
    port.close();
  }
}

export function calibrate({ job, port }: { job: CalibrationJob; port: MessagePort }): CalibrationResult {
  try {
    return calibratePerson(job, makeReporter(port));
  } finally {
    port.close();
  }
}
