import type { Random } from '../math/index.js';
import { makeWobble } from './wobble.js';

/** Where in its cycle a person is at every sample, counted on: phase 3.25 is a quarter into the fourth cycle. */
export interface Rhythm {
  readonly phase: Float64Array;
  /** Times at which a cycle starts, s, from time 0 on. */
  readonly starts_s: readonly number[];
}

/**
 * Makes a rhythm whose cycle durations vary smoothly about `cycle_s`. Time runs from `start_s` (negative: a lead-in), so that
 * filters that follow have settled at time 0.
 * @param variation coefficient of variation of the momentary cadence; must stay below 0.2, or phase could run backwards
 */
export function makeRhythm(
  rng: Random,
  start_s: number,
  count: number,
  rate_Hz: number,
  cycle_s: number,
  variation: number,
): Rhythm {
  const cadence = makeWobble(rng, count, rate_Hz, cycle_s, variation);
  const phase = new Float64Array(count);
  const starts_s: number[] = [];
  phase[0] = rng.uniform();
  for (let i = 1; i < count; i++) {
    phase[i] = phase[i - 1] + (1 + 0.5 * (cadence[i - 1] + cadence[i])) / (cycle_s * rate_Hz);
    const whole = Math.floor(phase[i]);
    if (whole === Math.floor(phase[i - 1])) continue;
    const start = start_s + (i - (phase[i] - whole) / (phase[i] - phase[i - 1])) / rate_Hz;
    if (start >= 0) starts_s.push(start);
  }
  return { phase, starts_s };
}
