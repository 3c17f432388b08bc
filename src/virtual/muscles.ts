/** The knee-crossing muscles of gait2392's right leg. */
export const kneeMuscles = [
  'rect_fem_r',
  'vas_med_r',
  'vas_int_r',
  'vas_lat_r',
  'bifemlh_r',
  'bifemsh_r',
  'semimem_r',
  'semiten_r',
  'med_gas_r',
  'lat_gas_r',
  'sar_r',
  'grac_r',
  'tfl_r',
] as const;

/** Ankle muscles that laboratories record as well. They add no knee torque. */
export const ankleMuscles = ['soleus_r', 'tib_ant_r'] as const;

export const allMuscles: readonly string[] = [...kneeMuscles, ...ankleMuscles];

/**
 * Where electrodes sit: the nine muscles of CEINMS-RT's lower-limb data (doi 10.5281/zenodo.6457662). The deep vastus intermedius, the
 * short head of biceps femoris, semitendinosus, sartorius, gracilis and tensor fasciae latae have none, as in most laboratories.
 */
export const electrodes = [
  'soleus_r',
  'med_gas_r',
  'lat_gas_r',
  'tib_ant_r',
  'semimem_r',
  'bifemlh_r',
  'vas_lat_r',
  'rect_fem_r',
  'vas_med_r',
] as const;

/** Muscles whose signal reaches an electrode through the tissue, and the usual share of it. */
export const neighbours: Record<(typeof electrodes)[number], Record<string, number>> = {
  soleus_r: { med_gas_r: 0.04, lat_gas_r: 0.03 },
  med_gas_r: { lat_gas_r: 0.03, soleus_r: 0.05 },
  lat_gas_r: { med_gas_r: 0.03, soleus_r: 0.05 },
  tib_ant_r: { soleus_r: 0.02 },
  semimem_r: { semiten_r: 0.08, grac_r: 0.02 },
  bifemlh_r: { semiten_r: 0.04, bifemsh_r: 0.04 },
  vas_lat_r: { vas_int_r: 0.05, rect_fem_r: 0.03 },
  rect_fem_r: { vas_int_r: 0.04, vas_lat_r: 0.03, vas_med_r: 0.02 },
  vas_med_r: { vas_int_r: 0.04, sar_r: 0.02 },
};
