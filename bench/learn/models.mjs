// The networks that are measured. Plain JSON: the PyTorch side builds the same from it.

const channels = (count) => Array.from({ length: count }, (_, k) => `channel ${k}`);

/** The larger one is a common size in the literature on joint torque from EMG; the other is what a study trains by default. */
export const models = {
  engine: {
    batch: 128,
    clip: null,
    network: {
      kind: 'cnn-gru-attention',
      inputs: channels(25),
      window: 100,
      convolutionLayers: 2,
      convolutionFilters: 64,
      convolutionTaps: 5,
      padding: 'same',
      normalisation: 'batch',
      pool: 2,
      pooling: 'max',
      gruUnits: 128,
      attentionUnits: 64,
      lastState: false,
      denseUnits: 64,
      dropout: 0,
    },
  },
  default: {
    batch: 128,
    clip: 1,
    network: {
      kind: 'cnn-gru-attention',
      inputs: channels(27),
      window: 16,
      convolutionLayers: 2,
      convolutionFilters: 32,
      convolutionTaps: 5,
      padding: 'causal',
      normalisation: 'none',
      pool: 1,
      pooling: 'max',
      gruUnits: 48,
      attentionUnits: 32,
      lastState: true,
      denseUnits: 32,
      dropout: 0.1,
    },
  },
};

/**
 * Floating-point operations of the matrix products of one window, two for each product and sum; what is done number by
 * number is left out. Training does each product three times (forward, gradient of the input, gradient of the weights),
 * but needs no gradient of the features.
 */
export function countFlop({ inputs, window, pool, ...sizes }) {
  const frames = Math.floor(window / pool);
  const products = [];
  for (let layer = 0; layer < sizes.convolutionLayers; layer++) {
    const from = layer === 0 ? inputs.length : sizes.convolutionFilters;
    products.push(window * from * sizes.convolutionTaps * sizes.convolutionFilters);
  }
  const into = sizes.convolutionLayers > 0 ? sizes.convolutionFilters : inputs.length;
  const { gruUnits: units } = sizes;
  products.push(frames * into * 3 * units, frames * units * 3 * units);
  products.push(frames * units * sizes.attentionUnits, frames * sizes.attentionUnits, frames * units);
  products.push(units * (sizes.lastState ? 2 : 1) * sizes.denseUnits, sizes.denseUnits);
  const forward = 2 * products.reduce((a, b) => a + b);
  return { window: forward, training: 3 * forward - 2 * products[0] };
}
