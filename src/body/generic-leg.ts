import {
  GenuError,
  type ModelDescription,
  type MuscleDescription,
  type PathPointDescription,
  type Vector3,
} from '../data/index.js';
import { buildBody } from './body.js';
import { makeGroovePoint } from './generic-leg-groove.js';
import { GENERIC_MUSCLES, type GenericMuscle } from './generic-leg-muscles.js';
import {
  getHipCentre,
  guessHeight_m,
  type LegFrame,
  type LegSegments,
  makeBodies,
  makeJoints,
  makeLegFrame,
  makePatellaPose,
} from './generic-leg-skeleton.js';
import { calcMuscleGeometry } from './muscle-geometry.js';

const DEGREE = Math.PI / 180;

/** Size of the body that the forces and the fibre lengths stand for: the model of Arnold et al. (2010). */
const STRENGTH_REFERENCE = { mass_kg: 75, height_m: 1.7 };

/** Posture in which the fibre ratios hold (degrees): the leg straight, the foot hanging, as cadavers lie. The ankle angle is our choice. */
const POSTURE = [0, 0, -20] as const;

/**
 * Postures at the ends of daily activities that stretch one muscle or another: hip flexion, knee angle and ankle angle in degrees, of
 * walking and running (Novacheck 1998, Gait & Posture 7:77), stairs (Riener et al. 2002, Gait & Posture 15:32), squatting, sitting and
 * maximal efforts on a dynamometer; rounded by us.
 */
const WORKING_POSTURES: readonly (readonly [number, number, number])[] = [
  [-15, -5, 15],
  [-10, -45, -15],
  [20, -65, 0],
  [30, 0, 0],
  [25, -85, 10],
  [55, -50, 0],
  [65, -95, 15],
  [60, -60, 0],
  [90, -95, 10],
  [100, -110, 20],
];

/** What is believed of anybody's segments. */
const SEGMENT_RANGES_m = {
  thigh: [0.1, 0.8],
  shank: [0.1, 0.8],
  foot: [0.05, 0.5],
  pelvis_width: [0.08, 0.6],
} as const;

/** Longest fibre in a working posture, in optimal lengths. Past it, CEINMS's passive force grows beyond what relaxed knees resist. */
const LONGEST_FIBRE = 1.25;

/**
 * A generic leg for laboratories without a model of their own: pelvis, thigh, shank, patella, foot, and the thirteen muscles
 * that cross the knee. Its coordinates (hip_flexion, hip_adduction, knee_angle, ankle_angle, with `_r` or `_l`) are named and
 * signed as in gait2392: knee flexion negative.
 *
 * Segments scale with stature by fixed proportions. Fibre lengths scale with stature and forces with body mass: muscle volume
 * goes with mass × height (Handsfield et al. 2014, J. Biomech. 47:631–638), and force is volume over fibre length.
 * Tendon slack lengths are set so that, with a stiff tendon, each fibre has its measured length in the posture it was measured in; where
 * that would stretch it past 1.25 optimal lengths in a working posture, the tendon is made longer. Fitting slack lengths to the fibres'
 * working range is the usual remedy for generic tendons (Manal & Buchanan 2004, J. Appl. Biomech. 20:195; Winby et al. 2008, J. Biomech. 41:1682).
 * @param options.height_m stature, default 1.75, or what thigh and shank go with
 * @param options.mass_kg body mass, default 75
 * @param options.segments_m measured lengths, which go before those that follow from the stature. The tendons, as long as the path leaves
 * over the fibres, follow the segments; the fibres follow the stature
 * @throws GenuError for a height, mass or length that nobody has
 */
export function makeGenericLeg(
  options: {
    readonly side?: 'right' | 'left';
    readonly height_m?: number;
    readonly mass_kg?: number;
    readonly segments_m?: LegSegments;
  } = {},
): ModelDescription {
  const { side = 'right', mass_kg = 75, segments_m = {} } = options;
  const height_m = options.height_m ?? guessHeight_m(segments_m) ?? 1.75;
  checkRange('height_m', height_m, 0.7, 2.6, 'metres');
  checkRange('mass_kg', mass_kg, 8, 300, 'kilograms');
  for (const [name, [low, high]] of Object.entries(SEGMENT_RANGES_m)) {
    const length = segments_m[name as keyof LegSegments];
    if (length !== undefined) checkRange(`segments_m.${name}`, length, low, high, 'metres');
  }
  const leg = makeLegFrame(side, height_m, mass_kg, segments_m);
  const measured = Object.entries(segments_m).flatMap(([name, length]) =>
    length === undefined ? [] : [`${name.replace('_', ' ')} ${length.toFixed(3)} m`],
  );
  const model: ModelDescription = {
    name: `generic ${side} leg`,
    version: 0,
    ground: 'ground',
    bodies: makeBodies(leg),
    joints: makeJoints(leg),
    couplers: [],
    muscles: GENERIC_MUSCLES.map((part) => makeMuscle(part, leg)),
    notes: [
      `A generic ${side} leg for ${Number(height_m.toFixed(3))} m and ${mass_kg} kg${measured.length > 0 ? `, scaled to measured segments (${measured.join(', ')})` : ''}: published averages, not the subject's own anatomy.`,
    ],
  };
  return { ...model, muscles: fitTendons(model, leg.suffix) };
}

function makeMuscle(part: GenericMuscle, leg: LegFrame): MuscleDescription {
  return {
    name: part.name + leg.suffix,
    type: 'generic',
    max_isometric_force_N: (part.max_isometric_force_N * leg.mass_kg) / STRENGTH_REFERENCE.mass_kg,
    optimal_fibre_length_m: (part.optimal_fibre_length_m * leg.height_m) / STRENGTH_REFERENCE.height_m,
    tendon_slack_length_m: 0,
    pennation_at_optimal_rad: part.pennation_deg * DEGREE,
    max_contraction_velocity: 10,
    path: makePath(part, leg),
    wraps: [],
    groups: part.groups.map((group) => group + leg.suffix),
  };
}

function makePath(part: GenericMuscle, leg: LegFrame): PathPointDescription[] {
  const name = (i: number): string => `${part.name}${leg.suffix}-P${i + 1}`;
  const points = part.path.map(
    ([segment, location], i): PathPointDescription => ({
      type: 'fixed',
      name: name(i),
      body: leg.nameOf(segment),
      location_m: leg.place(segment, location),
    }),
  );
  const last = part.path.length - 1;
  const [segment, insertion] = part.path[last];
  if (segment !== 'patella') return points;
  const [above, from] = part.path[last - 1];
  const hip: Vector3 = getHipCentre(leg);
  const start = leg.place(above, from);
  const groove = makeGroovePoint(
    `${part.name}${leg.suffix}-groove`,
    leg.nameOf('femur'),
    `knee_angle${leg.suffix}`,
    // A muscle from the pelvis is brought into the femur as it lies with the hip straight.
    above === 'pelvis' ? [start[0] - hip[0], start[1] - hip[1], start[2] - hip[2]] : start,
    leg.place(segment, insertion),
    makePatellaPose(leg),
    leg.scales.femur,
  );
  return [...points.slice(0, last), groove, points[last]];
}

/** Tendon slack length = path length − fibre along the tendon, in the posture of the fibre measurements; longer where a working posture needs it. */
function fitTendons(model: ModelDescription, suffix: string): MuscleDescription[] {
  const postures = [POSTURE, ...WORKING_POSTURES];
  const column = (k: number) => Float64Array.from(postures, (posture) => posture[k] * DEGREE);
  const { lengths_m } = calcMuscleGeometry(buildBody(model), {
    coordinates: {
      [`hip_flexion${suffix}`]: column(0),
      [`knee_angle${suffix}`]: column(1),
      [`ankle_angle${suffix}`]: column(2),
    },
  });
  return model.muscles.map((muscle, i) => {
    const thickness = muscle.optimal_fibre_length_m * Math.sin(muscle.pennation_at_optimal_rad);
    const slackFor = (length_m: number, ratio: number) =>
      length_m - Math.sqrt((ratio * muscle.optimal_fibre_length_m) ** 2 - thickness ** 2);
    const [measured, ...working] = lengths_m[i];
    const slack_m = Math.max(
      slackFor(measured, GENERIC_MUSCLES[i].posture_fibre_ratio),
      ...working.map((length_m) => slackFor(length_m, LONGEST_FIBRE)),
    );
    return { ...muscle, tendon_slack_length_m: slack_m };
  });
}

function checkRange(name: string, value: number, low: number, high: number, unit: string): void {
  if (value >= low && value <= high) return;
  throw new GenuError(`${name} is ${value}.`, { where: 'generic leg', mend: `Give it in ${unit}, ${low} to ${high}.` });
}
