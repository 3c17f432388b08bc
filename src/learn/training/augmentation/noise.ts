import { type Disturbance, place } from './window-view.js';

/** Adds white noise. @param noise its standard deviation, in standard deviations of the channel */
export const makeNoise =
  (channels: readonly number[], noise: number): Disturbance =>
  (view, random) => {
    for (const channel of channels) {
      for (let frame = 0; frame < view.window; frame++) {
        view.features[place(view, frame, channel)] += noise * random.normal();
      }
    }
  };
