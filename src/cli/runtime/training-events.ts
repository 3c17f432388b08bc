import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeEventFileName, makeEventWriter, type TrainingProgress, type TrainingState } from '../../learn/index.js';

/** At most about so many numbers of single steps; each takes some 60 bytes. */
const MOST_STEPS = 5000;

/** The curves of one training for TensorBoard: `loss/step` by step; `loss/train`, `loss/validation` and `learning_rate` by epoch. */
export interface TrainingEvents {
  step(progress: TrainingProgress): void;
  epoch(state: TrainingState): void;
  /** Appends what was gathered. Called when a checkpoint stands, so that no file tells of steps that are taken again after a kill. */
  flush(): void;
}

/**
 * @param folder of this network; another training's curves in it are left alone, and this one's go beside it as `<folder>.2`
 * @param id tells the training apart from others
 * @param resumed whether it goes on: then its curves go on too, in a new file of the same folder
 * @param warn takes one sentence if nothing can be written; training goes on
 */
export function makeTrainingEvents(
  folder: string,
  id: string,
  resumed: boolean,
  warn: (sentence: string) => void,
): TrainingEvents {
  const now_s = () => Date.now() / 1000;
  const writer = makeEventWriter(now_s);
  let gathered: Uint8Array[] = [writer.begin()];
  let file: string | undefined;
  let failed = false;
  return {
    step({ epoch, epochs, batch, batches, loss }) {
      const step = (epoch - 1) * batches + batch;
      if (step % Math.ceil((epochs * batches) / MOST_STEPS) === 0) {
        gathered.push(writer.scalars(step, { 'loss/step': loss }));
      }
    },
    epoch({ history }) {
      const { epoch, train_loss, validation_loss, learning_rate } = history[history.length - 1];
      gathered.push(
        writer.scalars(epoch, { 'loss/train': train_loss, 'loss/validation': validation_loss, learning_rate }),
      );
    },
    flush() {
      if (failed) return;
      try {
        if (file === undefined) {
          const own = findFolder(folder, id, resumed);
          mkdirSync(own, { recursive: true });
          file = join(own, makeEventFileName(now_s(), `${process.pid}.${id}`));
        }
        appendFileSync(file, Buffer.concat(gathered));
        gathered = [];
      } catch (error) {
        failed = true;
        warn(`No curves for TensorBoard: ${file ?? folder}: ${(error as Error).message}. Training goes on.`);
      }
    },
  };
}

/** The folder of a training that goes on, where it is known; else the first that holds no curves yet. */
function findFolder(folder: string, id: string, resumed: boolean): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? folder : `${folder}.${number}`;
    const files = existsSync(path) ? readdirSync(path).filter((name) => name.includes('tfevents')) : [];
    if (files.length === 0 || (resumed && files.some((name) => name.endsWith(`.${id}`)))) return path;
  }
}
