import type { Program } from '../executor.js';
import { countLabelled, countPredictions, type NetworkConfig } from '../networks/network.js';
import { calcPointLoss, type Loss } from './loss.js';
import { gatherInto, type WindowSet } from './windows.js';

const EVALUATION_BATCH = 512;

/**
 * Weighted loss over a whole scaled set, in the units of the training loss.
 * @param program of an evaluation graph, its weights set
 */
export async function calcLoss(program: Program, set: WindowSet, config: NetworkConfig, loss: Loss): Promise<number> {
  const { window, outputs, inputs, quantiles } = config;
  const labelled = countLabelled(config);
  const predictions = countPredictions(config);
  const each = predictions / outputs;
  let sum = 0;
  let total = 0;
  for (let start = 0; start < set.end.length; start += EVALUATION_BATCH) {
    const count = Math.min(EVALUATION_BATCH, set.end.length - start);
    const chosen = Int32Array.from({ length: count }, (_, row) => start + row);
    const features = new Float32Array(window * count * inputs.length);
    gatherInto(features, set, chosen, window, inputs.length);
    const { prediction } = await program.run({ features });
    for (let row = 0; row < count; row++) {
      for (let frame = 0; frame < labelled; frame++) {
        const label = (start + row) * labelled + frame;
        const weight = set.weights?.[label] ?? 1;
        total += weight;
        for (let k = 0; k < predictions; k++) {
          const predicted = prediction[(frame * count + row) * predictions + k];
          const wanted = set.labels[label * outputs + Math.floor(k / each)];
          sum += (weight * calcPointLoss(predicted, wanted, loss, quantiles[k % each])) / each;
        }
      }
    }
  }
  return sum / total;
}
