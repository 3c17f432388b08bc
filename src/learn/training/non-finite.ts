import { LearnError } from '../errors.js';
import type { WeightSpec } from '../layers/scope.js';
import { countNumbers } from '../networks/weights.js';
import { layerOf, listLayers, type WeightGroups } from './groups.js';
import type { StepperState } from './stepper.js';

/** Standard deviations beyond which an input is worth a remark. */
const EXTREME = 10;

/** Where training stood when its numbers were lost. */
export interface Occasion {
  /** From 1. */
  readonly epoch: number;
  /** From 1, over all epochs. */
  readonly step: number;
  readonly learningRate: number;
  /** Scaled features [..., channels] of the batch, and the names of the channels. */
  readonly features?: Float32Array;
  readonly inputs: readonly string[];
}

/**
 * The error to throw where a loss or a weight is no longer a finite number: when, where first, and what to try.
 * @param what e.g. `the training loss became NaN`
 */
export function explainNonFinite(
  what: string,
  { epoch, step, learningRate, features, inputs }: Occasion,
  groups: WeightGroups,
  state: StepperState,
): LearnError {
  const lost = findNonFinite(groups, state);
  const weights = lost
    ? `No longer finite are ${lost}.`
    : 'All weights are still finite: an activation grew too great.';
  const sentences = [`${what} at a learning rate of ${learningRate.toPrecision(3)}.`, weights];
  const mend = ['Try a tenth of the learning rate and clip the gradient (clip: 1)'];
  const greatest = features && findGreatest(features, inputs);
  if (greatest) {
    const { channel, size } = greatest;
    sentences.push(`The greatest input of its batch is ${size.toPrecision(3)} standard deviations, of ${channel}.`);
    if (!(size < EXTREME)) mend.push(`look for outliers in ${channel}`);
  }
  return new LearnError(sentences.join(' '), {
    where: `epoch ${epoch}, step ${step}`,
    mend: `${mend.join(', and ')}.`,
  });
}

/** What of the training state is not finite, or undefined. */
export function findNonFinite(groups: WeightGroups, state: StepperState): string | undefined {
  const parts = [
    ['weights', 'weights', groups.weights],
    ['statistics', 'running averages', groups.statistics],
    ['first', 'mean gradient', groups.weights],
    ['second', 'mean squared gradient', groups.weights],
  ] as const;
  for (const [part, title, specs] of parts) {
    const layers = findLostLayers(specs, state[part]);
    if (layers.length > 0) return `the ${title} of ${listNames(layers, specs)}`;
  }
  return undefined;
}

/** From the input up; the first is where to look. */
function findLostLayers(specs: readonly WeightSpec[], flat: Float32Array): string[] {
  const lost = new Set<string>();
  let at = 0;
  for (const spec of specs) {
    const end = at + countNumbers(spec);
    if (!flat.subarray(at, end).every(Number.isFinite)) lost.add(layerOf(spec));
    at = end;
  }
  return [...lost];
}

function listNames(lost: readonly string[], specs: readonly WeightSpec[]): string {
  if (lost.length === listLayers(specs).length && lost.length > 1) return `all layers, from ${lost[0]} up`;
  return lost.length > 1 ? `${lost[0]} first, and of ${lost.slice(1).join(', ')}` : lost[0];
}

function findGreatest(features: Float32Array, inputs: readonly string[]): { channel: string; size: number } {
  let [size, position] = [-1, 0];
  for (const [at, value] of features.entries()) {
    if (Math.abs(value) <= size) continue;
    [size, position] = [Math.abs(value), at];
    if (!Number.isFinite(value)) break;
  }
  return { channel: inputs[position % inputs.length], size };
}
