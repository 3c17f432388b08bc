import type { StepDone, TrainingProgress } from './epoch.js';
import type { TrainingState } from './state.js';

/** Measures the pace of a training from now on. @param now seconds, of any clock */
export function makeProgressMeter(
  epochs: number,
  batches: number,
  begun: TrainingState,
  now: () => number = () => performance.now() / 1000,
) {
  const started = now();
  const before_s = begun.history.reduce((sum, epoch) => sum + epoch.seconds, begun.seconds);
  const stepsBefore = begun.epoch * batches + begun.batch;
  return (state: TrainingState, done: StepDone): TrainingProgress => {
    const steps = state.epoch * batches + done.batch;
    const spent_s = now() - started;
    return {
      epoch: state.epoch + 1,
      epochs,
      batch: done.batch,
      batches,
      train_loss: done.lossSum / done.weightSum,
      loss: done.loss,
      learning_rate: done.learningRate,
      best_validation_loss: state.best.epoch > 0 ? state.best.validation_loss : undefined,
      elapsed_s: before_s + spent_s,
      remaining_s: (spent_s / (steps - stepsBefore)) * (epochs * batches - steps),
    };
  };
}
