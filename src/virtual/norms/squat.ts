import { burst, type Norm } from './norm.js';

/**
 * Body-weight squat to about 95° of knee flexion; the cycle starts standing, the lowest point is at 50 %.
 *
 * Angles and moments: Escamilla 2001, Med Sci Sports Exerc 33:127; Flanagan, Salem et al. 2003, Med Sci Sports Exerc 35:635
 * (moment per leg without a load). Bursts: Isear, Erickson & Worrell 1997, Med Sci Sports Exerc 29:532.
 */
// biome-ignore format: one row per curve reads as the published table does
export const squat: Norm = {
  cycle_s: 3.2,
  hip_flexion_deg: [5, 6, 10, 18, 29, 42, 55, 67, 76, 82, 84, 82, 76, 67, 55, 42, 29, 17, 9, 6],
  hip_adduction_deg: [-3, -3, -3, -4, -5, -6, -7, -8, -9, -9, -9, -9, -9, -8, -7, -6, -5, -4, -3, -3],
  knee_flexion_deg: [6, 7, 12, 22, 36, 51, 66, 79, 88, 94, 96, 94, 88, 78, 65, 50, 35, 21, 11, 7],
  ankle_dorsiflexion_deg: [3, 3, 5, 9, 14, 18, 21.5, 24, 25.5, 26.5, 27, 26.5, 25.5, 24, 21, 17, 12.5, 8, 5, 3],
  knee_moment_Nm_per_kg: [0.02, 0.03, 0.1, 0.24, 0.42, 0.62, 0.82, 0.98, 1.1, 1.17, 1.2, 1.18, 1.1, 0.96, 0.78, 0.56, 0.36, 0.18, 0.07, 0.03],
  bursts: [
    burst('vas_lat_r vas_med_r vas_int_r', 0.46, 0.16, 0.3),
    burst('vas_lat_r vas_med_r vas_int_r', 0.62, 0.09, 0.2),
    burst('rect_fem_r', 0.5, 0.15, 0.22),
    burst('bifemlh_r semimem_r semiten_r', 0.65, 0.12, 0.1),
    burst('bifemsh_r', 0.6, 0.12, 0.03),
    burst('med_gas_r lat_gas_r', 0.6, 0.18, 0.08),
    burst('soleus_r', 0.55, 0.18, 0.15),
    burst('tib_ant_r', 0.45, 0.15, 0.15),
    burst('sar_r', 0.5, 0.15, 0.06),
    burst('grac_r', 0.55, 0.15, 0.04),
    burst('tfl_r', 0.5, 0.15, 0.06),
  ],
};
