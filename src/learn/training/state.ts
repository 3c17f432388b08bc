/** One line of a training history. Losses are in squared standard deviations of the label. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  readonly train_loss: number;
  readonly validation_loss: number;
  /** At the epoch's end. */
  readonly learning_rate: number;
  readonly seconds: number;
}

/**
 * Everything that training goes on from, after a whole epoch: numbers and typed arrays only, so that it can be cloned,
 * posted or stored. The order of the windows and every random draw follow from the seed and the epoch.
 */
export interface TrainingState {
  readonly epoch: number;
  readonly step: number;
  readonly weights: Float32Array;
  /** Adam's first and second moments. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Running averages of batch normalisation. */
  readonly statistics: Float32Array;
  /** Moving average of the weights, where one is kept. */
  readonly average: Float32Array | undefined;
  readonly best: {
    readonly epoch: number;
    readonly validation_loss: number;
    readonly weights: Float32Array;
    readonly statistics: Float32Array;
  };
  readonly history: readonly Epoch[];
}
