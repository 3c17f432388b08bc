import type { Tensor } from 'onnxruntime-common';
import type { Random } from '../../math/index.js';
import type { DropoutMask } from '../layers/scope.js';
import { FIRST_DECAY, SECOND_DECAY } from '../operators/adam.js';
import { type NetworkSession, numbers, tensor } from '../runtime.js';
import type { TrainingState } from './state.js';

/** The parts of the state that a step turns into their successors; they stay tensors of the runtime between steps. */
const STATE_PARTS = ['weights', 'first', 'second', 'statistics', 'average'] as const;

export type StepperState = Pick<TrainingState, (typeof STATE_PARTS)[number]>;

export interface Rates {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of the new weights in their moving average. */
  readonly averageShare: number;
}

/** Runs training steps: feeds each step's outputs back as the next one's inputs. */
export class Stepper {
  readonly #session: NetworkSession;
  readonly #masks: readonly DropoutMask[];
  #state: Record<string, Tensor>;

  constructor(session: NetworkSession, masks: readonly DropoutMask[], state: StepperState) {
    this.#session = session;
    this.#masks = masks;
    this.#state = {};
    for (const part of STATE_PARTS) {
      const values = state[part];
      if (values?.length) this.#state[part] = tensor(values, [values.length]);
    }
  }

  /**
   * One step on a batch. @param step counts from 0. @returns the loss before the step
   */
  async run(
    batch: Readonly<Record<'features' | 'labels' | 'sampleWeights', Tensor>>,
    step: number,
    { learningRate, weightDecay, averageShare }: Rates,
    random: Random,
  ): Promise<number> {
    const scalar = (value: number) => tensor(Float32Array.of(value), [1]);
    const feeds: Record<string, Tensor> = {
      ...this.#state,
      ...batch,
      step: scalar(learningRate / (1 - FIRST_DECAY ** (step + 1))),
      correction: scalar(1 / Math.sqrt(1 - SECOND_DECAY ** (step + 1))),
      shrink: scalar(learningRate * weightDecay),
    };
    if (this.#state.average) feeds.averageShare = scalar(averageShare);
    for (const { name, shape, rate } of this.#masks) {
      const mask = new Float32Array(shape.reduce((product, size) => product * size, 1));
      for (let k = 0; k < mask.length; k++) mask[k] = random.uniform() < rate ? 0 : 1 / (1 - rate);
      feeds[name] = tensor(mask, shape);
    }
    const results = await this.#session.run(feeds);
    for (const part of Object.keys(this.#state)) {
      const next = results[`next${part[0].toUpperCase()}${part.slice(1)}`];
      if (next) this.#state[part] = next;
    }
    return numbers(results.loss)[0];
  }

  /** The state as it stands. */
  copyState(): StepperState {
    const copy = (part: string) => numbers(this.#state[part]).slice();
    return {
      weights: copy('weights'),
      first: copy('first'),
      second: copy('second'),
      statistics: this.#state.statistics ? copy('statistics') : new Float32Array(0),
      average: this.#state.average && copy('average'),
    };
  }
}
