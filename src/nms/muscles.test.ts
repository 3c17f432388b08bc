import { describe, expect, it } from 'vitest';
import { makeMuscle } from './muscles.js';

const description = {
  name: 'vas_lat_r',
  type: 'Thelen2003Muscle',
  max_isometric_force_N: 1871,
  optimal_fibre_length_m: 0.084,
  tendon_slack_length_m: 0.157,
  pennation_at_optimal_rad: 0.0873,
  max_contraction_velocity: 10,
  path: [],
  wraps: [],
  groups: ['knee_ext_r'],
};

describe('makeMuscle', () => {
  it('keeps the numbers of the model and adds CEINMS defaults', () => {
    const { type: _type, path: _path, wraps: _wraps, groups: _groups, ...numbers } = description;
    expect(makeMuscle(description)).toEqual({
      ...numbers,
      strength: 1,
      damping: 0.1,
      activation: { C1: -0.5, C2: -0.5, A: -0.1, delay_s: 0.015 },
    });
  });

  it('refuses a model whose numbers cannot be a muscle', () => {
    expect(() => makeMuscle({ ...description, pennation_at_optimal_rad: 5 })).toThrow(
      /muscle vas_lat_r: pennation_at_optimal_rad is 5; it must be an angle from 0 to π\/2 rad/,
    );
    expect(() => makeMuscle({ ...description, max_contraction_velocity: 0 })).toThrow(/max_contraction_velocity is 0/);
  });
});
