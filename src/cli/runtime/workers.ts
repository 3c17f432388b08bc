import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { GenuError } from '../../data/index.js';
import { LearnError } from '../../learn/index.js';
import type { StudyEnvironment } from '../../study/index.js';
import type { ExecutorChoice } from './executors.js';

/** Long work side by side, one thread each. */
export interface Workers extends Pick<StudyEnvironment, 'train' | 'calibrate'> {
  close(): Promise<void>;
}

/** Starts no thread before the first job. */
export function makeWorkers(executor: ExecutorChoice, threads = availableParallelism()): Workers {
  let pool: Piscina | undefined;
  async function run<Message>(name: string, job: unknown, onMessage: (message: Message) => void) {
    pool ??= new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
    });
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onMessage);
    try {
      return await pool.run({ job, executor, port: port2 }, { name, transferList: [port2] });
    } catch (error) {
      // An error loses its class on the way between threads.
      if (error instanceof Error && error.name === 'GenuError') throw new GenuError(error.message);
      if (error instanceof Error && error.name === 'LearnError') throw new LearnError(error.message);
      throw error;
    } finally {
      port1.close();
    }
  }
  return {
    train: (job, onProgress) => run('train', job, onProgress),
    calibrate: (job, onProgress) => run('calibrate', job, onProgress),
    close: async () => pool?.destroy(),
  };
}
