import type { Random } from '../../math/index.js';
import type { Program } from '../executor.js';
import type { DropoutMask } from '../layers/scope.js';
import { FIRST_DECAY, SECOND_DECAY } from '../operators/adam.js';
import type { TrainingState } from './state.js';

/** The parts of the state that a step turns into their successors; they stay inside the program between steps. */
const STATE_PARTS = ['weights', 'first', 'second', 'statistics', 'average'] as const;

export type StepperState = Pick<TrainingState, (typeof STATE_PARTS)[number]>;

export interface Rates {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of the new weights in their moving average. */
  readonly averageShare: number;
}

/** Runs training steps. */
export class Stepper {
  readonly #program: Program;
  readonly #masks: readonly DropoutMask[];
  readonly #initial: StepperState;
  readonly #carried: ReadonlySet<string>;

  /** @param held beside `carry`, the parts of the state that the training graph reads */
  constructor(
    program: Program,
    carry: Readonly<Record<string, string>>,
    masks: readonly DropoutMask[],
    state: StepperState,
    held: readonly string[] = [],
  ) {
    this.#program = program;
    this.#masks = masks;
    this.#initial = state;
    this.#carried = new Set(Object.values(carry));
    for (const part of STATE_PARTS) if (this.#carried.has(part) || held.includes(part)) program.set(part, state[part]!);
  }

  /**
   * One step on a batch. @param step counts from 0. @returns the loss before the step
   */
  async run(
    batch: Readonly<Record<'features' | 'labels' | 'sampleWeights', Float32Array>>,
    step: number,
    { learningRate, weightDecay, averageShare }: Rates,
    random: Random,
  ): Promise<number> {
    const feeds: Record<string, Float32Array> = {
      ...batch,
      step: Float32Array.of(learningRate / (1 - FIRST_DECAY ** (step + 1))),
      correction: Float32Array.of(1 / Math.sqrt(1 - SECOND_DECAY ** (step + 1))),
      shrink: Float32Array.of(learningRate * weightDecay),
    };
    // Programs ignore what their graph does not ask for.
    feeds.learningRate = Float32Array.of(learningRate);
    if (this.#carried.has('average')) feeds.averageShare = Float32Array.of(averageShare);
    for (const { name, shape, rate } of this.#masks) {
      const mask = new Float32Array(shape.reduce((product, size) => product * size, 1));
      for (let k = 0; k < mask.length; k++) mask[k] = random.uniform() < rate ? 0 : 1 / (1 - rate);
      feeds[name] = mask;
    }
    return (await this.#program.run(feeds)).loss[0];
  }

  /** The state as it stands. */
  copyState(): StepperState {
    const parts = STATE_PARTS.map((part) => [
      part,
      this.#carried.has(part) ? this.#program.get(part) : this.#initial[part],
    ]);
    return Object.fromEntries(parts);
  }
}
