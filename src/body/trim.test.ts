import { describe, expect, it } from 'vitest';
import { buildBody } from './body.js';
import { makeGenericLeg } from './generic-leg.js';
import { calcMuscleGeometry } from './muscle-geometry.js';
import { trimModel } from './trim.js';

describe('trimModel', () => {
  const leg = makeGenericLeg();

  it('keeps only the joints between the points and those of the coordinates asked for', () => {
    const trimmed = trimModel(leg, { muscles: ['vas_lat_r'], coordinates: ['knee_angle_r', 'ankle_angle_r'] });
    expect(trimmed.joints.map((joint) => joint.name)).toEqual(['knee_r', 'patella_r', 'ankle_r']);
    expect(trimmed.bodies.map((body) => body.name)).toEqual(['femur_r', 'tibia_r', 'patella_r', 'foot_r']);
    expect(trimmed.notes.at(-1)).toBe('Cut down to 1 of 13 muscles and 3 of 5 joints.');
  });

  it('gives the same numbers after JSON', () => {
    const muscles = ['rect_fem_r', 'med_gas_r'];
    const trimmed = JSON.parse(JSON.stringify(trimModel(leg, { muscles, coordinates: ['knee_angle_r'] })));
    const coordinates = { knee_angle_r: Float64Array.of(-1, -0.2, 0.05), hip_flexion_r: Float64Array.of(0.4, 0, -0.1) };
    const options = { coordinates, muscles, about: ['knee_angle_r', 'hip_flexion_r'] };
    expect(calcMuscleGeometry(buildBody(trimmed), options)).toEqual(calcMuscleGeometry(buildBody(leg), options));
  });

  it('is done when done twice', () => {
    const keep = { muscles: ['semimem_r'], coordinates: ['knee_angle_r'] };
    const { notes: _, ...once } = trimModel(leg, keep);
    const { notes: __, ...twice } = trimModel(trimModel(leg, keep), keep);
    expect(twice).toEqual(once);
  });

  it('names what is not there', () => {
    expect(() => trimModel(leg, { muscles: ['vas_latr'], coordinates: [] })).toThrow(/no muscle "vas_latr".*vas_lat_r/);
    expect(() => trimModel(leg, { muscles: [], coordinates: ['knee_r'] })).toThrow(/no coordinate "knee_r"/);
  });
});
