import type { Random } from '../../../math/index.js';

/** One window within gathered scaled features [window, batch, channels]. */
export interface WindowView {
  readonly features: Float32Array;
  readonly row: number;
  readonly batch: number;
  /** Frames. */
  readonly window: number;
  readonly channels: number;
}

/** Place of a number of the window. */
export const place = ({ row, batch, channels }: WindowView, frame: number, channel: number): number =>
  (frame * batch + row) * channels + channel;

/** Changes a window in place. */
export type Disturbance = (view: WindowView, random: Random) => void;
