import {
  addParts,
  type Bundle,
  fitMean,
  fitRidgeOn,
  getSums,
  loadEstimator,
  makeLaggedRows,
  makeQuadraticRows,
  type NetworkKind,
  networkKinds,
  type RowMaker,
  releaseEstimator,
} from '../../estimator/index.js';
import {
  adaptRidge,
  findStrategy,
  type Ridge,
  type TrainedNetwork,
  type TransferStrategyName,
} from '../../learn/index.js';
import type { AdaptJob } from '../environment.js';
import type { GroupData } from '../group-data.js';
import { assembleBundle, type BundleSource } from '../make-bundle.js';
import type { splitWithin, TrialPart } from '../parts.js';
import { findMainModel } from '../report/index.js';
import type { ShownTrial } from '../report-data.js';
import type { Study } from '../schema.js';
import { testPart } from '../test-part.js';
import { calcStride } from '../train-network.js';
import { makeAdaptJob } from './adapt-job.js';
import { cutAdaptation } from './adaptation-parts.js';
import type { FittedFold, StudyWork } from './fit-fold.js';
import { checkTransfer } from './guard.js';
import { mapLimited } from './limit.js';
import { prepareTarget, type TargetKnowledge } from './target.js';
import { withGeometry } from './test-fold.js';

/** A tested trial of the protocol transfer. */
export type TransferTrial = ShownTrial & { readonly adaptation_s: number; readonly policy: TransferStrategyName };

/** The networks that are adapted. */
export function listAdaptedModels(study: Study): readonly NetworkKind[] {
  if (study.transfer.models) return study.transfer.models.filter((kind) => study.models.includes(kind));
  const main = findMainModel((kind) => study.models.includes(kind));
  return networkKinds.filter((kind) => kind === main);
}

/** Pieces of work per new participant. */
export const countAdaptations = (study: Study): number =>
  study.transfer.seconds.length * study.transfer.policies.length * listAdaptedModels(study).length;

export const transferKey = (participant: string): string => `transfer ${participant}`;

/**
 * Adapts the networks of others to one whom they did not see, by every policy and with every number of seconds, and tests them on that
 * participant's test parts. Baselines have the same state of knowledge: with `none` ridge and mean of the others and average muscles, with
 * `from-scratch` those of the seconds alone and muscles calibrated on them, with the policies that train the ridge of the others moved by
 * the seconds (`adaptRidge`). Policies that look at labels have muscles calibrated
 * on the seconds; the others have the average muscles. EMG is divided by what `emg.maximum` names: maximal efforts, or the maxima of the seconds.
 */
export async function transferTo(
  target: string,
  source: FittedFold,
  split: ReturnType<typeof splitWithin>,
  hashes: BundleSource['hashes'],
  work: StudyWork,
): Promise<TransferTrial[]> {
  const { study, warnings, progress } = work;
  const own = (parts: readonly TrialPart[]) => parts.filter(({ participant }) => participant.id === target);
  const [training, test] = [own(split.training), own(split.test)];
  const report = progress.report(transferKey(target));
  const total = study.transfer.seconds.length * study.transfer.policies.length;
  let done = 0;
  const perAmount = await mapLimited(study.transfer.seconds, 1, async (seconds) => {
    const notes: string[] = [];
    const adaptation = cutAdaptation(training, seconds, study.mask.skip_start_s, notes);
    for (const note of notes) warnings.add(note);
    if (adaptation.length === 0 || test.length === 0) {
      warnings.add(
        `${target}: no transfer, for there is ${test.length === 0 ? 'no test part' : 'nothing to adapt with'}.`,
      );
      return [];
    }
    checkTransfer(source.fold.training, adaptation, test, hashes);
    const given = await prepareTarget(target, adaptation, source, work);
    if (!given) return [];
    const shown = await Promise.all(
      study.transfer.policies.map(async (policy) => {
        const tested = await testPolicy(policy, target, source, given, test, hashes, work);
        report(++done / total, `${target}, ${seconds} s: ${policy}`);
        return tested.map(
          (trial): TransferTrial => ({ ...trial, protocol: 'transfer', adaptation_s: seconds, policy }),
        );
      }),
    );
    return shown.flat();
  });
  return perAmount.flat();
}

async function testPolicy(
  policy: TransferStrategyName,
  target: string,
  source: FittedFold,
  given: TargetKnowledge,
  test: readonly TrialPart[],
  hashes: BundleSource['hashes'],
  work: StudyWork,
): Promise<ShownTrial[]> {
  const { study, environment, preparation, warnings } = work;
  const { action, starts } = findStrategy(policy);
  const alone = starts === 'random';
  const person = action === 'train' ? given.calibrated.fitted : given.newcomer;
  const bundleSource = { study, protocol: 'transfer', members: source.members, fit: source.fit, hashes, environment };
  const estimators = [];
  for (const kind of listAdaptedModels(study)) {
    const members = await Promise.all(
      source.fit.networks[kind]!.map((network, k) => adaptMember(kind, network, k, policy, source, given, work)),
    );
    const whole = assembleBundle(kind, bundleSource);
    const bundle: Bundle = {
      ...whole,
      network: { inputs: whole.network!.inputs, members: members.map(({ forwardOnnx }) => forwardOnnx) },
      ...(alone ? { mean: fitMean(given.data.frames) } : {}),
      ...(action === 'train' ? adaptRegressions(whole, given.data, alone) : {}),
    };
    estimators.push(await loadEstimator(bundle, environment.executor));
  }
  try {
    const inLeg = withGeometry(estimators, person, preparation.findPerson(target).knee);
    const shown: ShownTrial[] = [];
    for (const part of test) shown.push(await testPart(preparation.prepare(part), person, inLeg, study, warnings));
    return shown;
  } finally {
    await Promise.all(estimators.map(releaseEstimator));
  }
}

/** The ridges of somebody adapted to: those of the others moved by the seconds, or those of the seconds alone. */
function adaptRegressions(
  { ridge, regression, spec }: Bundle,
  { frames, weights }: GroupData,
  alone: boolean,
): Pick<Bundle, 'ridge' | 'regression'> {
  const lagged = makeLaggedRows(frames[0], spec);
  const adapt = (source: Ridge, rows: RowMaker) => {
    if (alone) return fitRidgeOn(frames, rows, weights);
    const sum = (which: 'training' | 'validation') =>
      addParts(
        frames.map((part) => [getSums(part, which, rows), weights.get(part.part.activity) ?? 1] as const),
        rows.features,
      );
    const validation = sum('validation');
    return adaptRidge(source, sum('training').sums, validation.sums, validation.squares);
  };
  return {
    ridge: adapt(ridge, lagged),
    regression:
      regression?.kind === 'quadratic'
        ? { ...regression, ridge: adapt(regression.ridge, makeQuadraticRows(lagged, regression.products)) }
        : regression,
  };
}

function adaptMember(
  kind: NetworkKind,
  network: TrainedNetwork,
  member: number,
  policy: TransferStrategyName,
  source: FittedFold,
  given: TargetKnowledge,
  { study, tasks, environment }: StudyWork,
): Promise<TrainedNetwork> {
  const job: AdaptJob = makeAdaptJob(
    study,
    policy,
    kind,
    network,
    source.fit,
    given,
    calcStride(study),
    study.seed + member,
  );
  return tasks.run('adaptation', job, () => environment.adapt(job));
}
