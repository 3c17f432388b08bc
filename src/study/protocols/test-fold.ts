import {
  type Estimator,
  fitUncertainty,
  isNetworkKind,
  isRegressionKind,
  type KneeBody,
  loadEstimator,
  type Person,
  releaseEstimator,
  trimGeometry,
} from '../../estimator/index.js';
import { assembleBundle, type BundleSource } from '../make-bundle.js';
import type { TrialPart } from '../parts.js';
import type { ShownTrial } from '../report-data.js';
import { listModels } from '../results.js';
import { testPart } from '../test-part.js';
import { type FittedFold, groupByParticipant, makeNewcomerOf, type StudyWork } from './fit-fold.js';

/**
 * Tests the models of a fold on its test parts, whoever they are of: people of the fold with their own muscles, others as newcomers.
 * @param hashes files of each trial
 */
export async function testFold(
  fitted: FittedFold,
  hashes: BundleSource['hashes'],
  work: StudyWork,
): Promise<ShownTrial[]> {
  const { fold, members } = fitted;
  if (fold.test.length === 0) return [];
  const known = new Map(members.map((member) => [member.person.participant.id, member.fitted]));
  const estimators = await loadFold(fitted, hashes, work);
  const shown: ShownTrial[] = [];
  try {
    for (const parts of groupByParticipant(fold.test)) {
      const [{ participant }] = parts;
      const own = known.get(participant.id);
      for (const part of parts) {
        // Each trial of a newcomer is tested with the EMG maxima of the others.
        const person = own ?? makeNewcomerOf(participant.id, fitted, leaveOut(parts, part), work);
        const own_leg = withGeometry(estimators, person, work.preparation.findPerson(participant.id).knee);
        const tested = await testPart(work.preparation.prepare(part), person, own_leg, work.study, work.warnings);
        shown.push({ ...tested, protocol: fold.protocol });
      }
    }
  } finally {
    await Promise.all(estimators.map(releaseEstimator));
  }
  return shown;
}

const leaveOut = (parts: readonly TrialPart[], tested: TrialPart) =>
  parts.filter(({ trial }) => trial.id !== tested.trial.id);

/** One estimator for each model that has something of its own: every one brings mean, ridge and the solver. */
async function loadFold(fitted: FittedFold, hashes: BundleSource['hashes'], work: StudyWork): Promise<Estimator[]> {
  const { study, environment, warnings } = work;
  const source = {
    study,
    protocol: fitted.fold.protocol,
    members: fitted.members,
    fit: fitted.fit,
    hashes,
    environment,
  };
  const kinds = listModels(study);
  const own = kinds.filter((kind) => isNetworkKind(kind) || isRegressionKind(kind));
  const estimators: Estimator[] = [];
  for (const kind of own.length > 0 ? own : kinds.slice(-1)) {
    const estimator = await loadEstimator(assembleBundle(kind, source), environment.executor);
    const windows = isNetworkKind(kind) ? fitted.fit.windows[kind] : undefined;
    const uncertainty = windows
      ? await fitUncertainty(estimator.networks, windows, (sentence) =>
          warnings.add(`${fitted.fold.name}: ${sentence}`),
        )
      : null;
    estimators.push({ ...estimator, bundle: { ...estimator.bundle, uncertainty } });
  }
  return estimators;
}

/** The same estimators in a person's own leg. */
export function withGeometry(estimators: readonly Estimator[], { geometry }: Person, knee: KneeBody): Estimator[] {
  return estimators.map((estimator) => {
    if (estimator.knees.has(geometry)) return estimator;
    const geometries = { ...estimator.bundle.geometries, [geometry]: trimGeometry(knee) };
    return {
      ...estimator,
      bundle: { ...estimator.bundle, geometries },
      knees: new Map([...estimator.knees, [geometry, knee]]),
    };
  });
}
