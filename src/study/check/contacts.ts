import { type Channel, findChannel, findRuns, type Side } from '../../data/index.js';
import { calcQuantile } from '../../signal/index.js';
import type { CheckedFile, CheckedPlate } from './evidence.js';

/** One step on a force plate, as plate and markers tell it. */
export interface PlateContact {
  readonly plate: CheckedPlate;
  readonly start_s: number;
  readonly end_s: number;
  /** Largest vertical force, N. */
  readonly peak_N: number;
  /** Centre of pressure from first to last sample, in the two horizontal axes, m. */
  readonly pressure_m: readonly [Float64Array, Float64Array];
  readonly times_s: Float64Array;
  /** The foot that is nearest to the centre of pressure, and how far off it is (median over the contact), m; undefined without markers. */
  readonly foot?: { readonly side: Side; readonly distance_m: number } | undefined;
}

/** A plate is loaded above this force for at least this long: less is a swing of its electronics, or a touch. */
const LOADED_N = 20;
const SHORTEST_s = 0.1;
/** Markers of a foot by their usual names: heel, toe, ankle. */
const footMarkers = ['HEE', 'TOE', 'ANK'];

type Track = readonly [Float64Array, Float64Array, Float64Array];

/** Three coordinates of a marker; undefined where the file has no such marker. */
export function findTrack(
  file: CheckedFile,
  name: string,
): { readonly axes: Track; readonly clock: Channel['clock'] } | undefined {
  if (!file.recording) return undefined;
  const [x, y, z] = ['x', 'y', 'z'].map((axis) => findChannel(file.recording!, `${name}.${axis}`));
  if (!x || !y || !z || x.unit !== 'm') return undefined;
  return { axes: [x.values, y.values, z.values], clock: x.clock };
}

/** Index of the vertical axis, by the normal of the plates. */
export function findVertical(plates: readonly CheckedPlate[]): 0 | 1 | 2 {
  const [a, b, , d] = plates[0]?.corners_m ?? [];
  if (!a || !b || !d) return 2;
  const [u, v] = [b.map((value, i) => value - a[i]), d.map((value, i) => value - a[i])];
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]].map(Math.abs);
  return normal.indexOf(Math.max(...normal)) as 0 | 1 | 2;
}

/** The steps on each plate of a capture file. */
export function findPlateContacts(file: CheckedFile): PlateContact[] {
  if (!file.recording) return [];
  const vertical = findVertical(file.plates);
  const [h1, h2] = [0, 1, 2].filter((axis) => axis !== vertical);
  return file.plates.flatMap((plate): PlateContact[] => {
    const get = (what: string, axis: number) => findChannel(file.recording!, `${plate.name}.${what}${'xyz'[axis]}`);
    const [force, p1, p2] = [get('f', vertical), get('p', h1), get('p', h2)];
    if (!force || !p1 || !p2 || force.clock.rate_Hz === undefined) return [];
    const shortest = SHORTEST_s * force.clock.rate_Hz;
    const runs = findRuns(force.values.length, (i) => Math.abs(force.values[i]) > LOADED_N).filter(
      ({ start, end }) => end - start >= shortest,
    );
    return runs.map(({ start, end }) => {
      const times_s = force.clock.times_s.subarray(start, end);
      const pressure_m = [p1.values.subarray(start, end), p2.values.subarray(start, end)] as const;
      return {
        plate,
        start_s: times_s[0],
        end_s: times_s[times_s.length - 1],
        peak_N: force.values.subarray(start, end).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
        pressure_m,
        times_s,
        foot: findNearestFoot(file, times_s, pressure_m, [h1, h2]),
      };
    });
  });
}

function findNearestFoot(
  file: CheckedFile,
  times_s: Float64Array,
  pressure_m: readonly [Float64Array, Float64Array],
  axes: readonly number[],
): PlateContact['foot'] {
  const feet = (['left', 'right'] as const).flatMap((side) => {
    const tracks = footMarkers.flatMap((marker) => findTrack(file, `${side[0].toUpperCase()}${marker}`) ?? []);
    if (tracks.length === 0) return [];
    const distances: number[] = [];
    const step = Math.max(1, Math.floor(times_s.length / 30));
    for (let i = 0; i < times_s.length; i += step) {
      const near = tracks.map(({ axes: track, clock }) => {
        const frame = Math.round((times_s[i] - clock.times_s[0]) * (clock.rate_Hz ?? Number.NaN));
        return Math.hypot(track[axes[0]][frame] - pressure_m[0][i], track[axes[1]][frame] - pressure_m[1][i]);
      });
      distances.push(Math.min(...near.filter(Number.isFinite)));
    }
    const distance_m = calcQuantile(distances, 0.5);
    return Number.isFinite(distance_m) ? [{ side, distance_m }] : [];
  });
  return feet.sort((a, b) => a.distance_m - b.distance_m)[0];
}

/** The height of the highest marker of the body, m; a person is about as tall. */
export function findHeight_m(file: CheckedFile): number | undefined {
  const vertical = 'xyz'[findVertical(file.plates)];
  const tops = (file.recording?.channels ?? [])
    .filter(({ kind, unit, name }) => kind === 'marker' && unit === 'm' && name.endsWith(`.${vertical}`))
    .map(({ values }) => calcQuantile(values, 0.5))
    .filter((height) => height > 0.5 && height < 2.3);
  return tops.length > 0 ? Math.max(...tops) : undefined;
}
