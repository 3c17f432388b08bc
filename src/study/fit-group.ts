import {
  averagePeople,
  type Bundle,
  findRegression,
  fitLaggedRegression,
  fitMean,
  type GoldenRanges,
  type NetworkKind,
  networkKinds,
  type Regression,
  type RegressionKind,
  regressionKinds,
  type TrainingFrames,
  trimGeometry,
} from '../estimator/index.js';
import type { TrainedNetwork } from '../learn/index.js';
import { findRange } from '../math/index.js';
import type { StudyEnvironment, TrainJob } from './environment.js';
import type { ParticipantFit } from './fit-participant.js';
import { type GroupData, prepareGroup } from './group-data.js';
import type { Study } from './schema.js';
import type { Tasks } from './tasks.js';
import { calcStride, makeTrainJob, trainMember } from './train-network.js';

/** What is fitted to the training parts of one or more participants together. */
export interface GroupFit {
  readonly shared: Pick<
    Bundle,
    'spec' | 'geometries' | 'muscles' | 'excitations' | 'people' | 'anyone' | 'mean' | 'ridge'
  >;
  /** The networks of each kind asked for, one per seed. */
  readonly networks: Readonly<Partial<Record<NetworkKind, readonly TrainedNetwork[]>>>;
  /** What the networks of each kind were trained on and stopped by. */
  readonly windows: Readonly<Partial<Record<NetworkKind, TrainJob['data']>>>;
  readonly regressions: Readonly<Partial<Record<RegressionKind, Regression>>>;
  readonly golden: GoldenRanges;
}

type ProgressOf = (name: NetworkKind | RegressionKind) => (share: number, detail: string) => void;

const titles: Readonly<Record<NetworkKind | RegressionKind, string>> = {
  svr: 'support-vector regression',
  forest: 'random forest',
  quadratic: 'ridge with products',
  network: 'plain network',
  hybrid: 'hybrid network',
  residual_ridge: 'network on the residual of the ridge',
  residual_nms: 'network on the residual of the muscles',
  blend: 'network of the blend',
};

/**
 * Fits the baselines and trains the networks on the training parts of the given participants.
 * @param who names them, for people
 */
export async function fitGroup(
  study: Study,
  members: readonly ParticipantFit[],
  who: string,
  tasks: Tasks,
  environment: StudyEnvironment,
  progressOf: ProgressOf,
): Promise<GroupFit> {
  const data = prepareGroup(study, members);
  const [trained, regressions] = await Promise.all([
    trainNetworks(study, data, who, tasks, environment, progressOf),
    fitRegressions(study, data, who, tasks, progressOf),
  ]);
  return {
    shared: {
      spec: data.spec,
      geometries: Object.fromEntries(members.map(({ person }) => [person.geometry, trimGeometry(person.knee)])),
      muscles: data.muscles,
      excitations: data.excitations,
      people: Object.fromEntries(members.map((member) => [member.person.participant.id, member.fitted])),
      anyone: averagePeople(members.map((member) => member.fitted)),
      mean: fitMean(data.frames),
      ridge: data.ridge,
    },
    ...trained,
    regressions,
    golden: findGoldenRanges(members),
  };
}

async function trainNetworks(
  study: Study,
  { spec, weights, framesOf }: GroupData,
  who: string,
  tasks: Tasks,
  environment: StudyEnvironment,
  progressOf: ProgressOf,
): Promise<Pick<GroupFit, 'networks' | 'windows'>> {
  const train = async (kind: NetworkKind) => {
    const frames = framesOf(kind);
    const progress = progressOf(kind);
    const shares = new Array<number>(study.training.ensemble).fill(0);
    const jobs = shares.map((_, k) =>
      makeTrainJob(study, spec, holdOut(study, frames, k), weights, study.seed + k, kind),
    );
    const members = jobs.map((job, k) => {
      const title = `${titles[kind]} of ${who}${shares.length > 1 ? `, number ${k + 1}` : ''}`;
      const name = { kind, who, member: k + 1, title };
      return trainMember(study, job, name, tasks, environment, (share, detail) => {
        shares[k] = share;
        progress(shares.reduce((a, b) => a + b, 0) / shares.length, `${titles[kind]} of ${who}${detail}`);
      });
    });
    return { kind, windows: jobs[0].data, members: await Promise.all(members) };
  };
  const trained = await Promise.all(networkKinds.filter((kind) => study.models.includes(kind)).map(train));
  return {
    networks: Object.fromEntries(trained.map(({ kind, members }) => [kind, members])),
    windows: Object.fromEntries(trained.map(({ kind, windows }) => [kind, windows])),
  };
}

/**
 * What the k-th network of an ensemble learns from and is stopped by: the two shares of every part, or all of everybody but one participant,
 * and that one. Each network has its own participant in turn, so that the ensemble learns from all.
 */
function holdOut(study: Study, frames: readonly TrainingFrames[], k: number): readonly TrainingFrames[] {
  if (study.split.validation_by === 'time') return frames;
  const participants = [...new Set(frames.map(({ part }) => part.participant))];
  if (participants.length < 2) return frames;
  const left = participants[k % participants.length];
  return frames.map((part) =>
    part.part.participant === left
      ? { ...part, training: [], validation: part.all }
      : { ...part, training: part.all, validation: [] },
  );
}

async function fitRegressions(
  study: Study,
  { spec, weights, frames }: GroupData,
  who: string,
  tasks: Tasks,
  progressOf: ProgressOf,
): Promise<GroupFit['regressions']> {
  const stride = calcStride(study);
  const fitted: Partial<Record<RegressionKind, Regression>> = {};
  const wanted = new Set(study.models.map(findRegression));
  for (const kind of regressionKinds.filter((name) => wanted.has(name))) {
    const progress = progressOf(kind);
    const onProgress = (share: number) => progress(share, `${titles[kind]} of ${who}`);
    const inputs = {
      spec,
      stride,
      seed: study.seed,
      weights,
      parts: frames.map(({ table, part, training, validation }) => ({
        table,
        label: part.label,
        activity: part.activity,
        training,
        validation,
      })),
    };
    fitted[kind] = await tasks.run(kind, inputs, () =>
      fitLaggedRegression(kind, frames, spec, weights, { stride, seed: study.seed, onProgress }),
    );
    onProgress(1);
  }
  return fitted;
}

function findGoldenRanges(members: readonly ParticipantFit[]): GoldenRanges {
  const [{ parts, fitted }] = members;
  const [{ source, prepared }] = parts;
  const rateOf = (channels: readonly { clock: { rate_Hz: number | undefined } }[]) =>
    channels[0]?.clock.rate_Hz ?? prepared.rate_Hz;
  const ranges = new Map<string, [number, number]>();
  for (const part of parts) {
    for (const [name, values] of part.prepared.coordinates) {
      const [low, high] = findRange(values);
      const known = ranges.get(name) ?? [low, high];
      ranges.set(name, [Math.min(low, known[0]), Math.max(high, known[1])]);
    }
  }
  return {
    emg_rate_Hz: rateOf(source.recordings.emg.channels),
    motion_rate_Hz: rateOf(source.recordings.motion.channels),
    emg_maxima: fitted.emg_maxima,
    coordinates: ranges,
  };
}
