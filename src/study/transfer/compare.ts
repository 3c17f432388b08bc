import { GenuError, listNearest } from '../../data/index.js';
import { fitLaggedRidge } from '../../estimator/index.js';
import {
  adaptNetwork,
  type Executor,
  findStrategy,
  loadForward,
  predictWindows,
  type TransferSource,
  type TransferStrategyName,
} from '../../learn/index.js';
import type { StudyEnvironment } from '../environment.js';
import { loadStudy } from '../load.js';
import { calcMetrics } from '../metrics.js';
import type { Study } from '../schema.js';
import { Tasks } from '../tasks.js';
import { makeTrainJob, trainMember } from '../train-network.js';
import { type AdaptationOptions, countTrained, makeTarget, makeTargetWindows, usualAdaptation } from './adapt.js';
import { prepareTransfer, type TestData } from './data.js';

export interface TransferComparison {
  readonly study: Study;
  /** Id of the participant who is left out, adapted to and tested on. */
  readonly target: string;
  /** Ids of those to pre-train on; everybody else where left out. */
  readonly sources?: readonly string[];
  /** Seconds of each activity that there are to adapt with; one comparison for each. */
  readonly adaptation_s: readonly number[];
  readonly strategies: readonly TransferStrategyName[];
  /** One pre-training for each, from which every strategy starts. */
  readonly seeds: readonly number[];
  readonly adaptation?: Partial<AdaptationOptions>;
  /** Seconds of the processor used so far, where the host can tell. */
  readonly readClock_s?: () => number;
}

/** Ridge beside the networks: fitted to the sources, and to the seconds of the target alone. */
export type TransferBaseline = 'ridge-of-sources' | 'ridge-of-target';

/** One network or ridge on the test parts of the target, all activities together. A measure that is not defined is null. */
export interface TransferRow {
  readonly participant: string;
  readonly strategy: TransferStrategyName | TransferBaseline;
  readonly adaptation_s: number;
  /** Null for ridge, which has none. */
  readonly seed: number | null;
  readonly rmse_Nm_per_kg: number | null;
  readonly r2: number | null;
  /** Numbers that the strategy trains. */
  readonly trained_weights: number;
  /** For the adaptation alone, without the pre-training; null where the host cannot tell. */
  readonly cpu_s: number | null;
}

export interface TransferOutcome {
  readonly rows: readonly TransferRow[];
  readonly notes: readonly string[];
}

type Errors = Pick<TransferRow, 'rmse_Nm_per_kg' | 'r2'>;

/**
 * Compares transfer strategies on one participant who is left out: a network is pre-trained on the training parts of the others
 * (stopped by their validation shares), adapted with the first seconds of the participant's training parts, and tested on the
 * participant's test parts, which play no part in anything before. Inputs are those of the plain network. EMG is divided by
 * maxima of the sources' training parts and, for the target, of the seconds of adaptation, whatever `emg.maximum` names; so
 * `none` depends on them too. The same study, seeds and machine give the same rows, apart from the seconds.
 * @throws GenuError for anything in the study, its files or the comparison that cannot work
 * @throws LearnError for an unknown strategy, or one that the network lacks the layers for
 */
export async function compareTransfer(
  comparison: TransferComparison,
  environment: StudyEnvironment,
): Promise<TransferOutcome> {
  const { study, target, seeds, strategies } = comparison;
  strategies.forEach(findStrategy);
  const sources = listSources(comparison);
  const options = { ...usualAdaptation, ...comparison.adaptation };
  const notes: string[] = [];
  const people = { ...comparison, ...options, sources };
  const { spec, ...data } = prepareTransfer(study, loadStudy(study, environment), people, notes);
  const tasks = new Tasks(environment.store, environment.code_key);

  const { executor } = environment;
  const rows: TransferRow[] = [];
  const add = (row: Omit<TransferRow, 'participant' | keyof Errors>, errors: Errors) =>
    rows.push({ participant: target, ...row, ...errors });
  const startClock = () => {
    const started = comparison.readClock_s?.();
    return () => (started === undefined ? null : comparison.readClock_s!() - started);
  };

  const fitRidge = ({ frames, weights }: typeof data.sources) => {
    const stop = startClock();
    const ridge = fitLaggedRidge(frames, spec, weights);
    return { ridge, row: { seed: null, trained_weights: ridge.weights.length + 1, cpu_s: stop() } };
  };
  const ofSources = fitRidge(data.sources);
  for (const { adaptation_s, learning, test } of data.targets) {
    const ofTarget = fitRidge(learning);
    add({ strategy: 'ridge-of-sources', adaptation_s, ...ofSources.row }, measureRidge(ofSources.ridge, test));
    add({ strategy: 'ridge-of-target', adaptation_s, ...ofTarget.row }, measureRidge(ofTarget.ridge, test));
  }

  const each = data.targets.length * strategies.length;
  const total = seeds.length * (1 + each);
  for (const [k, seed] of seeds.entries()) {
    const job = makeTrainJob(study, spec, data.sources.frames, data.sources.weights, seed, 'network');
    const who = `all but ${target}`;
    const name = { kind: 'network', who, member: 1, title: `network of ${who}, seed ${seed}` };
    let done = k * (1 + each);
    const trained = await trainMember(study, job, name, tasks, environment, (share, detail) =>
      environment.onProgress((done + share) / total, `${name.title}${detail}`),
    );
    const source: TransferSource = { ...trained, data: job.data };
    for (const { adaptation_s, learning, test } of data.targets) {
      const windows = makeTargetWindows(study, spec, learning);
      for (const strategy of strategies) {
        environment.onProgress(++done / total, `${target} with ${adaptation_s} s, seed ${seed}: ${strategy}`);
        const given = makeTarget(strategy, windows, job, options, seed, executor);
        const stop = startClock();
        const { forwardOnnx } = await adaptNetwork(strategy, source, given);
        const cpu_s = stop();
        const trained_weights = countTrained(strategy, source, given);
        add(
          { strategy, adaptation_s, seed, trained_weights, cpu_s },
          await measureNetwork(executor, forwardOnnx, test),
        );
      }
    }
  }
  return { rows, notes: [...new Set(notes)] };
}

function listSources({ study, target, sources: given }: TransferComparison): readonly string[] {
  const ids = study.participants.map(({ id }) => id);
  const sources = given ?? ids.filter((id) => id !== target);
  const stray = [target, ...sources].find((id) => !ids.includes(id));
  if (stray !== undefined) {
    throw new GenuError(`there is no participant "${stray}".`, {
      where: study.study,
      mend: `There are: ${listNearest(stray, ids)}.`,
    });
  }
  if (sources.length > 0) return sources;
  throw new GenuError('there is nobody to pre-train on.', {
    where: study.study,
    mend: 'A comparison of transfer needs two participants at least.',
  });
}

const measureRidge = (ridge: Parameters<TestData['predictRidge']>[0], test: readonly TestData[]): Errors =>
  measure(
    test,
    test.map((part) => part.predictRidge(ridge)),
  );

async function measureNetwork(executor: Executor, onnx: Uint8Array, test: readonly TestData[]): Promise<Errors> {
  const network = await loadForward(executor, onnx);
  try {
    const predicted: Float64Array[] = [];
    for (const { windows } of test) {
      const { outputs } = await predictWindows(network, windows);
      predicted.push(Float64Array.from(outputs));
    }
    return measure(test, predicted);
  } finally {
    await network.program.release();
  }
}

function measure(test: readonly TestData[], predicted: readonly Float64Array[]): Errors {
  const { rmse_Nm_per_kg, r2 } = calcMetrics(
    test.map(({ measured, mass_kg }, k) => ({ measured, mass_kg, predicted: predicted[k] })),
  );
  return { rmse_Nm_per_kg, r2 };
}
