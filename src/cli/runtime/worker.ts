import type { MessagePort } from 'node:worker_threads';
import { type CalibrationJob, type CalibrationResult, calibratePerson } from '../../estimator/index.js';
import { adaptNetwork, type TrainedNetwork, trainNetwork } from '../../learn/index.js';
import type { AdaptJob, TrainJob } from '../../study/index.js';
import { makeCheckpoints } from './checkpoints.js';
import { type ExecutorChoice, makeExecutor } from './executors.js';
import { makeTrainingEvents } from './training-events.js';

const report_ms = 200;

/** What a worker tells while it works. */
export type Told<Progress> = { readonly progress: Progress } | { readonly said: string };

/** What a training keeps on its way. */
export interface TrainingFiles {
  readonly key: string;
  /** Of the network, for people. */
  readonly title: string;
  readonly checkpoint: { readonly file: string; readonly every_s: number } | undefined;
  /** Folder for its curves. */
  readonly events: string | undefined;
}

/** At most one message of progress every `report_ms`. */
function makeReporter<Progress>(port: MessagePort): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    if (Date.now() - last < report_ms) return;
    last = Date.now();
    port.postMessage({ progress } satisfies Told<Progress>);
  };
}

/** Runs in a worker: ONNX Runtime blocks its thread while it computes, and the main one has to show progress. */
export async function train({
  job,
  executor,
  port,
  files: { key, title, checkpoint, events: folder },
}: {
  job: TrainJob;
  executor: ExecutorChoice;
  port: MessagePort;
  files: TrainingFiles;
}): Promise<TrainedNetwork> {
  const say = (said: string) => port.postMessage({ said } satisfies Told<never>);
  const warn = (sentence: string) => say(`warning: ${title}: ${sentence}`);
  try {
    const checkpoints = checkpoint && makeCheckpoints(checkpoint.file, key, warn);
    const resume = checkpoints?.read();
    if (resume) say(`${title}: goes on from its checkpoint in epoch ${resume.epoch + 1}`);
    const events =
      folder === undefined
        ? undefined
        : makeTrainingEvents(folder, key.replace(/\.json$/, ''), resume !== undefined, warn);
    const report = makeReporter(port);
    const trained = await trainNetwork({
      ...job,
      executor: await makeExecutor(executor),
      onProgress: (progress) => {
        report(progress);
        events?.step(progress);
      },
      onEpoch: (state) => events?.epoch(state),
      onCheckpoint: (state) => {
        checkpoints?.write(state);
        events?.flush();
      },
      ...(checkpoint && { checkpointEvery: { seconds: checkpoint.every_s } }),
      ...(resume && { resume }),
    });
    events?.flush();
    return trained;
  } finally {
    port.close();
  }
}

/** Short enough to need neither progress nor checkpoints. */
export async function adapt({
  job: { strategy, source, target },
  executor,
  port,
}: {
  job: AdaptJob;
  executor: ExecutorChoice;
  port: MessagePort;
}): Promise<TrainedNetwork> {
  try {
    return await adaptNetwork(strategy, source, { ...target, executor: await makeExecutor(executor) });
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
