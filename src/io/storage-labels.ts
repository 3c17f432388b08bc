import type { ChannelKind, Unit } from '../data/index.js';
import type { StorageHeader } from './storage-header.js';

/** What a column is taken for, and by which rule. `angular` columns change unit when the file is in degrees. */
export interface LabelMeaning {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly unit: Unit;
  readonly angular: boolean;
  readonly rule: 'forced' | 'path' | 'ground' | 'generalised_force' | 'coordinate' | 'speed' | 'envelope' | 'unknown';
}

/** What the whole file is about, as far as its header and its labels together say it. */
export type TableTopic =
  | 'coordinates'
  | 'speeds'
  | 'generalised_forces'
  | 'envelopes'
  | 'normalised_envelopes'
  | 'emg'
  | 'unknown';

const COORDINATE_LABEL =
  /(_(flexion|extension|adduction|abduction|rotation|bending|tilt|list|obliquity|inversion|angle|beta|t[xyz]))(_[rl])?(_beta)?$/i;

/** Translations of a free joint are named `…_tx`, `…_ty`, `…_tz` (or `…/tx`) in OpenSim's models. */
export function isTranslationName(label: string): boolean {
  return /(^|[_/])t[xyz]$/i.test(label);
}

/**
 * Finds what a table holds. The name line decides first; without one, a statement about degrees or radians together with labels that
 * name joint angles means coordinates. A bare `inDegrees=no` alone says nothing: OpenSim writes it into every table.
 */
export function findTopic(header: StorageHeader, labels: readonly string[]): TableTopic {
  const { name } = header;
  if (/inverse dynamics|generali[sz]ed forces/i.test(name)) return 'generalised_forces';
  if (/\bcoordinates\b/i.test(name)) return 'coordinates';
  if (/^speeds$/i.test(name)) return 'speeds';
  if (/envelope/i.test(name)) return /normali[sz]ed/i.test(name) ? 'normalised_envelopes' : 'envelopes';
  if (/\bemg\b|electromyogra/i.test(name)) return 'emg';
  if (/force|moment|torque|power|accelerat|activation|excitation|control|muscle|marker|length/i.test(name))
    return 'unknown';
  const stated = header.inDegrees !== undefined || header.simm;
  const alike = labels.filter((label) => COORDINATE_LABEL.test(label)).length;
  return stated && alike > labels.length / 2 ? 'coordinates' : 'unknown';
}

/** Last part of a state or output path -> kind and unit of the value. `?` where OpenSim's model decides the unit. */
const MUSCLE_QUANTITIES: Readonly<Record<string, Unit>> = {
  activation: '1',
  excitation: '1',
  length: 'm',
  lengthening_speed: 'm/s',
  fiber_length: 'm',
  tendon_length: 'm',
  fiber_velocity: 'm/s',
  tendon_velocity: 'm/s',
  normalized_fiber_length: '1',
  normalized_fiber_velocity: '1',
  normalized_tendon_force: '1',
  pennation_angle: 'rad',
  tendon_force: 'N',
  fiber_force: 'N',
  active_fiber_force: 'N',
  passive_fiber_force: 'N',
  actuation: 'N',
};

const PATH = /^(.*\/)?([^/|]+)[/|]([^/|]+)$/;

/**
 * Finds what one column is.
 * @param label as the file has it: `knee_angle_r`, or a path such as `/jointset/walker_knee_r/knee_angle_r/value`
 * @param isTranslation tells translational coordinates from rotational ones, by coordinate name
 */
export function findMeaning(label: string, topic: TableTopic, isTranslation: (name: string) => boolean): LabelMeaning {
  return (
    findPathMeaning(label, isTranslation) ?? findGroundMeaning(label) ?? findTopicMeaning(label, topic, isTranslation)
  );
}

function findPathMeaning(label: string, isTranslation: (name: string) => boolean): LabelMeaning | undefined {
  const path = PATH.exec(label);
  if (path) {
    const [, folder = '', owner, quantity] = path;
    if (quantity === 'value') return coordinate(owner, isTranslation(owner), 'path');
    if (quantity === 'speed') return speed(owner, isTranslation(owner), 'path');
    const unit = MUSCLE_QUANTITIES[quantity];
    const set = /(^|\/)forceset\/$/i.test(folder);
    if (unit !== undefined && (set || folder === '')) {
      return { name: `${owner}/${quantity}`, kind: 'muscle', unit, angular: false, rule: 'path' };
    }
    if (set) return { name: `${owner}/${quantity}`, kind: 'other', unit: '?', angular: false, rule: 'path' };
    if (/^\/?forceset\/$/i.test(`${folder}${owner}/`)) {
      return { name: quantity, kind: 'other', unit: '?', angular: false, rule: 'path' };
    }
  }
  const old = /^([^./]+)\.(activation|excitation|fiber_length)$/.exec(label);
  if (!old) return undefined;
  return { name: `${old[1]}/${old[2]}`, kind: 'muscle', unit: MUSCLE_QUANTITIES[old[2]], angular: false, rule: 'path' };
}

function findGroundMeaning(label: string): LabelMeaning | undefined {
  const make = (unit: Unit): LabelMeaning => ({
    name: label,
    kind: 'ground_reaction',
    unit,
    angular: false,
    rule: 'ground',
  });
  const ground = /ground_(force|torque|moment)\w*?_?([vpm]?)[xyz](#\d+)?$/i.exec(label);
  if (ground) {
    if (ground[1].toLowerCase() !== 'force') return make('N.m');
    if (/v/i.test(ground[2])) return make('N');
    if (/p/i.test(ground[2])) return make('m');
    return /m/i.test(ground[2]) ? make('N.m') : make('N');
  }
  // OpenSim's C3D adapter: f1_1 … force, p1_1 … centre of pressure, m1_1 … moment; lengths stay in the C3D file's unit.
  const plate = /^([fpm])\d+_[123xyz]$/i.exec(label);
  return plate ? make(plate[1].toLowerCase() === 'f' ? 'N' : '?') : undefined;
}

function findTopicMeaning(label: string, topic: TableTopic, isTranslation: (name: string) => boolean): LabelMeaning {
  const moment = /_moment$/i.test(label);
  if (moment || (topic === 'generalised_forces' && /_force$/i.test(label))) {
    // OpenSim also calls the generalised force of a coupled rotation `…_force`, which is then no newton.
    const unit: Unit = moment ? 'N.m' : isTranslation(label.replace(/_force$/i, '')) ? 'N' : '?';
    return { name: label, kind: 'generalised_force', unit, angular: false, rule: 'generalised_force' };
  }
  if (topic === 'coordinates') return coordinate(label, isTranslation(label), 'coordinate');
  if (topic === 'speeds') return speed(label, isTranslation(label), 'speed');
  if (topic === 'generalised_forces') {
    const unit = isTranslation(label) ? 'N' : 'N.m';
    return { name: label, kind: 'generalised_force', unit, angular: false, rule: 'generalised_force' };
  }
  if (topic === 'envelopes' || topic === 'normalised_envelopes') {
    const unit: Unit = topic === 'envelopes' ? '?' : '1';
    return { name: label, kind: 'emg_envelope', unit, angular: false, rule: 'envelope' };
  }
  return { name: label, kind: 'other', unit: '?', angular: false, rule: 'unknown' };
}

/** Meaning of a coordinate called `name`. */
export function coordinate(name: string, translation: boolean, rule: LabelMeaning['rule']): LabelMeaning {
  return { name, kind: 'coordinate', unit: translation ? 'm' : 'rad', angular: !translation, rule };
}

/** Meaning of the speed of the coordinate `name`; the channel is called `name/speed`. */
export function speed(name: string, translation: boolean, rule: LabelMeaning['rule']): LabelMeaning {
  const unit: Unit = translation ? 'm/s' : 'rad/s';
  return { name: name.endsWith('/speed') ? name : `${name}/speed`, kind: 'speed', unit, angular: !translation, rule };
}
