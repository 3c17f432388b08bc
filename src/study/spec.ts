import { type EstimatorSpec, makeWindowSpec } from '../estimator/index.js';
import type { Study } from './schema.js';

/** The part of a study that its models carry with them. */
export function makeSpec(study: Study): EstimatorSpec {
  const { emg, motion, torque } = study;
  return {
    rate_Hz: study.rate_Hz,
    filters: study.filters,
    emg: {
      kind: emg.kind,
      channels: Object.entries(emg.channels).map(([muscle, channel]) => ({ muscle, channel })),
      bandpass_Hz: emg.bandpass_Hz,
      lowpass_Hz: emg.lowpass_Hz,
      normalise: emg.maximum !== 'none',
      ...(emg.inputs ? { inputs: emg.inputs } : {}),
    },
    motion: {
      coordinates: motion.coordinates,
      speeds: motion.speeds,
      lowpass_Hz: motion.lowpass_Hz,
      unit: motion.unit,
      ...(motion.channels ? { channels: motion.channels } : {}),
      ...(motion.posture_deg ? { posture_deg: motion.posture_deg } : {}),
    },
    torque: {
      coordinate: torque.coordinate,
      channel: torque.channel,
      // A force has become a torque by the time it is a label; see intake/label.ts.
      unit: torque.unit === 'N' || torque.unit === 'kgf' ? 'N.m' : torque.unit,
      positive: torque.positive,
      lowpass_Hz: torque.lowpass_Hz,
    },
    window: makeWindowSpec(study.window, study.rate_Hz),
  };
}
