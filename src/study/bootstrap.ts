import { makeRandom } from '../math/index.js';
import type { Comparison } from './metrics.js';

/** A two-sided interval; null where it cannot be had. */
export type Interval = readonly [low: number, high: number] | null;

export interface ErrorIntervals {
  readonly rmse_Nm_per_kg: Interval;
  readonly r2: Interval;
  /** What was drawn: whole participants, or blocks of frames. */
  readonly units: 'participants' | 'blocks';
  /** How many there were to draw from. */
  readonly count: number;
}

/** From so many participants on, participants are drawn; with fewer, an interval over them says next to nothing. */
export const fewest_clusters = 5;

/** What RMSE and R² need of some frames; sums of two stretches add up. */
interface Sums {
  n: number;
  squares: number;
  y: number;
  yy: number;
}

/**
 * 95 % percentile bootstrap intervals of RMSE and R². Frames of one participant are not independent, so of `fewest_clusters` or more
 * participants whole participants are drawn with replacement (the cluster bootstrap; Davison & Hinkley 1997, Bootstrap Methods and their
 * Application, section 3.8). With fewer, whole blocks of frames, for neighbouring frames are not independent either (Künsch 1989,
 * doi 10.1214/aos/1176347265), from each comparison as many as it has: such an interval is about these very people.
 * @param participants who each comparison is of
 */
export function calcErrorIntervals(
  comparisons: readonly Comparison[],
  participants: readonly string[],
  block_frames: number,
  seed: number,
  draws = 500,
): ErrorIntervals {
  // About a common mean, so that the sums keep their digits.
  const centre = findMean(comparisons);
  const blocksOf = comparisons.map((comparison) => sumBlocks(comparison, block_frames, centre));
  const people = [...new Set(participants.filter((_, k) => blocksOf[k].length > 0))];
  const clustered = people.length >= fewest_clusters;
  const strata = clustered
    ? [people.map((id) => addSums(blocksOf.filter((_, k) => participants[k] === id).flat()))]
    : blocksOf.filter((blocks) => blocks.length > 0);
  const count = strata.reduce((sum, units) => sum + units.length, 0);
  const units = clustered ? 'participants' : 'blocks';
  if (count < 4) return { rmse_Nm_per_kg: null, r2: null, units, count };
  const rng = makeRandom(seed);
  const rmse: number[] = [];
  const r2: number[] = [];
  for (let d = 0; d < draws; d++) {
    const total = { n: 0, squares: 0, y: 0, yy: 0 };
    for (const drawn of strata) for (let k = 0; k < drawn.length; k++) addInto(total, drawn[rng.integer(drawn.length)]);
    const { n, squares, y, yy } = total;
    const variance = yy - (y * y) / n;
    rmse.push(Math.sqrt(squares / n));
    if (variance > 0) r2.push(1 - squares / variance);
  }
  return { rmse_Nm_per_kg: findInterval(rmse), r2: findInterval(r2), units, count };
}

function findMean(comparisons: readonly Comparison[]): number {
  let n = 0;
  let sum = 0;
  for (const { measured, predicted } of comparisons) {
    measured.forEach((y, i) => {
      if (Number.isNaN(y) || Number.isNaN(predicted[i])) return;
      n++;
      sum += y;
    });
  }
  return n > 0 ? sum / n : 0;
}

/** Sums over runs of `block_frames` frames that are known. */
function sumBlocks({ measured, predicted }: Comparison, block_frames: number, centre: number): Sums[] {
  const blocks: Sums[] = [];
  let block: Sums | undefined;
  measured.forEach((value, i) => {
    const error = predicted[i] - value;
    if (Number.isNaN(error)) return;
    if (!block || block.n === block_frames) {
      block = { n: 0, squares: 0, y: 0, yy: 0 };
      blocks.push(block);
    }
    const y = value - centre;
    block.n++;
    block.squares += error * error;
    block.y += y;
    block.yy += y * y;
  });
  return blocks;
}

function addSums(parts: readonly Sums[]): Sums {
  const total = { n: 0, squares: 0, y: 0, yy: 0 };
  for (const part of parts) addInto(total, part);
  return total;
}

function addInto(total: Sums, { n, squares, y, yy }: Sums): void {
  total.n += n;
  total.squares += squares;
  total.y += y;
  total.yy += yy;
}

function findInterval(values: number[]): Interval {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  return [at(0.025), at(0.975)];
}
