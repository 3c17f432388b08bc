import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildBody } from '../../body/index.js';
import { readMotion } from './motion.js';

const folder = mkdtempSync(join(tmpdir(), 'genu-motion-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A knee whose patella follows it by a coupler, as in Rajagopal's model. */
const body = (() => {
  const coordinate = (name: string) =>
    ({ name, motion: 'rotational', default_value: 0, range: [-2, 2], locked: false }) as const;
  const still = [0, 0, 0] as const;
  const knee = {
    name: 'knee',
    type: 'CustomJoint',
    parent_body: 'ground',
    child_body: 'tibia',
    parent_translation_m: still,
    parent_orientation_rad: still,
    child_translation_m: still,
    child_orientation_rad: still,
    coordinates: [coordinate('knee_angle_r'), coordinate('knee_angle_r_beta')],
    rotations: [],
    translations: [],
  };
  const patella = {
    name: 'patella',
    dependent: 'knee_angle_r_beta',
    independent: ['knee_angle_r'],
    function: { type: 'linear', coefficients: [1, 0] },
  } as const;
  const tibia = { name: 'tibia', mass_kg: 1, mass_centre_m: still, inertia: [1, 1, 1, 0, 0, 0] } as const;
  return buildBody({
    name: 'leg',
    version: 40500,
    ground: 'ground',
    bodies: [tibia],
    joints: [knee],
    couplers: [patella],
    muscles: [],
    notes: [],
  });
})();

const read = (knee: string, beta: string) => {
  const file = join(folder, 'motion.sto');
  writeFileSync(file, `time\tknee_angle_r\tknee_angle_r_beta\n0\t0\t0\n0.01\t${knee}\t${beta}\n`);
  return readMotion(file, body);
};

describe('readMotion', () => {
  it('takes angles without a header as radians, and says so', () => {
    const { coordinates, notes } = read('1.2', '1.2');
    expect(coordinates.get('knee_angle_r')).toEqual(Float64Array.of(0, 1.2));
    expect(notes.join()).toContain('does not say whether its angles are degrees or radians');
  });

  it('refuses radians beyond two turns', () => {
    expect(() => read('68', '1.2')).toThrow(/"knee_angle_r" has values beyond two turns/);
  });

  it('minds no values of coupled coordinates, which OpenSim leaves in degrees', () => {
    expect(read('1.2', '68').coordinates.get('knee_angle_r')).toEqual(Float64Array.of(0, 1.2));
  });
});
