import type { Scaling } from '../../networks/forward.js';
import { type Disturbance, place } from './window-view.js';

/**
 * Mixes into each channel some of a neighbour, of SI values: x ← (1 − a)·x + a·neighbour. An electrode that sits a little
 * beside its place hears the muscle beside. All channels are mixed from what they were before.
 * @param neighbours for each channel, those that may be mixed into it; one is drawn for each window
 * @param greatest a is uniform from 0 to this
 */
export const makeElectrodeShift =
  (neighbours: ReadonlyMap<number, readonly number[]>, greatest: number, { mean, deviation }: Scaling): Disturbance =>
  (view, random) => {
    const mixtures = [...neighbours].flatMap(([channel, around]) => {
      if (around.length === 0) return [];
      return [{ channel, other: around[random.integer(around.length)], share: greatest * random.uniform() }];
    });
    const before = new Float64Array(mixtures.length);
    for (let frame = 0; frame < view.window; frame++) {
      for (const [k, { other }] of mixtures.entries()) {
        before[k] = mean[other] + deviation[other] * view.features[place(view, frame, other)];
      }
      for (const [k, { channel, share }] of mixtures.entries()) {
        const at = place(view, frame, channel);
        const heard = (before[k] - mean[channel]) / deviation[channel];
        view.features[at] = (1 - share) * view.features[at] + share * heard;
      }
    }
  };
