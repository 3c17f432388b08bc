import { makeRandom } from '../math/index.js';
import { type Comparison, calcMetrics } from './metrics.js';

/** A two-sided interval; null where it cannot be had. */
export type Interval = readonly [low: number, high: number] | null;

export interface ErrorIntervals {
  readonly rmse_Nm_per_kg: Interval;
  readonly r2: Interval;
  /** How many blocks were drawn from. */
  readonly blocks: number;
}

/**
 * 95 % percentile bootstrap intervals of RMSE and R². Frames next to each other are not independent, so whole blocks
 * (of `block_frames`) are drawn with replacement, from each comparison as many as it has (Künsch 1989, doi 10.1214/aos/1176347265).
 */
export function calcErrorIntervals(
  comparisons: readonly Comparison[],
  block_frames: number,
  seed: number,
  draws = 500,
): ErrorIntervals {
  const blocksOf = comparisons
    .map((comparison) => cutBlocks(comparison, block_frames))
    .filter((blocks) => blocks.length > 0);
  const count = blocksOf.reduce((sum, blocks) => sum + blocks.length, 0);
  if (count < 4) return { rmse_Nm_per_kg: null, r2: null, blocks: count };
  const rng = makeRandom(seed);
  const rmse: number[] = [];
  const r2: number[] = [];
  for (let d = 0; d < draws; d++) {
    const metrics = calcMetrics(blocksOf.flatMap((blocks) => blocks.map(() => blocks[rng.integer(blocks.length)])));
    if (metrics.rmse_Nm_per_kg !== null) rmse.push(metrics.rmse_Nm_per_kg);
    if (metrics.r2 !== null) r2.push(metrics.r2);
  }
  return { rmse_Nm_per_kg: findInterval(rmse), r2: findInterval(r2), blocks: count };
}

function cutBlocks({ measured, predicted, mass_kg }: Comparison, block_frames: number): Comparison[] {
  const known = Array.from(measured.keys()).filter((i) => !Number.isNaN(measured[i]) && !Number.isNaN(predicted[i]));
  const blocks: Comparison[] = [];
  for (let start = 0; start < known.length; start += block_frames) {
    const frames = known.slice(start, start + block_frames);
    blocks.push({
      measured: Float64Array.from(frames, (i) => measured[i]),
      predicted: Float64Array.from(frames, (i) => predicted[i]),
      mass_kg,
    });
  }
  return blocks;
}

function findInterval(values: number[]): Interval {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  return [at(0.025), at(0.975)];
}
