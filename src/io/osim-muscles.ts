import type { MuscleDescription, PathPointDescription } from '../data/index.js';
import { type FrameIndex, isAtOrigin, placePoint } from './osim-frames.js';
import { readInnerFunction } from './osim-functions.js';
import { lastPart, listObjects, nameOf, type OsimSource } from './osim-source.js';
import type { XmlElement } from './osim-xml.js';

/** What OpenSim's Muscle class takes for fields that a file does not give. */
const MUSCLE_DEFAULTS = {
  max_isometric_force: 1000,
  optimal_fiber_length: 0.1,
  tendon_slack_length: 0.2,
  pennation_angle_at_optimal: 0,
  max_contraction_velocity: 10,
};

/** All muscles of the ForceSet, of any class; other forces are noted. */
export function readMuscles(source: OsimSource, model: XmlElement, frames: FrameIndex): MuscleDescription[] {
  const set = source.find(model, 'ForceSet');
  const groups = readGroups(source, set);
  return listObjects(set).flatMap((element) => {
    if (!isMuscle(element)) {
      source.count(`forces of class ${element.name} are left out: they are not muscles`, nameOf(element));
      return [];
    }
    return [readMuscle(source, element, frames, groups)];
  });
}

function isMuscle(element: XmlElement): boolean {
  return /Muscle(_Deprecated)?$/.test(element.name) || element.children.some((c) => c.name === 'optimal_fiber_length');
}

function readMuscle(
  source: OsimSource,
  element: XmlElement,
  frames: FrameIndex,
  groups: ReadonlyMap<string, readonly string[]>,
): MuscleDescription {
  const name = nameOf(element);
  if (source.boolean(element, false, 'isDisabled') || !source.boolean(element, true, 'appliesForce')) {
    source.count('muscles that the model switches off are read all the same', name);
  }
  const geometry = source.find(element, 'GeometryPath');
  const problems: string[] = [];
  const path = geometry === undefined ? [] : readPath(source, geometry, frames, problems);
  const wraps = geometry === undefined ? [] : readWraps(source, geometry);
  if (wraps.length > 0) {
    source.count('muscles that wrap over objects are read with the names of those objects only', name);
  }
  const other = element.children.find((c) => c.name.endsWith('Path') && c.name !== 'GeometryPath')?.name;
  if (other !== undefined) problems.push(`its path is a ${other}`);
  else if (path.length < 2) problems.push('its path has fewer than two points');
  const [unsupported] = problems;
  if (unsupported !== undefined) source.count(`muscles without a usable path, because ${unsupported}`, name);
  const number = (field: keyof typeof MUSCLE_DEFAULTS, ...others: string[]): number =>
    source.number(element, MUSCLE_DEFAULTS[field], field, ...others);
  return {
    name,
    type: element.name,
    max_isometric_force_N: number('max_isometric_force'),
    optimal_fibre_length_m: number('optimal_fiber_length'),
    tendon_slack_length_m: number('tendon_slack_length'),
    pennation_at_optimal_rad: number('pennation_angle_at_optimal', 'pennation_angle'),
    max_contraction_velocity: number('max_contraction_velocity', 'Vmax'),
    path,
    wraps,
    groups: groups.get(name) ?? [],
    ...(unsupported === undefined ? {} : { unsupported }),
  };
}

/** The points that can be described; why others cannot is added to `problems`. */
function readPath(
  source: OsimSource,
  geometry: XmlElement,
  frames: FrameIndex,
  problems: string[],
): PathPointDescription[] {
  return listObjects(source.find(geometry, 'PathPointSet')).flatMap((element): PathPointDescription[] => {
    const name = nameOf(element);
    const path = source.text(element, 'socket_parent_frame', 'socket_parent_frame_connectee_name', 'body');
    if (path === undefined) throw source.error(element, `the path point ${name} does not name its body.`);
    const frame = frames.resolve(element, path);
    const where = { name, body: frame.body };
    switch (element.name) {
      case 'PathPoint':
        return [{ type: 'fixed', ...where, location_m: placePoint(frame, source.vector(element, 'location')) }];
      case 'ConditionalPathPoint': {
        const range = source.find(element, 'range');
        const coordinate = source.text(element, 'socket_coordinate', 'coordinate');
        if (range === undefined || coordinate === undefined) {
          throw source.error(element, `the conditional path point ${name} lacks its range or its coordinate.`);
        }
        const [low, high] = source.numbers(range, 2);
        return [
          {
            type: 'conditional',
            ...where,
            location_m: placePoint(frame, source.vector(element, 'location')),
            coordinate: lastPart(coordinate),
            range: [low, high],
          },
        ];
      }
      case 'MovingPathPoint': {
        if (!isAtOrigin(frame)) {
          problems.push(`its moving path point ${name} is given in an offset frame`);
          return [];
        }
        const location = ['x', 'y', 'z'].map((axis) => {
          const holder = source.find(element, `${axis}_location`);
          const inner = holder && readInnerFunction(source, holder);
          if (inner === undefined)
            throw source.error(element, `the moving path point ${name} lacks <${axis}_location>.`);
          const coordinate = source.text(element, `socket_${axis}_coordinate`, `${axis}_coordinate`);
          return { coordinate: coordinate === undefined ? undefined : lastPart(coordinate), function: inner };
        });
        return [{ type: 'moving', ...where, location }];
      }
      default:
        problems.push(`its path point ${name} is a ${element.name}, which genu does not know`);
        return [];
    }
  });
}

function readWraps(source: OsimSource, geometry: XmlElement): string[] {
  return listObjects(source.find(geometry, 'PathWrapSet')).map(
    (element) => source.text(element, 'wrap_object') ?? nameOf(element),
  );
}

/** Muscle name -> names of its groups. */
function readGroups(source: OsimSource, set: XmlElement | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const element of set?.children.find((c) => c.name === 'groups')?.children ?? []) {
    for (const member of source.words(element, 'members')) {
      groups.set(member, [...(groups.get(member) ?? []), nameOf(element)]);
    }
  }
  return groups;
}
