import type { Unit } from '../../data/index.js';

/** What a number of the file is multiplied with to be in an SI unit. */
export interface SiUnit {
  readonly unit: Unit;
  readonly factor: number;
}

const RADIANS_PER_DEGREE = Math.PI / 180;

/** Unit texts without blanks, dots, stars and case. `nm` is newton metre: nobody measures a gait in nanometres. */
const UNITS: Readonly<Record<string, SiUnit>> = {
  m: { unit: 'm', factor: 1 },
  cm: { unit: 'm', factor: 1e-2 },
  mm: { unit: 'm', factor: 1e-3 },
  v: { unit: 'V', factor: 1 },
  volt: { unit: 'V', factor: 1 },
  volts: { unit: 'V', factor: 1 },
  mv: { unit: 'V', factor: 1e-3 },
  uv: { unit: 'V', factor: 1e-6 },
  n: { unit: 'N', factor: 1 },
  kn: { unit: 'N', factor: 1e3 },
  nm: { unit: 'N.m', factor: 1 },
  nmm: { unit: 'N.m', factor: 1e-3 },
  rad: { unit: 'rad', factor: 1 },
  deg: { unit: 'rad', factor: RADIANS_PER_DEGREE },
  degree: { unit: 'rad', factor: RADIANS_PER_DEGREE },
  degrees: { unit: 'rad', factor: RADIANS_PER_DEGREE },
  'deg/s': { unit: 'rad/s', factor: RADIANS_PER_DEGREE },
  'rad/s': { unit: 'rad/s', factor: 1 },
  'm/s': { unit: 'm/s', factor: 1 },
};

/** The SI unit behind a unit text of a C3D file; undefined where it says nothing known. */
export function findSiUnit(text: string | undefined): SiUnit | undefined {
  const key = (text ?? '')
    .toLowerCase()
    .replace(/[\s.*·\-\0]/g, '')
    .replace(/[µμ]/g, 'u')
    .replace('°', 'deg');
  return Object.hasOwn(UNITS, key) ? UNITS[key] : undefined;
}
