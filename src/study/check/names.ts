import type { Side } from '../../data/index.js';

/** Muscles that work together at knee or ankle. */
export type MuscleGroup = 'quadriceps' | 'hamstrings' | 'calf' | 'shin';

/** What laboratories call them, in names without case; the first that fits counts. */
const groups: readonly (readonly [MuscleGroup, RegExp])[] = [
  ['shin', /tib[^a-z]*ant|ant[^a-z]*tib|tibialis|(^|[^a-z])l?r?tib$|(^|[^a-z])ta([^a-z]|$)/],
  ['hamstrings', /ham|semi|bic|bif|isc|(^|[^a-z])(bf|st|sm)([^a-z]|$)/],
  ['quadriceps', /rec|vas|quad|(^|[^a-z])(rf|vl|vm|vi)([^a-z]|$)/],
  ['calf', /gas|sol|calf|triceps_sur|(^|[^a-z])(gl|gm|lg|mg|so)([^a-z]|$)/],
];

/** The group of a muscle by its name, or undefined. */
export function findMuscleGroup(name: string): MuscleGroup | undefined {
  const plain = name.toLowerCase();
  return groups.find(([, pattern]) => pattern.test(plain))?.[0];
}

/** The side that a name says: `knee_angle_r`, `LKneeAngles.x`, `Voltage.R Rect`, `EMG06_l_gastro`, `left_vl`; undefined where it says none. */
export function findNamedSide(name: string): Side | undefined {
  const plain = name.replace(/^(Voltage|Raw|EMG)[. ]/i, '');
  if (/(^|[^a-z])left([^a-z]|$)/i.test(plain)) return 'left';
  if (/(^|[^a-z])right([^a-z]|$)/i.test(plain)) return 'right';
  const match =
    /^([LR])[ _.]/.exec(plain) ??
    /[ _.]([lrLR])(?=[ _.]|$)/.exec(plain) ??
    /^([LR])(?=[A-Z][A-Za-z]{2})/.exec(plain) ??
    /^([lr])_/.exec(plain);
  return match ? (match[1].toLowerCase() === 'l' ? 'left' : 'right') : undefined;
}

/** What a channel that is not EMG tells of a leg. */
export type LegQuantity = 'hip' | 'knee' | 'moment' | 'load';

/** Names by OpenSim, Vicon's Plug-in Gait and usual tables. Without a side, OpenSim's `ground_force_vy` is the right foot's. */
const quantities: readonly (readonly [LegQuantity, RegExp])[] = [
  ['moment', /^knee_angle_[rl]_moment$|^[LR]KneeMoment\.x$|^(left_|right_)?knee.*(moment|torque)/i],
  ['knee', /^knee_angle_[rl]$|^[LR]KneeAngles\.x$|^(left_|right_)?knee_(flexion|angle)(_[rl])?$/i],
  ['hip', /^hip_flexion_[rl]$|^[LR]HipAngles\.x$/i],
  ['load', /^([lr1]_)?ground_force_(([rl]|calcn_[rl])_)?vy$|^[LR]GroundReactionForce\.z$/i],
];

/** What a channel is by its name alone. */
export function findLegQuantity(name: string): { readonly quantity: LegQuantity; readonly side: Side } | undefined {
  const quantity = quantities.find(([, pattern]) => pattern.test(name))?.[0];
  if (quantity === undefined) return undefined;
  const side = /^1_ground/.test(name) ? 'left' : (findNamedSide(name) ?? (quantity === 'load' ? 'right' : undefined));
  return side && { quantity, side };
}
