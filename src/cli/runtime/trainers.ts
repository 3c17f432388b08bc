import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { LearnError, type TrainedNetwork, type TrainingProgress } from '../../learn/index.js';
import type { TrainJob } from '../../study/index.js';

/** Trains networks side by side, one thread each. */
export interface Trainers {
  train(job: TrainJob, onProgress: (progress: TrainingProgress) => void): Promise<TrainedNetwork>;
  close(): Promise<void>;
}

/** Starts no worker before the first job. */
export function makeTrainers(threads = availableParallelism()): Trainers {
  let pool: Piscina | undefined;
  return {
    async train(job, onProgress) {
      pool ??= new Piscina({ filename: new URL('./train-worker.js', import.meta.url).href, minThreads: 0, maxThreads: threads });
      const { port1, port2 } = new MessageChannel();
      port1.on('message', onProgress);
      try {
        return await pool.run({ job, port: port2 }, { transferList: [port2] });
      } catch (error) {
        // An error loses its class on the way between threads.
        if (error instanceof Error && error.name === 'LearnError') throw new LearnError(error.message);
        throw error;
      } finally {
        port1.close();
      }
    },
    async close() {
      await pool?.destroy();
    },
  };
}
