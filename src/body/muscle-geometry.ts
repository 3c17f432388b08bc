import { GenuError } from '../data/index.js';
import { type Body, checkCoordinate, explainUnusable } from './body.js';
import { calcRate, calcTwistsInto, poseChain } from './chain.js';
import { buildMusclePlan, type MusclePlan } from './muscle-plan.js';

/** Time series by coordinate name: rad or m (or their rates per second), one value per frame. */
export type CoordinateSeries = ReadonlyMap<string, Float64Array> | Readonly<Record<string, Float64Array>>;

export interface MuscleGeometryOptions {
  readonly coordinates: CoordinateSeries;
  /** Rates of the coordinates; lengthening speeds are only worked out where they are given. */
  readonly speeds?: CoordinateSeries | undefined;
  /** Default: every muscle whose path can be followed. */
  readonly muscles?: readonly string[] | undefined;
  /** Coordinates that moment arms are wanted about. */
  readonly about?: readonly string[] | undefined;
}

export interface MuscleGeometry {
  readonly muscles: readonly string[];
  /** Per muscle, one value per frame. */
  readonly lengths_m: readonly Float64Array[];
  readonly speeds_m_per_s: readonly Float64Array[] | undefined;
  /** Per coordinate asked about: per muscle, one value per frame. */
  readonly momentArms_m: Readonly<Record<string, readonly Float64Array[]>>;
  readonly notes: readonly string[];
}

/**
 * Muscle-tendon lengths, lengthening speeds and moment arms over time.
 *
 * The moment arm is r = −dl/dq, with the coordinates that couplers make follow q moving along (Sherman, Seth & Delp 2013,
 * ASME IDETC, "What is a moment arm?"); positive where the muscle pulls towards positive q. It is worked out from the
 * velocities of the path points, without differences. One departure from OpenSim's computeMomentArm: where a moving path
 * point and its neighbour lie on the same body, OpenSim leaves their segment out, and genu keeps it, so that r stays −dl/dq.
 * A frame with NaN in a coordinate that a muscle depends on gives NaN.
 * @throws GenuError for unknown names, series of different lengths, and muscles that wrap
 */
export function calcMuscleGeometry(body: Body, options: MuscleGeometryOptions): MuscleGeometry {
  const notes: string[] = [];
  const plan = buildMusclePlan(body, options.muscles ?? listUsable(body, notes), options.about ?? []);
  const given = toMap(options.coordinates);
  const speeds = options.speeds === undefined ? undefined : toMap(options.speeds);
  const frames = countFrames(body, given, speeds);

  const values = plan.coordinates.map((name) => given.get(name));
  const rates = plan.coordinates.map((name) => speeds?.get(name));
  noteMissing(plan, values, rates, speeds !== undefined, notes);

  const series = (): Float64Array[] => plan.muscles.map(() => new Float64Array(frames));
  const lengths_m = series();
  const speeds_m_per_s = speeds === undefined ? undefined : series();
  const arms = plan.about.map(series);

  const solver = makeFrameSolver(plan);
  const q = Float64Array.from(plan.defaults);
  const rate = new Float64Array(q.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < q.length; i++) {
      const value = values[i];
      if (value !== undefined) q[i] = value[frame];
    }
    solver.solve(q);
    for (let m = 0; m < lengths_m.length; m++) lengths_m[m][frame] = solver.lengths_m[m];
    for (let a = 0; a < arms.length; a++) {
      solver.calcMomentArms(a);
      for (let m = 0; m < lengths_m.length; m++) arms[a][m][frame] = solver.rates[m];
    }
    if (speeds_m_per_s === undefined) continue;
    for (let i = 0; i < q.length; i++) rate[i] = rates[i]?.[frame] ?? 0;
    solver.calcSpeeds(rate);
    for (let m = 0; m < lengths_m.length; m++) speeds_m_per_s[m][frame] = solver.rates[m];
  }
  return {
    muscles: plan.muscles,
    lengths_m,
    speeds_m_per_s,
    momentArms_m: Object.fromEntries(plan.about.map((name, a) => [name, arms[a]])),
    notes,
  };
}

/** Works out one frame at a time, for streams as for recordings. Its arrays are overwritten by every call. */
export interface FrameSolver {
  readonly lengths_m: Float64Array;
  /** What the last call of `calcMomentArms` (m per unit of q) or `calcSpeeds` (m/s) found, per muscle. */
  readonly rates: Float64Array;
  /** Poses the model at q (in the plan's order; coupled coordinates are set in place) and fills `lengths_m`. */
  solve(q: Float64Array): void;
  /** Moment arms about the plan's coordinate `about[index]`, at the pose last solved. */
  calcMomentArms(index: number): void;
  /** Lengthening speeds at the pose last solved; rates of coupled coordinates are set in place. */
  calcSpeeds(rate: Float64Array): void;
}

/** Sets aside the memory of a plan's solver, which takes one frame of coordinates at a time. */
export function makeFrameSolver(plan: MusclePlan): FrameSolver {
  const { chain, points, firstPoint } = plan;
  const count = plan.muscles.length;
  const lengths_m = new Float64Array(count);
  const rates = new Float64Array(count);
  const position = new Float64Array(3 * points.length);
  /** Derivative of the muscle's length with respect to each point's position. */
  const gradient = new Float64Array(3 * points.length);
  const twists = new Float64Array(6 * chain.bodies.length);
  const direction = new Float64Array(plan.coordinates.length);
  let q = plan.defaults;

  /** Places the active points of a muscle, sums its length, and keeps the gradient. */
  function followPath(muscle: number): void {
    const end = firstPoint[muscle + 1];
    let length = 0;
    let before = -1;
    for (let i = firstPoint[muscle]; i < end; i++) {
      const point = points[i];
      const at = 3 * i;
      gradient[at] = gradient[at + 1] = gradient[at + 2] = 0;
      const { condition, location, moving } = point;
      if (condition !== undefined) {
        const value = q[condition.coordinate];
        if (Number.isNaN(value)) length = Number.NaN;
        if (!(value >= condition.low && value <= condition.high)) continue;
      }
      if (moving !== undefined) for (let k = 0; k < 3; k++) location[k] = moving[k].calcValue(q);
      const r = 9 * point.link;
      const { rotations, origins } = chain;
      for (let k = 0; k < 3; k++) {
        const row = r + 3 * k;
        position[at + k] =
          origins[3 * point.link + k] +
          rotations[row] * location[0] +
          rotations[row + 1] * location[1] +
          rotations[row + 2] * location[2];
      }
      if (before >= 0) {
        const dx = position[at] - position[before];
        const dy = position[at + 1] - position[before + 1];
        const dz = position[at + 2] - position[before + 2];
        const segment = Math.sqrt(dx * dx + dy * dy + dz * dz);
        length += segment;
        // Points that coincide have no direction between them; the segment then does not count.
        const scale = segment > 0 || Number.isNaN(segment) ? 1 / segment : 0;
        gradient[at] += dx * scale;
        gradient[at + 1] += dy * scale;
        gradient[at + 2] += dz * scale;
        gradient[before] -= dx * scale;
        gradient[before + 1] -= dy * scale;
        gradient[before + 2] -= dz * scale;
      }
      before = at;
    }
    lengths_m[muscle] = length;
  }

  /** dl/dt of a muscle when the bodies move at `twists` and the coordinates at `rate`. */
  function calcLengthRate(muscle: number, rate: Float64Array): number {
    let sum = 0;
    for (let i = firstPoint[muscle]; i < firstPoint[muscle + 1]; i++) {
      const { link, moving } = points[i];
      const p = 3 * i;
      const t = 6 * link;
      const [gx, gy, gz] = [gradient[p], gradient[p + 1], gradient[p + 2]];
      const [px, py, pz] = [position[p], position[p + 1], position[p + 2]];
      sum +=
        gx * (twists[t + 3] + twists[t + 1] * pz - twists[t + 2] * py) +
        gy * (twists[t + 4] + twists[t + 2] * px - twists[t] * pz) +
        gz * (twists[t + 5] + twists[t] * py - twists[t + 1] * px);
      if (moving === undefined) continue;
      const r = 9 * link;
      for (let k = 0; k < 3; k++) {
        const { rotations } = chain;
        const along = gx * rotations[r + k] + gy * rotations[r + 3 + k] + gz * rotations[r + 6 + k];
        sum += along * calcRate(moving[k], q, rate);
      }
    }
    return sum;
  }

  function followCouplers(rate: Float64Array): void {
    for (const coupler of plan.couplers) rate[coupler.dependent] = calcRate(coupler.function, q, rate);
  }

  return {
    lengths_m,
    rates,
    solve(values) {
      q = values;
      for (const coupler of plan.couplers) q[coupler.dependent] = coupler.function.calcValue(q);
      poseChain(chain, q);
      for (let m = 0; m < count; m++) followPath(m);
    },
    calcMomentArms(index) {
      const { coordinate, driver, crossed } = plan.directions[index];
      direction.fill(0);
      direction[driver] = 1;
      followCouplers(direction);
      calcTwistsInto(twists, chain, q, direction);
      for (let m = 0; m < count; m++) {
        rates[m] = crossed[m] ? -calcLengthRate(m, direction) / direction[coordinate] : 0;
      }
    },
    calcSpeeds(rate) {
      followCouplers(rate);
      calcTwistsInto(twists, chain, q, rate);
      for (let m = 0; m < count; m++) rates[m] = calcLengthRate(m, rate);
    },
  };
}

function listUsable(body: Body, notes: string[]): string[] {
  const left: string[] = [];
  const names = body.model.muscles.flatMap((muscle) => {
    if (explainUnusable(muscle) === undefined) return [muscle.name];
    left.push(muscle.name);
    return [];
  });
  if (left.length > 0) notes.push(`Left out, because their paths wrap or cannot be followed: ${left.join(', ')}.`);
  return names;
}

function toMap(series: CoordinateSeries): ReadonlyMap<string, Float64Array> {
  return series instanceof Map ? series : new Map(Object.entries(series));
}

function countFrames(
  body: Body,
  given: ReadonlyMap<string, Float64Array>,
  speeds: ReadonlyMap<string, Float64Array> | undefined,
): number {
  let first: readonly [string, number] | undefined;
  for (const [name, values] of [...given, ...(speeds ?? [])]) {
    checkCoordinate(body, name);
    first ??= [name, values.length];
    if (values.length !== first[1]) {
      throw new GenuError(`${name} has ${values.length} frames, and ${first[0]} has ${first[1]}.`, {
        where: 'coordinates',
        mend: 'Bring all coordinates to the same time stamps first.',
      });
    }
  }
  return first?.[1] ?? 1;
}

function noteMissing(
  plan: MusclePlan,
  values: readonly (Float64Array | undefined)[],
  rates: readonly (Float64Array | undefined)[],
  wantSpeeds: boolean,
  notes: string[],
): void {
  const free = plan.coordinates.filter((_, i) => !plan.couplers.some((coupler) => coupler.dependent === i));
  const at = (name: string): number => plan.coordinates.indexOf(name);
  const fixed = free.filter((name) => values[at(name)] === undefined);
  if (fixed.length > 0) {
    const list = fixed.map((name) => `${name} = ${plan.defaults[at(name)]}`).join(', ');
    notes.push(`Coordinates that were not given stay at the model's default: ${list}.`);
  }
  const still = free.filter((name) => values[at(name)] !== undefined && rates[at(name)] === undefined);
  if (wantSpeeds && still.length > 0) notes.push(`Speeds that were not given are taken as 0: ${still.join(', ')}.`);
  const overruled = plan.couplers.map((c) => plan.coordinates[c.dependent]).filter((name) => values[at(name)]);
  if (overruled.length > 0) {
    notes.push(`The model's couplers set ${overruled.join(', ')}; the values given for them are not used.`);
  }
}
