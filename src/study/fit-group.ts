import {
  averagePeople,
  type Bundle,
  buildExcitations,
  calcActivityWeights,
  countWindowSamples,
  fitLaggedRidge,
  fitMean,
  type GoldenRanges,
  type InputTable,
  makeInputs,
  makeWindowSet,
  normaliseEnvelopes,
  solveKnee,
  splitFrames,
  type TrainingFrames,
  trimGeometry,
} from '../estimator/index.js';
import { LearnError, type TrainedNetwork } from '../learn/index.js';
import { findRange } from '../math/index.js';
import type { StudyEnvironment, TrainJob } from './environment.js';
import type { ParticipantFit, PreparedPart } from './fit-participant.js';
import { makeSpec } from './load.js';
import type { Study } from './schema.js';
import type { Tasks } from './tasks.js';

type NetworkKind = 'network' | 'hybrid';

/** What is fitted to the training parts of one or more participants together. */
export interface GroupFit {
  readonly shared: Pick<
    Bundle,
    'spec' | 'geometries' | 'muscles' | 'excitations' | 'people' | 'anyone' | 'mean' | 'ridge'
  >;
  /** The networks of each kind asked for, one per seed. */
  readonly networks: Readonly<Partial<Record<NetworkKind, readonly TrainedNetwork[]>>>;
  readonly golden: GoldenRanges;
}

/** Fits the baselines and trains the networks on the training parts of the given participants. */
export async function fitGroup(
  study: Study,
  members: readonly ParticipantFit[],
  tasks: Tasks,
  environment: StudyEnvironment,
  progressOf: (name: string) => (share: number, detail: string) => void,
): Promise<GroupFit> {
  const spec = makeSpec(study);
  const [{ knee }] = members.map((member) => member.person);
  const excitations = buildExcitations(knee.muscles, spec);
  const shape = { spec, muscles: knee.muscles };
  const parts = members.flatMap((member) => member.parts.map((part) => ({ part, member })));
  const tables = parts.map(({ part, member }) => makeTables(part, member, excitations, shape));
  // Plain and hybrid network, ridge and mean learn from the very same frames.
  const frames = splitFrames(
    parts.map(({ part }) => part),
    tables.map((table) => table.hybrid),
    spec.window,
    study.split.validation,
  );
  const withTable = (kind: NetworkKind): TrainingFrames[] =>
    frames.map((part, k) => ({ ...part, table: tables[k][kind] }));
  const weights = calcActivityWeights(frames, study.training.balance_activities);

  const networks: Partial<Record<NetworkKind, readonly TrainedNetwork[]>> = {};
  await Promise.all(
    (['network', 'hybrid'] as const)
      .filter((kind) => study.models.includes(kind))
      .map(async (kind) => {
        const inputs = withTable(kind);
        const progress = progressOf(kind);
        const shares = new Array<number>(study.training.ensemble).fill(0);
        networks[kind] = await Promise.all(
          shares.map((_, k) =>
            trainMember(study, inputs, weights, study.seed + k, tasks, environment, (share, detail) => {
              shares[k] = share;
              progress(
                shares.reduce((a, b) => a + b, 0) / shares.length,
                `${kind === 'hybrid' ? 'hybrid' : 'plain'} network of ${members.length > 1 ? 'all' : members[0].person.participant.id}${detail}`,
              );
            }),
          ),
        );
      }),
  );
  return {
    shared: {
      spec,
      geometries: Object.fromEntries(members.map(({ person }) => [person.geometry, trimGeometry(person.knee)])),
      muscles: knee.muscles,
      excitations,
      people: Object.fromEntries(members.map((member) => [member.person.participant.id, member.fitted])),
      anyone: averagePeople(members.map((member) => member.fitted)),
      mean: fitMean(frames),
      ridge: fitLaggedRidge(withTable('network'), spec, weights),
    },
    networks,
    golden: findGoldenRanges(members),
  };
}

function makeTables(
  part: PreparedPart,
  { fitted, person }: ParticipantFit,
  excitations: Bundle['excitations'],
  shape: Pick<Bundle, 'spec' | 'muscles'>,
): Record<NetworkKind, InputTable> {
  const envelopes = normaliseEnvelopes(part.prepared, fitted);
  const { forces_N } = solveKnee(part.prepared, envelopes, fitted, excitations, person.knee, shape.spec);
  return {
    network: makeInputs(part.prepared, envelopes, undefined, shape),
    hybrid: makeInputs(part.prepared, envelopes, { forces_N, mass_kg: fitted.mass_kg }, shape),
  };
}

async function trainMember(
  study: Study,
  frames: readonly TrainingFrames[],
  weights: ReadonlyMap<string, number>,
  seed: number,
  tasks: Tasks,
  environment: StudyEnvironment,
  onProgress: (share: number, detail: string) => void,
): Promise<TrainedNetwork> {
  const spec = makeSpec(study);
  const { network, training } = study;
  const stride = Math.max(1, Math.round(training.stride_s * study.rate_Hz));
  const inputs = frames[0].table.names;
  const job: TrainJob = {
    network: {
      inputs,
      window: countWindowSamples(spec.window),
      convolutionLayers: network.conv_layers,
      convolutionFilters: network.conv_channels,
      convolutionTaps: network.kernel,
      padding: spec.window.future === 0 ? 'causal' : 'same',
      normalisation: network.normalisation,
      pool: network.pool,
      gruUnits: network.gru_hidden,
      attentionUnits: network.attention,
      denseUnits: network.dense,
      dropout: network.dropout,
    },
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
      ...(training.emg_gain_jitter > 0
        ? {
            augmentation: {
              channels: inputs.filter((name) => name.startsWith('emg ')),
              gain: training.emg_gain_jitter,
            },
          }
        : {}),
    },
    metadata: {
      'genu.inputs': inputs.join(', '),
      'genu.units': 'EMG 1, angles rad, speeds rad/s, forces N/kg; torque N.m/kg',
      'genu.positive': spec.torque.positive,
      'genu.rate_Hz': String(spec.rate_Hz),
    },
  };
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
