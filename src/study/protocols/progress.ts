import type { StudyEnvironment } from '../environment.js';

type Report = (share: number, detail: string) => void;

/** How far a study is, from pieces of work whose sizes are guessed beforehand. */
export interface ProgressPlan {
  /** Says that there will be a piece of work. */
  add(key: string, weight: number): void;
  /** Takes the progress of one piece; one that was not said before counts nothing. */
  report(key: string): Report;
}

export function makeProgressPlan(environment: Pick<StudyEnvironment, 'onProgress'>): ProgressPlan {
  const weights = new Map<string, number>();
  const shares = new Map<string, number>();
  return {
    add: (key, weight) => weights.set(key, weight),
    report: (key) => (share, detail) => {
      shares.set(key, share);
      const sum = (of: (key: string, weight: number) => number) =>
        [...weights].reduce((total, [name, weight]) => total + of(name, weight), 0);
      const done = sum((name, weight) => weight * (shares.get(name) ?? 0));
      environment.onProgress(
        Math.min(
          0.96,
          0.02 +
            (0.94 * done) /
              Math.max(
                1,
                sum((_, weight) => weight),
              ),
        ),
        detail,
      );
    },
  };
}
