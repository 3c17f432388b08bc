import { type NetworkSession, numbers, tensor } from '../runtime.js';
import { gatherInto, type WindowSet } from './windows.js';

const EVALUATION_BATCH = 512;

/** Weighted loss over a whole scaled set, in the units of the training loss; `weights` are the flat inputs of the model. */
export async function calcLoss(
  session: NetworkSession,
  weights: Readonly<Record<string, Float32Array>>,
  set: WindowSet,
  sizes: { window: number; channels: number; outputs: number },
  huber: number,
): Promise<number> {
  const { window, channels, outputs } = sizes;
  const flat = Object.fromEntries(
    Object.entries(weights)
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [name, tensor(values, [values.length])]),
  );
  let sum = 0;
  let total = 0;
  for (let start = 0; start < set.end.length; start += EVALUATION_BATCH) {
    const count = Math.min(EVALUATION_BATCH, set.end.length - start);
    const chosen = Int32Array.from({ length: count }, (_, row) => start + row);
    const features = new Float32Array(window * count * channels);
    gatherInto(features, set, chosen, window, channels);
    const results = await session.run({ ...flat, features: tensor(features, [window, count, channels]) });
    const prediction = numbers(results.prediction);
    for (let row = 0; row < count; row++) {
      const weight = set.weights?.[start + row] ?? 1;
      total += weight;
      for (let k = 0; k < outputs; k++) {
        const d = prediction[row * outputs + k] - set.labels[(start + row) * outputs + k];
        const inside = Math.min(Math.abs(d), huber);
        sum += weight * inside * (2 * Math.abs(d) - inside);
      }
    }
  }
  return sum / total;
}
