import { type Disturbance, place } from './window-view.js';

/**
 * Sets whole channels to their mean, as if the electrode had come off: the network learns not to lean on one muscle.
 * The others are not made greater in return, for a lost electrode does not do that either.
 * @param share probability with which each channel is lost
 */
export const makeChannelDropout =
  (channels: readonly number[], share: number): Disturbance =>
  (view, random) => {
    for (const channel of channels) {
      if (random.uniform() >= share) continue;
      for (let frame = 0; frame < view.window; frame++) view.features[place(view, frame, channel)] = 0;
    }
  };
