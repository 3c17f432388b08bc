import type { C3dAnalog } from './analogs.js';
import type { C3dPlatformGeometry } from './platforms.js';
import { rotate, type Vector3 } from './vectors.js';

/** Time series of a vector: x, y and z. */
export type Series3 = readonly [Float64Array, Float64Array, Float64Array];

/** What a plate measured, in the frame of the laboratory, at the rate of the analog channels. */
export interface PlatformReaction {
  /** Force on the body, N. */
  readonly force_N: Series3;
  /** Its moment about the centre of the working surface, N·m. */
  readonly moment_Nm: Series3;
  /** Centre of pressure on the surface, m; NaN where the load is below `contact_N`. */
  readonly pressure_m: Series3;
  /** What is left of the moment at the centre of pressure, about the plate's normal, N·m; NaN as the centre of pressure. */
  readonly free_Nm: Series3;
  /** Whether the channels held the force on the body, or on the plate and were turned; undefined for a plate that nobody loaded. */
  readonly measured: 'on_body' | 'on_plate' | undefined;
}

/** Below this load the centre of pressure is a quotient of noise. */
export const CONTACT_N = 10;
/** A plate that never carried this load for that long at a stretch was not stepped on: electronics swing, too. */
const LOADED_N = 50;
const LOADED_s = 0.05;

/** Force and moment about the surface's centre in the plate's axes, N and N·m. */
type Wrench = (sample: number) => readonly [Vector3, Vector3];

/**
 * Ground reaction of a force plate (C3D user guide, "FORCE_PLATFORM:TYPE", "ORIGIN" and "CAL_MATRIX"). With F and M at the transducers and
 * o the vector from there to the centre of the surface, the moment there is M − o × F; the centre of pressure is
 * (−My, Mx) / Fz and the free moment Mz − px·Fy + py·Fx.
 * @param rate_Hz of the analog channels
 * @param fallback which force the channels of an unloaded plate hold
 */
export function calcReaction(
  platform: C3dPlatformGeometry,
  analogs: readonly C3dAnalog[],
  rate_Hz: number,
  { contact_N = CONTACT_N, fallback = 'on_body' }: { contact_N?: number; fallback?: 'on_body' | 'on_plate' } = {},
): PlatformReaction {
  const series = platform.channels.map((channel) => analogs[channel].values);
  const count = series[0].length;
  const wrench = makeWrench(platform, series);
  const measured = findSense(platform, wrench, count, LOADED_s * rate_Hz);
  const sign = (measured ?? fallback) === 'on_body' ? 1 : -1;
  const make = (): Series3 => [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const [force_N, moment_Nm, pressure_m, free_Nm] = [make(), make(), make(), make()];
  const { axes, center_m } = platform;
  for (let i = 0; i < count; i++) {
    const [force, moment] = wrench(i);
    const pressed = Math.abs(force[2]) >= contact_N;
    const px = pressed ? -moment[1] / force[2] : Number.NaN;
    const py = pressed ? moment[0] / force[2] : Number.NaN;
    const free = moment[2] - px * force[1] + py * force[0];
    put(force_N, i, rotate(axes, force), sign);
    put(moment_Nm, i, rotate(axes, moment), sign);
    put(pressure_m, i, rotate(axes, [px, py, 0]), 1, center_m);
    put(free_Nm, i, rotate(axes, [0, 0, free]), sign);
  }
  return { force_N, moment_Nm, pressure_m, free_Nm, measured };
}

function put(series: Series3, i: number, value: Vector3, sign: number, offset: Vector3 = [0, 0, 0]): void {
  for (let axis = 0; axis < 3; axis++) series[axis][i] = sign * value[axis] + offset[axis];
}

function makeWrench(platform: C3dPlatformGeometry, series: readonly Float64Array[]): Wrench {
  const { type, origin_m, force_factor: f, moment_factor: m, length_factor, calibration } = platform;
  const [ox, oy, oz] = origin_m;
  /** M − o × F. */
  const toSurface = (force: Vector3, moment: Vector3): readonly [Vector3, Vector3] => [
    force,
    [
      moment[0] - (oy * force[2] - oz * force[1]),
      moment[1] - (oz * force[0] - ox * force[2]),
      moment[2] - (ox * force[1] - oy * force[0]),
    ],
  ];
  const forceOf = (i: number): Vector3 => [series[0][i] * f, series[1][i] * f, series[2][i] * f];
  switch (type) {
    case 1:
      // Fx Fy Fz, centre of pressure x y, free moment.
      return (i) => {
        const force = forceOf(i);
        const [px, py] = [series[3][i] * length_factor, series[4][i] * length_factor];
        return [force, [py * force[2], -px * force[2], series[5][i] * m + px * force[1] - py * force[0]]];
      };
    case 3:
      // Fx12 Fx34 Fy14 Fy23 Fz1 Fz2 Fz3 Fz4; the first two numbers of ORIGIN are the distances of the sensors from the axes.
      return (i) => {
        const [x12, x34, y14, y23, z1, z2, z3, z4] = series.map((values) => values[i] * f);
        const force: Vector3 = [x12 + x34, y14 + y23, z1 + z2 + z3 + z4];
        const [a, b] = [ox, oy];
        return [
          force,
          [
            b * (z1 + z2 - z3 - z4) + oz * force[1],
            a * (-z1 + z2 + z3 - z4) - oz * force[0],
            b * (-x12 + x34) + a * (y14 - y23),
          ],
        ];
      };
    case 4: {
      const c = calibration!;
      const row = (r: number, i: number) =>
        c[r] * series[0][i] +
        c[r + 6] * series[1][i] +
        c[r + 12] * series[2][i] +
        c[r + 18] * series[3][i] +
        c[r + 24] * series[4][i] +
        c[r + 30] * series[5][i];
      return (i) => toSurface([row(0, i), row(1, i), row(2, i)], [row(3, i) * m, row(4, i) * m, row(5, i) * m]);
    }
    default:
      return (i) => toSurface(forceOf(i), [series[3][i] * m, series[4][i] * m, series[5][i] * m]);
  }
}

/**
 * Plates store the force on the plate or on the body, and no word of the format says which. The ground can only push: on the body the
 * force points up, along the positive side of the laboratory axis that the plate's normal is nearest to.
 */
function findSense(
  { axes }: C3dPlatformGeometry,
  wrench: Wrench,
  count: number,
  least_samples: number,
): 'on_body' | 'on_plate' | undefined {
  const steepest = axes[2].reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  let [run, longest_run, balance_N] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const up_N = wrench(i)[0][2] * Math.sign(steepest);
    run = Math.abs(up_N) >= LOADED_N ? run + 1 : 0;
    longest_run = Math.max(longest_run, run);
    if (run > 0) balance_N += up_N;
  }
  if (longest_run < Math.max(1, least_samples)) return undefined;
  return balance_N >= 0 ? 'on_body' : 'on_plate';
}
