import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { GenuError } from '../../data/index.js';
import { LearnError, type TrainingProgress } from '../../learn/index.js';
import type { StudyEnvironment } from '../../study/index.js';
import { findCheckpointFile, readCheckpointInterval } from './checkpoints.js';
import type { ExecutorChoice } from './executors.js';
import type { Told, TrainingFiles } from './worker.js';

/** Long work side by side, one thread each. */
export interface Workers extends Pick<StudyEnvironment, 'train' | 'adapt' | 'calibrate'> {
  close(): Promise<void>;
}

export interface WorkersOptions {
  /** Folder of the checkpoints of trainings under way; none are kept where left out. */
  readonly checkpoints?: string | undefined;
  /** Folder for TensorBoard, with one folder for each network. */
  readonly tensorboard?: string | undefined;
  /** Takes lines for people. */
  readonly say?: (line: string) => void;
  readonly threads?: number;
}

/** Starts no thread before the first job. */
export function makeWorkers(
  executor: ExecutorChoice,
  { checkpoints, tensorboard, say, threads = availableParallelism() }: WorkersOptions = {},
): Workers {
  const every_s = readCheckpointInterval();
  let pool: Piscina | undefined;
  async function run<Progress>(
    name: string,
    job: unknown,
    onProgress: (progress: Progress) => void,
    files?: TrainingFiles,
  ) {
    pool ??= new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
    });
    const { port1, port2 } = new MessageChannel();
    const take = (told: Told<Progress>) => ('said' in told ? say?.(told.said) : onProgress(told.progress));
    port1.on('message', take);
    try {
      return await pool.run({ job, executor, files, port: port2 }, { name, transferList: [port2] });
    } catch (error) {
      // An error loses its class on the way between threads.
      if (error instanceof Error && error.name === 'GenuError') throw new GenuError(error.message);
      if (error instanceof Error && error.name === 'LearnError') throw new LearnError(error.message);
      throw error;
    } finally {
      // What was told last may still be on its way.
      for (let left = receiveMessageOnPort(port1); left; left = receiveMessageOnPort(port1)) take(left.message);
      port1.close();
    }
  }
  return {
    train: (job, onProgress, { key, kind, who, member, title }) =>
      run<TrainingProgress>('train', job, onProgress, {
        key,
        title,
        checkpoint: checkpoints === undefined ? undefined : { file: findCheckpointFile(checkpoints, key), every_s },
        events: tensorboard === undefined ? undefined : join(tensorboard, nameFolder(`${kind}-${who}-${member}`)),
      }),
    adapt: (job) => run('adapt', job, () => {}),
    calibrate: (job, onProgress) => run('calibrate', job, onProgress),
    close: async () => pool?.destroy(),
  };
}

/** Participants may have any name; folders may not. */
const nameFolder = (name: string) => name.replace(/[^\p{L}\p{N}._-]/gu, '_');
