import { describe, expect, it } from 'vitest';
import { type Channel, makeUniformClock } from '../../data/index.js';
import type { Study } from '../schema.js';
import { makeLabel } from './label.js';

const channel: Channel = {
  name: 'force',
  kind: 'other',
  unit: 'N',
  clock: makeUniformClock(2, 10, 20),
  values: Float64Array.from({ length: 20 }, (_, i) => (i < 5 ? 12 : 50 + i)),
};
const torque = {
  coordinate: 'knee_angle_r',
  channel: 'force',
  unit: 'N',
  positive: 'extension',
  lowpass_Hz: 6,
} as const;
const person = { id: 'P', height_m: 1.6 };
const trial = { id: 'push' };
const make = (change: Partial<Study['torque']>, own: object = {}, who: object = person, notes: string[] = []) =>
  makeLabel(channel, { torque: { ...torque, ...change } }, who as typeof person, { ...trial, ...own }, notes).values;

describe('makeLabel', () => {
  it('makes a torque of a force by the lever arm, and calls that an assumption', () => {
    const notes: string[] = [];
    expect(make({ lever_arm_m: 0.35 }, {}, person, notes)[10]).toBeCloseTo(60 * 0.35, 12);
    expect(notes.join()).toMatch(/P, push: the torque is "force" \(N\) times a lever arm of 0.350 m.*an assumption/);
    expect(make({ lever_arm_m: { of_height: 0.25 } })[10]).toBeCloseTo(60 * 0.4, 12);
    // 1 kgf is 9.80665 N.
    expect(make({ unit: 'kgf', lever_arm_m: 0.35 })[10]).toBeCloseTo(60 * 9.80665 * 0.35, 10);
  });

  it('turns the sign where a trial counts the other way', () => {
    expect(make({ unit: 'N.m' }, { torque: { positive: 'flexion' } })[10]).toBe(-60);
    expect(make({ unit: 'N.m' }, { torque: { positive: 'extension' } })[10]).toBe(60);
  });

  it('takes off the mean of a stretch at rest, counted from the start of the recording', () => {
    const notes: string[] = [];
    const values = make({ unit: 'N.m', baseline_s: [0, 0.5] }, {}, person, notes);
    expect([values[0], values[10]]).toEqual([0, 48]);
    expect(notes.join()).toMatch(/12\.00 was taken off "force", its mean from 0 to 0\.5 s/);
    expect(() => make({ unit: 'N.m', baseline_s: [7, 8] })).toThrow(/P, push: "force" has no sample from 7 to 8 s/);
  });

  it('refuses a force without a lever, and a share of a height nobody said', () => {
    expect(() => make({})).toThrow(/torque.unit is N, a force, but nothing says how long its lever is/);
    expect(() => make({ lever_arm_m: { of_height: 0.2 } }, {}, { id: 'P' })).toThrow(/"P" has no height_m/);
  });

  it('leaves a torque as it is', () => {
    expect(make({ unit: 'N.m' })).toBe(channel.values);
  });
});
