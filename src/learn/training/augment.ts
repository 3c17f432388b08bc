import type { Random } from '../../math/index.js';
import { LearnError } from '../errors.js';
import type { Scaling } from '../networks/forward.js';

/**
 * Disturbances of training windows, for inputs whose size and noise differ from day to day, such as EMG envelopes
 * (electrodes are never placed twice the same way).
 */
export interface Augmentation {
  /** Names of the disturbed channels. */
  readonly channels: readonly string[];
  /** Standard deviation of a factor around 1, drawn for each channel of each window. */
  readonly gain?: number;
  /** Standard deviation of white noise, in standard deviations of the channel. */
  readonly noise?: number;
}

/** Disturbs gathered windows [window, batch, channels] in place. */
export type Augment = (features: Float32Array, batch: number, random: Random) => void;

/** @throws LearnError where a named channel is no input. */
export function makeAugment(
  { channels, gain = 0, noise = 0 }: Augmentation,
  inputs: readonly string[],
  window: number,
  scaling: Scaling,
): Augment {
  const positions = channels.map((name) => {
    const position = inputs.indexOf(name);
    if (position < 0) {
      throw new LearnError(`is no input.`, { where: `augmentation of ${name}`, mend: `Inputs: ${inputs.join(', ')}.` });
    }
    return position;
  });
  return (features, batch, random) => {
    for (let row = 0; row < batch; row++) {
      for (const channel of positions) {
        const factor = gain > 0 ? 1 + gain * random.normal() : 1;
        // The factor acts on SI values: (factor·value − mean)/deviation.
        const offset = ((factor - 1) * scaling.mean[channel]) / scaling.deviation[channel];
        for (let frame = 0; frame < window; frame++) {
          const at = (frame * batch + row) * inputs.length + channel;
          features[at] = features[at] * factor + offset + (noise > 0 ? noise * random.normal() : 0);
        }
      }
    }
  };
}
