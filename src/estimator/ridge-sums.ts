import {
  calcRidgeError,
  chooseRidgePenalty,
  type Ridge,
  RidgeSums,
  ridgePenalties,
  solveRidge,
} from '../learn/index.js';
import type { TrainingFrames } from './training.js';

/** How frames become rows of features. */
export interface RowMaker {
  /** The same for rows that are made alike. */
  readonly key: string;
  readonly features: number;
  fillInto(row: Float64Array, part: Pick<TrainingFrames, 'table'>, frame: number): void;
}

/** Sums over some frames of a part, each counting once. */
export interface FrameSums {
  readonly sums: RidgeSums;
  /** Of the labels. */
  readonly squares: number;
}

/** From so many participants on, a penalty is chosen for somebody new, not for another time of the same people. */
export const enough_participants = 3;

/** They depend on the part alone, so every fold that has it shares them. */
const known = new WeakMap<TrainingFrames, Map<string, FrameSums>>();

/** Which frames of a part. */
export type FrameChoice = 'training' | 'validation' | 'all';

/** Sums over some frames of a part. */
export function getSums(part: TrainingFrames, which: FrameChoice, rows: RowMaker): FrameSums {
  const own = known.get(part) ?? new Map<string, FrameSums>();
  known.set(part, own);
  const key = `${which} ${rows.key}`;
  const sums = own.get(key) ?? sumFrames(part, part[which], rows);
  own.set(key, sums);
  return sums;
}

/** Sums over the given frames of a part. */
export function sumFrames(part: TrainingFrames, frames: readonly number[], rows: RowMaker): FrameSums {
  const sums = new RidgeSums(rows.features);
  const row = new Float64Array(rows.features);
  let squares = 0;
  for (const frame of frames) {
    rows.fillInto(row, part, frame);
    const label = part.part.label[frame];
    sums.add(row, label, 1);
    squares += label ** 2;
  }
  return { sums, squares };
}

/** Adds sums of several parts, each with its weight. */
export function addParts(parts: readonly (readonly [sums: FrameSums, weight: number])[], features: number): FrameSums {
  const total = new RidgeSums(features);
  let squares = 0;
  for (const [own, weight] of parts) {
    total.addSums(own.sums, weight);
    squares += weight * own.squares;
  }
  return { sums: total, squares };
}

/**
 * Fits a ridge to all frames of all parts. Of `enough_participants` or more the penalty is the one by which the
 * others predict each participant best, left out in turn; with fewer it is chosen on the validation frames.
 * @param weights of a frame by activity
 */
export function fitRidgeOn(
  parts: readonly TrainingFrames[],
  rows: RowMaker,
  weights: ReadonlyMap<string, number>,
): Ridge {
  const collect = (chosen: readonly TrainingFrames[], which: FrameChoice) =>
    addParts(
      chosen.map((part) => [getSums(part, which, rows), weights.get(part.part.activity) ?? 1] as const),
      rows.features,
    );
  const all = collect(parts, 'all');
  const participants = [...new Set(parts.map(({ part }) => part.participant))];
  if (participants.length < enough_participants) {
    const validation = collect(parts, 'validation');
    const { sums } = collect(parts, 'training');
    return solveRidge(all.sums, chooseRidgePenalty(sums, validation.sums, validation.squares));
  }
  const errors = ridgePenalties.map(() => 0);
  for (const left of participants) {
    const own = collect(
      parts.filter(({ part }) => part.participant === left),
      'all',
    );
    const others = addParts(
      [
        [all, 1],
        [own, -1],
      ],
      rows.features,
    );
    if (!(own.sums.weight > 0 && others.sums.weight > 0)) continue;
    ridgePenalties.forEach((alpha, k) => {
      errors[k] += own.sums.weight * calcRidgeError(solveRidge(others.sums, alpha), own.sums, own.squares);
    });
  }
  const least = errors.indexOf(Math.min(...errors));
  return solveRidge(all.sums, ridgePenalties[least]);
}
