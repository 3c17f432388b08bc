import type { Random } from '../math/index.js';

export interface Anthropometry {
  readonly height_m: number;
  readonly mass_kg: number;
}

/**
 * Draws a healthy adult without asking for sex: height from the even mixture of the two means of Fryar et al. 2021 (NHANES 2015–2018,
 * Vital Health Stat 3(46): 1.613 and 1.753 m; standard deviation 0.072 m), body mass index from 23.3 ± 2.2 kg/m², both cut at
 * two standard deviations: laboratory volunteers are leaner and less varied than the population.
 */
export function makeAnthropometry(rng: Random): Anthropometry {
  const mean_m = rng.uniform() < 0.5 ? 1.613 : 1.753;
  const height_m = mean_m + 0.072 * drawCut(rng);
  const index = 23.3 + 2.2 * drawCut(rng);
  return { height_m, mass_kg: index * height_m * height_m };
}

/** Standard normal, drawn again until within ±2. */
export function drawCut(rng: Random): number {
  for (;;) {
    const z = rng.normal();
    if (Math.abs(z) <= 2) return z;
  }
}
