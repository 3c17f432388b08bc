import { describe, expect, it } from 'vitest';
import { testSpec } from '../estimator/bundle.fixture.js';
import { designCausalAngle, designCausalEmg, makeCausalState, stepCausal } from '../estimator/index.js';
import { designButterworth, filterCausal } from '../signal/index.js';
import { calcGroupDelay, calcLatency } from './latency.js';

describe('calcGroupDelay', () => {
  it('is how far a filtered ramp lags, for a low-pass', () => {
    const rate_Hz = 1000;
    for (const order of [1, 2, 4]) {
      const sections = designButterworth({ order, type: 'lowpass', cutoff_Hz: 6, rate_Hz });
      const { values } = filterCausal(
        sections,
        Float64Array.from({ length: 4000 }, (_, i) => i / rate_Hz),
      );
      expect(3.999 - values[3999]).toBeCloseTo(calcGroupDelay(sections, 0, rate_Hz), 9);
    }
  });

  it('is minus the slope of the phase, found from the impulse response', () => {
    const rate_Hz = 2000;
    const sections = designButterworth({ order: 2, type: 'bandpass', cutoff_Hz: [30, 450], rate_Hz });
    const impulse = new Float64Array(8000);
    // The filter starts as if its first sample had always been there, so the impulse comes second.
    impulse[1] = 1;
    const response = filterCausal(sections, impulse).values.subarray(1);
    const phase = (frequency_Hz: number) => {
      let [re, im] = [0, 0];
      response.forEach((value, i) => {
        re += value * Math.cos((2 * Math.PI * frequency_Hz * i) / rate_Hz);
        im -= value * Math.sin((2 * Math.PI * frequency_Hz * i) / rate_Hz);
      });
      return Math.atan2(im, re);
    };
    for (const frequency_Hz of [50, 116, 300]) {
      const slope = (phase(frequency_Hz + 0.01) - phase(frequency_Hz - 0.01)) / (2 * Math.PI * 0.02);
      expect(-slope).toBeCloseTo(calcGroupDelay(sections, frequency_Hz, rate_Hz), 7);
    }
  });
});

describe('calcLatency', () => {
  it('is what a slow angle lags by, and what its speed does', () => {
    const filter = designCausalAngle(testSpec, 200, 'motion');
    const latency = calcLatency(
      designCausalEmg(testSpec, 1000, 'emg'),
      filter,
      116,
      { past: 10, future: 5, step: 1 },
      100,
    );
    const state = makeCausalState(filter);
    // A parabola: its filtered speed is a ramp, whose lag can be read off.
    let frames = Float64Array.from({ length: 4000 }, (_, i) => stepCausal(filter, state, (i / 200) ** 2) ?? Number.NaN);
    frames = frames.filter((value) => !Number.isNaN(value));
    const [before, last] = frames.slice(-2);
    const time_s = (frames.length - 1) / 100;
    expect(time_s - ((last - before) * 100) / 2).toBeCloseTo(latency.speed_s, 9);
    expect(latency.speed_s - latency.angle_s).toBeCloseTo(0.005, 12);
    expect(latency.window_s).toBe(0.05);
    expect(latency.total_s).toBe(0.05 + Math.max(latency.emg_s, latency.speed_s));
  });

  it('is about what the envelope of a slowly swelling tone lags by', () => {
    const filter = designCausalEmg(testSpec, 1000, 'emg');
    const latency = calcLatency(
      filter,
      designCausalAngle(testSpec, 100, 'motion'),
      Math.sqrt(30 * 450),
      testSpec.window,
      100,
    );
    const state = makeCausalState(filter);
    const amplitude = (time_s: number) => 1 + 0.5 * Math.sin(2 * Math.PI * 0.5 * time_s);
    let [re, im] = [0, 0];
    for (let i = 0; i < 10_000; i++) {
      const value = stepCausal(filter, state, amplitude(i / 1000) * Math.sin((2 * Math.PI * 117.3 * i) / 1000));
      if (value === undefined || i < 2000) continue;
      re += value * Math.cos((Math.PI * i) / 1000);
      im += value * Math.sin((Math.PI * i) / 1000);
    }
    // sin(π(t − τ)) correlates with cos as −sin πτ and with sin as cos πτ.
    expect(Math.atan2(-re, im) / Math.PI).toBeCloseTo(latency.emg_s, 3);
  });
});
