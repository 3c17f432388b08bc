import { isNetworkKind, isRegressionKind, type NetworkKind, type RegressionKind } from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import type { Study } from './schema.js';

type Report = (share: number, detail: string) => void;

const weightOf = (kind: NetworkKind | RegressionKind) => (isNetworkKind(kind) ? 4 : 2);

/** Shares of the whole work, by guess: a calibration counts 1, a network 4 (an ensemble 4 for each), a support-vector machine or forest 2. */
export function makeProgressShares(study: Study, environment: StudyEnvironment) {
  const groups = study.participants.length === 1 ? 1 : study.participants.length + 1;
  const fits = study.models.reduce((sum, kind) => {
    if (isNetworkKind(kind)) return sum + weightOf(kind) * study.training.ensemble;
    return sum + (isRegressionKind(kind) ? weightOf(kind) : 0);
  }, 0);
  const total = study.participants.length + fits * groups;
  const shares = new Map<string, number>();
  const update =
    (key: string, weight: number): Report =>
    (share, detail) => {
      shares.set(key, weight * share);
      const sum = [...shares.values()].reduce((a, b) => a + b, 0);
      environment.onProgress(Math.min(0.96, 0.02 + (0.94 * sum) / total), detail);
    };
  return {
    calibration: (name: string) => update(`calibration ${name}`, 1),
    fit: (name: string, kind: NetworkKind | RegressionKind) =>
      update(`fit ${name}`, weightOf(kind) * (isNetworkKind(kind) ? study.training.ensemble : 1)),
  };
}
