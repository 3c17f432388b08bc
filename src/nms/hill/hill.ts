import type { MuscleParameters } from '../muscles.js';

/** What a Hill model says of one muscle at one instant; written over at every call. */
export interface HillPoint {
  /** Along the tendon, never negative. */
  force_N: number;
  /** Fibre length / optimal fibre length (the constant one). */
  normalisedFibreLength: number;
  /** Fibre velocity / (optimal fibre length · maximum contraction velocity), lengthening positive, clipped to ±1. */
  normalisedFibreVelocity: number;
  /** The muscle-tendon unit is no longer than the tendon's slack length: no force can be carried. */
  slack: boolean;
  /** The equations gave a negative force, which a tendon cannot carry; it was set to zero. */
  pushing: boolean;
}

/** One muscle with its constants worked out. */
export interface HillMuscle {
  /**
   * @param activation 0…1
   * @param length_m muscle-tendon length
   * @param speed_m_per_s its rate of change, lengthening positive
   * A NaN among them makes every number of `out` that depends on it NaN.
   */
  calcInto(out: HillPoint, activation: number, length_m: number, speed_m_per_s: number): void;
}

/**
 * A muscle model of one paper. Contract: force is finite and ≥ 0 for finite input and is proportional to `strength`; nothing is remembered between calls.
 */
export interface HillModel {
  readonly name: string;
  /** The paper, and what departs from it. */
  readonly source: string;
  build(muscle: MuscleParameters): HillMuscle;
}

/** Memory for the result of `calcInto`. */
export function makeHillPoint(): HillPoint {
  return { force_N: 0, normalisedFibreLength: 0, normalisedFibreVelocity: 0, slack: false, pushing: false };
}
