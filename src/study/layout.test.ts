import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readStudy, resolveFiles } from './layout.js';

const text = `
study: s
files: { emg: '{participant}/{trial}/emg.sto', motion: '{trial}.mot', moments: id.sto }
emg: { kind: raw, channels: { vas_lat_r: vl } }
motion: { coordinates: [knee_angle_r] }
torque: { positive: extension }
participants:
  - id: p1
    mass_kg: 70
    trials: [{ id: a, activity: walk }, { id: b, activity: run }]
split: { train_first: 0.7 }
`;
const read = (change: (study: ReturnType<typeof parse>) => void) => {
  const study = parse(text);
  change(study);
  return () => readStudy(study, 'study.yaml', (path) => path.length);
};

describe('readStudy', () => {
  it('fills in defaults and file names', () => {
    const study = read(() => {})();
    expect(study.window.future_s).toBe(0);
    expect(study.models).toEqual(['mean', 'ridge', 'nms', 'network', 'hybrid']);
    const [participant] = study.participants;
    expect(resolveFiles(study, participant, participant.trials[1])).toEqual({
      emg: 'p1/b/emg.sto',
      motion: 'b.mot',
      moments: 'id.sto',
      ground: undefined,
    });
  });

  it.each<[string, (study: ReturnType<typeof parse>) => void, RegExp]>([
    [
      'two trials with one id',
      (s) => {
        s.participants[0].trials[1].id = 'a';
      },
      /study.yaml, line 5: participant "p1" has two trials with the id "a"/,
    ],
    [
      'two participants with one id',
      (s) => s.participants.push(s.participants[0]),
      /two participants have the id "p1"/,
    ],
    [
      'a trial in train and test',
      (s) => {
        s.split = { train: ['a', 'b'], test: ['b'] };
      },
      /"b" in both train and test/,
    ],
    [
      'a split without sides',
      (s) => {
        s.split = {};
      },
      /neither train_first nor both/,
    ],
    [
      'a split of both kinds',
      (s) => {
        s.split = { train_first: 0.5, train: ['a'] };
      },
      /both train_first and/,
    ],
    [
      'a split that names no trial',
      (s) => {
        s.split = { train: ['a'], test: ['c'] };
      },
      /trial "c" that no participant has.*There are:/,
    ],
    [
      'an unknown field',
      (s) => {
        s.windw = {};
      },
      /unknown field "windw"/,
    ],
    [
      'a missing field',
      (s) => {
        delete s.torque.positive;
      },
      /torque.positive/,
    ],
    [
      'a mass in grams',
      (s) => {
        s.participants[0].mass_kg = 75200;
      },
      /mass_kg/,
    ],
    [
      'a file name with an unknown part',
      (s) => {
        s.files.emg = '{subject}.sto';
      },
      /\{subject\}.*\{participant\}/,
    ],
    [
      'no motion file',
      (s) => {
        delete s.files.motion;
      },
      /motion/,
    ],
    [
      'no maximum trial',
      (s) => {
        s.emg.maximum = 'maximum_trials';
      },
      /no trial with use: maximum/,
    ],
    [
      'cross-steps without forces',
      (s) => {
        s.mask = { cross_steps: { left: 'l', right: 'r' } };
      },
      /no ground file/,
    ],
    [
      'an unknown kind of network',
      (s) => {
        s.network = { kind: 'perceptron' };
      },
      /network\.kind/,
    ],
    [
      'a size that the kind of network does not have',
      (s) => {
        s.network = { kind: 'tcn', sizes: { gruUnits: 3 } };
      },
      /network\.sizes has "gruUnits", which is no size of tcn\. Its sizes: blocks, /,
    ],
    [
      'sizes that make no network',
      (s) => {
        s.network = { kind: 'transformer', sizes: { units: 30, attentionHeads: 4 } };
      },
      /network\.units: is 30, which 4 heads cannot share/,
    ],
    [
      'a participant called all',
      (s) => {
        s.participants[0].id = 'all';
      },
      /may not be called "all"/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(read(change)).toThrow(message);
  });
});
