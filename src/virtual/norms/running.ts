import { burst, type Norm } from './norm.js';

/**
 * Level running at 2.6 m/s; the cycle starts at foot contact, stance lasts 38 % of it.
 *
 * Angles and moments: Novacheck 1998, Gait & Posture 7:77; Schache et al. 2011, Med Sci Sports Exerc 43:1260 (moments at the
 * lower speeds). Bursts: Cappellini et al. 2006, J Neurophysiol 95:3426.
 */
// biome-ignore format: one row per curve reads as the published table does
export const running: Norm = {
  cycle_s: 0.75,
  hip_flexion_deg: [31, 31.5, 29, 24, 17, 9.5, 2.5, -4, -7.5, -6, 0.5, 9.5, 19, 28, 35, 39.5, 41, 39.5, 36, 32.5],
  hip_adduction_deg: [1, 5, 9, 10, 9, 6.5, 3.5, 0.5, -2, -4, -5, -5.5, -5, -4, -3.5, -3, -3, -3, -2.5, -1],
  knee_flexion_deg: [15, 25, 35, 41, 41.5, 37, 29.5, 22, 18, 22, 35, 54, 72, 84, 87, 81, 66, 46, 26.5, 14.5],
  ankle_dorsiflexion_deg: [5, 6, 13, 20, 23, 19, 9, -6, -18, -19, -14, -9, -5.5, -3, -1, 1, 2.5, 3.5, 4.5, 5],
  knee_moment_Nm_per_kg: [-0.2, 0.35, 1.25, 1.9, 1.85, 1.25, 0.6, 0.15, -0.02, 0.06, 0.15, 0.19, 0.15, 0.08, 0, -0.1, -0.22, -0.36, -0.43, -0.36],
  bursts: [
    burst('vas_lat_r vas_med_r vas_int_r', 0.08, 0.07, 0.65),
    burst('vas_lat_r vas_med_r vas_int_r', 0.95, 0.05, 0.25),
    burst('rect_fem_r', 0.09, 0.07, 0.45),
    burst('rect_fem_r', 0.52, 0.07, 0.15),
    burst('bifemlh_r semimem_r semiten_r', 0.9, 0.07, 0.42),
    burst('bifemlh_r semimem_r semiten_r', 0.15, 0.1, 0.25),
    burst('bifemsh_r', 0.52, 0.08, 0.1),
    burst('bifemsh_r', 0.92, 0.07, 0.14),
    burst('med_gas_r', 0.14, 0.08, 0.6),
    burst('lat_gas_r', 0.15, 0.08, 0.5),
    burst('soleus_r', 0.14, 0.09, 0.65),
    burst('tib_ant_r', 0.75, 0.2, 0.35),
    burst('sar_r', 0.55, 0.12, 0.14),
    burst('grac_r', 0.45, 0.1, 0.1),
    burst('grac_r', 0.95, 0.08, 0.1),
    burst('tfl_r', 0.08, 0.1, 0.25),
    burst('tfl_r', 0.55, 0.1, 0.15),
  ],
};
