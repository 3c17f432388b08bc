import { GenuError, type JointDescription, type Vector3 } from '../data/index.js';
import { multiplyRotationsInto, placePointInto, turnRotationInto, writeRotationXyzInto } from '../math/index.js';
import type { Body } from './body.js';
import { buildFunction, type CoordinateFunction, isConstant } from './function.js';

interface Axis {
  readonly direction: Vector3;
  readonly function: CoordinateFunction;
}

/** One moving body of a chain, and the joint between it and its parent. */
interface Link {
  readonly parent: number;
  /** Joint frame in the parent, rotation and origin. */
  readonly frameRotation: Float64Array;
  readonly frameOrigin: Float64Array;
  /** The body as seen from the joint's moving frame. */
  readonly bodyRotation: Float64Array;
  readonly bodyOrigin: Float64Array;
  readonly rotations: readonly Axis[];
  readonly translations: readonly Axis[];
  /** Where this link's axes start in `axes`. */
  readonly firstAxis: number;
}

/**
 * The joints between some bodies and the last body that carries them all, compiled to flat arrays.
 * Body 0 is that common root; the others follow their parents. Everything is expressed in the root's frame.
 */
export interface Chain {
  readonly bodies: readonly string[];
  readonly links: readonly Link[];
  /** Rotation matrices, nine numbers per body. */
  readonly rotations: Float64Array;
  readonly origins: Float64Array;
  /** Present direction of every joint axis, three numbers each. */
  readonly axes: Float64Array;
  /** Present origin of every link's moving frame. */
  readonly centres: Float64Array;
}

/** Bodies from `name` up to the one that no joint carries. */
export function listAncestors(body: Body, name: string): string[] {
  const line = [name];
  for (let joint = body.jointOf.get(name); joint !== undefined; joint = body.jointOf.get(joint.parent_body)) {
    if (line.includes(joint.parent_body)) {
      throw new GenuError(`the joints ${line.join(', ')} form a ring.`, {
        where: `model ${body.model.name}`,
        mend: 'genu follows open chains only: cut the loop at one of these joints.',
      });
    }
    line.push(joint.parent_body);
  }
  return line;
}

/**
 * The bodies that lie between `bodies` and the last one that carries them all: that root first, parents before children.
 * @throws GenuError when no body carries them all
 */
export function findSpan(body: Body, bodies: Iterable<string>): string[] {
  const lines = [...new Set(bodies)].map((name) => listAncestors(body, name));
  if (lines.length === 0) return [body.model.ground];
  const root = lines[0].find((name) => lines.every((line) => line.includes(name)));
  if (root === undefined) {
    throw new GenuError(`no joints connect ${lines.map((line) => line[0]).join(', ')}.`, {
      where: `model ${body.model.name}`,
      mend: 'Add the joints that are missing, up to ground.',
    });
  }
  const ordered = new Set([root]);
  for (const line of lines) for (const name of line.slice(0, line.indexOf(root)).reverse()) ordered.add(name);
  return [...ordered];
}

/** The joint that carries `name`. @throws GenuError when it cannot be moved */
export function getJoint(body: Body, name: string): JointDescription {
  const joint = body.jointOf.get(name) as JointDescription;
  if (joint.unsupported !== undefined) {
    throw new GenuError(`the joint ${joint.name} cannot be moved: ${joint.unsupported}.`, {
      where: `model ${body.model.name}`,
      mend: 'Leave out the muscles that cross it.',
    });
  }
  return joint;
}

/**
 * Compiles the joints of a span.
 * @param span root first, as `findSpan` returns it
 * @param indexOf where a coordinate stands in q
 */
export function buildChain(body: Body, span: readonly string[], indexOf: (coordinate: string) => number): Chain {
  let axisCount = 0;
  const links = span.slice(1).map((name): Link => {
    const joint = getJoint(body, name);
    const where = `model ${body.model.name}, joint ${joint.name}`;
    const build = (axes: JointDescription['rotations']): Axis[] =>
      axes
        .map(({ axis, coordinates, function: description }) => ({
          direction: normalise(axis),
          function: buildFunction(description, isConstant(description) ? [] : coordinates.map(indexOf), where),
        }))
        .filter((axis) => axis.function.arguments.length > 0 || axis.function.calcValue(new Float64Array(0)) !== 0);
    const [rotations, translations] = [build(joint.rotations), build(joint.translations)];
    const firstAxis = axisCount;
    axisCount += rotations.length + translations.length;

    const frameRotation = new Float64Array(9);
    writeRotationXyzInto(frameRotation, 0, joint.parent_orientation_rad);
    const inChild = new Float64Array(9);
    writeRotationXyzInto(inChild, 0, joint.child_orientation_rad);
    const bodyRotation = Float64Array.from([0, 3, 6, 1, 4, 7, 2, 5, 8], (i) => inChild[i]);
    const bodyOrigin = new Float64Array(3);
    const [x, y, z] = joint.child_translation_m;
    placePointInto(bodyOrigin, 0, bodyRotation, 0, bodyOrigin, 0, -x, -y, -z);
    return {
      parent: span.indexOf(joint.parent_body),
      frameRotation,
      frameOrigin: Float64Array.from(joint.parent_translation_m),
      bodyRotation,
      bodyOrigin,
      rotations,
      translations,
      firstAxis,
    };
  });
  const rotations = new Float64Array(9 * span.length);
  rotations.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  return {
    bodies: span,
    links,
    rotations,
    origins: new Float64Array(3 * span.length),
    axes: new Float64Array(3 * axisCount),
    centres: new Float64Array(3 * links.length),
  };
}

const scratch = { rotation: new Float64Array(9), turned: new Float64Array(9), origin: new Float64Array(3) };

/** Poses the chain at coordinates q: forward kinematics. */
export function poseChain(chain: Chain, q: Float64Array): void {
  const { rotations, origins, axes, centres } = chain;
  const { rotation, origin } = scratch;
  for (let i = 0; i < chain.links.length; i++) {
    const link = chain.links[i];
    const p = link.parent;
    multiplyRotationsInto(rotation, 0, rotations, 9 * p, link.frameRotation, 0);
    const frame = link.frameOrigin;
    placePointInto(origin, 0, rotations, 9 * p, origins, 3 * p, frame[0], frame[1], frame[2]);

    let a = 3 * (link.firstAxis + link.rotations.length);
    for (const axis of link.translations) {
      turnInto(axes, a, rotation, axis.direction);
      const value = axis.function.calcValue(q);
      for (let k = 0; k < 3; k++) origin[k] += value * axes[a + k];
      a += 3;
    }
    a = 3 * link.firstAxis;
    for (const axis of link.rotations) {
      turnInto(axes, a, rotation, axis.direction);
      const [x, y, z] = axis.direction;
      turnRotationInto(rotation, 0, x, y, z, axis.function.calcValue(q));
      a += 3;
    }
    centres.set(origin, 3 * i);
    const body = link.bodyOrigin;
    placePointInto(origins, 3 * (i + 1), rotation, 0, origin, 0, body[0], body[1], body[2]);
    multiplyRotationsInto(rotations, 9 * (i + 1), rotation, 0, link.bodyRotation, 0);
  }
}

/**
 * Velocity of every body of a posed chain when the coordinates change at `rates`: angular velocity, and velocity of the
 * body's point at the root's origin, six numbers per body. A point at x then moves at v + ω × x.
 */
export function calcTwistsInto(out: Float64Array, chain: Chain, q: Float64Array, rates: Float64Array): void {
  const { axes, centres } = chain;
  for (let i = 0; i < chain.links.length; i++) {
    const link = chain.links[i];
    const at = 6 * (i + 1);
    for (let k = 0; k < 6; k++) out[at + k] = out[6 * link.parent + k];
    const [cx, cy, cz] = [centres[3 * i], centres[3 * i + 1], centres[3 * i + 2]];
    let a = 3 * link.firstAxis;
    for (const axis of link.rotations) {
      const rate = calcRate(axis.function, q, rates);
      const wx = rate * axes[a];
      const wy = rate * axes[a + 1];
      const wz = rate * axes[a + 2];
      out[at] += wx;
      out[at + 1] += wy;
      out[at + 2] += wz;
      out[at + 3] += cy * wz - cz * wy;
      out[at + 4] += cz * wx - cx * wz;
      out[at + 5] += cx * wy - cy * wx;
      a += 3;
    }
    for (const axis of link.translations) {
      const rate = calcRate(axis.function, q, rates);
      for (let k = 0; k < 3; k++) out[at + 3 + k] += rate * axes[a + k];
      a += 3;
    }
  }
}

/** Rate of a function of q when q changes at `rates`. */
export function calcRate(fn: CoordinateFunction, q: Float64Array, rates: Float64Array): number {
  let rate = 0;
  for (let k = 0; k < fn.arguments.length; k++) {
    const along = rates[fn.arguments[k]];
    if (along !== 0) rate += along * fn.calcSlope(q, k);
  }
  return rate;
}

function turnInto(out: Float64Array, at: number, rotation: Float64Array, [x, y, z]: Vector3): void {
  for (let k = 0; k < 3; k++) out[at + k] = rotation[3 * k] * x + rotation[3 * k + 1] * y + rotation[3 * k + 2] * z;
}

function normalise(axis: Vector3): Vector3 {
  const length = Math.hypot(...axis);
  return [axis[0] / length, axis[1] / length, axis[2] / length];
}
