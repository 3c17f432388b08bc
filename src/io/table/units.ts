import type { ChannelKind, Unit } from '../../data/index.js';

interface TableUnitMeaning {
  readonly si: Unit;
  /** SI value of one unit. */
  readonly factor: number;
  readonly kind?: ChannelKind;
}

const DEGREE = Math.PI / 180;
/** Standard gravity, m/s² (3rd CGPM, 1901). */
const GRAVITY = 9.80665;

const meanings = {
  V: { si: 'V', factor: 1 },
  mV: { si: 'V', factor: 1e-3 },
  uV: { si: 'V', factor: 1e-6 },
  deg: { si: 'rad', factor: DEGREE, kind: 'coordinate' },
  rad: { si: 'rad', factor: 1, kind: 'coordinate' },
  'deg/s': { si: 'rad/s', factor: DEGREE, kind: 'speed' },
  'rad/s': { si: 'rad/s', factor: 1, kind: 'speed' },
  N: { si: 'N', factor: 1 },
  kN: { si: 'N', factor: 1e3 },
  kgf: { si: 'N', factor: GRAVITY },
  // The avoirdupois pound is 0.45359237 kg (international agreement, 1959).
  lbf: { si: 'N', factor: 0.45359237 * GRAVITY },
  'N.m': { si: 'N.m', factor: 1, kind: 'generalised_force' },
  'N.mm': { si: 'N.m', factor: 1e-3, kind: 'generalised_force' },
  'N.m/kg': { si: 'N.m/kg', factor: 1, kind: 'generalised_force' },
  'N.mm/kg': { si: 'N.m/kg', factor: 1e-3, kind: 'generalised_force' },
  m: { si: 'm', factor: 1 },
  cm: { si: 'm', factor: 1e-2 },
  mm: { si: 'm', factor: 1e-3 },
  'm/s': { si: 'm/s', factor: 1 },
  'mm/s': { si: 'm/s', factor: 1e-3 },
  s: { si: 's', factor: 1 },
  '1': { si: '1', factor: 1 },
  '%': { si: '1', factor: 1e-2 },
  '?': { si: '?', factor: 1 },
} satisfies Record<string, TableUnitMeaning>;

/** Units that a declaration may name. `1` is a plain number, `?` one whose unit nobody knows. */
export type TableUnit = keyof typeof meanings;
export const tableUnits = Object.keys(meanings) as TableUnit[];

/** What a declared unit means in SI, or undefined. */
export function findUnit(unit: string): TableUnitMeaning | undefined {
  return Object.hasOwn(meanings, unit) ? meanings[unit as TableUnit] : undefined;
}

const spellings: Record<string, TableUnit> = {
  µv: 'uV', // micro sign; the Greek letter is turned into it below
  uv: 'uV',
  microvolts: 'uV',
  mv: 'mV',
  v: 'V',
  volts: 'V',
  deg: 'deg',
  degrees: 'deg',
  degree: 'deg',
  '°': 'deg',
  rad: 'rad',
  'deg/s': 'deg/s',
  '°/s': 'deg/s',
  'rad/s': 'rad/s',
  n: 'N',
  newton: 'N',
  newtons: 'N',
  kn: 'kN',
  kgf: 'kgf',
  lbf: 'lbf',
  'n.m': 'N.m',
  nm: 'N.m',
  'n.mm': 'N.mm',
  nmm: 'N.mm',
  'n.m/kg': 'N.m/kg',
  'nm/kg': 'N.m/kg',
  'n.mm/kg': 'N.mm/kg',
  'nmm/kg': 'N.mm/kg',
  m: 'm',
  cm: 'cm',
  mm: 'mm',
  'm/s': 'm/s',
  'mm/s': 'mm/s',
  s: 's',
  sec: 's',
  '%': '%',
};

/** A unit as people write it in a header (µV, Nm, N·m, °), or undefined where it is none that is known. */
export function findSpelledUnit(text: string): TableUnit | undefined {
  const given = text.trim();
  // (n) is more often a count than newtons: one letter must be the symbol itself.
  if (given.length === 1 && 'nvSM'.includes(given)) return undefined;
  const plain = given
    .toLowerCase()
    .replaceAll('μ', 'µ')
    .replace(/[·*⋅\s-]+/g, '.');
  return Object.hasOwn(spellings, plain) ? spellings[plain] : undefined;
}

/** A header apart from the unit in its brackets: `knee (deg)` is knee and deg; `unit` is undefined where there are none. */
export function splitHeader(header: string): { name: string; unit: string | undefined } {
  const match = /^(.*\S)\s*(?:\(([^()]*)\)|\[([^[\]]*)\])$/.exec(header.trim());
  return match ? { name: match[1], unit: (match[2] ?? match[3]).trim() } : { name: header.trim(), unit: undefined };
}
