import { burst, type Norm } from './norm.js';

/**
 * Sit to stand and back; the cycle starts seated, seat-off is near 20 %, standing from 40 to 60 %, seated again from 85 %.
 *
 * Angles and moments: Roebroeck et al. 1994, Clin Biomech 9:235; Schenkman et al. 1990, Phys Ther 70:638 (knee moment per leg
 * near 1 N·m/kg at seat-off). Bursts: Roebroeck et al. 1994, figure of mean envelopes. The seat carries the body while seated.
 */
// biome-ignore format: one row per curve reads as the published table does
export const sitToStand: Norm = {
  cycle_s: 4.4,
  hip_flexion_deg: [70, 74, 82, 90, 91, 78, 55, 30, 13, 8, 6, 7, 14, 32, 56, 78, 90, 88, 80, 73],
  hip_adduction_deg: [-6, -6, -6, -6, -6, -5, -4, -3, -2, -2, -2, -2, -2, -3, -4, -5, -6, -6, -6, -6],
  knee_flexion_deg: [88, 88, 88.5, 89, 87, 76, 56, 33, 15, 8, 6, 7.5, 15, 33, 56, 76, 87, 89.5, 89, 88],
  ankle_dorsiflexion_deg: [10, 11, 12.5, 15, 18, 18, 14.5, 10, 6, 4, 3, 4, 6, 10, 14, 17, 17, 14, 12, 10.5],
  knee_moment_Nm_per_kg: [0.02, 0.04, 0.14, 0.55, 1.02, 1, 0.72, 0.4, 0.15, 0.04, 0.01, 0.03, 0.12, 0.34, 0.62, 0.86, 0.88, 0.5, 0.14, 0.04],
  bursts: [
    burst('vas_lat_r vas_med_r vas_int_r', 0.22, 0.055, 0.35),
    burst('vas_lat_r vas_med_r vas_int_r', 0.76, 0.075, 0.22),
    burst('rect_fem_r', 0.2, 0.06, 0.22),
    burst('rect_fem_r', 0.77, 0.07, 0.12),
    burst('bifemlh_r semimem_r semiten_r', 0.29, 0.07, 0.14),
    burst('bifemlh_r semimem_r semiten_r', 0.7, 0.08, 0.06),
    burst('bifemsh_r', 0.28, 0.07, 0.03),
    burst('med_gas_r lat_gas_r', 0.3, 0.08, 0.1),
    burst('soleus_r', 0.3, 0.1, 0.18),
    burst('tib_ant_r', 0.14, 0.05, 0.3),
    burst('tib_ant_r', 0.8, 0.07, 0.15),
    burst('sar_r', 0.2, 0.08, 0.07),
    burst('grac_r', 0.26, 0.08, 0.04),
    burst('tfl_r', 0.24, 0.08, 0.08),
  ],
};
