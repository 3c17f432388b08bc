import { expect, it } from 'vitest';
import { calcHarmonics, fitHarmonics } from './harmonics.js';

it('passes through every value when the order is half their number', () => {
  const values = [3, -1, 4, 1, -5, 9, 2, -6, 5, 3.5];
  const curve = fitHarmonics(values, 5);
  for (let i = 0; i < 10; i++) expect(calcHarmonics(curve, i / 10 - 3)).toBeCloseTo(values[i], 12);
});

it('finds the amplitudes of a known sum of waves', () => {
  const wave = (p: number) => 2 + 3 * Math.cos(2 * Math.PI * p) - 0.5 * Math.sin(6 * Math.PI * p);
  const curve = fitHarmonics(
    Array.from({ length: 20 }, (_, i) => wave(i / 20)),
    4,
  );
  expect([...curve.cosine].map((x) => +x.toFixed(12) + 0)).toEqual([2, 3, 0, 0, 0]);
  expect(curve.sine[3]).toBeCloseTo(-0.5, 12);
  expect(calcHarmonics(curve, 0.137)).toBeCloseTo(wave(0.137), 12);
});
