import { type Disturbance, place, type WindowView } from './window-view.js';

/** Greatest size of each of the two waves: their sum stays below 1, so that time never runs backwards. */
const LIMIT = 0.45;

/**
 * Resamples the whole window, all channels together, along a smooth warp of time that leaves its first and last frame in
 * place: with s from 0 to 1 over the window, s' = s + a·sin(πs)/π + b·sin(2πs)/2π, whose speed is 1 + a·cos πs + b·cos 2πs;
 * linear between frames. The label stays that of the last frame. After Um et al. 2017, ICMI (arXiv 1706.00527), 'time
 * warping'; departures: two waves for a spline, fixed ends. Channels that are speeds keep their values.
 * @param warp standard deviation of a and b
 */
export const makeTimeWarp =
  (warp: number): Disturbance =>
  (view, random) => {
    const draw = () => Math.max(-LIMIT, Math.min(LIMIT, warp * random.normal()));
    const [a, b] = [draw(), draw()];
    const last = view.window - 1;
    const before = copyWindow(view);
    for (let frame = 1; frame < last; frame++) {
      const s = frame / last;
      const warped = s + (a * Math.sin(Math.PI * s)) / Math.PI + (b * Math.sin(2 * Math.PI * s)) / (2 * Math.PI);
      const from = Math.min(last - 1, Math.max(0, Math.floor(warped * last)));
      const share = warped * last - from;
      for (let channel = 0; channel < view.channels; channel++) {
        const [low, high] = [before[from * view.channels + channel], before[(from + 1) * view.channels + channel]];
        view.features[place(view, frame, channel)] = low + share * (high - low);
      }
    }
  };

/** [window, channels] */
function copyWindow(view: WindowView): Float32Array {
  const copy = new Float32Array(view.window * view.channels);
  for (let frame = 0; frame < view.window; frame++) {
    const at = place(view, frame, 0);
    copy.set(view.features.subarray(at, at + view.channels), frame * view.channels);
  }
  return copy;
}
