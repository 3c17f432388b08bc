import type { MuscleDescription } from '../data/index.js';
import { type Body, checkCoordinate } from './body.js';
import { listAncestors } from './chain.js';
import { isConstant } from './function.js';

/**
 * Names of the muscles whose length depends on a coordinate, by its joint, by joints coupled to it, or by moving path
 * points; muscles that wrap are among them.
 * @throws GenuError listing the nearest names when the model has no such coordinate
 */
export function findMusclesCrossing(body: Body, coordinate: string): string[] {
  checkCoordinate(body, coordinate);
  const driven = findDriven(body, coordinate);
  return body.model.muscles.filter((muscle) => crosses(body, muscle, driven)).map((muscle) => muscle.name);
}

/** The coordinate that sets `coordinate` through couplers of one coordinate each; itself where nothing does. */
export function findDriver(body: Body, coordinate: string): string {
  const seen = new Set<string>();
  let driver = coordinate;
  for (;;) {
    const coupler = body.couplerOf.get(driver);
    if (coupler === undefined || coupler.independent.length !== 1 || seen.has(driver)) return driver;
    seen.add(driver);
    driver = coupler.independent[0];
  }
}

/** All coordinates that move when `coordinate` does: its driver, and what couplers make follow. */
export function findDriven(body: Body, coordinate: string): Set<string> {
  const driven = new Set([findDriver(body, coordinate)]);
  for (let before = 0; before < driven.size; ) {
    before = driven.size;
    for (const coupler of body.couplerOf.values()) {
      if (coupler.independent.some((name) => driven.has(name))) driven.add(coupler.dependent);
    }
  }
  return driven;
}

/** Whether the muscle's length changes with the driven coordinates. */
export function crosses(body: Body, muscle: MuscleDescription, driven: ReadonlySet<string>): boolean {
  const moves = muscle.path.some(
    (point) =>
      point.type === 'moving' &&
      point.location.some(
        (axis) => axis.coordinate !== undefined && driven.has(axis.coordinate) && !isConstant(axis.function),
      ),
  );
  if (moves) return true;
  // Two points move alike when the same driven joints carry their bodies.
  const carriers = muscle.path.map((point) => listDrivenJoints(body, point.body, driven));
  return carriers.some((carrier) => carrier !== carriers[0]);
}

function listDrivenJoints(body: Body, name: string, driven: ReadonlySet<string>): string {
  const joints = listAncestors(body, name).flatMap((ancestor) => body.jointOf.get(ancestor) ?? []);
  return joints
    .filter((joint) =>
      [...joint.rotations, ...joint.translations].some(
        (axis) => !isConstant(axis.function) && axis.coordinates.some((coordinate) => driven.has(coordinate)),
      ),
    )
    .map((joint) => joint.name)
    .join('\n');
}
