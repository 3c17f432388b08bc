/** Muscles that calibrate together: one strength for all of a group. */
export type KneeGroup = 'quadriceps' | 'hamstrings' | 'gastrocnemius' | 'other';

export type Side = 'left' | 'right';

interface KneeMuscle {
  readonly group: KneeGroup;
  /** Other names of the muscle or its electrode: letters and digits only, in lower case. */
  readonly aliases: readonly string[];
  /** Electrodes that may drive it when it has none, best first; the mean of each list. */
  readonly substitutes: readonly (readonly string[])[];
}

/**
 * Muscles that cross the knee, by the names of the gait2392 model, with the names that Rajagopal 2016, gait10dof18musc, CEINMS and common electrode
 * labels use. `vasti`, `hamstrings` and `gastroc` are the lumped muscles of small models and electrodes that stand for a whole group.
 *
 * The first substitutes of vas_int, bifemsh and semiten are those of CEINMS-RT (EMG generators 10→13 and 16→34, after Lloyd & Besier 2003). The later
 * ones are ours, for recordings with fewer electrodes; every use is told in the map's notes.
 */
const kneeMuscles: Readonly<Record<string, KneeMuscle>> = {
  rect_fem: {
    group: 'quadriceps',
    aliases: ['recfem', 'rectusfemoris', 'rectus', 'rect', 'rf'],
    substitutes: [['vas_lat', 'vas_med'], ['vasti'], ['vas_lat'], ['vas_med']],
  },
  vas_lat: {
    group: 'quadriceps',
    aliases: ['vastuslateralis', 'vastlat', 'vl'],
    substitutes: [['vasti'], ['vas_med'], ['rect_fem']],
  },
  vas_med: {
    group: 'quadriceps',
    aliases: ['vastusmedialis', 'vastusmedius', 'vastmed', 'vmo', 'vm'],
    substitutes: [['vasti'], ['vas_lat'], ['rect_fem']],
  },
  vas_int: {
    group: 'quadriceps',
    aliases: ['vastusintermedius', 'vastint', 'vi'],
    substitutes: [['vas_lat', 'vas_med'], ['vasti'], ['vas_lat'], ['vas_med'], ['rect_fem']],
  },
  vasti: {
    group: 'quadriceps',
    aliases: ['vastus', 'vas', 'quadriceps', 'quads', 'quad'],
    substitutes: [['vas_lat', 'vas_med'], ['vas_lat'], ['vas_med'], ['rect_fem']],
  },
  semimem: {
    group: 'hamstrings',
    aliases: ['semimembranosus', 'medialhamstrings', 'medialhamstring', 'sm'],
    substitutes: [['semiten'], ['hamstrings'], ['bifemlh']],
  },
  semiten: {
    group: 'hamstrings',
    aliases: ['semitendinosus', 'st'],
    substitutes: [['semimem'], ['hamstrings'], ['bifemlh']],
  },
  bifemlh: {
    group: 'hamstrings',
    aliases: [
      'bflh',
      'bicfemlh',
      'bicepsfemoris',
      'bicepsfemorislonghead',
      'bifem',
      'bicfem',
      'lateralhamstrings',
      'bf',
    ],
    substitutes: [['hamstrings'], ['semimem'], ['semiten']],
  },
  bifemsh: {
    group: 'hamstrings',
    aliases: ['bfsh', 'bicfemsh', 'bicepsfemorisshorthead'],
    substitutes: [['bifemlh'], ['hamstrings'], ['semimem'], ['semiten']],
  },
  hamstrings: {
    group: 'hamstrings',
    aliases: ['hamstring', 'hams', 'ham'],
    substitutes: [['semimem', 'bifemlh'], ['semiten', 'bifemlh'], ['bifemlh'], ['semimem'], ['semiten']],
  },
  med_gas: {
    group: 'gastrocnemius',
    aliases: ['gasmed', 'medgastroc', 'gastrocnemiusmedialis', 'gastrocmed', 'medialgastrocnemius', 'gm', 'mg'],
    substitutes: [['gastroc'], ['lat_gas']],
  },
  lat_gas: {
    group: 'gastrocnemius',
    aliases: [
      'gaslat',
      'latgastroc',
      'gastrocnemiuslateralis',
      'gastroclat',
      'lateralgastrocnemius',
      'gal',
      'gl',
      'lg',
    ],
    substitutes: [['gastroc'], ['med_gas']],
  },
  gastroc: {
    group: 'gastrocnemius',
    aliases: ['gastrocnemius', 'gast', 'gas'],
    substitutes: [['med_gas', 'lat_gas'], ['med_gas'], ['lat_gas']],
  },
  sar: { group: 'other', aliases: ['sart', 'sartorius'], substitutes: [] },
  grac: { group: 'other', aliases: ['gra', 'gracilis'], substitutes: [] },
  tfl: { group: 'other', aliases: ['tensorfasciaelatae'], substitutes: [] },
};

const baseByAlias = new Map(
  Object.entries(kneeMuscles).flatMap(([base, { aliases }]) =>
    [base.replaceAll('_', ''), ...aliases].map((alias) => [alias, base] as const),
  ),
);

/**
 * What a muscle's or electrode's name says: `base` is the knee muscle's gait2392 name without side, or for another muscle its letters and digits.
 * `vas_lat_r`, `vaslat_r`, `R Vastus Lateralis` and `EMG_VL_R` all give vas_lat, right.
 */
export function readMuscleName(name: string): { base: string; side: Side | undefined } {
  let side: Side | undefined;
  const words = name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => {
      if (word === 'r' || word === 'right') side = 'right';
      else if (word === 'l' || word === 'left') side = 'left';
      else return word !== '' && word !== 'emg' && word !== 'voltage';
      return false;
    });
  const joined = words.join('');
  return { base: baseByAlias.get(joined) ?? joined, side };
}

/** The group that a muscle calibrates with; muscles that are not in the table are `other`. */
export function findKneeGroup(muscle: string): KneeGroup {
  return kneeMuscles[readMuscleName(muscle).base]?.group ?? 'other';
}

/** Base names whose electrodes may stand in for this one's, best first; empty for muscles not in the table. */
export function listSubstitutes(base: string): readonly (readonly string[])[] {
  return kneeMuscles[base]?.substitutes ?? [];
}
