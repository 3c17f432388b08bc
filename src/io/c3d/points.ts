import type { Channel, ChannelKind, Clock, Unit } from '../../data/index.js';
import { findNumber, findText, listAllTexts } from './lookup.js';
import { listSome, makeNames } from './names.js';
import type { C3dFile } from './types.js';
import { findSiUnit } from './units.js';

/** What the fourth word of a point says. */
export interface C3dResidual {
  /** Mean distance of the rays to the point, in the file's length unit; undefined for a missing point. 0 is interpolated or computed. */
  readonly residual: number | undefined;
  /** Bit i is set where camera i + 1 of the first seven saw the point. */
  readonly cameras: number;
}

/** Takes a fourth word apart: camera mask in the high byte, residual in units of POINT:SCALE in the low one, negative for missing. */
export function readResidual(word: number, scale: number): C3dResidual {
  if (!(word >= 0)) return { residual: undefined, cameras: 0 };
  const whole = Math.trunc(word) & 0x7fff;
  return { residual: (whole & 0xff) * Math.abs(scale), cameras: whole >> 8 };
}

/** Outputs of a gait model that are stored like points. Vicon lists their labels by type. */
interface OutputType {
  readonly list: string;
  readonly units: string;
  readonly kind: ChannelKind;
}

const OUTPUT_TYPES: readonly OutputType[] = [
  { list: 'ANGLES', units: 'ANGLE_UNITS', kind: 'coordinate' },
  { list: 'MOMENTS', units: 'MOMENT_UNITS', kind: 'generalised_force' },
  { list: 'FORCES', units: 'FORCE_UNITS', kind: 'generalised_force' },
  { list: 'POWERS', units: 'POWER_UNITS', kind: 'other' },
  { list: 'SCALARS', units: 'SCALAR_UNITS', kind: 'other' },
  { list: 'REACTIONS', units: 'REACTION_UNITS', kind: 'generalised_force' },
];

/** The types that the file names itself in POINT:TYPE_GROUPS (pairs of list and type), besides the usual ones; markers stay markers. */
function listOutputTypes({ records }: C3dFile): OutputType[] {
  const lists = listAllTexts(records, 'POINT', 'TYPE_GROUPS').filter((_, i) => i % 2 === 0);
  const known = new Set(OUTPUT_TYPES.map(({ list }) => list));
  const others = lists.filter((list) => list !== '' && !known.has(list) && !/MARKER/i.test(list));
  return [
    ...OUTPUT_TYPES,
    ...[...new Set(others)].map((list): OutputType => ({ list, units: `${list}_UNITS`, kind: 'other' })),
  ];
}

interface Meaning {
  readonly kind: ChannelKind;
  readonly unit: Unit;
  readonly factor: number;
  readonly marker: boolean;
}

const AXES = ['x', 'y', 'z'] as const;

/** What coordinates of an integer file are multiplied with: POINT:SCALE, else the header's scale. Floats are scaled already. */
export function findPointScale({ format, records, header }: C3dFile): number {
  if (format === 'float') return 1;
  return findNumber(records, 'POINT', 'SCALE') || header.scale || 1;
}

/**
 * Makes three channels of every point: markers in m, angles of a gait model in rad. Its moments, forces and powers stay as the file has
 * them, with unit `?`: programs that divide them by body mass still write the plain unit beside them, so the study says what they are.
 * @param inDegrees overrides what the file says of angles
 */
export function makePointChannels(
  file: C3dFile,
  clock: Clock,
  inDegrees: boolean | undefined,
  notes: string[],
): Channel[] {
  const { records, points, point_count, frame_count } = file;
  const labels = listAllTexts(records, 'POINT', 'LABELS');
  const names = makeNames(labels, point_count, 'point', notes);
  const meanings = findMeanings(file, names, labels, inDegrees, notes);
  const scale = findPointScale(file);
  const at_origin: string[] = [];
  const channels: Channel[] = [];
  for (let point = 0; point < point_count; point++) {
    const { kind, unit, factor, marker } = meanings[point];
    const values = AXES.map(() => new Float64Array(frame_count));
    let zeros = 0;
    for (let frame = 0; frame < frame_count; frame++) {
      const at = 4 * (frame * point_count + point);
      const [x, y, z] = [points[at], points[at + 1], points[at + 2]];
      // A marker exactly at the origin of the laboratory is a marker that was not seen.
      const lost = marker && x === 0 && y === 0 && z === 0;
      const missing = !(points[at + 3] >= 0) || lost;
      if (lost && points[at + 3] >= 0) zeros++;
      values[0][frame] = missing ? Number.NaN : x * scale * factor;
      values[1][frame] = missing ? Number.NaN : y * scale * factor;
      values[2][frame] = missing ? Number.NaN : z * scale * factor;
    }
    if (zeros > 0) at_origin.push(`${names[point]} (${zeros})`);
    AXES.forEach((axis, i) => {
      channels.push({ name: `${names[point]}.${axis}`, kind, unit, clock, values: values[i] });
    });
  }
  if (at_origin.length > 0) {
    notes.push(
      `Markers that lie exactly at 0, 0, 0 without being called missing were taken as missing (frames): ${listSome(at_origin)}.`,
    );
  }
  return channels;
}

function findMeanings(
  file: C3dFile,
  names: readonly string[],
  labels: readonly string[],
  inDegrees: boolean | undefined,
  notes: string[],
): Meaning[] {
  const { records } = file;
  const length_text = findText(records, 'POINT', 'UNITS');
  const length = findSiUnit(length_text);
  if (length?.unit !== 'm') {
    notes.push(
      length_text
        ? `The file gives positions in "${length_text}", which is no length genu knows; they are left as they are.`
        : 'The file does not say its unit of length (POINT:UNITS); positions are left as they are.',
    );
  }
  const marker: Meaning =
    length?.unit === 'm'
      ? { kind: 'marker', unit: 'm', factor: length.factor, marker: true }
      : { kind: 'marker', unit: '?', factor: 1, marker: true };
  const byLabel = new Map<string, Meaning>();
  for (const type of listOutputTypes(file)) {
    const list = listAllTexts(records, 'POINT', type.list).map((label) => label.trim());
    const outputs = list.filter((label) => label !== '' && (labels.includes(label) || names.includes(label)));
    if (outputs.length === 0) continue;
    const stated = findText(records, 'POINT', type.units);
    const meaning = findOutputMeaning(type, stated, outputs, inDegrees, notes);
    for (const label of outputs) {
      const ground = type.list === 'FORCES' && /GroundReaction/i.test(label);
      byLabel.set(label, ground ? { ...meaning, kind: 'ground_reaction' } : meaning);
    }
  }
  return names.map((name, i) => byLabel.get((labels[i] ?? '').trim()) ?? byLabel.get(name) ?? marker);
}

function findOutputMeaning(
  { list, kind }: OutputType,
  stated: string | undefined,
  outputs: readonly string[],
  inDegrees: boolean | undefined,
  notes: string[],
): Meaning {
  const what = `${outputs.length} model outputs (POINT:${list}, e.g. ${outputs[0]})`;
  if (kind === 'coordinate') {
    const si = findSiUnit(inDegrees === undefined ? stated : inDegrees ? 'deg' : 'rad');
    if (inDegrees !== undefined && findSiUnit(stated)?.factor !== si?.factor) {
      notes.push(
        `The file gives angles in "${stated ?? ''}"; the caller's choice of ${inDegrees ? 'degrees' : 'radians'} overrides it.`,
      );
    }
    if (si?.unit === 'rad') {
      if (si.factor !== 1) notes.push(`${what} were converted from degrees to radians.`);
      return { kind, unit: 'rad', factor: si.factor, marker: false };
    }
  }
  notes.push(
    `${what} are as the file has them; it calls their unit ${stated ? `"${stated}"` : 'nothing'}, which may or may not be per kg of body mass.`,
  );
  return { kind, unit: '?', factor: 1, marker: false };
}
