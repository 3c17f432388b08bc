import { describe, expect, it } from 'vitest';
import { calcCoordinateSpeeds } from './coordinate-speeds.js';

describe('calcCoordinateSpeeds', () => {
  const times = Float64Array.from({ length: 60 }, (_, i) => i / 50);

  it('differentiates the stretches between gaps one by one', () => {
    const values = times.map((t) => 1 + 2 * t - 3 * t * t);
    values.fill(Number.NaN, 20, 25);
    values[40] = Number.NaN;
    calcCoordinateSpeeds(times, values).forEach((speed, i) => {
      if (Number.isNaN(values[i])) expect(speed).toBeNaN();
      else expect(speed).toBeCloseTo(2 - 6 * times[i], 9);
    });
  });

  it('integrates back to the values', () => {
    const values = times.map((t) => Math.sin(5 * t));
    const speeds = calcCoordinateSpeeds(times, values);
    let sum = values[0];
    for (let i = 1; i < 60; i++) sum += (0.5 * (speeds[i] + speeds[i - 1])) / 50;
    expect(sum).toBeCloseTo(values[59], 2);
  });

  it('refuses arrays of different lengths', () => {
    expect(() => calcCoordinateSpeeds(times, new Float64Array(3))).toThrow(/60 time stamps and 3 values/);
  });
});
