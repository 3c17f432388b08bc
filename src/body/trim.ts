import type { ModelDescription } from '../data/index.js';
import { buildBody, checkCoordinate, getMuscle, listPointCoordinates } from './body.js';
import { findSpan } from './chain.js';
import { isConstant } from './function.js';

/**
 * The least part of a model that gives the same lengths and moment arms: the muscles asked for, the joints between their
 * points, the joints of the coordinates asked for, and the couplers those follow. Plain data, fit for JSON.
 * @throws GenuError for unknown names and for muscles whose path cannot be followed
 */
export function trimModel(
  model: ModelDescription,
  keep: { readonly muscles: readonly string[]; readonly coordinates: readonly string[] },
): ModelDescription {
  const body = buildBody(model);
  const wanted = new Set(keep.muscles);
  const muscles = [...wanted].map((name) => getMuscle(body, name));
  const bodies = new Set(
    findSpan(
      body,
      muscles.flatMap((muscle) => muscle.path.map((point) => point.body)),
    ),
  );
  const [root] = bodies;
  const joints = new Set(model.joints.filter((joint) => joint.child_body !== root && bodies.has(joint.child_body)));

  // Coordinates that anything kept reads, each of which needs the joint that owns it, and so on.
  const coordinates = new Set<string>();
  const visit = (name: string): void => {
    checkCoordinate(body, name);
    if (coordinates.has(name)) return;
    coordinates.add(name);
    visitAll(body.couplerOf.get(name)?.independent ?? []);
  };
  const visitAll = (names: readonly string[]): void => {
    for (const name of names) visit(name);
  };
  visitAll(keep.coordinates);
  for (const muscle of muscles) visitAll(muscle.path.flatMap(listPointCoordinates));
  for (let before = -1; before < joints.size + coordinates.size; ) {
    before = joints.size + coordinates.size;
    for (const joint of model.joints) {
      if (joint.coordinates.some((coordinate) => coordinates.has(coordinate.name))) joints.add(joint);
    }
    for (const joint of joints) {
      for (const axis of [...joint.rotations, ...joint.translations]) {
        if (!isConstant(axis.function)) visitAll(axis.coordinates);
      }
      visitAll(joint.coordinates.map((coordinate) => coordinate.name));
    }
  }
  for (const joint of joints) bodies.add(joint.parent_body).add(joint.child_body);

  return {
    name: model.name,
    version: model.version,
    ground: model.ground,
    bodies: model.bodies.filter((part) => bodies.has(part.name)),
    joints: model.joints.filter((joint) => joints.has(joint)),
    couplers: model.couplers.filter((coupler) => coordinates.has(coupler.dependent)),
    muscles: model.muscles.filter((muscle) => wanted.has(muscle.name)),
    notes: [
      ...model.notes,
      `Cut down to ${wanted.size} of ${model.muscles.length} muscles and ${joints.size} of ${model.joints.length} joints.`,
    ],
  };
}
