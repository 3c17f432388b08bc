import { type BodyDescription, GenuError, type ModelDescription } from '../data/index.js';
import { FrameIndex } from './osim-frames.js';
import { readCouplers, readJointSet, readNestedJoints } from './osim-joints.js';
import { readMuscles } from './osim-muscles.js';
import { listObjects, nameOf, OsimSource } from './osim-source.js';
import { readXml, type XmlElement } from './osim-xml.js';

/** File versions whose form was checked: the first with joints as they are read here, and OpenSim 4.5's. */
const OLDEST_VERSION = 20302;
const NEWEST_VERSION = 40599;

/** Parts of a model that say nothing about lengths, moment arms or inertia. */
const SILENT = new Set([
  'defaults',
  'credits',
  'publications',
  'length_units',
  'force_units',
  'gravity',
  'assembly_accuracy',
  'ModelVisualPreferences',
  'Ground',
  'ground',
  'BodySet',
  'JointSet',
  'ForceSet',
  'ConstraintSet',
]);

/**
 * Reads an OpenSim model file: bodies, joints, coordinate couplers and muscles, as the file describes them.
 * File versions 20302 to 40500 are known (joints inside bodies until 30000, a JointSet with sockets from 40000).
 * Wrap objects are recorded by name on the muscles that use them. What is left out or filled in is said in the notes.
 * @param bytes the file's content
 * @param options.file names the file in errors
 * @throws GenuError naming file and line when it is not XML, not an OpenSim model, or a number or name in it is wrong
 */
export function readOsim(bytes: Uint8Array | string, options: { readonly file: string }): ModelDescription {
  const where = options.file;
  const root = readXml(bytes, where);
  const model = root.children.find((c) => c.name === 'Model');
  if (root.name !== 'OpenSimDocument' || model === undefined) {
    throw new GenuError(
      `this is not an OpenSim model: its root is <${root.name}>${root.name === 'OpenSimDocument' ? ' without a <Model>' : ''}.`,
      { where, line: root.line, mend: 'Give the .osim file of the subject’s model.' },
    );
  }
  const version = Number(root.attributes.Version);
  if (!(version >= 20000)) {
    throw new GenuError(`the file version "${root.attributes.Version ?? ''}" is not one that genu can read.`, {
      where,
      line: root.line,
      mend: 'Open the model in OpenSim 4 and save it again.',
    });
  }
  const defaults = new Map(model.children.find((c) => c.name === 'defaults')?.children.map((c) => [c.name, c]));
  const source = new OsimSource(where, version, defaults);
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) {
    source.notes.push(
      `File version ${version} is outside ${OLDEST_VERSION}–${NEWEST_VERSION}, which were checked; it is read the same way.`,
    );
  }
  for (const [field, unit] of [
    ['length_units', 'meters'],
    ['force_units', 'N'],
  ]) {
    const given = source.text(model, field);
    if (given !== undefined && given !== unit) {
      source.notes.push(`The model says <${field}>${given}</${field}>; its numbers are taken as SI all the same.`);
    }
  }

  const groundElement = model.children.find((c) => c.name === 'Ground');
  const ground = groundElement === undefined ? 'ground' : nameOf(groundElement);
  const bodies = listObjects(source.find(model, 'BodySet')).filter((body) => nameOf(body) !== ground);
  const frames = new FrameIndex(source, [ground, ...bodies.map(nameOf)], model);
  const joints =
    source.find(model, 'JointSet') === undefined
      ? readNestedJoints(source, model)
      : readJointSet(source, model, frames);
  const description = {
    name: nameOf(model),
    version,
    ground,
    bodies: bodies.map((body) => readBody(source, body)),
    joints,
    couplers: readCouplers(source, model),
    muscles: readMuscles(source, model, frames),
  };
  noteRest(source, model);
  return { ...description, notes: source.writeNotes() };
}

function readBody(source: OsimSource, element: XmlElement): BodyDescription {
  const field = source.find(element, 'inertia');
  const parts = ['xx', 'yy', 'zz', 'xy', 'xz', 'yz'];
  const values =
    field === undefined
      ? parts.map((part) => {
          const single = source.find(element, `inertia_${part}`);
          return single === undefined ? 0 : source.numbers(single, 1)[0];
        })
      : source.numbers(field, 6);
  const [xx, yy, zz, xy, xz, yz] = values;
  return {
    name: nameOf(element),
    mass_kg: source.number(element, 0, 'mass'),
    mass_centre_m: source.vector(element, 'mass_center'),
    inertia: [xx, yy, zz, xy, xz, yz],
  };
}

/** Says which non-empty parts of the model were not read. */
function noteRest(source: OsimSource, model: XmlElement): void {
  for (const element of model.children) {
    if (SILENT.has(element.name)) continue;
    const objects = listObjects(element);
    if (objects.length === 0) continue;
    const known = element.name.endsWith('Set') ? `${objects.length} objects` : `${objects.length} elements`;
    source.notes.push(`The ${element.name} (${known}) is left out: lengths and moment arms do not depend on it.`);
  }
}
