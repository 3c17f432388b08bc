import type {
  BodyDescription,
  CoordinateDescription,
  FunctionDescription,
  JointDescription,
  TransformAxisDescription,
  Vector3,
} from '../data/index.js';
import { buildFunction } from './function.js';
import type { PatellaPose } from './generic-leg-groove.js';
import type { Segment } from './generic-leg-muscles.js';

const DEGREE = Math.PI / 180;

/** Thigh, shank and foot length over stature: Drillis & Contini (1966), as in Winter (2009), figure 4.1. */
const PROPORTIONS = { thigh: 0.245, shank: 0.246, foot: 0.152 };
/**
 * Segment lengths (hip to knee, knee to ankle) and stature of the body that the attachments were measured on. Its pelvis is as wide as the
 * origins of sartorius and tensor fasciae latae at the anterior superior iliac spines are apart (Delp et al. 1990).
 */
const REFERENCE = { thigh_m: 0.396, shank_m: 0.43, height_m: 1.8, pelvis_width_m: 0.248 };

/**
 * Mass over body mass; centre of mass from the upper joint and radii of gyration about it (transverse and long axis), over
 * segment length. Masses, centres, transverse radii: Winter (2009), table 4.1; long axis: de Leva (1996), J. Biomech. 29:1223.
 */
const INERTIA = {
  thigh: { mass: 0.1, centre: 0.433, transverse: 0.323, axial: 0.149 },
  shank: { mass: 0.0465, centre: 0.433, transverse: 0.302, axial: 0.103 },
  foot: { mass: 0.0145, centre: 0.5, transverse: 0.475, axial: 0.124 },
  pelvis: { mass: 0.142 },
};

/** Hip centre in the pelvis: Delp et al. (1990), IEEE Trans. Biomed. Eng. 37:757–767. */
const HIP_CENTRE_m: Vector3 = [-0.071, -0.066, 0.084];

/**
 * Tibia in the femur, and patella in the tibia, against knee angle (degrees, flexion negative): the planar knee of
 * Yamaguchi & Zajac (1989), J. Biomech. 22:1–10, as tabulated for the model of Delp et al. (1990), with fewer points.
 */
const KNEE = {
  tibia_x_m: table(
    [-120, -100, -80, -60, -40, -20, -10, 11, 28],
    [-3.2, 1.8, 4.1, 4.1, 2.1, -1, -3.1, -5.2, -5.6],
    1e-3,
  ),
  tibia_y_m: table([-120, -70, -30, -20, -10, 9, 28], [-422.6, -408.2, -399, -397.6, -396.6, -395.3, -394.5], 1e-3),
  patella_x_m: table([-120, -80, -60, -40, -20, -10, 0, 10], [17.3, 32.4, 38.1, 43, 46.9, 48.4, 49.6, 50.5], 1e-3),
  patella_y_m: table([-120, -90, -60, -40, -20, 0, 10], [-21.9, -20.2, -20.4, -21.1, -21.9, -22.7, -23.1], 1e-3),
  patella_turn: table([-120, -84, -30, 2, 10], [17.7, 17.6, 15.5, -2.1, -8], DEGREE),
};

/** Sizes and names of one generic leg. */
export interface LegFrame {
  readonly suffix: '_r' | '_l';
  readonly height_m: number;
  readonly mass_kg: number;
  /** Lengths in m. */
  readonly lengths: Readonly<Record<'thigh' | 'shank' | 'foot', number>>;
  /** Scale of each segment over the reference body. */
  readonly scales: Readonly<Record<Segment, number>>;
  /** A point of the right reference leg, scaled and brought to this side. */
  place(segment: Segment, location: Vector3): Vector3;
  nameOf(segment: Segment): string;
}

/** Measured lengths of segments in m; what is left out is taken from the stature. */
export interface LegSegments {
  /** Hip centre to knee centre. */
  readonly thigh?: number | undefined;
  /** Knee centre to ankle centre. */
  readonly shank?: number | undefined;
  /** Heel to toe tip. */
  readonly foot?: number | undefined;
  /** Between the anterior superior iliac spines. */
  readonly pelvis_width?: number | undefined;
}

/** Stature that thigh and shank go with, where it is not known; undefined without both of them. */
export function guessHeight_m({ thigh, shank }: LegSegments): number | undefined {
  if (thigh === undefined || shank === undefined) return undefined;
  return (thigh + shank) / (PROPORTIONS.thigh + PROPORTIONS.shank);
}

export function makeLegFrame(
  side: 'right' | 'left',
  height_m: number,
  mass_kg: number,
  segments: LegSegments = {},
): LegFrame {
  const suffix = side === 'right' ? '_r' : '_l';
  const lateral = side === 'right' ? 1 : -1;
  const lengths = {
    thigh: segments.thigh ?? PROPORTIONS.thigh * height_m,
    shank: segments.shank ?? PROPORTIONS.shank * height_m,
    foot: segments.foot ?? PROPORTIONS.foot * height_m,
  };
  const whole = height_m / REFERENCE.height_m;
  const pelvis = segments.pelvis_width === undefined ? whole : segments.pelvis_width / REFERENCE.pelvis_width_m;
  const foot = segments.foot === undefined ? whole : lengths.foot / (PROPORTIONS.foot * REFERENCE.height_m);
  const shank = lengths.shank / REFERENCE.shank_m;
  const thigh = lengths.thigh / REFERENCE.thigh_m;
  const scales = { pelvis, femur: thigh, patella: shank, tibia: shank, foot };
  return {
    suffix,
    height_m,
    mass_kg,
    lengths,
    scales,
    place: (segment, [x, y, z]) => [scales[segment] * x, scales[segment] * y, scales[segment] * z * lateral],
    nameOf: (segment) => (segment === 'pelvis' ? 'pelvis' : segment + suffix),
  };
}

export function makeBodies({ nameOf, height_m, mass_kg, lengths, scales }: LegFrame): BodyDescription[] {
  const long = (segment: 'femur' | 'tibia' | 'foot', name: 'thigh' | 'shank' | 'foot'): BodyDescription => {
    const part = INERTIA[name];
    const length = lengths[name];
    const mass = part.mass * mass_kg;
    const across = mass * (part.transverse * length) ** 2;
    const along = mass * (part.axial * length) ** 2;
    const centre = part.centre * length;
    return {
      name: nameOf(segment),
      mass_kg: mass,
      // The foot runs forwards from the heel, a quarter of its length behind the ankle, and lies below it.
      mass_centre_m: segment === 'foot' ? [centre - length / 4, -0.02 * height_m, 0] : [0, -centre, 0],
      inertia: segment === 'foot' ? [along, across, across, 0, 0, 0] : [across, along, across, 0, 0, 0],
    };
  };
  const massless = { mass_kg: 0, mass_centre_m: [0, 0, 0], inertia: [0, 0, 0, 0, 0, 0] } as const;
  return [
    {
      ...massless,
      name: 'pelvis',
      mass_kg: INERTIA.pelvis.mass * mass_kg,
      mass_centre_m: [-0.07 * scales.pelvis, 0, 0],
    },
    long('femur', 'thigh'),
    long('tibia', 'shank'),
    { ...massless, name: nameOf('patella') },
    long('foot', 'foot'),
  ];
}

export function makeJoints({ suffix, place, nameOf, scales, lengths }: LegFrame): JointDescription[] {
  const [flexion, adduction, knee, ankle] = ['hip_flexion', 'hip_adduction', 'knee_angle', 'ankle_angle'].map(
    (name) => name + suffix,
  );
  const joint = (
    name: string,
    parent_body: string,
    child_body: string,
    origin: Vector3,
    moves: Pick<JointDescription, 'coordinates' | 'rotations' | 'translations'>,
  ): JointDescription => ({
    name,
    type: 'CustomJoint',
    parent_body,
    child_body,
    parent_translation_m: origin,
    parent_orientation_rad: [0, 0, 0],
    child_translation_m: [0, 0, 0],
    child_orientation_rad: [0, 0, 0],
    ...moves,
  });
  const follow = (axis: Vector3, description: FunctionDescription): TransformAxisDescription => ({
    axis,
    coordinates: [knee],
    function: description,
  });
  const lateral = suffix === '_r' ? 1 : -1;
  const here: Vector3 = [0, 0, 0];
  return [
    joint('ground_pelvis', 'ground', 'pelvis', here, { coordinates: [], rotations: [], translations: [] }),
    joint(`hip${suffix}`, 'pelvis', nameOf('femur'), place('pelvis', HIP_CENTRE_m), {
      coordinates: [angle(flexion, -120, 120), angle(adduction, -120, 120)],
      rotations: [turn(flexion, [0, 0, 1]), turn(adduction, [lateral, 0, 0])],
      translations: [],
    }),
    joint(`knee${suffix}`, nameOf('femur'), nameOf('tibia'), here, {
      coordinates: [angle(knee, -120, 10)],
      rotations: [turn(knee, [0, 0, 1])],
      translations: [
        follow([1, 0, 0], scale(scales.femur, KNEE.tibia_x_m)),
        follow([0, 1, 0], scale(scales.femur, KNEE.tibia_y_m)),
      ],
    }),
    joint(`patella${suffix}`, nameOf('tibia'), nameOf('patella'), here, {
      coordinates: [],
      rotations: [follow([0, 0, 1], KNEE.patella_turn)],
      translations: [
        follow([1, 0, 0], scale(scales.tibia, KNEE.patella_x_m)),
        follow([0, 1, 0], scale(scales.tibia, KNEE.patella_y_m)),
      ],
    }),
    joint(`ankle${suffix}`, nameOf('tibia'), nameOf('foot'), [0, -lengths.shank, 0], {
      coordinates: [angle(ankle, -60, 40)],
      rotations: [turn(ankle, [0, 0, 1])],
      translations: [],
    }),
  ];
}

/** Where the patella is in the femur, from the same tables as the joints. */
export function makePatellaPose({ scales }: LegFrame): PatellaPose {
  const calc = (description: FunctionDescription): ((knee: number) => number) => {
    const built = buildFunction(description, [0], 'generic leg');
    return (knee) => built.calcValue(Float64Array.of(knee));
  };
  const [tibiaX, tibiaY] = [calc(KNEE.tibia_x_m), calc(KNEE.tibia_y_m)];
  const [patellaX, patellaY, patellaTurn] = [calc(KNEE.patella_x_m), calc(KNEE.patella_y_m), calc(KNEE.patella_turn)];
  return (knee) => {
    const [x, y] = [scales.tibia * patellaX(knee), scales.tibia * patellaY(knee)];
    return [
      scales.femur * tibiaX(knee) + Math.cos(knee) * x - Math.sin(knee) * y,
      scales.femur * tibiaY(knee) + Math.sin(knee) * x + Math.cos(knee) * y,
      knee + patellaTurn(knee),
    ];
  };
}

/** The hip centre in the pelvis of this leg. */
export function getHipCentre(leg: LegFrame): Vector3 {
  return leg.place('pelvis', HIP_CENTRE_m);
}

function angle(name: string, low_deg: number, high_deg: number): CoordinateDescription {
  return { name, motion: 'rotational', default_value: 0, range: [low_deg * DEGREE, high_deg * DEGREE], locked: false };
}

function turn(coordinate: string, axis: Vector3): TransformAxisDescription {
  return { axis, coordinates: [coordinate], function: { type: 'linear', coefficients: [1, 0] } };
}

function scale(factor: number, inner: FunctionDescription): FunctionDescription {
  return { type: 'multiplier', scale: factor, function: inner };
}

function table(degrees: readonly number[], values: readonly number[], unit: number): FunctionDescription {
  return { type: 'simm_spline', x: degrees.map((x) => x * DEGREE), y: values.map((y) => y * unit) };
}
