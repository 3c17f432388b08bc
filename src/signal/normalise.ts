import { type Channel, GenuError } from '../data/index.js';

/** What a channel's envelope is divided by, and where it was found. */
export interface EnvelopeMaximum {
  readonly maximum: number;
  /** Index of the trial that holds it. */
  readonly trial: number;
}

/**
 * Finds the maximum of each envelope over the given trials: training trials or maximum voluntary contractions. Trials kept for testing must
 * not be among them. Envelopes are smooth already, so the plain maximum is not one sample's noise.
 * @param trials envelopes of each trial; a channel may be absent from some of them
 * @throws GenuError naming a channel that is constant, empty, or never above zero in every trial
 */
export function findMaxima(trials: readonly (readonly Channel[])[]): Map<string, EnvelopeMaximum> {
  const names = new Set(trials.flatMap((channels) => channels.map(({ name }) => name)));
  const maxima = new Map<string, EnvelopeMaximum>();
  for (const name of names) {
    let [min, max, trial] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1];
    trials.forEach((channels, index) => {
      for (const value of channels.find((channel) => channel.name === name)?.values ?? []) {
        if (value === Number.POSITIVE_INFINITY) throw new GenuError('has infinite samples.', { where: name });
        if (value < min) min = value;
        if (value > max) [max, trial] = [value, index];
      }
    });
    const mend = 'Check the electrode and the cable, or leave the channel out.';
    if (trial < 0) throw new GenuError('no training trial has a value in it.', { where: name, mend });
    if (min === max) {
      throw new GenuError(`is ${max} in every sample of every training trial: a dead channel.`, { where: name, mend });
    }
    if (max <= 0) throw new GenuError(`is never above zero (its maximum is ${max}).`, { where: name, mend });
    maxima.set(name, { maximum: max, trial });
  }
  return maxima;
}

/**
 * Divides by a maximum. Values above it come out above 1 and stay so: cutting them would hide that the maximum was no maximum.
 * @throws GenuError when the maximum is not a positive number
 */
export function normaliseBy(values: Float64Array, maximum: number, name?: string): Float64Array {
  if (!(maximum > 0 && Number.isFinite(maximum))) {
    throw new GenuError(`cannot be divided by a maximum of ${maximum}.`, { where: name ?? 'normalisation' });
  }
  return values.map((value) => value / maximum);
}
