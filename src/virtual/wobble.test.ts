import { expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { knotForCutoff_s, makeWobble } from './wobble.js';

const calcPower = (x: Float64Array) => x.reduce((sum, v) => sum + v * v, 0) / x.length;

it('has mean 0 and the declared standard deviation', () => {
  const wobble = makeWobble(makeRandom(1), 200_000, 100, 0.2, 3);
  expect(Math.abs(wobble.reduce((sum, v) => sum + v, 0) / wobble.length)).toBeLessThan(0.15);
  expect(Math.sqrt(calcPower(wobble))).toBeCloseTo(3, 1);
});

it('has two continuous derivatives: halving the step halves the largest jump of the second', () => {
  const jump = (rate_Hz: number) => {
    const x = makeWobble(makeRandom(2), 4 * rate_Hz, rate_Hz, 0.25, 1);
    let most = 0;
    for (let i = 3; i < x.length; i++)
      most = Math.max(most, Math.abs(x[i] - 3 * x[i - 1] + 3 * x[i - 2] - x[i - 3]) * rate_Hz ** 2);
    return most;
  };
  expect(jump(800) / jump(400)).toBeCloseTo(0.5, 1);
});

it('has half its peak power density at the cutoff', () => {
  // Periodogram averaged over many stretches, at nearly 0 Hz and at the cutoff.
  const density = (frequency_Hz: number) => {
    let sum = 0;
    for (let n = 0; n < 400; n++) {
      const x = makeWobble(makeRandom(`stretch ${n}`), 1000, 100, knotForCutoff_s(2), 1);
      let re = 0;
      let im = 0;
      for (let i = 0; i < x.length; i++) {
        re += x[i] * Math.cos((2 * Math.PI * frequency_Hz * i) / 100);
        im += x[i] * Math.sin((2 * Math.PI * frequency_Hz * i) / 100);
      }
      sum += re * re + im * im;
    }
    return sum;
  };
  expect(density(2) / density(0.1)).toBeGreaterThan(0.4);
  expect(density(2) / density(0.1)).toBeLessThan(0.6);
});
