import {
  type Bundle,
  type BundleKind,
  fitUncertainty,
  isNetworkKind,
  isRegressionKind,
  loadEstimator,
  makeGolden,
  releaseEstimator,
} from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import type { GroupFit } from './fit-group.js';
import type { ParticipantFit } from './fit-participant.js';
import type { Study } from './schema.js';

/** One model of a group with its golden case. */
export async function makeBundle(
  study: Study,
  kind: BundleKind,
  protocol: string,
  members: readonly ParticipantFit[],
  fit: GroupFit,
  hashes: ReadonlyMap<string, readonly { file: string; sha256: string }[]>,
  environment: StudyEnvironment,
  note: (sentence: string) => void,
): Promise<Bundle> {
  const trained = isNetworkKind(kind) ? fit.networks[kind] : undefined;
  const bundle: Bundle = {
    ...fit.shared,
    kind,
    protocol,
    participants: members.map((member) => member.person.participant.id),
    regression: (isRegressionKind(kind) && fit.regressions[kind]) || null,
    network: trained
      ? { inputs: trained[0].config.inputs, members: trained.map((member) => member.forwardOnnx) }
      : null,
    uncertainty: null,
    golden: null,
    provenance: {
      genu_version: environment.genu_version,
      study: study.study,
      seed: study.seed,
      simulated: study.simulated,
      data: members.flatMap((member) =>
        member.parts.flatMap(({ source }) =>
          (hashes.get(`${source.participant.id}/${source.trial.id}`) ?? []).map(({ file, sha256 }) => ({
            file,
            sha256,
            participant: source.participant.id,
            trial: source.trial.id,
            used_s: [source.start_s, source.end_s] as const,
          })),
        ),
      ),
    },
  };
  const estimator = await loadEstimator(bundle, environment.executor);
  try {
    const windows = isNetworkKind(kind) ? fit.windows[kind] : undefined;
    const uncertainty = windows ? await fitUncertainty(estimator.networks, windows, note) : null;
    const golden = await makeGolden(estimator, fit.golden, members[0].person.participant.id);
    return { ...bundle, uncertainty, golden };
  } finally {
    await releaseEstimator(estimator);
  }
}
