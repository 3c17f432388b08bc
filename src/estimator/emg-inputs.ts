import { GenuError } from '../data/index.js';
import type { PreparedTrial } from './prepare.js';
import type { EstimatorSpec } from './spec.js';

/**
 * The envelopes as regressions and networks see them. A recording's own mean needs no other recording of the person and is steadier than
 * a maximum, which one burst decides; but it looks at the whole recording, its end included, so it is for recordings and not for
 * real time. It uses no label. A root draws bursts of different people nearer together.
 * @param envelopes divided by the person's maxima
 * @throws GenuError naming a channel whose mean is no positive number
 */
export function makeEmgInputs(
  prepared: Pick<PreparedTrial, 'id' | 'envelopes'>,
  envelopes: readonly Float64Array[],
  { emg }: EstimatorSpec,
): readonly Float64Array[] {
  if (!emg.inputs) return envelopes;
  const { scale, power } = emg.inputs;
  const scaled = scale === 'maximum' ? envelopes : prepared.envelopes.map((envelope, c) => divideByMean(envelope, c));
  return power === 1 ? scaled : scaled.map((envelope) => envelope.map((value) => value ** power));

  function divideByMean(envelope: Float64Array, c: number): Float64Array {
    let sum = 0;
    let count = 0;
    for (const value of envelope) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    if (sum > 0) return envelope.map((value) => (value * count) / sum);
    throw new GenuError('its envelope never rises above zero, so it has no mean to be divided by.', {
      where: `${prepared.id}: EMG channel "${emg.channels[c].channel}"`,
      mend: 'Check the electrode, take the channel out of emg.channels, or say emg.inputs.scale: maximum.',
    });
  }
}
