import { GenuError, type MuscleDescription } from '../data/index.js';
import { type Body, checkCoordinate, getMuscle, listPointCoordinates } from './body.js';
import { buildChain, type Chain, findSpan, getJoint } from './chain.js';
import { crosses, findDriven, findDriver } from './crossing.js';
import { buildFunction, type CoordinateFunction, isConstant } from './function.js';

/** How far outside its range a conditional point still counts as active (rad or m), as in OpenSim. */
const CONDITION_TOLERANCE = 1e-5;

export interface PlannedPoint {
  /** Body of the chain that carries the point. */
  readonly link: number;
  /** Where the point is in its body; moving points rewrite it in every frame. */
  readonly location: Float64Array;
  readonly moving: readonly CoordinateFunction[] | undefined;
  readonly condition: { readonly coordinate: number; readonly low: number; readonly high: number } | undefined;
}

/** A unit rate of one coordinate, and the muscles that feel it. */
export interface PlannedDirection {
  readonly coordinate: number;
  readonly driver: number;
  /** Per muscle of the plan. */
  readonly crossed: readonly boolean[];
}

export interface PlannedCoupler {
  readonly dependent: number;
  readonly function: CoordinateFunction;
}

/** Everything that lengths and moment arms of some muscles need, compiled once and used for any number of frames. */
export interface MusclePlan {
  readonly muscles: readonly string[];
  readonly about: readonly string[];
  /** Order of the coordinate vector q: every coordinate that the lengths depend on, and those asked about. */
  readonly coordinates: readonly string[];
  readonly defaults: Float64Array;
  readonly chain: Chain;
  /** Independent coordinates first. */
  readonly couplers: readonly PlannedCoupler[];
  readonly points: readonly PlannedPoint[];
  /** First point of each muscle, and one past the last of all. */
  readonly firstPoint: Int32Array;
  readonly directions: readonly PlannedDirection[];
}

/**
 * Compiles the paths of some muscles, the joints between their points, and the couplers those follow.
 * @param muscles names, in the order of the results
 * @param about coordinates that moment arms are asked about
 * @throws GenuError for unknown names, muscles that wrap, and joints or functions that cannot be evaluated
 */
export function buildMusclePlan(body: Body, muscles: readonly string[], about: readonly string[]): MusclePlan {
  const chosen = muscles.map((name) => getMuscle(body, name));
  for (const name of about) checkDirection(body, name);
  const span = findSpan(
    body,
    chosen.flatMap((muscle) => muscle.path.map((point) => point.body)),
  );
  const { coordinates, dependents } = collectCoordinates(body, span, chosen, about);
  const indexOf = (name: string): number => coordinates.indexOf(name);

  const firstPoint = new Int32Array(chosen.length + 1);
  chosen.forEach((muscle, i) => {
    firstPoint[i + 1] = firstPoint[i] + muscle.path.length;
  });
  return {
    muscles,
    about,
    coordinates,
    defaults: Float64Array.from(coordinates, (name) => body.coordinates.get(name)?.default_value ?? 0),
    chain: buildChain(body, span, indexOf),
    couplers: dependents.map((name) => {
      const coupler = body.couplerOf.get(name)!;
      const where = `model ${body.model.name}, coupler ${coupler.name}`;
      return {
        dependent: indexOf(name),
        function: buildFunction(coupler.function, coupler.independent.map(indexOf), where),
      };
    }),
    points: chosen.flatMap((muscle) => muscle.path.map((point) => planPoint(body, point, span, indexOf))),
    firstPoint,
    directions: about.map((name) => {
      const driven = findDriven(body, name);
      return {
        coordinate: indexOf(name),
        driver: indexOf(findDriver(body, name)),
        crossed: chosen.map((muscle) => crosses(body, muscle, driven)),
      };
    }),
  };
}

function checkDirection(body: Body, name: string): void {
  checkCoordinate(body, name);
  const coupler = body.couplerOf.get(findDriver(body, name));
  if (coupler === undefined) return;
  throw new GenuError(
    `moment arms about ${name} have no one value: the coupler ${coupler.name} sets it by several others.`,
    {
      where: `model ${body.model.name}`,
      mend: `Ask about one of ${coupler.independent.join(', ')}.`,
    },
  );
}

/** The coordinates that the span, the paths and the couplers read; dependent ones listed again, in the order to set them. */
function collectCoordinates(
  body: Body,
  span: readonly string[],
  muscles: readonly MuscleDescription[],
  about: readonly string[],
): { coordinates: string[]; dependents: string[] } {
  const coordinates = new Set<string>();
  const dependents: string[] = [];
  const add = (name: string, line: readonly string[] = []): void => {
    if (line.includes(name)) {
      throw new GenuError(`the couplers of ${[...line, name].join(', ')} form a ring.`, {
        where: `model ${body.model.name}`,
        mend: 'Take one of them out of the model.',
      });
    }
    if (coordinates.has(name)) return;
    const coupler = body.couplerOf.get(name);
    for (const independent of coupler?.independent ?? []) add(independent, [...line, name]);
    coordinates.add(name);
    if (coupler !== undefined) dependents.push(name);
  };
  for (const name of span.slice(1)) {
    const joint = getJoint(body, name);
    for (const axis of [...joint.rotations, ...joint.translations]) {
      if (!isConstant(axis.function)) for (const coordinate of axis.coordinates) add(coordinate);
    }
  }
  for (const muscle of muscles)
    for (const point of muscle.path) for (const name of listPointCoordinates(point)) add(name);
  for (const name of about) add(name);
  return { coordinates: [...coordinates], dependents };
}

function planPoint(
  body: Body,
  point: MuscleDescription['path'][number],
  span: readonly string[],
  indexOf: (name: string) => number,
): PlannedPoint {
  const link = span.indexOf(point.body);
  if (point.type === 'moving') {
    const where = `model ${body.model.name}, path point ${point.name}`;
    const moving = point.location.map((axis) =>
      buildFunction(axis.function, axis.coordinate === undefined ? [] : [indexOf(axis.coordinate)], where),
    );
    return { link, location: new Float64Array(3), moving, condition: undefined };
  }
  const location = Float64Array.from(point.location_m);
  if (point.type === 'fixed') return { link, location, moving: undefined, condition: undefined };
  return {
    link,
    location,
    moving: undefined,
    condition: {
      coordinate: indexOf(point.coordinate),
      low: point.range[0] - CONDITION_TOLERANCE,
      high: point.range[1] + CONDITION_TOLERANCE,
    },
  };
}
