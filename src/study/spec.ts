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
    },
    motion: {
      coordinates: motion.coordinates,
      speeds: motion.speeds,
      lowpass_Hz: motion.lowpass_Hz,
      unit: motion.unit,
    },
    torque: {
      coordinate: torque.coordinate,
      channel: torque.channel,
      unit: torque.unit,
      positive: torque.positive,
      lowpass_Hz: torque.lowpass_Hz,
    },
    window: makeWindowSpec(study.window, study.rate_Hz),
  };
}
