import {
  averagePeople,
  type Bundle,
  fitLaggedRegression,
  fitMean,
  type GoldenRanges,
  type NetworkKind,
  networkKinds,
  type RegressionKind,
  regressionKinds,
  trimGeometry,
} from '../estimator/index.js';
import type { RandomForest, SupportVector, TrainedNetwork } from '../learn/index.js';
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
  readonly regressions: Readonly<Partial<Record<RegressionKind, SupportVector | RandomForest>>>;
  readonly golden: GoldenRanges;
}

type ProgressOf = (name: NetworkKind | RegressionKind) => (share: number, detail: string) => void;

const titles: Readonly<Record<NetworkKind | RegressionKind, string>> = {
  svr: 'support-vector regression',
  forest: 'random forest',
  network: 'plain network',
  hybrid: 'hybrid network',
  residual_ridge: 'network on the residual of the ridge',
  residual_nms: 'network on the residual of the muscles',
};

/** Fits the baselines and trains the networks on the training parts of the given participants. */
export async function fitGroup(
  study: Study,
  members: readonly ParticipantFit[],
  tasks: Tasks,
  environment: StudyEnvironment,
  progressOf: ProgressOf,
): Promise<GroupFit> {
  const data = prepareGroup(study, members);
  const who = members.length > 1 ? 'all' : members[0].person.participant.id;
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
    const first = makeTrainJob(study, spec, frames, weights, study.seed, kind);
    const members = shares.map((_, k) => {
      const job = { ...first, options: { ...first.options, seed: study.seed + k } };
      const title = `${titles[kind]} of ${who}${shares.length > 1 ? `, number ${k + 1}` : ''}`;
      const name = { kind, who, member: k + 1, title };
      return trainMember(study, job, name, tasks, environment, (share, detail) => {
        shares[k] = share;
        progress(shares.reduce((a, b) => a + b, 0) / shares.length, `${titles[kind]} of ${who}${detail}`);
      });
    });
    return { kind, windows: first.data, members: await Promise.all(members) };
  };
  const trained = await Promise.all(networkKinds.filter((kind) => study.models.includes(kind)).map(train));
  return {
    networks: Object.fromEntries(trained.map(({ kind, members }) => [kind, members])),
    windows: Object.fromEntries(trained.map(({ kind, windows }) => [kind, windows])),
  };
}

async function fitRegressions(
  study: Study,
  { spec, weights, frames }: GroupData,
  who: string,
  tasks: Tasks,
  progressOf: ProgressOf,
): Promise<GroupFit['regressions']> {
  const stride = calcStride(study);
  const fitted: Partial<Record<RegressionKind, SupportVector | RandomForest>> = {};
  for (const kind of regressionKinds.filter((name) => study.models.includes(name))) {
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
