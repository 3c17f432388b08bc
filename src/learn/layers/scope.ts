import { LearnError } from '../errors.js';
import { type Graph, sameShape, type Tensor } from '../graph/graph.js';

/** How a weight starts: uniform in ±bound, or one value throughout. */
export type Initial = { readonly bound: number } | { readonly fill: number };

export interface WeightSpec {
  /** `layer.part`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
  /** Statistics are running averages: kept with the weights, but not trained. */
  readonly kind: 'weight' | 'statistic';
}

/** A number to be drawn by the host for each training step: 0 with probability `rate`, else 1 / (1 − rate). */
export interface DropoutMask {
  readonly name: string;
  readonly shape: readonly number[];
  readonly rate: number;
}

/** What a layer keeps from one frame of a stream to the next; zeros before the first. */
export interface StreamState {
  /** `layer.part`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly before: Tensor;
  readonly after: Tensor;
}

/** Numbers of weights and statistics by name, row-major. */
export type NetworkWeights = Readonly<Record<string, Float32Array>>;

/** Where layers get their weights from, and where they leave what only training needs. */
export class Scope {
  readonly graph: Graph;
  readonly training: boolean;
  /** Whether layers get one frame at a time, as [1, batch, channels], and keep what they need of the ones before it. */
  readonly streaming: boolean;
  readonly specs: WeightSpec[] = [];
  readonly masks: DropoutMask[] = [];
  /** What the batch says of a statistic, by the statistic's name. */
  readonly batchStatistics = new Map<string, Tensor>();
  readonly #states = new Map<string, Omit<StreamState, 'after'> & { after?: Tensor }>();
  readonly #find: (spec: WeightSpec) => Tensor;
  readonly #isFrozen: (name: string) => boolean;
  #layer = '';

  constructor(
    graph: Graph,
    options: {
      training: boolean;
      streaming?: boolean;
      find: (spec: WeightSpec) => Tensor;
      isFrozen?: (name: string) => boolean;
    },
  ) {
    this.graph = graph;
    this.training = options.training;
    this.streaming = options.streaming ?? false;
    this.#find = options.find;
    this.#isFrozen = options.isFrozen ?? (() => false);
  }

  /** Builds a layer: its weights are named after it, and so are errors. */
  layer<T>(name: string, build: () => T): T {
    this.#layer = name;
    return this.graph.within(name, build);
  }

  weight(part: string, shape: readonly number[], initial: Initial): Tensor {
    return this.#take({ name: `${this.#layer}.${part}`, shape, initial, kind: 'weight' });
  }

  statistic(part: string, size: number, fill: number): Tensor {
    return this.#take({ name: `${this.#layer}.${part}`, shape: [size], initial: { fill }, kind: 'statistic' });
  }

  /** Whether a weight of the layer under way is not to be trained. */
  isFrozen(part: string): boolean {
    return this.#isFrozen(`${this.#layer}.${part}`);
  }

  keepBatchStatistic(part: string, value: Tensor): void {
    this.batchStatistics.set(`${this.#layer}.${part}`, value);
  }

  /** The mask of a dropout layer, as an input of the graph. */
  mask(shape: readonly number[], rate: number): Tensor {
    const name = `${this.#layer}.mask`;
    this.masks.push({ name, shape, rate });
    return this.graph.input(name, shape);
  }

  /** In a stream: a state of the layer under way as the frame before left it. `keepState` says how this one does. */
  state(part: string, shape: readonly number[]): Tensor {
    const name = `${this.#layer}.${part}`;
    const before = this.graph.input(`state.${name}`, shape);
    this.#states.set(name, { name, shape, before });
    return before;
  }

  keepState(part: string, after: Tensor): void {
    const name = `${this.#layer}.${part}`;
    const state = this.#states.get(name);
    if (!state || !sameShape(state.shape, after.shape)) {
      throw new LearnError(`has no state of shape [${after.shape.join(', ')}] to keep.`, { where: `layer ${name}` });
    }
    state.after = after;
  }

  /** All states of the stream. @throws LearnError where a layer has asked for one and not kept it */
  get states(): StreamState[] {
    return [...this.#states.values()].map(({ after, ...state }) => {
      if (!after) throw new LearnError('is not kept for the next frame.', { where: `state ${state.name}` });
      return { ...state, after };
    });
  }

  #take(spec: WeightSpec): Tensor {
    this.specs.push(spec);
    return this.#find(spec);
  }
}
