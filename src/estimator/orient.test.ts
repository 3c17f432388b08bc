import { describe, expect, it } from 'vitest';
import { emgLegs, hasChildren, readChild } from '../../test/support/children.js';
import { buildBody, calcMuscleGeometry, makeGenericLeg } from '../body/index.js';
import { getChannel, type Recording } from '../data/index.js';
import { makeTestRecording, testSpec } from './bundle.fixture.js';
import { orientTrial } from './orient.js';
import type { EstimatorSpec } from './spec.js';

const pluginGait = {
  hip_flexion_r: { channel: '{side}HipAngles.x', factor: 1 },
  hip_adduction_r: { channel: '{side}HipAngles.y', factor: 1 },
  knee_angle_r: { channel: '{side}KneeAngles.x', factor: -1 },
  ankle_angle_r: { channel: '{side}AnkleAngles.x', factor: 1 },
};
const spec: EstimatorSpec = { ...testSpec, motion: { ...testSpec.motion, coordinates: [], channels: pluginGait } };

describe('orientTrial', () => {
  it('leaves a recording alone that has the names of the spec', () => {
    const trial = makeTestRecording();
    expect(orientTrial(trial, testSpec, undefined)).toEqual(trial);
  });

  it('asks for the side, and names the channel that is not there', () => {
    const trial = makeTestRecording();
    expect(() => orientTrial(trial, spec, undefined)).toThrow(/needs to know the leg/);
    expect(() => orientTrial(trial, spec, 'left')).toThrow(/motion: there is no channel "LHipAngles.x"/);
  });
});

type Vector = readonly [number, number, number];
const add = (a: Vector, b: Vector, factor = 1): Vector => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vector): Vector => add([0, 0, 0], a, 1 / Math.sqrt(dot(a, a)));
const correlate = (a: readonly number[], b: readonly number[]) => {
  const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0);
  return sum((i) => (a[i] - ma) * (b[i] - mb)) / Math.sqrt(sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2));
};

/** Angles (rad) of a leg from joint centres and markers alone, signed as the models do: hip flexion, adduction, knee extension, dorsiflexion. */
function calcFromMarkers(recording: Recording, side: 'left' | 'right') {
  const letter = side === 'left' ? 'L' : 'R';
  const point = (name: string) => ['x', 'y', 'z'].map((axis) => getChannel(recording, `${name}.${axis}`).values);
  const [hip, knee, ankle, heel, toe] = ['FEP', 'FEO', 'TIO', 'HEE', 'TOE'].map((name) => point(letter + name));
  const [left, right, sacrum] = ['LASI', 'RASI', 'SACR'].map(point);
  return Array.from(hip[0], (_, i) => {
    const at = (p: readonly Float64Array[]): Vector => [p[0][i], p[1][i], p[2][i]];
    const across = unit(add(at(right), at(left), -1));
    const middle = add(at(right), add(at(left), at(right), -1), 0.5);
    const up = unit(cross(across, add(middle, at(sacrum), -1)));
    const forward = cross(up, across);
    const outward: Vector = side === 'right' ? across : add([0, 0, 0], across, -1);
    const thigh = unit(add(at(knee), at(hip), -1));
    const shank = unit(add(at(ankle), at(knee), -1));
    const foot = unit(add(at(toe), at(heel), -1));
    return {
      hip_flexion_r: Math.atan2(dot(thigh, forward), -dot(thigh, up)),
      hip_adduction_r: -Math.asin(dot(thigh, outward)),
      // The shank falls behind the line of the thigh when the knee bends.
      knee_angle_r: Math.atan2(dot(cross(thigh, shank), across), dot(thigh, shank)),
      // The toes rise away from where the shank points to.
      ankle_angle_r: Math.acos(dot(shank, foot)),
    };
  });
}

describe('signs of Plug-in Gait angles', () => {
  it.skipIf(!hasChildren)('are those of the models on either leg, as the markers of the same files show', () => {
    for (const [child, side] of [
      ['HC030A', 'left'],
      ['HC031A', 'right'],
      ['HC038A', 'right'],
      ['HC032A', 'left'],
    ] as const) {
      const { recording } = readChild(child, 'Straight');
      expect(emgLegs[child]).toBe(side);
      const { motion } = orientTrial({ id: child, emg: recording, motion: recording }, spec, side);
      const shown = calcFromMarkers(recording, side);
      const frames = shown.map((_, i) => i).filter((i) => Object.values(shown[i]).every(Number.isFinite));
      expect(frames.length).toBeGreaterThan(100);
      for (const [name, least] of [
        ['hip_flexion_r', 0.98],
        ['hip_adduction_r', 0.7],
        ['knee_angle_r', 0.98],
        ['ankle_angle_r', 0.98],
      ] as const) {
        const angle = getChannel(motion, name).values;
        const agreement = correlate(
          frames.map((i) => angle[i]),
          frames.map((i) => shown[i][name]),
        );
        expect(agreement, `${child} ${name}`).toBeGreaterThan(least);
      }
      // Flexion of the knee is about 60° in swing, and negative.
      const knee = frames.map((i) => getChannel(motion, 'knee_angle_r').values[i]);
      expect(Math.min(...knee)).toBeLessThan(-0.9);
      expect(Math.max(...knee)).toBeLessThan(0.15);
    }
  });

  it("are those of genu's own leg: muscles shorten when the joint goes their way", () => {
    const model = makeGenericLeg();
    const body = buildBody(model);
    const lengthAt = (coordinate: string, angle: number, muscle: string) =>
      calcMuscleGeometry(body, { coordinates: { [coordinate]: Float64Array.of(angle) }, muscles: [muscle] })
        .lengths_m[0][0];
    for (const [coordinate, muscle] of [
      ['hip_flexion_r', 'rect_fem_r'],
      ['hip_adduction_r', 'grac_r'],
      ['knee_angle_r', 'vas_lat_r'],
    ]) {
      expect(lengthAt(coordinate, 0.2, muscle), coordinate).toBeLessThan(lengthAt(coordinate, -0.2, muscle));
    }
    // The calf is stretched by dorsiflexion, the hamstrings shorten as the knee flexes.
    expect(lengthAt('ankle_angle_r', 0.2, 'med_gas_r')).toBeGreaterThan(lengthAt('ankle_angle_r', -0.2, 'med_gas_r'));
    expect(lengthAt('knee_angle_r', -0.4, 'bifemsh_r')).toBeLessThan(lengthAt('knee_angle_r', 0, 'bifemsh_r'));
  });
});
