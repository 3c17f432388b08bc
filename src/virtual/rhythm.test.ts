import { expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { makeRhythm } from './rhythm.js';

it('starts a cycle exactly where the phase passes a whole number', () => {
  const { phase, starts_s } = makeRhythm(makeRandom(3), -1, 31_000, 1000, 1.1, 0.04);
  expect(starts_s.length).toBeGreaterThan(25);
  for (const start of starts_s) {
    const x = (start + 1) * 1000;
    const i = Math.floor(x);
    const there = phase[i] + (x - i) * (phase[i + 1] - phase[i]);
    expect(there).toBeCloseTo(Math.round(there), 9);
  }
});

it('keeps the mean cycle and varies it by about the declared share', () => {
  const { starts_s } = makeRhythm(makeRandom(4), 0, 600_000, 1000, 1.2, 0.03);
  const cycles = starts_s.slice(1).map((t, i) => t - starts_s[i]);
  const mean = cycles.reduce((a, b) => a + b) / cycles.length;
  const deviation = Math.sqrt(cycles.reduce((a, b) => a + (b - mean) ** 2, 0) / cycles.length);
  expect(mean).toBeCloseTo(1.2, 1);
  expect(deviation / mean).toBeGreaterThan(0.015);
  expect(deviation / mean).toBeLessThan(0.035);
});
