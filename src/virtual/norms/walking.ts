import { type Burst, burst, type Norm } from './norm.js';

/**
 * Level walking at `speed_m_per_s`, blended between a slow (0.8 m/s) and a fast (1.6 m/s) mean curve; the cycle starts at heel strike.
 *
 * Angles and moments: Winter 1991, The Biomechanics and Motor Control of Human Gait; their change with speed: Schwartz et al. 2008,
 * J Biomech 41:1639 (stance flexion and extension moment grow most). Bursts: Winter & Yack 1987, Electroencephalogr Clin
 * Neurophysiol 67:402; Perry & Burnfield 2010, Gait Analysis. Sartorius, gracilis and tensor fasciae latae follow the latter.
 */
export function makeWalkingNorm(speed_m_per_s: number): Norm {
  const share = (speed_m_per_s - 0.8) / 0.8;
  const blend = (slow: readonly number[], fast: readonly number[]) => slow.map((a, i) => a + share * (fast[i] - a));
  const gain = 0.55 + 0.75 * share;
  return {
    cycle_s: 1.3 - 0.35 * share,
    hip_flexion_deg: blend(slow.hip_flexion, fast.hip_flexion),
    hip_adduction_deg: blend(slow.hip_adduction, fast.hip_adduction),
    knee_flexion_deg: blend(slow.knee_flexion, fast.knee_flexion),
    ankle_dorsiflexion_deg: blend(slow.ankle, fast.ankle),
    knee_moment_Nm_per_kg: blend(slow.moment, fast.moment),
    bursts: bursts.map((b) => ({ ...b, height: b.height * gain })),
  };
}

// biome-ignore format: one row per curve reads as the published table does
const slow = {
  hip_flexion: [26, 25.5, 24, 20.5, 16.5, 12, 7.5, 3.5, 0, -3.5, -6.5, -8, -6, 0, 9, 17, 23, 26.5, 28, 27.5],
  hip_adduction: [-1, 1.5, 4, 5, 5, 4.5, 4, 3.5, 3, 2.5, 1, -1.5, -4, -5.5, -5.5, -4.5, -3.5, -2.5, -1.5, -1],
  knee_flexion: [4, 7, 10, 11, 10.5, 9, 7, 5.5, 4.5, 4.5, 6.5, 12.5, 24, 39, 51.5, 56.5, 53, 41, 24, 9.5],
  ankle: [0, -3, -3, -0.5, 2.5, 5, 7, 8.5, 10, 11, 11.5, 9.5, 2, -8, -11, -6.5, -2, 0.5, 2, 2],
  moment: [-0.12, 0.02, 0.2, 0.22, 0.14, 0.04, -0.05, -0.12, -0.17, -0.19, -0.14, -0.02, 0.07, 0.09, 0.06, 0.02, -0.03, -0.08, -0.14, -0.17],
};

// biome-ignore format: one row per curve reads as the published table does
const fast = {
  hip_flexion: [33, 32.5, 30.5, 26, 20.5, 14.5, 8.5, 2.5, -3.5, -8.5, -12, -12.5, -7.5, 2.5, 14, 23.5, 30.5, 34.5, 35.5, 34.5],
  hip_adduction: [0, 3, 6, 7.5, 7, 5.5, 4.5, 3.5, 2.5, 1, -1.5, -4.5, -7, -8, -7.5, -6, -4, -2.5, -1, -0.5],
  knee_flexion: [5.5, 14, 21, 23.5, 21.5, 17.5, 13, 9, 7, 7.5, 12.5, 24, 39.5, 54.5, 63.5, 63.5, 54.5, 37.5, 18, 6],
  ankle: [0.5, -5, -4.5, -0.5, 2.5, 4.5, 6, 7.5, 8.5, 8.5, 6, -1.5, -13, -20, -16.5, -9, -3, 1, 2.5, 2],
  moment: [-0.25, 0.12, 0.72, 0.88, 0.66, 0.34, 0.08, -0.08, -0.18, -0.17, 0.03, 0.24, 0.28, 0.18, 0.08, -0.02, -0.12, -0.25, -0.4, -0.42],
};

const bursts: readonly Burst[] = [
  burst('vas_lat_r vas_med_r vas_int_r', 0.07, 0.05, 0.26),
  burst('vas_lat_r vas_med_r vas_int_r', 0.95, 0.04, 0.09),
  burst('rect_fem_r', 0.06, 0.05, 0.16),
  burst('rect_fem_r', 0.6, 0.05, 0.1),
  burst('bifemlh_r semimem_r semiten_r', 0.92, 0.06, 0.24),
  burst('bifemlh_r semimem_r semiten_r', 0.06, 0.06, 0.1),
  burst('bifemsh_r', 0.93, 0.05, 0.07),
  burst('bifemsh_r', 0.68, 0.06, 0.08),
  burst('med_gas_r', 0.4, 0.09, 0.42),
  burst('lat_gas_r', 0.43, 0.08, 0.3),
  burst('soleus_r', 0.4, 0.11, 0.4),
  burst('tib_ant_r', 0.02, 0.05, 0.35),
  burst('tib_ant_r', 0.7, 0.1, 0.2),
  burst('sar_r', 0.66, 0.09, 0.1),
  burst('grac_r', 0.64, 0.08, 0.07),
  burst('grac_r', 0.97, 0.06, 0.07),
  burst('tfl_r', 0.1, 0.1, 0.15),
  burst('tfl_r', 0.62, 0.09, 0.08),
];
