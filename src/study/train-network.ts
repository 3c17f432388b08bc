import {
  countWindowSamples,
  type EstimatorSpec,
  findBase,
  makeWindowSet,
  type NetworkKind,
  type TrainingFrames,
} from '../estimator/index.js';
import { LearnError, type TrainedNetwork, type TrainingProgress, writeDescription } from '../learn/index.js';
import type { StudyEnvironment, TrainingName, TrainJob } from './environment.js';
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
  kind?: NetworkKind,
): TrainJob {
  const inputs = frames[0].table.names;
  const stride = calcStride(study);
  return {
    network: describeNetwork(study.network, inputs, spec),
    data: {
      train: makeWindowSet(frames, 'training', spec.window, stride, weights),
      validation: makeWindowSet(frames, 'validation', spec.window, stride, weights),
    },
    options: makeTrainingOptions(study, inputs, seed),
    metadata: describeFile(spec, inputs, kind && findBase(kind)),
  };
}

/** The engine's options as a study gives them. */
export function makeTrainingOptions({ training }: Study, inputs: readonly string[], seed: number) {
  const augmentation = describeAugmentation(training, inputs);
  return {
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
  };
}

const units: readonly (readonly [prefix: string, unit: string])[] = [
  ['emg ', '1'],
  ['angle ', 'rad'],
  ['speed ', 'rad/s'],
  ['force ', 'N/kg'],
];

/** What the exported network says of itself. @param base of a network whose output is to be added to another model's */
function describeFile({ torque, rate_Hz, window }: EstimatorSpec, inputs: readonly string[], base: string | undefined) {
  const samples = countWindowSamples(window);
  // The network sees every `step`-th frame only.
  const seen_Hz = rate_Hz / window.step;
  const name = base === undefined ? torque.channel : `${torque.channel} minus that of ${base}`;
  return writeDescription(
    {
      inputs: inputs.map((input) => ({
        name: input,
        unit: units.find(([prefix]) => input.startsWith(prefix))?.[1] ?? '1',
      })),
      outputs: [{ name, unit: 'N.m/kg' }],
      positive: torque.positive,
      rate_Hz: seen_Hz,
      window_s: samples / seen_Hz,
    },
    { inputs, outputs: 1, window: samples },
  );
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
  name: TrainingName,
  tasks: Tasks,
  environment: StudyEnvironment,
  onProgress: (share: number, detail: string) => void,
): Promise<TrainedNetwork> {
  try {
    const trained = await tasks.run('network', job, (key) =>
      environment.train(
        job,
        (progress) => {
          const { epoch, epochs, batch, batches } = progress;
          onProgress((epoch - 1 + batch / batches) / epochs, sayProgress(progress));
        },
        { ...name, key },
      ),
    );
    onProgress(1, ' trained');
    return trained;
  } catch (error) {
    if (error instanceof LearnError) throw new LearnError(`${study.study}: ${error.message}`);
    throw error;
  }
}

function sayProgress({ epoch, epochs, train_loss, best_validation_loss, remaining_s }: TrainingProgress): string {
  const best = best_validation_loss === undefined ? '' : `, best validation loss ${best_validation_loss.toFixed(4)}`;
  const left = remaining_s >= 90 ? `${Math.round(remaining_s / 60)} min` : `${Math.ceil(remaining_s)} s`;
  return `, epoch ${epoch} of at most ${epochs}, loss ${train_loss.toFixed(4)}${best}, at most ${left} left for it`;
}
