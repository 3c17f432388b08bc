import { type C3dContents, makeC3dFile } from './make.js';
import type { C3dFile } from './types.js';

/** Two points (the second one missing in frame 2) and three analog channels at twice the frame rate. */
export function makeSmall(change: Partial<C3dContents> = {}): C3dFile {
  const frames = change.frame_count ?? 3;
  return makeC3dFile({
    format: 'float',
    rate_Hz: 100,
    frame_count: frames,
    points: {
      labels: ['LASI', 'RASI'],
      unit: 'mm',
      scale: 0.1,
      values: Float32Array.from({ length: 8 * frames }, (_, i) => (i % 4 === 3 ? (i === 15 ? -1 : 0) : i + 1)),
    },
    analogs: {
      labels: ['EMG one', 'Sync', 'Foot switch'],
      units: ['mV', '', 'N'],
      scales: [0.5, 1, 2],
      offsets: [10, 0, -3],
      samples_per_frame: 2,
      values: Float32Array.from({ length: 6 * frames }, (_, i) => i),
    },
    ...change,
  });
}
