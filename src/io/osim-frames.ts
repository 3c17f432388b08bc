import { listNearest, type Vector3 } from '../data/index.js';
import { lastPart, listObjects, nameOf, type OsimSource } from './osim-source.js';
import type { XmlElement } from './osim-xml.js';

/** A frame fixed to a body: translation, and body-fixed XYZ orientation. */
export interface Frame {
  readonly body: string;
  readonly translation_m: Vector3;
  readonly orientation_rad: Vector3;
}

type Matrix = readonly [Vector3, Vector3, Vector3];

/** Finds the bodies and the PhysicalOffsetFrames that joints and path points name (file version 40000 on). */
export class FrameIndex {
  private readonly offsets = new Map<string, XmlElement>();

  constructor(
    private readonly source: OsimSource,
    private readonly bodies: readonly string[],
    model: XmlElement,
  ) {
    for (const [set, path] of [
      ['JointSet', '/jointset'],
      ['BodySet', '/bodyset'],
      ['ComponentSet', '/componentset'],
    ]) {
      for (const owner of listObjects(source.find(model, set))) this.addOffsets(owner, `${path}/${nameOf(owner)}`);
    }
    for (const element of model.children) {
      if (element.name === 'Ground') this.addOffsets(element, '/ground');
      if (element.name === 'components') this.addOffsets(element, '');
    }
  }

  private addOffsets(owner: XmlElement, path: string): void {
    if (owner.name === 'PhysicalOffsetFrame') this.offsets.set(path, owner);
    for (const holder of owner.children) {
      if (holder.name !== 'frames' && holder.name !== 'components') continue;
      for (const frame of holder.children) {
        if (frame.name !== 'PhysicalOffsetFrame') continue;
        this.offsets.set(`${path}/${nameOf(frame)}`, frame);
        this.addOffsets(frame, `${path}/${nameOf(frame)}`);
      }
    }
  }

  /**
   * The body and the offset that `path` means.
   * @param base component path that a relative path starts from
   * @throws GenuError when there is no such frame, or frames that hang on each other in a ring
   */
  resolve(element: XmlElement, path: string, base = '', depth = 0): Frame {
    const absolute = joinPath(base, path);
    const name = lastPart(absolute);
    const at = this.offsets.has(absolute) || this.bodies.includes(name) ? absolute : this.findByName(name);
    const offset = at === undefined ? undefined : this.offsets.get(at);
    if (offset === undefined && this.bodies.includes(name)) {
      return { body: name, translation_m: [0, 0, 0], orientation_rad: [0, 0, 0] };
    }
    if (offset === undefined || depth > 20) {
      throw this.source.error(
        element,
        depth > 20 ? `the frame "${path}" hangs on itself.` : `there is no body or frame "${path}".`,
        `The bodies are: ${listNearest(name, this.bodies)}.`,
      );
    }
    const translation = this.source.vector(offset, 'translation');
    const orientation = this.source.vector(offset, 'orientation');
    const parent = this.source.text(offset, 'socket_parent', 'socket_parent_connectee_name') ?? '';
    return compose(this.resolve(offset, parent, at, depth + 1), translation, orientation);
  }

  /** Path of the only offset frame of that name; undefined when there are none or several. */
  private findByName(name: string): string | undefined {
    const matches = [...this.offsets.keys()].filter((path) => lastPart(path) === name);
    return matches.length === 1 ? matches[0] : undefined;
  }
}

/** Component paths join as file paths do: `..` leads to the owner, a leading slash to the model. */
function joinPath(base: string, path: string): string {
  const parts = path.startsWith('/') ? [] : base.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Where a point given in `frame` lies in the frame's body. */
export function placePoint(frame: Frame, point: Vector3): Vector3 {
  const rotated = rotate(orient(frame.orientation_rad), point);
  return add(frame.translation_m, rotated);
}

export function isAtOrigin(frame: Frame): boolean {
  return [...frame.translation_m, ...frame.orientation_rad].every((value) => value === 0);
}

function compose(base: Frame, translation: Vector3, orientation: Vector3): Frame {
  // An offset straight from a body keeps the file's own numbers, digit for digit.
  if (isAtOrigin(base)) return { body: base.body, translation_m: translation, orientation_rad: orientation };
  const outer = orient(base.orientation_rad);
  const inner = orient(orientation);
  const product = [0, 1, 2].map((i) => [0, 1, 2].map((j) => dot(outer[i], column(inner, j))));
  const orientation_rad: Vector3 = [
    Math.atan2(-product[1][2], product[2][2]),
    Math.asin(Math.max(-1, Math.min(1, product[0][2]))),
    Math.atan2(-product[0][1], product[0][0]),
  ];
  return { body: base.body, translation_m: placePoint(base, translation), orientation_rad };
}

/** Rows of the rotation matrix of body-fixed XYZ angles. */
function orient([a, b, c]: Vector3): Matrix {
  const [sa, ca, sb, cb, sc, cc] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c), Math.cos(c)];
  return [
    [cb * cc, -cb * sc, sb],
    [ca * sc + sa * sb * cc, ca * cc - sa * sb * sc, -sa * cb],
    [sa * sc - ca * sb * cc, sa * cc + ca * sb * sc, ca * cb],
  ];
}

function rotate(matrix: Matrix, v: Vector3): Vector3 {
  return [dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)];
}

function column(matrix: Matrix, j: number): Vector3 {
  return [matrix[0][j], matrix[1][j], matrix[2][j]];
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function add(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}
