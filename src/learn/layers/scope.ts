import type { Graph, Tensor } from '../graph/graph.js';

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

/** Numbers of weights and statistics by name, row-major. */
export type NetworkWeights = Readonly<Record<string, Float32Array>>;

/** Where layers get their weights from, and where they leave what only training needs. */
export class Scope {
  readonly graph: Graph;
  readonly training: boolean;
  readonly specs: WeightSpec[] = [];
  readonly masks: DropoutMask[] = [];
  /** What the batch says of a statistic, by the statistic's name. */
  readonly batchStatistics = new Map<string, Tensor>();
  readonly #find: (spec: WeightSpec) => Tensor;
  readonly #isFrozen: (name: string) => boolean;
  #layer = '';

  constructor(
    graph: Graph,
    options: { training: boolean; find: (spec: WeightSpec) => Tensor; isFrozen?: (name: string) => boolean },
  ) {
    this.graph = graph;
    this.training = options.training;
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

  #take(spec: WeightSpec): Tensor {
    this.specs.push(spec);
    return this.#find(spec);
  }
}
