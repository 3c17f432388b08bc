import { describe, expect, it } from 'vitest';
import { makeEmgInputs } from './emg-inputs.js';
import { spec } from './training.fixture.js';

const raw = Float64Array.of(1, 3, Number.NaN, 4, 0);
const channels = [{ muscle: 'vas_lat_r', channel: 'VL' }];
const make = (inputs?: NonNullable<typeof spec.emg.inputs>, envelope = raw) =>
  makeEmgInputs({ id: 'walk', envelopes: [envelope] }, [envelope.map((value) => value / 4)], {
    ...spec,
    emg: { ...spec.emg, channels, inputs },
  })[0];

describe('makeEmgInputs', () => {
  it('gives the envelopes as the muscles get them where nothing is asked', () => {
    expect(make()).toEqual(Float64Array.of(0.25, 0.75, Number.NaN, 1, 0));
    expect(make({ scale: 'maximum', power: 1 })).toEqual(make());
  });
  it('divides by the mean of the known samples, whatever the gain of the amplifier', () => {
    const own = make({ scale: 'recording_mean', power: 1 });
    expect(own).toEqual(Float64Array.of(0.5, 1.5, Number.NaN, 2, 0));
    const louder = raw.map((value) => value * 1024);
    expect(make({ scale: 'recording_mean', power: 1 }, louder)).toEqual(own);
  });
  it('takes the root after that', () => {
    expect(make({ scale: 'recording_mean', power: 0.5 })[3]).toBe(Math.SQRT2);
    expect(make({ scale: 'maximum', power: 0.5 })[0]).toBe(0.5);
  });
  it('refuses a channel without a mean, by its name', () => {
    const silent = raw.map((value) => value * 0);
    expect(() => make({ scale: 'recording_mean', power: 1 }, silent)).toThrow(/walk: EMG channel "VL": .*never rises/);
  });
});
