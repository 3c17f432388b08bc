import {
  type Bundle,
  type BundleKind,
  findRegression,
  fitUncertainty,
  isNetworkKind,
  loadEstimator,
  makeGolden,
  releaseEstimator,
} from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import type { GroupFit } from './fit-group.js';
import type { ParticipantFit } from './fit-participant.js';
import type { Study } from './schema.js';

/** What a bundle is made from. */
export interface BundleSource {
  readonly study: Study;
  readonly protocol: string;
  readonly members: readonly ParticipantFit[];
  readonly fit: GroupFit;
  /** Files of each trial, by `participant/trial`. */
  readonly hashes: ReadonlyMap<string, readonly { file: string; sha256: string }[]>;
  readonly environment: Pick<StudyEnvironment, 'genu_version' | 'executor'>;
}

/** One model of a group, without its golden case and its uncertainty. */
export function assembleBundle(
  kind: BundleKind,
  { study, protocol, members, fit, hashes, environment }: BundleSource,
): Bundle {
  const trained = isNetworkKind(kind) ? fit.networks[kind] : undefined;
  const regression = findRegression(kind);
  return {
    ...fit.shared,
    kind,
    protocol,
    participants: members.map((member) => member.person.participant.id),
    regression: (regression && fit.regressions[regression]) || null,
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
}

/** Adds what is learned of its uncertainty from the windows it was trained on and stopped by, and its golden case. */
export async function finishBundle(
  bundle: Bundle,
  { members, fit, environment }: BundleSource,
  note: (sentence: string) => void,
): Promise<Bundle> {
  const estimator = await loadEstimator(bundle, environment.executor);
  try {
    const windows = isNetworkKind(bundle.kind) ? fit.windows[bundle.kind] : undefined;
    const uncertainty = windows ? await fitUncertainty(estimator.networks, windows, note) : null;
    const golden = await makeGolden(estimator, fit.golden, members[0].person.participant.id);
    return { ...bundle, uncertainty, golden };
  } finally {
    await releaseEstimator(estimator);
  }
}
