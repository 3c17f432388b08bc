import type {
  CoordinateDescription,
  CouplerDescription,
  JointDescription,
  TransformAxisDescription,
  Vector3,
} from '../data/index.js';
import type { Frame, FrameIndex } from './osim-frames.js';
import { readInnerFunction, readWrappedFunction } from './osim-functions.js';
import { listObjects, nameOf, type OsimSource } from './osim-source.js';
import type { XmlElement } from './osim-xml.js';

const AXES: Readonly<Record<'x' | 'y' | 'z', Vector3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };

/** Rotation and translation axes of the joint classes whose coordinates act along fixed axes, in coordinate order. */
const SIMPLE_JOINTS: Readonly<Record<string, { rotations: string; translations: string }>> = {
  WeldJoint: { rotations: '', translations: '' },
  PinJoint: { rotations: 'z', translations: '' },
  SliderJoint: { rotations: '', translations: 'x' },
  UniversalJoint: { rotations: 'xy', translations: '' },
  BallJoint: { rotations: 'xyz', translations: '' },
  GimbalJoint: { rotations: 'xyz', translations: '' },
  PlanarJoint: { rotations: 'z', translations: 'xy' },
  FreeJoint: { rotations: 'xyz', translations: 'xyz' },
};

/** Joints of file version 40000 on: a JointSet whose joints name their frames. */
export function readJointSet(source: OsimSource, model: XmlElement, frames: FrameIndex): JointDescription[] {
  return listObjects(source.find(model, 'JointSet')).map((element) => {
    const owner = `/jointset/${nameOf(element)}`;
    const side = (which: string): Frame => {
      const path = source.text(element, `socket_${which}_frame`, `socket_${which}_frame_connectee_name`);
      if (path === undefined)
        throw source.error(element, `the joint ${nameOf(element)} does not name its ${which} frame.`);
      return frames.resolve(element, path, owner);
    };
    return readJoint(source, element, side('parent'), side('child'));
  });
}

/** Joints until file version 30000: one inside each body, which is the joint's child. */
export function readNestedJoints(source: OsimSource, model: XmlElement): JointDescription[] {
  return listObjects(source.find(model, 'BodySet')).flatMap((body) => {
    const element = source.find(body, 'Joint')?.children[0];
    if (element === undefined) return [];
    const parent = source.text(element, 'parent_body');
    if (parent === undefined)
      throw source.error(element, `the joint ${nameOf(element)} does not name its parent body.`);
    return readJoint(
      source,
      element,
      {
        body: parent,
        translation_m: readOldOffset(source, element, 'location_in_parent'),
        orientation_rad: readOldOffset(source, element, 'orientation_in_parent'),
      },
      {
        body: nameOf(body),
        translation_m: readOldOffset(source, element, 'location'),
        orientation_rad: readOldOffset(source, element, 'orientation'),
      },
    );
  });
}

/**
 * A joint's place in a body, to six significant digits: OpenSim 4 rounds these four fields so when it brings a file from
 * before version 40000 up to date, and lengths only agree with it (to 1e-9 m) when they are rounded here too.
 */
function readOldOffset(source: OsimSource, element: XmlElement, field: string): Vector3 {
  const given = source.vector(element, field);
  const [x, y, z] = given.map((value) => Number(value.toPrecision(6)));
  if (x !== given[0] || y !== given[1] || z !== given[2]) {
    source.count(
      'joints whose place is rounded to six digits, as OpenSim 4 does with files of this age',
      nameOf(element),
    );
  }
  return [x, y, z];
}

function readJoint(source: OsimSource, element: XmlElement, parent: Frame, child: Frame): JointDescription {
  const name = nameOf(element);
  const found = listCoordinates(source, element);
  const simple = SIMPLE_JOINTS[element.name];
  const names = found.map(nameOf);
  if (simple !== undefined) {
    const count = simple.rotations.length + simple.translations.length;
    for (let i = names.length; i < count; i++) {
      names.push(`${name}_coord_${i}`);
      source.count('coordinates without a description take the name OpenSim gives them', names[i]);
    }
  }
  const axes =
    element.name === 'CustomJoint'
      ? readSpatialTransform(source, element)
      : simple === undefined
        ? { rotations: [], translations: [] }
        : placeSimpleAxes(simple, names);
  const reversed = source.boolean(element, false, 'reverse');
  const why =
    element.name !== 'CustomJoint' && simple === undefined
      ? `its class ${element.name} is not known to genu`
      : reversed
        ? 'it is reversed (child to parent)'
        : undefined;
  if (why !== undefined) source.count(`joints that cannot be moved, because ${why}`, name);
  return {
    name,
    type: element.name,
    parent_body: parent.body,
    child_body: child.body,
    parent_translation_m: parent.translation_m,
    parent_orientation_rad: parent.orientation_rad,
    child_translation_m: child.translation_m,
    child_orientation_rad: child.orientation_rad,
    coordinates: names.map((coordinate, i) => readCoordinate(source, found[i], coordinate, axes)),
    ...axes,
    ...(why === undefined ? {} : { unsupported: why }),
  };
}

function listCoordinates(source: OsimSource, joint: XmlElement): readonly XmlElement[] {
  const holder = source.find(joint, 'coordinates', 'CoordinateSet');
  return listObjects(holder).filter((c) => c.name === 'Coordinate');
}

type Axes = Pick<JointDescription, 'rotations' | 'translations'>;

function placeSimpleAxes(simple: { rotations: string; translations: string }, names: readonly string[]): Axes {
  const place = (letters: string, first: number): TransformAxisDescription[] =>
    [...letters].map((letter, i) => ({
      axis: AXES[letter as 'x' | 'y' | 'z'],
      coordinates: [names[first + i]],
      function: { type: 'linear', coefficients: [1, 0] },
    }));
  return { rotations: place(simple.rotations, 0), translations: place(simple.translations, simple.rotations.length) };
}

/** SpatialTransform: rotation1…3 about body-fixed axes in turn, then translation1…3 in the parent joint frame. */
function readSpatialTransform(source: OsimSource, joint: XmlElement): Axes {
  const transform = source.find(joint, 'SpatialTransform');
  const read = (kind: string): TransformAxisDescription[] =>
    [1, 2, 3].flatMap((i) => {
      const element = transform?.children.find((c) => c.name === 'TransformAxis' && nameOf(c) === `${kind}${i}`);
      return element === undefined ? [] : [readTransformAxis(source, element, i - 1)];
    });
  return { rotations: read('rotation'), translations: read('translation') };
}

function readTransformAxis(source: OsimSource, element: XmlElement, index: number): TransformAxisDescription {
  const coordinates = source.words(element, 'coordinates');
  const field = source.find(element, 'axis');
  const axis = field === undefined ? [AXES.x, AXES.y, AXES.z][index] : source.vector(element, 'axis');
  if (Math.hypot(...axis) === 0) throw source.error(element, `the axis of ${nameOf(element)} has no direction.`);
  const given = readWrappedFunction(source, element);
  if (given === undefined && coordinates.length > 0) {
    source.count('transform axes without a function follow their coordinate directly', nameOf(element));
  }
  return {
    axis,
    coordinates,
    function:
      given ?? (coordinates.length > 0 ? { type: 'linear', coefficients: [1, 0] } : { type: 'constant', value: 0 }),
  };
}

function readCoordinate(
  source: OsimSource,
  element: XmlElement | undefined,
  name: string,
  axes: Axes,
): CoordinateDescription {
  const given = element && source.text(element, 'motion_type')?.toLowerCase();
  const range = element && source.find(element, 'range');
  const [low, high] = range === undefined ? [-10, 10] : source.numbers(range, 2);
  const value = element && source.find(element, 'default_value');
  return {
    name,
    motion: given === 'rotational' || given === 'translational' || given === 'coupled' ? given : findMotion(name, axes),
    default_value: value === undefined ? 0 : source.numbers(value, 1)[0],
    range: [low, high],
    locked: element === undefined ? false : source.boolean(element, false, 'locked'),
  };
}

/** A coordinate that is itself an angle or a displacement along an axis is of that kind; others are coupled. */
function findMotion(name: string, axes: Axes): CoordinateDescription['motion'] {
  const isDirect = (axis: TransformAxisDescription): boolean =>
    axis.coordinates.length === 1 && axis.coordinates[0] === name && axis.function.type === 'linear';
  if (axes.rotations.some(isDirect)) return 'rotational';
  return axes.translations.some(isDirect) ? 'translational' : 'coupled';
}

/** CoordinateCouplerConstraint: dependent = scale · function(independent). Other constraints are noted. */
export function readCouplers(source: OsimSource, model: XmlElement): CouplerDescription[] {
  return listObjects(source.find(model, 'ConstraintSet')).flatMap((element) => {
    const name = nameOf(element);
    if (element.name !== 'CoordinateCouplerConstraint') {
      source.count(`constraints of class ${element.name} are left out: genu only applies coordinate couplers`, name);
      return [];
    }
    if (source.boolean(element, false, 'isDisabled') || !source.boolean(element, true, 'isEnforced')) {
      source.count('coordinate couplers that the model switches off are left out', name);
      return [];
    }
    const wrapper = source.find(element, 'coupled_coordinates_function');
    const inner = wrapper && readInnerFunction(source, wrapper);
    const dependent = source.text(element, 'dependent_coordinate_name');
    const independent = source.words(element, 'independent_coordinate_names');
    if (inner === undefined || dependent === undefined || independent.length === 0) {
      throw source.error(element, `the coupler ${name} lacks its function or its coordinate names.`);
    }
    const field = source.find(element, 'scale_factor');
    const scale = field === undefined ? 1 : source.numbers(field, 1)[0];
    return [
      {
        name,
        dependent,
        independent,
        function: scale === 1 ? inner : { type: 'multiplier', scale, function: inner },
      },
    ];
  });
}
