import { burst, type Norm } from './norm.js';

/**
 * Stair ascent, step over step, inclination about 30°; the cycle starts at foot contact, stance lasts 62 % of it.
 *
 * Angles and moments: Riener, Rabuffetti & Frigo 2002, Gait & Posture 15:32. Bursts: McFadyen & Winter 1988, J Biomech 21:733.
 */
// biome-ignore format: one row per curve reads as the published table does
export const stairAscent: Norm = {
  cycle_s: 1.41,
  hip_flexion_deg: [58, 57, 53.5, 48, 42, 35, 28, 21, 15, 10, 7, 6, 9, 17.5, 30, 43, 53, 60, 62.5, 61],
  hip_adduction_deg: [-2, 1, 4, 6, 6.5, 6, 5, 4, 3, 2, 0, -3, -6, -8, -8, -7, -5.5, -4.5, -4, -3],
  knee_flexion_deg: [64, 64, 60.5, 54, 46, 38, 30, 22, 16, 12, 10.5, 13, 23, 41, 62, 80, 90, 91, 83, 72],
  ankle_dorsiflexion_deg: [12, 14, 16.5, 17, 15, 12, 9, 7.5, 7.5, 9, 9.5, 4, -7, -13, -7, 3, 10, 13, 13, 12],
  knee_moment_Nm_per_kg: [0.05, 0.45, 0.95, 1.12, 1, 0.75, 0.48, 0.2, 0, -0.12, -0.18, -0.12, 0.08, 0.18, 0.1, 0, -0.06, -0.09, -0.1, -0.06],
  bursts: [
    burst('vas_lat_r vas_med_r vas_int_r', 0.12, 0.09, 0.45),
    burst('vas_lat_r vas_med_r vas_int_r', 0.97, 0.05, 0.12),
    burst('rect_fem_r', 0.12, 0.09, 0.25),
    burst('rect_fem_r', 0.62, 0.06, 0.12),
    burst('bifemlh_r semimem_r semiten_r', 0.2, 0.12, 0.18),
    burst('bifemlh_r semimem_r semiten_r', 0.68, 0.08, 0.16),
    burst('bifemsh_r', 0.67, 0.07, 0.17),
    burst('med_gas_r', 0.48, 0.09, 0.45),
    burst('lat_gas_r', 0.5, 0.08, 0.35),
    burst('soleus_r', 0.45, 0.12, 0.5),
    burst('tib_ant_r', 0.68, 0.08, 0.35),
    burst('tib_ant_r', 0.9, 0.08, 0.25),
    burst('sar_r', 0.7, 0.09, 0.15),
    burst('grac_r', 0.68, 0.08, 0.1),
    burst('tfl_r', 0.15, 0.12, 0.2),
    burst('tfl_r', 0.72, 0.08, 0.12),
  ],
};
