import { describe, expect, it } from 'vitest';
import { findChannel, type Recording } from '../../data/index.js';
import type { LoadedTrial } from '../environment.js';
import { readStudy } from '../layout.js';
import { calcMask } from '../mask.js';
import type { Study } from '../schema.js';
import { adaptTrial } from './adapt-trial.js';
import { makeWalk, makeWorld, written } from './intake.test.support.js';

const files = ['Static', 'Walk', 'Turn'].map((trial) => `A1/${trial}/x.c3d`);
const studyOf = (leg: 'left' | 'right', change: (study: ReturnType<typeof written>) => void = () => {}): Study => {
  const study = written();
  change(study);
  return readStudy(study, 'study.yaml', undefined, () => makeWorld(files, { leg }));
};
const loadedOf = (walk: Recording): LoadedTrial => ({
  recordings: { id: 'A1, Walk', emg: walk, motion: walk, moments: walk },
  ground: walk,
  files: [],
  notes: [],
});
const adapt = (leg: 'left' | 'right', study = studyOf(leg), walk = makeWalk(leg)) =>
  adaptTrial(loadedOf(walk), study, study.participants[0], study.participants[0].trials[1]);
const valuesOf = (recording: Recording | undefined) =>
  recording?.channels.map(({ name, values }) => [name, values] as const);

describe('adaptTrial', () => {
  it('makes of a left leg what it makes of its mirror image', () => {
    const [left, right] = [adapt('left'), adapt('right')];
    for (const role of ['emg', 'motion', 'moments'] as const) {
      expect(valuesOf(left.recordings[role])).toEqual(valuesOf(right.recordings[role]));
    }
    expect(valuesOf(left.ground)).toEqual(valuesOf(right.ground));
  });

  it('takes the channels of the side alone, and turns what counts the other way', () => {
    const walk = makeWalk('left');
    const { recordings, ground } = adapt('left');
    expect(recordings.emg.channels.map(({ name }) => name)).toEqual(['{side} Rect', '{side} Hams']);
    expect(recordings.emg.channels[0].values).toEqual(findChannel(walk, 'L Rect')!.values);
    expect(recordings.motion.channels.map(({ name }) => name)).toEqual(['knee_angle_r']);
    expect(recordings.motion.channels[0].values).toEqual(findChannel(walk, 'LKnee.x')!.values.map((value) => -value));
    expect(recordings.moments!.channels.map(({ name }) => name)).toEqual(['{side}Moment.x']);
    expect(ground!.channels.map(({ name }) => name)).toContain('{side}Force.z');
  });

  it('holds still what the study says does not move', () => {
    const study = studyOf('left', (s) => {
      s.motion = { posture_deg: { knee_angle_r: -90, hip_flexion_r: 45 } } as never;
    });
    const { motion, emg } = adapt('left', study).recordings;
    expect(motion.channels.map(({ name, unit, clock }) => [name, unit, clock])).toEqual([
      ['knee_angle_r', 'rad', emg.channels[0].clock],
      ['hip_flexion_r', 'rad', emg.channels[0].clock],
    ]);
    expect(new Set(motion.channels[0].values)).toEqual(new Set([-Math.PI / 2]));
  });

  it('names the channel that is missing by what the file would call it', () => {
    const walk = makeWalk('left');
    const without = (name: string) => ({ ...walk, channels: walk.channels.filter((channel) => channel.name !== name) });
    expect(() => adapt('left', undefined, without('L Hams'))).toThrow(/A1, Walk: EMG: there is no channel "L Hams"/);
    expect(() => adapt('left', undefined, without('LKnee.x'))).toThrow(/motion: there is no channel "LKnee.x"/);
    // A label that is missing leaves the trial without one; `loadStudy` sets it apart.
    expect(adapt('left', undefined, without('LMoment.x')).recordings.moments!.channels).toEqual([]);
  });

  it('lets neither inputs nor mask depend on the size of the label', () => {
    const walk = makeWalk('left');
    const other = {
      ...walk,
      channels: walk.channels.map((channel) =>
        channel.name.includes('Moment')
          ? { ...channel, values: channel.values.map((value) => 7 * value + 3) }
          : channel,
      ),
    };
    const study = studyOf('left');
    const [one, two] = [adapt('left', study, walk), adapt('left', study, other)];
    expect(valuesOf(two.recordings.emg)).toEqual(valuesOf(one.recordings.emg));
    expect(valuesOf(two.recordings.motion)).toEqual(valuesOf(one.recordings.motion));
    const maskOf = ({ recordings: { moments }, ground }: LoadedTrial) =>
      calcMask(moments!.channels[0].clock.times_s, 0.5, { moments, ground }, study.mask, 'walk');
    expect(maskOf(two)).toEqual(maskOf(one));
    expect(maskOf(one).comparable.some((ok) => ok === 1)).toBe(true);
  });
});
