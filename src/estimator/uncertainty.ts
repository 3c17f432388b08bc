import {
  combineMembers,
  countSummary,
  type ForwardNetwork,
  findMargin,
  fitNovelty,
  isNovel,
  LearnError,
  type Margin,
  type Novelty,
  predictWindows,
  summariseWindowInto,
  type WindowSet,
} from '../learn/index.js';
import { countWindowSamples, type EstimatorSpec } from './spec.js';
import { type InputTable, listSequences, locateWindow } from './windows.js';

/** What is known of how far a bundle's networks can be trusted. Plain JSON. */
export interface Uncertainty {
  /** What training windows look like; null where there are too few to tell. */
  readonly novelty: Novelty | null;
  /**
   * N·m/kg: nine in ten validation frames lie within this margin of the prediction. They are frames of the very trials that were trained on,
   * and they stopped the training: no held-out participants. For a new recording it promises nothing and is likely too narrow.
   */
  readonly margin: Margin;
}

/** Share of validation frames outside the margin. */
const outside = 0.1;
/** Share of validation frames within the margin. */
export const margin_level = 1 - outside;
/** Share of windows like those of validation that is flagged as far from training. */
const flagged = 0.01;

/**
 * Learns both from the windows that the networks were trained on and stopped by.
 * @param note gets a sentence where there are too few windows to know novelty by
 */
export async function fitUncertainty(
  networks: readonly ForwardNetwork[],
  { train, validation }: { readonly train: WindowSet; readonly validation: WindowSet },
  note: (sentence: string) => void,
): Promise<Uncertainty> {
  const [{ config }] = networks;
  const channels = config.inputs.length;
  const members: Float32Array[] = [];
  for (const network of networks) members.push((await predictWindows(network, validation)).outputs);
  const { mean } = combineMembers(members);
  const margin = findMargin(
    mean.map((prediction, k) => Math.abs(validation.labels[k] - prediction)),
    outside,
  );
  const summarise = (set: WindowSet) => listSummaries(set, config.window, channels);
  try {
    const novelty = fitNovelty(summarise(train), summarise(validation), countSummary(channels), flagged);
    return { novelty, margin };
  } catch (error) {
    if (!(error instanceof LearnError)) throw error;
    note(`Frames far from the training data cannot be told: ${error.message}`);
    return { novelty: null, margin };
  }
}

function listSummaries(
  { sequences, sequence, end }: Pick<WindowSet, 'sequences' | 'sequence' | 'end'>,
  window: number,
  channels: number,
): Float64Array {
  const size = countSummary(channels);
  const summaries = new Float64Array(end.length * size);
  for (let k = 0; k < end.length; k++)
    summariseWindowInto(summaries.subarray(k * size, (k + 1) * size), sequences[sequence[k]], end[k], window, channels);
  return summaries;
}

/** 1 for each of the given frames of a table whose window is far from those of training, per frame of the table. */
export function flagNovelFrames(
  novelty: Novelty,
  table: InputTable,
  frames: readonly number[],
  { window }: Pick<EstimatorSpec, 'window'>,
): Uint8Array {
  const sequences = listSequences(table, window.step);
  const summary = new Float64Array(countSummary(table.names.length));
  const flags = new Uint8Array(table.frames);
  for (const frame of frames) {
    const { sequence, end } = locateWindow(frame, window);
    summariseWindowInto(summary, sequences[sequence], end, countWindowSamples(window), table.names.length);
    if (isNovel(novelty, summary)) flags[frame] = 1;
  }
  return flags;
}

/** One sentence where more frames are far from training than chance alone flags; empty otherwise. */
export function describeNovelty({ rate }: Novelty, flags: Uint8Array, frames: readonly number[], id: string): string[] {
  const count = frames.reduce((sum, frame) => sum + flags[frame], 0);
  if (count <= 2 * rate * frames.length) return [];
  return [
    `${id}: the inputs of ${count} of ${frames.length} predicted frames (${Math.round((100 * count) / frames.length)} %) are far from those of training (expected: ${100 * rate} %); predictions there are extrapolation.`,
  ];
}
