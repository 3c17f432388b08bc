import { GenuError } from '../data/index.js';
import type { WindowSet } from '../learn/index.js';
import type { PreparedTrial } from './prepare.js';
import type { WindowSpec } from './spec.js';
import { type InputTable, listSequences, listWindowFrames, locateWindow } from './windows.js';

/** One stretch of recording that may be trained on. */
export interface TrainingPart {
  readonly participant: string;
  readonly activity: string;
  readonly prepared: PreparedTrial;
  /** N·m/kg; NaN where it is missing. */
  readonly label: Float64Array;
  /** 1 where the label can be trusted. */
  readonly usable: Uint8Array;
}

/** A part with its inputs, divided into frames to learn from and frames to stop by. */
export interface TrainingFrames {
  readonly part: TrainingPart;
  readonly table: InputTable;
  readonly training: readonly number[];
  /** The last share of the part; its windows share no input frame with those of `training`. */
  readonly validation: readonly number[];
  /** Both, and the frames between them whose windows reach into both: for what is fitted when nothing is left to be validated in this part. */
  readonly all: readonly number[];
}

/**
 * Divides a part by time: validation is the last `share` of it. Where little of that can be used, as in a walk of which only the middle is on
 * force plates, validation begins earlier, with the last `share` of the frames that can. Either side may be left without a frame.
 */
export function splitPart(part: TrainingPart, table: InputTable, window: WindowSpec, share: number): TrainingFrames {
  const list = (from: number, to: number) =>
    listWindowFrames(table, window, from, to).filter(
      (frame) => part.usable[frame] === 1 && Number.isFinite(part.label[frame]),
    );
  const least = share * list(0, table.frames).length;
  let boundary = Math.round((1 - share) * table.frames);
  let validation = list(boundary, table.frames);
  if (validation.length < 0.5 * least) {
    while (validation.length < least && boundary > 0) validation = list(--boundary, table.frames);
  }
  return { part, table, training: list(0, boundary), validation, all: list(0, table.frames) };
}

/** @throws GenuError when nothing is left to learn from or to stop by */
export function checkFrames(split: readonly TrainingFrames[], window: WindowSpec): void {
  for (const name of ['training', 'validation'] as const) {
    if (split.every((part) => part[name].length === 0)) {
      throw new GenuError(
        `no ${name} frame is left: the window of ${window.past + 1 + window.future} frames does not fit, or everything is masked.`,
        {
          where: [...new Set(split.map(({ part }) => part.prepared.id))].join(', '),
          mend:
            name === 'validation'
              ? 'Make split.validation larger or the window shorter.'
              : 'Use longer trials, or a shorter window.',
        },
      );
    }
  }
}

/**
 * `splitPart` of each.
 * @throws GenuError when nothing is left to learn from or to stop by
 */
export function splitFrames(
  parts: readonly TrainingPart[],
  tables: readonly InputTable[],
  window: WindowSpec,
  share: number,
): TrainingFrames[] {
  const split = parts.map((part, k) => splitPart(part, tables[k], window, share));
  checkFrames(split, window);
  return split;
}

/** Weight of a frame by activity: the inverse variance of its label, so that each activity counts alike; 1 for all when `balance` is off. */
export function calcActivityWeights(parts: readonly TrainingFrames[], balance: boolean): Map<string, number> {
  const labels = new Map<string, number[]>();
  for (const { part, training } of parts) {
    const list = labels.get(part.activity) ?? [];
    for (const frame of training) list.push(part.label[frame]);
    labels.set(part.activity, list);
  }
  const all = [...labels.values()].flat();
  return new Map(
    [...labels].map(([activity, values]) => {
      // An activity of a few frames could have next to no variance; a hundredth of the whole bounds its weight.
      const variance = Math.max(calcVariance(values), 0.01 * calcVariance(all));
      return [activity, balance && variance > 0 ? calcVariance(all) / variance : 1];
    }),
  );
}

function calcVariance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length);
}

/** Mean torque over the training frames (N·m/kg): of each activity, and of all. */
export function fitMean(parts: readonly TrainingFrames[]): { overall: number; by_activity: Record<string, number> } {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { part, training, validation } of parts) {
    const at = sums.get(part.activity) ?? { sum: 0, count: 0 };
    for (const frame of [...training, ...validation]) {
      at.sum += part.label[frame];
      at.count++;
    }
    sums.set(part.activity, at);
  }
  const total = [...sums.values()].reduce((a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }));
  return {
    overall: total.sum / total.count,
    by_activity: Object.fromEntries(
      [...sums].filter(([, { count }]) => count > 0).map(([activity, { sum, count }]) => [activity, sum / count]),
    ),
  };
}

/** Windows for the network: every `stride`-th frame of each part. */
export function makeWindowSet(
  parts: readonly TrainingFrames[],
  which: 'training' | 'validation',
  window: WindowSpec,
  stride: number,
  weights: ReadonlyMap<string, number>,
): WindowSet {
  const sequence: number[] = [];
  const end: number[] = [];
  const labels: number[] = [];
  const sampleWeights: number[] = [];
  parts.forEach(({ part, [which]: frames }, k) => {
    for (const frame of frames) {
      if (frame % stride !== 0) continue;
      const at = locateWindow(frame, window);
      sequence.push(k * window.step + at.sequence);
      end.push(at.end);
      labels.push(part.label[frame]);
      sampleWeights.push(weights.get(part.activity) ?? 1);
    }
  });
  const mean = sampleWeights.reduce((a, b) => a + b, 0) / Math.max(1, sampleWeights.length);
  return {
    sequences: parts.flatMap(({ table }) => listSequences(table, window.step)),
    sequence: Int32Array.from(sequence),
    end: Int32Array.from(end),
    labels: Float32Array.from(labels),
    weights: Float32Array.from(sampleWeights, (weight) => weight / mean),
  };
}
