import { calcQuantile } from '../../signal/index.js';

/** Units that a knee moment is stored in. */
export type MomentUnit = 'N.m' | 'N.m/kg' | 'N.mm' | 'N.mm/kg';

/** The largest knee moment of a movement lies between slow walking and a maximal effort of a strong adult (4 N·m/kg), with room to both sides. */
const BELIEVABLE_Nm_per_kg = [0.05, 6] as const;
/** What it is in ordinary walking; the nearest unit to it is the likely one. */
const USUAL_Nm_per_kg = 0.7;
/** Masses of people, for files that do not say it. */
const MASSES_kg = [12, 140] as const;

/** The size of a moment: the larger one of its 2nd and 98th percentile. */
export function calcPeak(values: ArrayLike<number>): number {
  return Math.max(Math.abs(calcQuantile(values, 0.02)), Math.abs(calcQuantile(values, 0.98)));
}

/** A moment of that unit in N·m/kg. */
export function toNm_per_kg(value: number, unit: MomentUnit, mass_kg: number): number {
  return (value * (unit.startsWith('N.mm') ? 1e-3 : 1)) / (unit.endsWith('/kg') ? 1 : mass_kg);
}

/** Whether a peak can be what it is said to be. Without a mass, whether it could be for anybody. */
export function isBelievable(peak: number, unit: MomentUnit, mass_kg: number | undefined): boolean {
  const [least, most] = BELIEVABLE_Nm_per_kg;
  const masses = mass_kg === undefined ? MASSES_kg : [mass_kg];
  const sizes = masses.map((mass) => toNm_per_kg(peak, unit, mass));
  return Math.max(...sizes) >= least && Math.min(...sizes) <= most;
}

/** The unit in which a peak is nearest to that of walking. */
export function guessMomentUnit(peak: number, mass_kg = 65): MomentUnit {
  const units: readonly MomentUnit[] = ['N.m', 'N.m/kg', 'N.mm', 'N.mm/kg'];
  const distance = (unit: MomentUnit) => Math.abs(Math.log(toNm_per_kg(peak, unit, mass_kg) / USUAL_Nm_per_kg));
  return units.reduce((best, unit) => (distance(unit) < distance(best) ? unit : best));
}
