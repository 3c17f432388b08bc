import type { Scaling } from '../../networks/forward.js';
import { type Disturbance, place } from './window-view.js';

/**
 * Multiplies each channel by a factor around 1, of SI values: (factor·value − mean)/deviation. Electrodes and skin differ
 * from day to day.
 * @param gain standard deviation of the factor
 */
export const makeGain =
  (channels: readonly number[], gain: number, { mean, deviation }: Scaling): Disturbance =>
  (view, random) => {
    for (const channel of channels) {
      const factor = 1 + gain * random.normal();
      const offset = ((factor - 1) * mean[channel]) / deviation[channel];
      for (let frame = 0; frame < view.window; frame++) {
        const at = place(view, frame, channel);
        view.features[at] = view.features[at] * factor + offset;
      }
    }
  };
