import type { Random } from '../../math/index.js';
import { LearnError } from '../errors.js';
import type { Scaling } from '../networks/forward.js';
import type { NetworkConfig } from '../networks/network.js';
import { makeChannelDropout } from './augmentation/channel-dropout.js';
import { makeElectrodeShift } from './augmentation/electrode-shift.js';
import { makeGain } from './augmentation/gain.js';
import { makeNoise } from './augmentation/noise.js';
import { makeTimeWarp } from './augmentation/time-warp.js';
import type { Disturbance } from './augmentation/window-view.js';

/**
 * Disturbances of training windows, for inputs that differ from day to day and person to person, such as EMG envelopes
 * (electrodes are never placed twice the same way). Each is drawn anew for each window; left out, it does nothing.
 * In this order: time warp, electrode shift, gain, noise, lost channels.
 */
export interface Augmentation {
  /** Names of the disturbed channels. */
  readonly channels: readonly string[];
  /** Standard deviation of a factor around 1, drawn for each channel of each window. */
  readonly gain?: number;
  /** Standard deviation of white noise, in standard deviations of the channel. */
  readonly noise?: number;
  /** Probability with which a channel is lost: set to its mean. Below 1. */
  readonly channelDropout?: number;
  /** Greatest share of a neighbouring channel that is mixed into a channel, up to 1. */
  readonly electrodeShift?: number;
  /** For each disturbed channel its neighbours; all other disturbed channels where left out. */
  readonly neighbours?: Readonly<Record<string, readonly string[]>>;
  /** Standard deviation of the speed at which time passes within the window, of all channels. For window heads only. */
  readonly timeWarp?: number;
}

/** Disturbs gathered windows [window, batch, channels] in place. */
export type Augment = (features: Float32Array, batch: number, random: Random) => void;

/** @throws LearnError where a named channel is no input, or a number is out of its range */
export function makeAugment(
  augmentation: Augmentation,
  { inputs, window, head }: Pick<NetworkConfig, 'inputs' | 'window' | 'head'>,
  scaling: Scaling,
): Augment {
  const { channels, gain = 0, noise = 0, channelDropout = 0, electrodeShift = 0, timeWarp = 0 } = augmentation;
  for (const [key, value, limit] of [
    ['gain', gain, Number.MAX_VALUE],
    ['noise', noise, Number.MAX_VALUE],
    ['channelDropout', channelDropout, 1 - Number.EPSILON],
    ['electrodeShift', electrodeShift, 1],
    ['timeWarp', timeWarp, Number.MAX_VALUE],
  ] as const) {
    if (value >= 0 && value <= limit) continue;
    const expected = key === 'channelDropout' ? 'below 1' : key === 'electrodeShift' ? 'at most 1' : 'finite';
    throw new LearnError(`must be at least 0 and ${expected}, is ${value}.`, { where: `augmentation.${key}` });
  }
  if (timeWarp > 0 && head === 'sequence') {
    throw new LearnError('moves frames away from their labels.', {
      where: 'augmentation.timeWarp',
      mend: 'Leave it out, or use a network with a window head.',
    });
  }
  const find = (name: string): number => {
    const position = inputs.indexOf(name);
    if (position >= 0) return position;
    throw new LearnError(`is no input.`, { where: `augmentation of ${name}`, mend: `Inputs: ${inputs.join(', ')}.` });
  };
  const positions = channels.map(find);
  const around = (name: string) =>
    augmentation.neighbours ? (augmentation.neighbours[name] ?? []) : channels.filter((other) => other !== name);

  const disturbances: Disturbance[] = [];
  if (timeWarp > 0) disturbances.push(makeTimeWarp(timeWarp));
  if (electrodeShift > 0) {
    const neighbours = new Map(channels.map((name) => [find(name), around(name).map(find)]));
    disturbances.push(makeElectrodeShift(neighbours, electrodeShift, scaling));
  }
  if (gain > 0) disturbances.push(makeGain(positions, gain, scaling));
  if (noise > 0) disturbances.push(makeNoise(positions, noise));
  if (channelDropout > 0) disturbances.push(makeChannelDropout(positions, channelDropout));

  return (features, batch, random) => {
    for (let row = 0; row < batch; row++) {
      const view = { features, row, batch, window, channels: inputs.length };
      for (const disturb of disturbances) disturb(view, random);
    }
  };
}
