import type { Random } from '../math/index.js';
import type { Activity } from './activities.js';
import { drawCut } from './anthropometry.js';
import { calcHarmonics, fitHarmonics, type Harmonics } from './harmonics.js';
import { type Burst, calcBurstDrive, type Norm } from './norms/norm.js';

/** How one person does one activity on average: the norm, bent by what is this person's own. */
export interface Habit {
  readonly activity: Activity;
  readonly cycle_s: number;
  /** Angles in rad by coordinate of the leg model (knee flexion negative). */
  readonly angles: ReadonlyMap<string, Harmonics>;
  /** The knee moment the person settles on, N·m, extension positive. */
  readonly knee_moment: Harmonics;
  readonly bursts: readonly Burst[];
}

/** What is a person's own in every activity: tempo, posture and muscle use. */
export interface Style {
  readonly tempo: number;
  /** Offsets (marker placement and posture) and relative amplitudes by angle. */
  readonly offset_deg: Readonly<Record<Angle, number>>;
  readonly amplitude: Readonly<Record<Angle, number>>;
  readonly moment_scale: number;
  /** Natural logarithm of how much more than the norm the person uses each muscle. */
  readonly use: Readonly<Record<string, number>>;
  /** Co-contraction: drive that every muscle keeps all the time. */
  readonly tone: number;
}

type Angle = 'hip_flexion_deg' | 'hip_adduction_deg' | 'knee_flexion_deg' | 'ankle_dorsiflexion_deg';

/** Angles of the norms, the coordinates of the leg model that they are, and the sign between them. */
const angleCoordinates: readonly (readonly [Angle, string, number])[] = [
  ['hip_flexion_deg', 'hip_flexion_r', 1],
  ['hip_adduction_deg', 'hip_adduction_r', 1],
  ['knee_flexion_deg', 'knee_angle_r', -1],
  ['ankle_dorsiflexion_deg', 'ankle_angle_r', 1],
];

const ORDER = 8;

export function makeStyle(rng: Random, muscles: readonly string[]): Style {
  const byAngle = (deviation: Record<Angle, number>, mean: number) =>
    Object.fromEntries(angleCoordinates.map(([angle]) => [angle, mean + deviation[angle] * drawCut(rng)])) as Record<
      Angle,
      number
    >;
  return {
    tempo: Math.exp(0.04 * drawCut(rng)),
    offset_deg: byAngle(
      { hip_flexion_deg: 4, hip_adduction_deg: 1.5, knee_flexion_deg: 1.8, ankle_dorsiflexion_deg: 2 },
      0,
    ),
    amplitude: byAngle(
      { hip_flexion_deg: 0.06, hip_adduction_deg: 0.15, knee_flexion_deg: 0.03, ankle_dorsiflexion_deg: 0.08 },
      1,
    ),
    moment_scale: Math.exp(0.1 * drawCut(rng)),
    use: Object.fromEntries(muscles.map((muscle) => [muscle, 0.25 * drawCut(rng)])),
    tone: 0.012 * Math.exp(0.4 * drawCut(rng)),
  };
}

/** Draws how a person of that style and mass does the activity. */
export function makeHabit(rng: Random, activity: Activity, style: Style, mass_kg: number): Habit {
  const { norm } = activity;
  const angles = new Map<string, Harmonics>();
  for (const [angle, coordinate, sign] of angleCoordinates) {
    const curve = fitHarmonics(norm[angle], ORDER);
    const scale = (sign * style.amplitude[angle] * Math.PI) / 180;
    const own = bend(rng, curve, 0.02, scale);
    own.cosine[0] += (sign * style.offset_deg[angle] * Math.PI) / 180;
    angles.set(coordinate, own);
  }
  return {
    activity,
    cycle_s: norm.cycle_s * style.tempo,
    angles,
    knee_moment: bend(rng, fitHarmonics(norm.knee_moment_Nm_per_kg, ORDER), 0.05, style.moment_scale * mass_kg),
    bursts: makeOwnBursts(rng, norm, style),
  };
}

/** The curve times `scale`, its first four harmonics changed by `share` of the curve's range in all. */
function bend(rng: Random, curve: Harmonics, share: number, scale: number): Harmonics {
  const values = Array.from({ length: 40 }, (_, i) => calcHarmonics(curve, i / 40));
  const range = Math.max(...values) - Math.min(...values);
  const vary = (x: number, k: number) =>
    scale * (x + (k >= 1 && k <= 4 ? (share * range * drawCut(rng)) / (2 * k) : 0));
  return { cosine: curve.cosine.map(vary), sine: curve.sine.map(vary) };
}

function makeOwnBursts(rng: Random, norm: Norm, style: Style): Burst[] {
  return norm.bursts.flatMap(({ muscles, centre, width, height }) => {
    // A synergy is timed as one; how strongly each of its muscles joins in differs.
    const shift = 0.01 * drawCut(rng);
    return muscles.map((muscle) => ({
      muscles: [muscle],
      centre: centre + shift + 0.005 * drawCut(rng),
      width: width * Math.exp(0.1 * drawCut(rng)),
      height: height * Math.exp(style.use[muscle] + 0.12 * drawCut(rng)),
    }));
  });
}

/** Drive before it is fitted to the moment: tone and bursts, at most 0.98. */
export const calcHabitDrive = (habit: Habit, style: Style, muscle: string, phase: number): number =>
  Math.min(0.98, style.tone + calcBurstDrive(habit.bursts, muscle, phase));
