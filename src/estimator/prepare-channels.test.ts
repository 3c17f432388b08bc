import { describe, expect, it } from 'vitest';
import { makeUniformClock, type Recording } from '../data/index.js';
import type { KneeBody } from './knee.js';
import { prepareLabel } from './prepare.js';
import { checkEmg, listCoordinates } from './prepare-channels.js';
import type { EstimatorSpec } from './spec.js';

const record = (names: readonly string[], samples: number): Recording => ({
  name: 'walk',
  events: [],
  notes: [],
  channels: names.map((name) => ({
    name,
    kind: 'other',
    unit: '?',
    clock: makeUniformClock(0, 100, samples),
    values: new Float64Array(samples).fill(1),
  })),
});

describe('listCoordinates', () => {
  it('reads what the study names and the model knows, but no coordinate that a coupler sets', () => {
    const known = ['knee_angle_r', 'knee_angle_r_beta', 'ankle_angle_r'];
    const knee = {
      body: {
        coordinates: new Map(known.map((name) => [name, {}])),
        couplerOf: new Map([['knee_angle_r_beta', {}]]),
      },
    } as unknown as KneeBody;
    const spec = { motion: { coordinates: ['hip_flexion_r'] } } as unknown as EstimatorSpec;
    expect(listCoordinates(record([...known, 'extra'], 2), spec, knee)).toEqual([
      'hip_flexion_r',
      'knee_angle_r',
      'ankle_angle_r',
    ]);
  });
});

describe('a channel too short for its filter', () => {
  it('is named', () => {
    const moments = record(['knee_angle_r_moment'], 5);
    const trial = { id: 'P01, walk', emg: moments, motion: moments, moments };
    const torque = { channel: 'knee_angle_r_moment', unit: 'N.m', lowpass_Hz: 6 };
    const prepare = () =>
      prepareLabel(trial, new Float64Array(5), { torque, rate_Hz: 100 } as unknown as EstimatorSpec, 70, []);
    expect(prepare).toThrow(/^P01, walk: channel "knee_angle_r_moment": the signal has 5 samples in a row/);
  });
});

describe('checkEmg', () => {
  it('notes an envelope that is said to be raw, and no raw EMG', () => {
    const [channel] = record(['vas_lat_r'], 100).channels;
    const note = (wave: (i: number) => number) => {
      const notes: string[] = [];
      const values = channel.values.map((_, i) => wave(i));
      checkEmg({ ...channel, values }, { emg: { kind: 'raw' } } as unknown as EstimatorSpec, 'walk', notes);
      return notes;
    };
    expect(note((i) => Math.sin(i) ** 2)).toEqual([expect.stringMatching(/^walk: vas_lat_r: hardly ever below zero/)]);
    expect(note((i) => Math.sin(i))).toEqual([]);
  });
});
