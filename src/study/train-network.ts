import { type EstimatorSpec, makeWindowSet, type TrainingFrames } from '../estimator/index.js';
import { LearnError, type TrainedNetwork } from '../learn/index.js';
import type { StudyEnvironment, TrainJob } from './environment.js';
import { describeNetwork } from './network-config.js';
import type { Study } from './schema.js';
import type { Tasks } from './tasks.js';

/** Frames from one training window to the next. */
export const calcStride = ({ training, rate_Hz }: Study): number =>
  Math.max(1, Math.round(training.stride_s * rate_Hz));

/** One network of a study, ready to be trained: windows of the given frames, and all options. */
export function makeTrainJob(
  study: Study,
  spec: EstimatorSpec,
  frames: readonly TrainingFrames[],
  weights: ReadonlyMap<string, number>,
  seed: number,
): TrainJob {
  const { training } = study;
  const inputs = frames[0].table.names;
  const stride = calcStride(study);
  const augmentation = describeAugmentation(training, inputs);
  return {
    network: describeNetwork(study.network, inputs, spec),
    data: {
      train: makeWindowSet(frames, 'training', spec.window, stride, weights),
      validation: makeWindowSet(frames, 'validation', spec.window, stride, weights),
    },
    options: {
      batch: training.batch,
      epochs: training.epochs,
      patience: training.patience,
      learningRate: training.learning_rate,
      schedule: training.schedule,
      weightDecay: training.weight_decay,
      clip: training.clip_norm ?? Number.POSITIVE_INFINITY,
      averaging: training.weight_averaging,
      seed,
      ...(augmentation && { augmentation }),
    },
    metadata: {
      'genu.inputs': inputs.join(', '),
      'genu.units': 'EMG 1, angles rad, speeds rad/s, forces N/kg; torque N.m/kg',
      'genu.positive': spec.torque.positive,
      'genu.rate_Hz': String(spec.rate_Hz),
    },
  };
}

/** Disturbances of training windows under the names of the engine; undefined where the study asks for none. */
function describeAugmentation(training: Study['training'], inputs: readonly string[]) {
  const asked = {
    gain: training.emg_gain_jitter,
    noise: training.emg_noise,
    channelDropout: training.emg_dropout,
    electrodeShift: training.emg_shift,
    timeWarp: training.time_warp,
  };
  const used = Object.fromEntries(Object.entries(asked).filter(([, size]) => size > 0));
  if (Object.keys(used).length === 0) return undefined;
  return { channels: inputs.filter((name) => name.startsWith('emg ')), ...used };
}

/** Trains one network, or finds it trained. */
export async function trainMember(
  study: Study,
  job: TrainJob,
  tasks: Tasks,
  environment: StudyEnvironment,
  onProgress: (share: number, detail: string) => void,
): Promise<TrainedNetwork> {
  try {
    const trained = await tasks.run('network', job, () =>
      environment.train(job, ({ epoch, epochs, batch, batches, train_loss }) =>
        onProgress(
          (epoch - 1 + batch / batches) / epochs,
          `, epoch ${epoch} of at most ${epochs}, loss ${train_loss.toFixed(4)}`,
        ),
      ),
    );
    onProgress(1, ' trained');
    return trained;
  } catch (error) {
    if (error instanceof LearnError) throw new LearnError(`${study.study}: ${error.message}`);
    throw error;
  }
}
