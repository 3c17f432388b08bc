import type { C3dAnalog } from './analogs.js';
import { findNumber, findNumbers, findParameter, findText } from './lookup.js';
import type { C3dRecord } from './types.js';
import { findSiUnit } from './units.js';
import { cross, normalise, subtract, type Vector3 } from './vectors.js';

/** Analog channels that a plate of each type has. */
const CHANNELS_OF_TYPE: Readonly<Record<number, number>> = { 1: 6, 2: 6, 3: 8, 4: 6 };
const MOST_PLATFORMS = 255;

/** Where a force plate is and which channels measure it. Lengths in m, in the frame of the laboratory unless said otherwise. */
export interface C3dPlatformGeometry {
  /** `plate1`, `plate2`, … by its place in the file. */
  readonly name: string;
  /** FORCE_PLATFORM:TYPE, 1 to 4. */
  readonly type: number;
  /** In the plate's quadrants +x +y, −x +y, −x −y, +x −y. */
  readonly corners_m: readonly [Vector3, Vector3, Vector3, Vector3];
  /** Centre of the working surface. */
  readonly center_m: Vector3;
  /** The plate's x, y and z axis as unit vectors. */
  readonly axes: readonly [Vector3, Vector3, Vector3];
  /** FORCE_PLATFORM:ORIGIN in the plate's own axes, after mending its sign. */
  readonly origin_m: Vector3;
  /** Indices of its analog channels. */
  readonly channels: readonly number[];
  /** Names of its analog channels. */
  readonly channel_names: readonly string[];
  /** 6 × 6, column after column; for type 4. */
  readonly calibration: readonly number[] | undefined;
  /** What moments of the file are multiplied with to be N·m, and forces to be N. */
  readonly moment_factor: number;
  readonly force_factor: number;
  /** The file's unit of length in m. */
  readonly length_factor: number;
}

/** Reads the FORCE_PLATFORM group. A plate that cannot be used is left out, and a note says why. */
export function readPlatforms(
  records: readonly C3dRecord[],
  analogs: readonly C3dAnalog[],
  notes: string[],
): C3dPlatformGeometry[] {
  const stated = findNumber(records, 'FORCE_PLATFORM', 'USED') ?? 0;
  if (!(stated >= 1)) return [];
  if (stated > MOST_PLATFORMS) {
    notes.push(`FORCE_PLATFORM:USED says ${stated} plates; the first ${MOST_PLATFORMS} are looked at.`);
  }
  const find = (name: string) => findNumbers(records, 'FORCE_PLATFORM', name) ?? [];
  const group = {
    types: find('TYPE'),
    corners: find('CORNERS'),
    origins: find('ORIGIN'),
    channels: findNumbers(records, 'FORCE_PLATFORM', 'CHANNEL', { unsigned: true }) ?? [],
    channels_per_plate: findParameter(records, 'FORCE_PLATFORM', 'CHANNEL')?.dimensions[0] ?? 0,
    calibrations: find('CAL_MATRIX'),
    length_factor: findLengthFactor(records, notes),
    analogs,
  };
  const zero = find('ZERO');
  if (zero[0] >= 1 && zero[1] >= zero[0]) {
    notes.push(`The file names frames ${zero[0]} to ${zero[1]} as the plates' baseline; it was not subtracted.`);
  }
  const platforms: C3dPlatformGeometry[] = [];
  const owners = new Map<number, string>();
  for (let i = 0; i < Math.min(Math.floor(stated), MOST_PLATFORMS); i++) {
    const found = readPlatform(group, i, notes);
    const shared = typeof found === 'string' ? undefined : found.channels.find((channel) => owners.has(channel));
    if (typeof found === 'string') notes.push(`plate${i + 1} was left out: ${found}.`);
    else if (shared !== undefined) {
      notes.push(`plate${i + 1} was left out: it shares analog channel ${shared + 1} with ${owners.get(shared)}.`);
    } else {
      platforms.push(found);
      for (const channel of found.channels) owners.set(channel, found.name);
    }
  }
  return platforms;
}

function findLengthFactor(records: readonly C3dRecord[], notes: string[]): number {
  const si = findSiUnit(findText(records, 'POINT', 'UNITS'));
  if (si?.unit === 'm') return si.factor;
  notes.push('Without a known unit of length, corners and moments of force plates are taken as millimetres.');
  return 1e-3;
}

interface PlatformGroup {
  readonly types: readonly number[];
  readonly corners: readonly number[];
  readonly origins: readonly number[];
  readonly channels: readonly number[];
  readonly channels_per_plate: number;
  readonly calibrations: readonly number[];
  readonly length_factor: number;
  readonly analogs: readonly C3dAnalog[];
}

function readPlatform(group: PlatformGroup, i: number, notes: string[]): C3dPlatformGeometry | string {
  const { analogs, length_factor, channels_per_plate } = group;
  const type = group.types[i];
  if (type === undefined) return 'FORCE_PLATFORM:TYPE does not go that far';
  const needed = CHANNELS_OF_TYPE[type];
  if (needed === undefined) return `its type is ${type}, and genu reads types 1 to 4`;
  const channels = group.channels.slice(i * channels_per_plate, (i + 1) * channels_per_plate).slice(0, needed);
  if (channels.length < needed)
    return `a plate of type ${type} has ${needed} channels, but ${channels.length} are named`;
  const absent = channels.filter((channel) => !analogs[channel - 1]);
  if (absent.length > 0) return `it needs analog channel ${absent[0]}, and there are ${analogs.length}`;
  const corners = group.corners.slice(12 * i, 12 * (i + 1)).map((value) => value * length_factor);
  if (corners.length < 12) return 'FORCE_PLATFORM:CORNERS does not go that far';
  const corners_m = [0, 3, 6, 9].map((c) => [corners[c], corners[c + 1], corners[c + 2]] as Vector3) as unknown as [
    Vector3,
    Vector3,
    Vector3,
    Vector3,
  ];
  const axes = findAxes(corners_m);
  if (!axes.flat().every(Number.isFinite)) return 'its corners span no area';
  const origin = group.origins.slice(3 * i, 3 * (i + 1)).map((value) => value * length_factor);
  if (origin.length < 3 || !origin.every(Number.isFinite)) return 'FORCE_PLATFORM:ORIGIN does not give its origin';
  const calibration = type === 4 ? group.calibrations.slice(36 * i, 36 * (i + 1)) : undefined;
  if (calibration && calibration.length < 36) return 'a plate of type 4 needs FORCE_PLATFORM:CAL_MATRIX';
  const used = channels.map((channel) => analogs[channel - 1]);
  const name = `plate${i + 1}`;
  return {
    name,
    type,
    corners_m,
    center_m: [0, 1, 2].map((a) => corners_m.reduce((sum, corner) => sum + corner[a] / 4, 0)) as unknown as Vector3,
    axes,
    origin_m: mendOrigin(type, origin as unknown as Vector3, name, notes),
    channels: channels.map((channel) => channel - 1),
    channel_names: used.map((analog) => analog.name),
    calibration,
    length_factor,
    ...findFactors(type, used, length_factor, name, notes),
  };
}

/** x from corner 2 to corner 1, z across the plate, y from both (C3D user guide, "FORCE_PLATFORM:CORNERS"). */
function findAxes([first, second, , fourth]: readonly Vector3[]): [Vector3, Vector3, Vector3] {
  const x = subtract(first, second);
  const z = cross(x, subtract(first, fourth));
  return [normalise(x), normalise(cross(z, x)), normalise(z)];
}

/** ORIGIN leads from the transducers up to the surface along a z axis that points down, so its third number is negative. */
function mendOrigin(type: number, origin: Vector3, name: string, notes: string[]): Vector3 {
  if (!(origin[2] > 0) || type === 1) return origin;
  notes.push(`The origin of ${name} lies above its surface in the file; its sign was turned.`);
  // Of type 3 only the third number is a depth, the others are distances between the sensors.
  return type === 3 ? [origin[0], origin[1], -origin[2]] : [-origin[0], -origin[1], -origin[2]];
}

/** Units of forces and moments by the unit texts of the channels; moments without one are in N times the file's unit of length. */
function findFactors(
  type: number,
  used: readonly C3dAnalog[],
  length_factor: number,
  name: string,
  notes: string[],
): { force_factor: number; moment_factor: number } {
  if (type === 4) return { force_factor: 1, moment_factor: length_factor };
  const forces = type === 3 ? used : used.slice(0, 3);
  const force = forces[0].si?.unit === 'N' ? forces[0].si.factor : undefined;
  if (force === undefined) {
    notes.push(
      `The channels of ${name} (${forces[0].name}) are in "${forces[0].stated_unit}" and not in N; they are taken as N.`,
    );
  }
  const force_factor = force ?? 1;
  if (type === 3) return { force_factor, moment_factor: force_factor };
  const moment = used[5].si?.unit === 'N.m' ? used[5].si.factor : undefined;
  if (moment === undefined) {
    notes.push(
      `The moments of ${name} (${used[5].name}) are in "${used[5].stated_unit}"; they are taken as N times the file's unit of length.`,
    );
  }
  return { force_factor, moment_factor: moment ?? length_factor };
}
