import { expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { makeEmg, makeEmgTraits } from './emg.js';
import { makeEmgNoise } from './emg-noise.js';
import { ankleMuscles, electrodes, kneeMuscles } from './muscles.js';

const muscles = [...kneeMuscles, ...ankleMuscles];
/** 60° of flexion, where gains are as declared. */
const knee = new Float64Array(1000).fill(-Math.PI / 3);

/** Median frequency from averaged periodograms of 0.5 s. */
function calcMedianFrequency_Hz(signal: Float64Array): number {
  const power = new Float64Array(250);
  for (let at = 0; at + 500 <= signal.length; at += 500) {
    for (let k = 1; k < 250; k++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < 500; i++) {
        re += signal[at + i] * Math.cos((2 * Math.PI * k * i) / 500);
        im += signal[at + i] * Math.sin((2 * Math.PI * k * i) / 500);
      }
      power[k] += re * re + im * im;
    }
  }
  const half = power.reduce((a, b) => a + b) / 2;
  let [k, sum] = [0, 0];
  while (sum <= half) sum += power[k++];
  return 2 * (k - 1);
}

it('has unit variance from the first sample on', () => {
  let first = 0;
  for (let n = 0; n < 2000; n++) first += makeEmgNoise(makeRandom(n), 1, 1000, 60, 130)[0] ** 2 / 2000;
  expect(first).toBeGreaterThan(0.85);
  expect(first).toBeLessThan(1.15);
  const long = makeEmgNoise(makeRandom('long'), 50_000, 1000, 60, 130);
  expect(long.reduce((a, x) => a + x * x, 0) / long.length).toBeCloseTo(1, 1);
});

it('has a median frequency of 70 to 130 Hz on every electrode, at the declared amplitude', () => {
  const traits = makeEmgTraits(makeRandom(5), muscles);
  const drives = new Map(muscles.map((m) => [m, new Float64Array(10_000).fill(1)]));
  const emg = makeEmg(makeRandom(6), traits, drives, 1000, 0, knee, 100);
  expect([...emg.keys()]).toEqual([...electrodes]);
  for (const { muscle, gain_V } of traits.electrodes) {
    const volts = emg.get(muscle)!;
    const median = calcMedianFrequency_Hz(volts);
    expect(median).toBeGreaterThan(70);
    expect(median).toBeLessThan(130);
    const rms = Math.sqrt(volts.reduce((a, x) => a + x * x, 0) / volts.length);
    expect(rms / gain_V).toBeGreaterThan(0.9);
    expect(rms / gain_V).toBeLessThan(1.1);
  }
});

it('shows a resting electrode only its noise, its hum and its neighbours', () => {
  const traits = makeEmgTraits(makeRandom(7), muscles);
  const drives = new Map(muscles.map((m) => [m, new Float64Array(10_000).fill(m === 'soleus_r' ? 1 : 0)]));
  const emg = makeEmg(makeRandom(8), traits, drives, 1000, 0, knee, 100);
  for (const { muscle, gain_V, crosstalk, noise_V, hum_V } of traits.electrodes) {
    if (muscle === 'soleus_r') continue;
    const volts = emg.get(muscle)!;
    const expected = (gain_V * (crosstalk.soleus_r ?? 0)) ** 2 + noise_V ** 2 + hum_V ** 2 / 2;
    const power = volts.reduce((a, x) => a + x * x, 0) / volts.length;
    expect(power / expected).toBeGreaterThan(0.85);
    expect(power / expected).toBeLessThan(1.15);
  }
});

it('changes its gain with drift over time and with knee flexion', () => {
  const traits = makeEmgTraits(makeRandom(9), muscles);
  const drives = new Map(muscles.map((m) => [m, new Float64Array(20_000).fill(1)]));
  const still = makeEmg(makeRandom(10), traits, drives, 1000, 0, knee, 100);
  // 150° of flexion is one unit of 90° beyond 60°.
  const bent = makeEmg(makeRandom(10), traits, drives, 1000, 0, new Float64Array(2000).fill(-(5 / 6) * Math.PI), 100);
  const drifted = makeEmg(makeRandom(10), traits, drives, 1000, 0.5, knee, 100);
  for (const { muscle, shift, noise_V, hum_V } of traits.electrodes) {
    const [a, b, c] = [still, bent, drifted].map((emg) => emg.get(muscle)!);
    for (let i = 0; i < a.length; i += 1999) {
      // The same draws made all three, so they differ by the gain alone, but for the additive noise.
      const additive = 8 * (noise_V + hum_V);
      expect(Math.abs(b[i] - a[i] * (1 + shift))).toBeLessThan(additive);
      expect(Math.abs(c[i] - a[i] * (1 + (0.5 * i) / a.length))).toBeLessThan(additive);
    }
  }
});
