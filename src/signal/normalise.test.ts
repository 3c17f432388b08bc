import { describe, expect, it } from 'vitest';
import { type Channel, GenuError, makeUniformClock } from '../data/index.js';
import { findMaxima, normaliseBy } from './normalise.js';

function makeEnvelope(name: string, ...values: number[]): Channel {
  const clock = makeUniformClock(0, 100, values.length);
  return { name, kind: 'emg_envelope', unit: 'V', clock, values: Float64Array.from(values) };
}

describe('findMaxima', () => {
  it('finds each maximum and the trial it is in, past gaps and absent channels', () => {
    const maxima = findMaxima([
      [makeEnvelope('soleus_r', 0.1, Number.NaN, 0.7), makeEnvelope('vas_lat_r', 0.2, 0.3)],
      [makeEnvelope('soleus_r', 0.4, 0.9)],
    ]);
    expect([...maxima]).toEqual([
      ['soleus_r', { maximum: 0.9, trial: 1 }],
      ['vas_lat_r', { maximum: 0.3, trial: 0 }],
    ]);
  });

  it('lets a channel be dead in one trial if it lives in another', () => {
    const maxima = findMaxima([[makeEnvelope('a', 0, 0)], [makeEnvelope('a', 0, 2)]]);
    expect(maxima.get('a')).toEqual({ maximum: 2, trial: 1 });
  });

  it.each<[string, number[], RegExp]>([
    ['dead', [0.5, 0.5], /^bifemlh_r: is 0.5 in every sample/],
    ['all zero', [0, 0], /^bifemlh_r: is 0 in every sample/],
    ['all missing', [Number.NaN, Number.NaN], /^bifemlh_r: no training trial/],
    ['never positive', [-2, -1], /^bifemlh_r: is never above zero/],
    ['infinite', [1, Number.POSITIVE_INFINITY], /^bifemlh_r: has infinite/],
  ])('refuses a channel that is %s, by name', (_, values, message) => {
    const find = () => findMaxima([[makeEnvelope('bifemlh_r', ...values)]]);
    expect(find).toThrow(GenuError);
    expect(find).toThrow(message);
  });
});

describe('normaliseBy', () => {
  it('divides, and does not hide values above the maximum', () => {
    expect(normaliseBy(Float64Array.of(0.1, Number.NaN, 0.6), 0.5)).toEqual(Float64Array.of(0.2, Number.NaN, 1.2));
  });

  it('refuses to divide by nothing', () => {
    for (const maximum of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => normaliseBy(Float64Array.of(1), maximum, 'tib_ant_r')).toThrow(/tib_ant_r: cannot be divided/);
    }
  });
});
