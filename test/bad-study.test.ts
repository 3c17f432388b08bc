import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { activities, expectRefused, expectRunRefused, quick, rename, useCases } from './support/cases.js';
import { runGenu } from './support/genu.js';
import { makeSmallStudy, writeStudy } from './support/virtual-study.js';

const { folder, makeCase, people } = useCases();

describe('the study file', () => {
  /** A second trial of each participant. Its recordings are not there: a study that does not hold is refused before any is read. */
  const withSquat = () => ({
    participants: people.map((person) => ({
      ...person,
      trials: ['walk_12', 'squat'].map((id) => ({ id, activity: id })),
    })),
  });
  /** Runs a study file of which a piece of text is replaced. */
  async function refuseStudy(from: string | RegExp, to: string, ...sentences: string[]): Promise<void> {
    const spoiled = makeCase(withSquat());
    const text = readFileSync(spoiled.study, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(spoiled.study, text.replace(from, to));
    await expectRunRefused(spoiled, ...sentences);
  }
  const lineOf = (text: string) => {
    const path = writeStudy(
      join(folder, 'lines.yaml'),
      makeSmallStudy(people, activities, { ...quick, ...withSquat() }),
    );
    return (
      readFileSync(path, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes(text)) + 1
    );
  };

  it('two trials of one id, with the line', async () => {
    await refuseStudy(
      '- id: squat',
      '- id: walk_12',
      `study.yaml, line ${lineOf('- id: squat')}: participant "virtual01" has two trials with the id "walk_12".`,
    );
  });

  it('a trial that is both trained and tested on, with the line', async () => {
    const spoiled = makeCase({ ...withSquat(), split: { train: ['walk_12', 'squat'], test: ['squat'] } });
    await expectRunRefused(
      spoiled,
      'split has the trial "squat" in both train and test.',
      'a network tested on what it was trained on shows nothing',
    );
  });

  it('a trial in the split that nobody has', async () => {
    await expectRunRefused(
      makeCase({ ...withSquat(), split: { train: ['walk_12'], test: ['sqat'] } }),
      'split names a trial "sqat" that no participant has. There are: squat, walk_12.',
    );
  });

  it('an unknown field, with its line', async () => {
    await refuseStudy(
      'train_first: 0.7',
      'train_first: 0.7\n  valiation: 0.2',
      `line ${lineOf('train_first') + 1}: split: unknown field "valiation"`,
    );
  });

  it('an unknown field at the top, with its line', async () => {
    await refuseStudy(
      'simulated: true',
      'simulatd: true',
      `line ${lineOf('simulated')}: the file: unknown field "simulatd"`,
    );
  });

  it('a value of the wrong kind, with its line', async () => {
    await refuseStudy(
      /mass_kg: .*/,
      'mass_kg: heavy',
      `line ${lineOf('mass_kg')}: participants.0.mass_kg: expected number, received string`,
    );
  });

  it('text that is no YAML, with its line', async () => {
    await refuseStudy('simulated: true', 'simulated: [true', 'study.yaml, line ', 'this is not valid YAML: ');
  });

  it('a recording that is not there, with what is', async () => {
    const spoiled = makeCase();
    rmSync(spoiled.file('moments'));
    await expectRunRefused(
      spoiled,
      `${spoiled.file('moments')}: there is no such file. In that folder: motion.sto, emg.sto.`,
    );
  });

  it('a folder of data that is not there', async () => {
    const { study, folder: own } = makeCase();
    const done = await runGenu(['run', study, '--data', join(own, 'nowhere'), '--out', join(own, 'out')]);
    expectRefused(done, 'emg.sto: there is no such file. The folder ', ' is not there either.');
  });

  it('a folder where a file is expected', async () => {
    const spoiled = makeCase();
    rmSync(spoiled.file('emg'));
    mkdirSync(spoiled.file('emg'));
    await expectRunRefused(spoiled, `${spoiled.file('emg')}: this is a folder; a file was expected.`);
  });

  it('a study that is not there, and one that is a folder', async () => {
    const { folder: own } = makeCase();
    expectRefused(
      await runGenu(['run', join(own, 'studi.yaml')]),
      `${join(own, 'studi.yaml')}: there is no such file. In that folder: study.yaml`,
    );
    expectRefused(await runGenu(['run', own]), `${own}: this is a folder; a file was expected.`);
  });

  it('a recording of an ending that nobody reads', async () => {
    const spoiled = makeCase({
      files: {
        emg: '{participant}/{trial}/emg.c4d',
        motion: '{participant}/{trial}/motion.sto',
        moments: '{participant}/{trial}/moments.sto',
      },
    });
    for (const activity of activities)
      cpSync(
        spoiled.file('emg').replace('walk_12', activity),
        join(dirname(spoiled.file('emg')), '..', activity, 'emg.c4d'),
      );
    await expectRunRefused(
      spoiled,
      'emg.c4d: genu does not read ".c4d" files as recordings. It reads .sto, .mot, .c3d, .csv, .tsv, .txt and .xlsx.',
    );
  });
});

describe('models', () => {
  const model = () => join(folder, 'made', 'models', 'ridge-all.genu');
  beforeAll(async () => {
    const { study } = makeCase();
    expect(await runGenu(['run', study, '--out', join(folder, 'made')])).toMatchObject({ code: 0 });
  });

  it('with a flipped byte anywhere are refused, and nothing is predicted', async () => {
    const bytes = readFileSync(model());
    const { file, folder: own } = makeCase();
    for (const at of [2, Math.round(0.3 * bytes.length), bytes.length - 30]) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 0x10;
      const path = join(own, 'flipped.genu');
      writeFileSync(path, flipped);
      const torque = join(own, 'torque.sto');
      const done = await runGenu(['predict', path, '--emg', file('emg'), '--motion', file('motion'), '--out', torque]);
      expectRefused(done, `${path}: `);
      expect(done.stderr).toMatch(/not a readable genu model|does not have the hash|damaged/);
      expect(existsSync(torque)).toBe(false);
    }
  });

  it('that are cut off, or something else', async () => {
    const { folder: own, study } = makeCase();
    const path = join(own, 'cut.genu');
    writeFileSync(path, readFileSync(model()).subarray(0, 5000));
    const cut = await runGenu(['inspect', path]);
    expectRefused(cut, `${path}: `);
    expect(cut.stderr).toMatch(/[Cc]opy it again/);
    expectRefused(await runGenu(['evaluate', study, study]), `${study}: `, 'genu model');
  });

  it('predict refuses a recording that lacks a channel, and an output that cannot be written', async () => {
    const { file, folder: own } = makeCase();
    const predict = (out: string) =>
      runGenu(['predict', model(), '--emg', file('emg'), '--motion', file('motion'), '--out', out, '--json']);
    writeFileSync(join(own, 'blocked'), '');
    const blocked = await predict(join(own, 'blocked', 'torque.sto'));
    expectRefused(blocked, join(own, 'blocked'));
    rename(file('emg'), 'soleus_r', 'sol');
    expectRefused(await predict(join(own, 'torque.sto')), 'EMG: there is no channel "soleus_r"');
    expect(existsSync(join(own, 'torque.sto'))).toBe(false);
  });
});

describe('the command line', () => {
  const wrong: [name: string, args: string[], sentence: string][] = [
    ['nothing at all', [], 'Usage: genu'],
    ['an unknown command', ['rnu', 'study.yaml'], "unknown command 'rnu'"],
    ['an unknown option', ['run', 'study.yaml', '--fast'], "unknown option '--fast'"],
    ['a missing argument', ['run'], "missing required argument 'study.yaml'"],
    [
      'a missing option',
      ['predict', 'model.genu', '--emg', 'emg.sto'],
      "required option '--motion <file>' not specified",
    ],
    ['an option without its value', ['run', 'study.yaml', '--out'], "option '--out <dir>' argument missing"],
    ['too many arguments', ['inspect', 'a.sto', 'b.sto'], 'too many arguments'],
  ];
  it.each(wrong)('%s ends with 2 and an empty stdout', async (_, args, sentence) => {
    const { code, stdout, stderr } = await runGenu(args);
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('an --out that cannot be written is said before anything is computed', async () => {
    const { study, folder: own } = makeCase();
    const file = join(own, 'results');
    writeFileSync(file, 'mine');
    expectRefused(await runGenu(['run', study, '--out', file]), file);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'nor may --out be a folder without permission',
    async () => {
      const { study, folder: own } = makeCase();
      mkdirSync(join(own, 'locked'));
      chmodSync(join(own, 'locked'), 0o500);
      expectRefused(await runGenu(['run', study, '--out', join(own, 'locked', 'out')]), 'permission denied');
    },
  );

  it.each([
    ['--seed', '-1'],
    ['--participants', 'two'],
    ['--participants', '0'],
  ])('example %s %s', async (option, value) => {
    const out = join(folder, 'example');
    expectRefused(await runGenu(['example', option, value, '--out', out]), `${option} ${value} is no whole number`);
    expect(existsSync(out)).toBe(false);
  });
});
