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

describe('what else a study may be refused for', () => {
  it.each<[string, (study: ReturnType<typeof parse>) => void, RegExp]>([
    [
      'a mass that is no number, by its place in the list',
      (s) => {
        s.participants[0].mass_kg = 'heavy';
      },
      /line 3: participants\.0\.mass_kg: expected number, received string/,
    ],
    [
      'an unknown field of a rule',
      (s) => {
        s.participants = { folders: '*', trials: s.participants[0].trials, mass_kg: 70, exept: [] };
      },
      /participants: unknown field "exept"/,
    ],
    [
      'a parameter without its group',
      (s) => {
        s.participants[0].mass_kg = { parameter: 'Bodymass' };
      },
      /participants\.0\.mass_kg\.parameter: write GROUP:NAME/,
    ],
    [
      'a rule where there are no data to look at',
      (s) => {
        s.participants = { folders: '*', trials: s.participants[0].trials, mass_kg: 70 };
      },
      /leaves participants, sides or sizes to its recordings, which are not at hand here/,
    ],
    [
      'a posture without the knee',
      (s) => {
        s.motion = { posture_deg: { hip_flexion_r: 90 } };
      },
      /nothing says where knee_angle_r is/,
    ],
    [
      'a coordinate that moves and does not',
      (s) => {
        s.motion = { channels: { knee_angle_r: { channel: 'k' } }, posture_deg: { knee_angle_r: 0 } };
      },
      /says of knee_angle_r both where it is measured/,
    ],
    [
      'a force without a lever',
      (s) => {
        s.torque.unit = 'kgf';
      },
      /torque\.unit is kgf, a force, but nothing says how long its lever is/,
    ],
    [
      'stance without force plates',
      (s) => {
        s.mask = { stance: { channel: 'fz', above: 20 } };
      },
      /mask\.stance needs the ground reaction forces/,
    ],
    [
      'an open side',
      (s) => {
        s.torque.channel = '{side}KneeMoment.x';
      },
      /"\{side\}KneeMoment\.x" needs to know the leg, but "p1" has no side/,
    ],
  ])('%s', (_, change, message) => {
    expect(read(change)).toThrow(message);
  });

  it("gives everybody the study's side who says none", () => {
    const study = read((s) => {
      s.side = 'left';
      s.participants.push({ ...s.participants[0], id: 'p2', side: 'right' });
    })();
    expect(study.participants.map(({ side }) => side)).toEqual(['left', 'right']);
  });

  it('needs no motion file where nothing moves, and one file may hold everything', () => {
    const study = read((s) => {
      s.files = { all: '{participant}-{trial}.c3d' };
      s.motion = { posture_deg: { knee_angle_r: -90 } };
    })();
    const [participant] = study.participants;
    expect(resolveFiles(study, participant, participant.trials[0])).toEqual({
      emg: 'p1-a.c3d',
      motion: 'p1-a.c3d',
      moments: 'p1-a.c3d',
      ground: 'p1-a.c3d',
    });
    const still = read((s) => {
      s.files = { emg: 'e.sto', moments: 'm.sto' };
      s.motion = { posture_deg: { knee_angle_r: -90 } };
    })();
    expect(resolveFiles(still, participant, participant.trials[0]).motion).toBe('e.sto');
  });
});
