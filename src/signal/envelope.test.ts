import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  calcEnvelope,
  calcEnvelopeCausal,
  checkEnvelope,
  clipEnvelope,
  designEnvelope,
  makeEnvelopeState,
  stepEnvelope,
  USUAL_ENVELOPE,
} from './envelope.js';

const reference: { rate_Hz: number; values: number[]; envelope: number[] } = JSON.parse(
  readFileSync(new URL('scipy.reference.json', import.meta.url), 'utf8'),
);

/** A 120 Hz carrier whose amplitude rises and falls once a second. */
function makeBurst(rate_Hz: number, count: number): { raw: Float64Array; amplitude: Float64Array } {
  const amplitude = Float64Array.from({ length: count }, (_, i) => 1 - Math.cos((2 * Math.PI * i) / rate_Hz));
  return { raw: amplitude.map((a, i) => a * Math.sin((2 * Math.PI * 120.3 * i) / rate_Hz)), amplitude };
}

describe('calcEnvelope', () => {
  it('equals the same chain in SciPy', () => {
    const filter = designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: reference.rate_Hz });
    const envelope = calcEnvelope(Float64Array.from(reference.values), filter);
    expect(filter.notes).toEqual([]);
    envelope.forEach((value, i) => {
      expect(Math.abs(value - reference.envelope[i])).toBeLessThan(1e-10);
    });
  });

  it('follows the mean of the rectified carrier, 2/π of its amplitude, without lag', () => {
    const { raw, amplitude } = makeBurst(2000, 6000);
    const envelope = calcEnvelope(raw, designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: 2000 }));
    for (let i = 2000; i < 4000; i++) expect(Math.abs(envelope[i] - (2 / Math.PI) * amplitude[i])).toBeLessThan(0.03);
  });

  it('is never negative and takes no notice of an offset', () => {
    const { raw } = makeBurst(1000, 3000);
    const filter = designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: 1000 });
    const envelope = calcEnvelope(raw, filter);
    const shifted = calcEnvelope(
      raw.map((value) => value + 50),
      filter,
    );
    expect(envelope.every((value) => value >= 0)).toBe(true);
    for (let i = 500; i < 2500; i++) expect(shifted[i]).toBeCloseTo(envelope[i], 6);
  });

  it('takes a high-pass, and says so, where the rate leaves no room for the band', () => {
    const filter = designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: 900 });
    expect(filter.notes).toEqual([expect.stringMatching(/900 Hz.*high-pass at 30 Hz/)]);
    const { raw, amplitude } = makeBurst(900, 2700);
    const envelope = calcEnvelope(raw, filter);
    for (let i = 900; i < 1800; i++) expect(Math.abs(envelope[i] - (2 / Math.PI) * amplitude[i])).toBeLessThan(0.03);
    expect(() => designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: 50 })).toThrow(/cutoff of 30 Hz/);
  });
});

describe('the causal envelope', () => {
  const filter = designEnvelope({ ...USUAL_ENVELOPE, rate_Hz: 1000 });

  it('is the streamed one, and knows nothing of the future', () => {
    const { raw } = makeBurst(1000, 2000);
    const whole = calcEnvelopeCausal(raw, filter);
    const state = makeEnvelopeState(filter);
    expect([...raw].map((value) => stepEnvelope(filter, state, value))).toEqual([...whole]);
    const changed = raw.slice();
    changed.fill(9, 1000);
    expect(calcEnvelopeCausal(changed, filter).subarray(0, 1000)).toEqual(whole.subarray(0, 1000));
  });

  it('lags the zero-lag one, and agrees with it for a steady signal', () => {
    const { raw, amplitude } = makeBurst(1000, 3000);
    const causal = calcEnvelopeCausal(raw, filter);
    const findPeak = (x: Float64Array) => x.subarray(1000, 2000).indexOf(Math.max(...x.subarray(1000, 2000)));
    const lag = findPeak(causal) - findPeak(amplitude);
    expect(lag).toBeGreaterThan(15);
    expect(lag).toBeLessThan(60);
    const steady = Float64Array.from({ length: 3000 }, (_, i) => Math.sin((2 * Math.PI * 120.3 * i) / 1000));
    expect(calcEnvelopeCausal(steady, filter)[2900]).toBeCloseTo(calcEnvelope(steady, filter)[1500], 2);
  });
});

describe('checkEnvelope and clipEnvelope', () => {
  it('find nothing wrong with an envelope', () => {
    expect(checkEnvelope('vas_lat_r', Float64Array.of(0.1, 0.5, 1, 0.2))).toEqual([]);
  });

  it.each<[string, number[], RegExp]>([
    ['a raw signal', [-0.5, 0.5, -0.2], /2 samples are negative.*not an envelope/],
    ['another maximum', [0.2, 1.4], /1 samples exceed 1, up to 1.40/],
    ['a dead channel', [0.3, 0.3], /every sample is 0.3: the channel is dead/],
    ['volts', [0.0001, 0.0004], /never exceeds 0.000400/],
    ['gaps', [0.2, Number.NaN, 0.8], /1 of 3 samples are missing/],
    ['nothing', [Number.NaN], /no sample/],
  ])('see %s', (_, values, sentence) => {
    expect(checkEnvelope('soleus_r', Float64Array.from(values))).toEqual([expect.stringMatching(sentence)]);
  });

  it('cut overshoot, but refuse a raw signal', () => {
    expect(clipEnvelope('m', Float64Array.of(-0.01, 0.4, Number.NaN))).toEqual(Float64Array.of(0, 0.4, Number.NaN));
    expect(() => clipEnvelope('m', Float64Array.of(-0.3, 0.4))).toThrow(/m: reaches -0.300 below zero/);
  });
});
