import { GenuError, listNearest } from '../data/index.js';
import type { Norm } from './norms/norm.js';
import { running } from './norms/running.js';
import { sitToStand } from './norms/sit-to-stand.js';
import { squat } from './norms/squat.js';
import { stairAscent } from './norms/stairs.js';
import { makeWalkingNorm } from './norms/walking.js';

/** One activity a virtual participant can do. */
export interface Activity {
  readonly name: string;
  readonly norm: Norm;
  /** Coefficient of variation of the momentary cadence. */
  readonly cadence_variation: number;
  /** Name of the event at the start of each cycle. */
  readonly event: string;
  /**
   * Standard deviation of the error of the knee moment per body mass, as inverse dynamics has it (soft tissue, force plate, filtering;
   * Riemer, Hsiao-Wecksler & Zhang 2008, Gait & Posture 27:578), and the frequency up to which it reaches. Impact makes running worst.
   */
  readonly label_noise_Nm_per_kg: number;
  readonly label_noise_cutoff_Hz: number;
}

const walk = (name: string, speed_m_per_s: number): Activity => ({
  name,
  norm: makeWalkingNorm(speed_m_per_s),
  cadence_variation: 0.025,
  event: 'heel_strike',
  label_noise_Nm_per_kg: 0.02 + 0.01 * (speed_m_per_s - 0.8),
  label_noise_cutoff_Hz: 6,
});

const activities: readonly Activity[] = [
  walk('walk_08', 0.8),
  walk('walk_12', 1.2),
  walk('walk_16', 1.6),
  {
    name: 'run_26',
    norm: running,
    cadence_variation: 0.015,
    event: 'heel_strike',
    label_noise_Nm_per_kg: 0.06,
    label_noise_cutoff_Hz: 10,
  },
  {
    name: 'stair_ascent',
    norm: stairAscent,
    cadence_variation: 0.035,
    event: 'heel_strike',
    label_noise_Nm_per_kg: 0.03,
    label_noise_cutoff_Hz: 6,
  },
  {
    name: 'squat',
    norm: squat,
    cadence_variation: 0.06,
    event: 'cycle_start',
    label_noise_Nm_per_kg: 0.02,
    label_noise_cutoff_Hz: 4,
  },
  {
    name: 'sit_to_stand',
    norm: sitToStand,
    cadence_variation: 0.07,
    event: 'cycle_start',
    label_noise_Nm_per_kg: 0.025,
    label_noise_cutoff_Hz: 4,
  },
];

/** All activities, in the order in which a cohort does them: level walking at 0.8, 1.2 and 1.6 m/s, running at 2.6 m/s, and three more. */
export const activityNames: readonly string[] = activities.map(({ name }) => name);

/** @throws GenuError naming the activities there are */
export function getActivity(name: string): Activity {
  const activity = activities.find((a) => a.name === name);
  if (activity) return activity;
  throw new GenuError(`there is no virtual activity "${name}".`, {
    where: 'activities',
    mend: `Choose from: ${listNearest(name, activityNames)}.`,
  });
}
