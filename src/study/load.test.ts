import { describe, expect, it } from 'vitest';
import { makeGenericLeg } from '../body/index.js';
import { GenuError, type Recording } from '../data/index.js';
import type { StudyEnvironment } from './environment.js';
import { makeWalk, makeWorld, written } from './intake/intake.test.support.js';
import { readStudy } from './layout.js';
import { loadStudy } from './load.js';
import { splitWithin } from './parts.js';

const children = ['A1', 'B2'];
const files = children.flatMap((child) => ['Static', 'Walk', 'Turn'].map((trial) => `${child}/${trial}/x.c3d`));

/** @param change what a file holds instead of the walk */
function load(
  change: (file: string, walk: Recording) => Recording = (_, walk) => walk,
  on_error: 'stop' | 'leave_out' = 'stop',
) {
  const study = readStudy({ ...written(), on_error }, 'study.yaml', undefined, () => makeWorld(files));
  const opened: string[] = [];
  const environment = {
    loadModel: () => ({ description: makeGenericLeg(), file: undefined }),
    hasFile: (file: string) => files.includes(file),
    loadTrial({ emg }: { emg: string }, id: string) {
      opened.push(emg);
      const walk = change(emg, makeWalk('left'));
      return {
        recordings: { id, emg: walk, motion: walk, moments: walk },
        ground: walk,
        files: [{ file: emg, sha256: emg, bytes: 1 }],
        notes: [],
      };
    },
  } as unknown as StudyEnvironment;
  return { study, opened, loaded: loadStudy(study, environment) };
}
const without = (name: string) => (file: string, walk: Recording) =>
  file === 'B2/Turn/x.c3d' ? { ...walk, channels: walk.channels.filter((channel) => channel.name !== name) } : walk;
const idsOf = (recordings: readonly { participant: { id: string }; trial: { id: string } }[]) =>
  recordings.map(({ participant, trial }) => `${participant.id} ${trial.id}`);

describe('loadStudy', () => {
  it('neither trains nor tests on static trials, and does not even open them', () => {
    const { study, loaded, opened } = load();
    expect(idsOf(loaded.recordings)).toEqual(['A1 Walk', 'A1 Turn', 'B2 Walk', 'B2 Turn']);
    expect(opened.filter((file) => file.includes('Static'))).toEqual([]);
    const { training, test } = splitWithin(loaded.recordings, study.split);
    expect(idsOf([...training, ...test]).filter((id) => id.includes('Static'))).toEqual([]);
    expect(loaded.notes.join()).toMatch(/A1: the left leg has the electrodes/);
  });

  it.each([
    [
      'no label',
      'LMoment.x',
      /B2, Turn: the file has no channel "LMoment.x", so no label; it is neither trained nor tested on/,
    ],
    ['no force plate', 'LForce.z', /B2, Turn: no frame has a label that holds \(of 300: foot on no force plate: 300\)/],
  ])('sets a trial apart that has %s, with a warning', (_, channel, warning) => {
    const { loaded } = load(without(channel));
    expect(idsOf(loaded.recordings)).toEqual(['A1 Walk', 'A1 Turn', 'B2 Walk']);
    expect(idsOf(loaded.unlabelled)).toEqual(['B2 Turn']);
    expect(loaded.warnings.join('\n')).toMatch(warning);
  });

  it('stops at a trial that cannot be read, or goes on without it and says so', () => {
    const broken = (file: string, walk: Recording) => {
      if (file === 'A1/Walk/x.c3d') throw new GenuError('this is no C3D file.', { where: file });
      return walk;
    };
    expect(() => load(broken)).toThrow(/A1\/Walk\/x.c3d: this is no C3D file/);
    const { loaded } = load(broken, 'leave_out');
    expect(idsOf(loaded.recordings)).toEqual(['A1 Turn', 'B2 Walk', 'B2 Turn']);
    expect(loaded.warnings).toContain('A1, Walk is LEFT OUT: A1/Walk/x.c3d: this is no C3D file.');
  });

  it('with leave_out finds beforehand what could not be prepared, as a dead electrode', () => {
    const dead = (file: string, walk: Recording) =>
      file.startsWith('B2')
        ? {
            ...walk,
            channels: walk.channels.map((channel) =>
              channel.name === 'L Rect' ? { ...channel, values: channel.values.map(() => 0) } : channel,
            ),
          }
        : walk;
    const { loaded } = load(dead, 'leave_out');
    expect(loaded.people.map(({ participant }) => participant.id)).toEqual(['A1']);
    expect(loaded.warnings.join('\n')).toMatch(/B2, Walk is LEFT OUT: .*never changes: the electrode is dead/);
    expect(loaded.warnings).toContain('B2 is left out: none of the trials can be trained or tested on.');
  });

  it('is an error where nothing is left, which says why', () => {
    expect(() =>
      load((_, walk) => ({ ...walk, channels: walk.channels.filter(({ name }) => name !== 'LMoment.x') })),
    ).toThrow(/no trial of any participant can be trained or tested on.*A1, Walk: the file has no channel "LMoment.x"/);
  });
});
