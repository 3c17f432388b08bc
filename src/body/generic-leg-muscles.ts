import type { Vector3 } from '../data/index.js';

/** Segments of the generic leg, without their side. */
export type Segment = 'pelvis' | 'femur' | 'patella' | 'tibia' | 'foot';

export interface GenericMuscle {
  /** As in the gait2392 model, without the side, so that channel maps carry over. */
  readonly name: string;
  readonly max_isometric_force_N: number;
  readonly optimal_fibre_length_m: number;
  readonly pennation_deg: number;
  /** Fibre length over optimal fibre length in the anatomical posture of `generic-leg.ts`. */
  readonly posture_fibre_ratio: number;
  readonly path: readonly (readonly [Segment, Vector3])[];
  readonly groups: readonly string[];
}

/** Sarcomere length of greatest force in man: Walker & Schrodt (1974), Anat. Rec. 178:63–81. */
const OPTIMAL_SARCOMERE_um = 2.7;

/**
 * The knee's muscles, right side, for a body of the reference size of `generic-leg.ts`.
 *
 * Forces, fibre lengths, pennation: Arnold et al. (2010), Ann. Biomed. Eng. 38:269–279, table 1, which takes the
 * architecture that Ward et al. (2009), Clin. Orthop. Relat. Res. 467:1074–1082, measured, at 61 N/cm².
 * Fibre ratios: sarcomere lengths of Ward et al. (2009), table 1, over 2.7 µm; tensor fasciae latae was not measured, and takes 1.
 * Attachments: Delp et al. (1990), IEEE Trans. Biomed. Eng. 37:757–767, to the nearest millimetre, with via points that stay
 * put in place of those that come and go with the knee angle, so that lengths and moment arms are smooth; the quadriceps
 * get one more point, from `generic-leg-groove.ts`.
 * Frames: pelvis at the midpoint of the anterior superior iliac spines, femur at the hip centre, patella at its lower pole,
 * tibia midway between the femoral condyles, foot at the ankle centre; x forwards, y up, z to the right. Metres.
 */
export const GENERIC_MUSCLES: readonly GenericMuscle[] = [
  muscle(
    'rect_fem',
    848.8,
    0.076,
    13.9,
    2.42,
    ['knee_extensor', 'hip_flexor'],
    [
      ['pelvis', [-0.03, -0.031, 0.097]],
      ['patella', [0.012, 0.044, -0.001]],
    ],
  ),
  muscle(
    'vas_med',
    1443.7,
    0.097,
    29.6,
    2.24,
    ['knee_extensor'],
    [
      ['femur', [0.014, -0.21, 0.019]],
      ['femur', [0.036, -0.277, 0.001]],
      ['patella', [0.006, 0.045, -0.017]],
    ],
  ),
  muscle(
    'vas_int',
    1024.2,
    0.099,
    4.5,
    2.17,
    ['knee_extensor'],
    [
      ['femur', [0.029, -0.192, 0.031]],
      ['femur', [0.034, -0.208, 0.029]],
      ['patella', [0.006, 0.048, -0.001]],
    ],
  ),
  muscle(
    'vas_lat',
    2255.4,
    0.099,
    18.4,
    2.14,
    ['knee_extensor'],
    [
      ['femur', [0.005, -0.185, 0.035]],
      ['femur', [0.027, -0.259, 0.041]],
      ['patella', [0.01, 0.042, 0.014]],
    ],
  ),
  muscle(
    'semimem',
    1162.7,
    0.069,
    15.1,
    2.61,
    ['knee_flexor', 'hip_extensor'],
    [
      ['pelvis', [-0.119, -0.097, 0.072]],
      ['tibia', [-0.029, -0.044, -0.019]],
    ],
  ),
  muscle(
    'semiten',
    301.9,
    0.193,
    12.9,
    2.89,
    ['knee_flexor', 'hip_extensor'],
    [
      ['pelvis', [-0.126, -0.11, 0.06]],
      ['tibia', [-0.034, -0.049, -0.023]],
      ['tibia', [-0.011, -0.075, -0.025]],
      ['tibia', [0.003, -0.096, -0.019]],
    ],
  ),
  muscle(
    'bifemlh',
    705.2,
    0.098,
    11.6,
    2.35,
    ['knee_flexor', 'hip_extensor'],
    [
      ['pelvis', [-0.126, -0.103, 0.069]],
      ['tibia', [-0.03, -0.036, 0.029]],
      ['tibia', [-0.023, -0.056, 0.034]],
    ],
  ),
  muscle(
    'bifemsh',
    315.8,
    0.11,
    12.3,
    3.31,
    ['knee_flexor'],
    [
      ['femur', [0.005, -0.211, 0.023]],
      ['tibia', [-0.03, -0.036, 0.029]],
      ['tibia', [-0.023, -0.056, 0.034]],
    ],
  ),
  muscle(
    'sar',
    113.5,
    0.403,
    1.3,
    3.11,
    ['knee_flexor', 'hip_flexor'],
    [
      ['pelvis', [-0.015, -0.001, 0.124]],
      ['femur', [-0.003, -0.357, -0.042]],
      ['tibia', [-0.006, -0.042, -0.04]],
      ['tibia', [0.006, -0.059, -0.038]],
      ['tibia', [0.024, -0.084, -0.025]],
    ],
  ),
  muscle(
    'tfl',
    155.4,
    0.095,
    3,
    OPTIMAL_SARCOMERE_um,
    ['hip_flexor'],
    [
      ['pelvis', [-0.031, 0.021, 0.124]],
      ['femur', [0.029, -0.1, 0.06]],
      ['femur', [0.005, -0.405, 0.036]],
      ['tibia', [0.006, -0.049, 0.03]],
    ],
  ),
  muscle(
    'grac',
    137.3,
    0.228,
    8.2,
    3.24,
    ['knee_flexor', 'hip_adductor'],
    [
      ['pelvis', [-0.074, -0.119, 0.028]],
      ['tibia', [-0.022, -0.044, -0.037]],
      ['tibia', [0.006, -0.084, -0.023]],
    ],
  ),
  muscle(
    'med_gas',
    1308,
    0.051,
    9.9,
    2.59,
    ['knee_flexor', 'ankle_plantarflexor'],
    [
      ['femur', [-0.023, -0.397, -0.025]],
      ['foot', [-0.049, -0.011, 0.003]],
    ],
  ),
  muscle(
    'lat_gas',
    606.4,
    0.059,
    12,
    2.71,
    ['knee_flexor', 'ankle_plantarflexor'],
    [
      ['femur', [-0.023, -0.397, 0.027]],
      ['foot', [-0.049, -0.011, 0.003]],
    ],
  ),
];

function muscle(
  name: string,
  max_isometric_force_N: number,
  optimal_fibre_length_m: number,
  pennation_deg: number,
  sarcomere_um: number,
  groups: readonly string[],
  path: readonly (readonly [Segment, Vector3])[],
): GenericMuscle {
  const posture_fibre_ratio = sarcomere_um / OPTIMAL_SARCOMERE_um;
  return { name, max_isometric_force_N, optimal_fibre_length_m, pennation_deg, posture_fibre_ratio, path, groups };
}
