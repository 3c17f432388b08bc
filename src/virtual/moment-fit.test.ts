import { expect, it } from 'vitest';
import { bendActivations, fitMoment } from './moment-fit.js';

const habitual = new Map([
  ['vas_lat_r', Float64Array.of(0.2, 0.2, 0.2, 0.2)],
  ['bifemlh_r', Float64Array.of(0.1, 0.1, 0.1, 0.1)],
  ['tfl_r', Float64Array.of(0.3, 0.3, 0.3, 0.3)],
]);
const calcMoment = (a: ReadonlyMap<string, Float64Array>) =>
  a.get('vas_lat_r')!.map((x, i) => 100 * x - 60 * a.get('bifemlh_r')![i] + 5 * a.get('tfl_r')![i]);

it('reaches every moment within reach, and the nearest where none is', () => {
  const wanted = Float64Array.of(15.5, 40, -20, 500);
  const bend = fitMoment(habitual, wanted, calcMoment);
  const reached = calcMoment(bendActivations(habitual, bend));
  for (let i = 0; i < 3; i++) expect(reached[i]).toBeCloseTo(wanted[i], 2);
  // The habit gives 15.5 by itself.
  expect(bend[0]).toBeCloseTo(0, 4);
  // λ = 3.5: the extensor at its most, the flexor at a₀·e^(−0.8·3.5).
  expect(reached[3]).toBeCloseTo(95 - 6 * Math.exp(-2.8) + 1.5, 1);
});

it('leaves a muscle without a part in the moment alone, and keeps activations within 0.004…0.95', () => {
  const bent = bendActivations(habitual, Float64Array.of(-9, -1, 1, 9));
  expect(bent.get('tfl_r')).toEqual(habitual.get('tfl_r'));
  expect([...bent.get('vas_lat_r')!].map((x) => +x.toFixed(6))).toEqual([
    0.004,
    +(0.2 / Math.E).toFixed(6),
    +(0.2 * Math.E).toFixed(6),
    0.95,
  ]);
});
