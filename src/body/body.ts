import {
  type CoordinateDescription,
  type CouplerDescription,
  GenuError,
  type JointDescription,
  listNearest,
  type ModelDescription,
  type MuscleDescription,
} from '../data/index.js';

/** A model whose names are checked and whose parts are found by name. Nothing in it moves: poses are worked out per call. */
export interface Body {
  readonly model: ModelDescription;
  /** The joint that carries each body. */
  readonly jointOf: ReadonlyMap<string, JointDescription>;
  readonly coordinates: ReadonlyMap<string, CoordinateDescription>;
  /** The coupler that sets each dependent coordinate. */
  readonly couplerOf: ReadonlyMap<string, CouplerDescription>;
  readonly muscles: ReadonlyMap<string, MuscleDescription>;
}

/**
 * Checks a model description and indexes it.
 * @throws GenuError for doubled names, and for joints, couplers or path points that name what is not there
 */
export function buildBody(model: ModelDescription): Body {
  const where = `model ${model.name}`;
  const bodies = new Set([model.ground, ...model.bodies.map((body) => body.name)]);
  const coordinates = index(
    model.joints.flatMap((joint) => joint.coordinates),
    'coordinate',
    where,
  );
  const need = (names: Iterable<string>, known: string[], what: string, user: string): void => {
    for (const name of names) {
      if (known.includes(name)) continue;
      throw new GenuError(`${user} names the ${what} "${name}", which the model does not have.`, {
        where,
        mend: `It has: ${listNearest(name, known)}.`,
      });
    }
  };
  const bodyNames = [...bodies];
  const coordinateNames = [...coordinates.keys()];

  const jointOf = new Map<string, JointDescription>();
  for (const joint of model.joints) {
    need([joint.parent_body, joint.child_body], bodyNames, 'body', `joint ${joint.name}`);
    for (const axis of [...joint.rotations, ...joint.translations]) {
      need(axis.coordinates, coordinateNames, 'coordinate', `joint ${joint.name}`);
    }
    const other = jointOf.get(joint.child_body);
    jointOf.set(joint.child_body, other === undefined ? joint : refuseLoop(other, joint));
  }
  const couplerOf = new Map<string, CouplerDescription>();
  for (const coupler of model.couplers) {
    need([coupler.dependent, ...coupler.independent], coordinateNames, 'coordinate', `coupler ${coupler.name}`);
    if (couplerOf.has(coupler.dependent)) {
      throw new GenuError(`two couplers set the coordinate "${coupler.dependent}".`, { where, mend: 'Remove one.' });
    }
    couplerOf.set(coupler.dependent, coupler);
  }
  for (const muscle of model.muscles) {
    for (const point of muscle.path) {
      need([point.body], bodyNames, 'body', `path point ${point.name}`);
      need(listPointCoordinates(point), coordinateNames, 'coordinate', `path point ${point.name}`);
    }
  }
  return { model, jointOf, coordinates, couplerOf, muscles: index(model.muscles, 'muscle', where) };
}

/** Coordinates that a path point's place, or its being there, depends on. */
export function listPointCoordinates(point: MuscleDescription['path'][number]): string[] {
  if (point.type === 'conditional') return [point.coordinate];
  if (point.type === 'fixed') return [];
  return point.location.flatMap((axis) => (axis.coordinate === undefined ? [] : [axis.coordinate]));
}

/**
 * The muscle of that name.
 * @throws GenuError listing the nearest names, or saying why its path cannot be used
 */
export function getMuscle(body: Body, name: string): MuscleDescription {
  const muscle = body.muscles.get(name);
  if (muscle === undefined) throw unknown(body, 'muscle', name, [...body.muscles.keys()]);
  const why = explainUnusable(muscle);
  if (why !== undefined) {
    throw new GenuError(`the length of ${name} cannot be worked out: ${why}.`, {
      where: `model ${body.model.name}`,
      mend: 'Leave this muscle out, or give its lengths and moment arms as recorded channels.',
    });
  }
  return muscle;
}

/** Why a muscle's path cannot be followed; undefined when it can. */
export function explainUnusable(muscle: MuscleDescription): string | undefined {
  if (muscle.wraps.length > 0) return `it wraps over ${muscle.wraps.join(' and ')}, and wrapping is not worked out yet`;
  return muscle.unsupported;
}

/** @throws GenuError listing the nearest names when the model has no such coordinate */
export function checkCoordinate(body: Body, name: string): void {
  if (!body.coordinates.has(name)) throw unknown(body, 'coordinate', name, [...body.coordinates.keys()]);
}

function unknown(body: Body, what: string, name: string, names: readonly string[]): GenuError {
  return new GenuError(`there is no ${what} "${name}".`, {
    where: `model ${body.model.name}`,
    mend: `It has: ${listNearest(name, names)}.`,
  });
}

/** A body that hangs on two joints closes a loop, which a tree of joints cannot pose. */
function refuseLoop(first: JointDescription, second: JointDescription): JointDescription {
  return {
    ...first,
    unsupported: `the body ${first.child_body} hangs on two joints, ${first.name} and ${second.name}`,
  };
}

function index<T extends { readonly name: string }>(parts: readonly T[], what: string, where: string): Map<string, T> {
  const found = new Map<string, T>();
  for (const part of parts) {
    if (found.has(part.name)) {
      throw new GenuError(`two ${what}s are called "${part.name}".`, { where, mend: 'Rename one of them.' });
    }
    found.set(part.name, part);
  }
  return found;
}
