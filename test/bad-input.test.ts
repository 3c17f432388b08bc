import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Done, makeScratch, runGenu } from './support/genu.js';
import { readPlain, type Table, writePlain } from './support/table.js';
import { makeSmallStudy, type Participant, writeRecordings, writeStudy } from './support/virtual-study.js';

const { folder, remove } = makeScratch();
afterAll(remove);
const activities = ['walk_12'];
/** Without networks a study takes a second. */
const quick = { models: ['mean', 'ridge'] };

let people: Participant[];
let case_number = 0;

/** A copy of the recordings with a study beside them, for one test. */
interface Case {
  readonly folder: string;
  readonly study: string;
  readonly out: string;
  /** A file of the trial walk_12. */
  file(name: 'emg' | 'motion' | 'moments'): string;
  run(): Promise<Done>;
}

beforeAll(() => {
  people = writeRecordings(join(folder, 'data'), { participants: 1, activities, duration_s: 5 });
});

function makeCase(changes: object = {}): Case {
  const own = join(folder, `case-${++case_number}`);
  cpSync(join(folder, 'data'), own, { recursive: true });
  const study = writeStudy(join(own, 'study.yaml'), makeSmallStudy(people, activities, { ...quick, ...changes }));
  const out = join(own, 'out');
  return {
    folder: own,
    study,
    out,
    file: (name) => join(own, 'virtual01', 'walk_12', `${name}.sto`),
    run: () => runGenu(['run', study, '--out', out, '--json']),
  };
}

/** Rewrites one recording of a case. */
function change(path: string, edit: (table: Table) => Table): void {
  writePlain(path, edit(readPlain(path)));
}

const editRows = (path: string, edit: (row: readonly number[], i: number) => readonly number[]) =>
  change(path, (table) => ({ ...table, rows: table.rows.map(edit) }));
const rename = (path: string, from: string, to: string) =>
  change(path, (table) => ({ ...table, labels: table.labels.map((label) => (label === from ? to : label)) }));

/** The user is told what is wrong, in sentences; a script sees it in the exit code and an empty stdout. */
function expectRefused({ code, stdout, stderr }: Done, ...sentences: string[]): void {
  for (const sentence of sentences) expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^genu: /m);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+|unexpected error|node:internal|\bdist\//m);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

/** Neither results nor unfinished files. */
function expectNothingWritten(out: string): void {
  const files = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
  expect(files.filter((file) => /results\.json|report\.html|\.genu$|\.sto$|\.part$|finished/.test(file))).toEqual([]);
}

/** Runs a spoiled case and holds that it is refused with these sentences and leaves nothing half written. */
async function expectRunRefused(spoiled: Case, ...sentences: string[]): Promise<void> {
  expectRefused(await spoiled.run(), ...sentences);
  expectNothingWritten(spoiled.out);
}

describe('channels and units', () => {
  it('a channel that is not there, with those that are', async () => {
    const spoiled = makeCase();
    rename(spoiled.file('emg'), 'vas_lat_r', 'vastlat');
    await expectRunRefused(
      spoiled,
      'virtual01, walk_12: EMG: there is no channel "vas_lat_r". It has: vastlat, vas_med_r, ',
    );
  });

  it('a coordinate of the motion that is not there', async () => {
    const spoiled = makeCase();
    rename(spoiled.file('motion'), 'hip_flexion_r', 'hip_flexion_R');
    await expectRunRefused(
      spoiled,
      'virtual01, walk_12: motion: there is no channel "hip_flexion_r". It has: hip_flexion_R, ',
    );
  });

  it('a moment that is not there', async () => {
    const spoiled = makeCase({
      torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_l_moment', positive: 'extension' },
    });
    await expectRunRefused(
      spoiled,
      'virtual01, walk_12: moments: there is no channel "knee_angle_l_moment". It has: knee_angle_r_moment.',
    );
  });

  it('moments in N.m that are said to be N.m/kg', async () => {
    const spoiled = makeCase({
      torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', unit: 'N.m/kg', positive: 'extension' },
    });
    await expectRunRefused(
      spoiled,
      'N·m/kg when read as N.m/kg; no human knee does.',
      'Say what unit the file has under torque.unit',
      'it looks like N.m.',
    );
  });

  it('moments in N.m/kg that are said to be N.m', async () => {
    const spoiled = makeCase();
    for (const activity of activities) {
      editRows(spoiled.file('moments').replace('walk_12', activity), ([time, ...values]) => [
        time,
        ...values.map((value) => value / people[0].mass_kg),
      ]);
    }
    await expectRunRefused(spoiled, 'N·m/kg', 'torque.unit');
  });

  it('degrees in a file that says radians', async () => {
    const spoiled = makeCase();
    change(spoiled.file('motion'), (table) => ({
      ...table,
      head: table.head.map((line) => line.replace('inDegrees=yes', 'inDegrees=no')),
    }));
    await expectRunRefused(
      spoiled,
      'rad: these are degrees, or the channel is no angle. Say motion.unit: deg, or write inDegrees=yes into the file.',
    );
  });

  it('angles of which nothing says whether they are degrees or radians', async () => {
    const spoiled = makeCase();
    change(spoiled.file('motion'), (table) => ({
      ...table,
      head: table.head.filter((line) => !line.startsWith('inDegrees')),
    }));
    await expectRunRefused(
      spoiled,
      'nothing says whether their angles are degrees or radians. Add a header line inDegrees=yes or inDegrees=no.',
    );
  });

  it('an electrode that recorded nothing', async () => {
    const spoiled = makeCase();
    change(spoiled.file('emg'), ({ labels, ...table }) => ({
      ...table,
      labels,
      rows: table.rows.map((row) => row.map((value, c) => (labels[c] === 'tib_ant_r' ? 0 : value))),
    }));
    await expectRunRefused(
      spoiled,
      'virtual01, walk_12: EMG channel "tib_ant_r": it never changes: the electrode is dead or the channel was not recorded.',
    );
  });

  it('a model without the coordinate', async () => {
    const spoiled = makeCase({
      torque: { coordinate: 'knee_angle_x', channel: 'knee_angle_r_moment', positive: 'extension' },
    });
    await expectRunRefused(spoiled, 'there is no coordinate "knee_angle_x". It has: knee_angle_r, ');
  });
});

describe('gaps', () => {
  const gap = (path: string, from_s: number, to_s: number) =>
    editRows(path, ([time, ...values]) => [
      time,
      ...values.map((value, c) => (c === 6 && time > from_s && time < to_s ? Number.NaN : value)),
    ]);

  it('a short one in the EMG is bridged, and said', async () => {
    const spoiled = makeCase();
    gap(spoiled.file('emg'), 2, 2.05);
    const { code, stderr } = await spoiled.run();
    expect(code).toBe(0);
    expect(stderr).toContain(
      'virtual01, walk_12: EMG channel "vas_lat_r": 1 short gaps (up to 0.1 s) were interpolated.',
    );
  });

  it('a long one in the EMG of the test part costs the frames that need it, and is said', async () => {
    const spoiled = makeCase();
    const whole = await spoiled.run();
    const count = () =>
      (
        JSON.parse(readFileSync(join(spoiled.out, 'results.json'), 'utf8')).rows as {
          model: string;
          activity: string;
          participant: string;
          n: number;
        }[]
      ).find((row) => row.model === 'ridge' && row.activity === 'walk_12' && row.participant === 'all')!.n;
    const before = count();
    gap(spoiled.file('emg'), 4, 4.3);
    const { code, stderr } = await spoiled.run();
    expect({ code, whole: whole.code }).toEqual({ code: 0, whole: 0 });
    expect(stderr).toContain(
      'virtual01, walk_12: EMG channel "vas_lat_r": 1 longer gaps (up to 0.30 s) stay missing; frames that need them are not predicted.',
    );
    // The gap itself and the window of 0.3 s after it.
    expect(before - count()).toBeGreaterThanOrEqual(55);
    expect(before - count()).toBeLessThanOrEqual(65);
  });
});

describe('tables', () => {
  it('time that runs backwards, with its line', async () => {
    const spoiled = makeCase();
    editRows(spoiled.file('moments'), (row, i) => (i === 100 ? [0.5, ...row.slice(1)] : row));
    await expectRunRefused(
      spoiled,
      `${spoiled.file('moments')}, line 108: time runs backwards: 0.99 s is followed by 0.5 s.`,
    );
  });

  it('two columns of one name, with their places', async () => {
    const spoiled = makeCase();
    rename(spoiled.file('emg'), 'vas_med_r', 'vas_lat_r');
    await expectRunRefused(spoiled, `${spoiled.file('emg')}, line 7: columns 8 and 10 are both labelled "vas_lat_r".`);
  });

  it('a table without rows', async () => {
    const spoiled = makeCase();
    change(spoiled.file('emg'), (table) => ({ ...table, rows: [] }));
    await expectRunRefused(
      spoiled,
      `${spoiled.file('emg')}, line 7: the table is empty: there are labels but no rows.`,
    );
  });

  it('an empty file', async () => {
    const spoiled = makeCase();
    writeFileSync(spoiled.file('emg'), '');
    await expectRunRefused(spoiled, `${spoiled.file('emg')}: the file is empty.`);
  });

  it('a file that was cut off in a row', async () => {
    const spoiled = makeCase();
    const bytes = readFileSync(spoiled.file('emg'));
    writeFileSync(spoiled.file('emg'), bytes.subarray(0, bytes.length >> 1));
    await expectRunRefused(spoiled, `${spoiled.file('emg')}, line `, 'The file was cut off; copy or export it again.');
  });

  it('a file that was cut off between rows', async () => {
    const spoiled = makeCase();
    const lines = readFileSync(spoiled.file('emg'), 'utf8').split('\n');
    writeFileSync(spoiled.file('emg'), `${lines.slice(0, 3007).join('\n')}\n`);
    await expectRunRefused(spoiled, 'the header promises 5000 rows, but there are 3000. The file was cut off');
  });

  it('a line without end is given up at the bound of the reader, and costs no memory in proportion', async () => {
    const spoiled = makeCase();
    const head = readFileSync(spoiled.file('emg'), 'utf8').split('\n').slice(0, 7).join('\n');
    const handle = openSync(spoiled.file('emg'), 'w');
    writeSync(handle, `${head}\n`);
    const block = Buffer.from('0.125 '.repeat(2 ** 16));
    for (let at = head.length; at < 2 ** 26; at += block.length) writeSync(handle, block);
    closeSync(handle);
    await expectRunRefused(
      spoiled,
      `${spoiled.file('emg')}, line 8: the line is longer than ${8 * 2 ** 20} bytes. Its line ends are lost, or it is not a table; export the file again.`,
    );
    rmSync(spoiled.file('emg'));
  });

  it('a file larger than any recording is refused before it is read', async () => {
    const spoiled = makeCase();
    const handle = openSync(spoiled.file('emg'), 'w');
    // A hole in the file: its size is told, its blocks do not exist.
    ftruncateSync(handle, 3 * 2 ** 30);
    closeSync(handle);
    await expectRunRefused(
      spoiled,
      `${spoiled.file('emg')}: the file has 3.0 GiB; genu reads files of up to 1.5 GiB. Split the trial into shorter ones.`,
    );
    rmSync(spoiled.file('emg'));
  });

  it('a binary file under the name of a table', async () => {
    const spoiled = makeCase();
    writeFileSync(spoiled.file('emg'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]));
    await expectRunRefused(spoiled, `${spoiled.file('emg')}: the file is binary, not text.`);
  });

  it('a number with a decimal comma, with its line and column', async () => {
    const spoiled = makeCase();
    const text = readFileSync(spoiled.file('moments'), 'utf8').split('\n');
    text[20] = text[20].replace(/\t(-?\d+)\./, '\t$1,');
    writeFileSync(spoiled.file('moments'), text.join('\n'));
    await expectRunRefused(
      spoiled,
      `${spoiled.file('moments')}, line 21: column 2 ("knee_angle_r_moment") holds "`,
      'Numbers need a decimal point, not a comma.',
    );
  });

  it('recordings of different clocks', async () => {
    const spoiled = makeCase();
    editRows(spoiled.file('emg'), ([time, ...values]) => [time + 1000, ...values]);
    await expectRunRefused(
      spoiled,
      'virtual01, walk_12: EMG (1000–1004.999 s), motion (0–4.99 s) and moments (0–4.99 s) have no time in common. Their time stamps must be of one clock.',
    );
  });

  it('a trial shorter than the window', async () => {
    const spoiled = makeCase();
    for (const name of ['emg', 'motion', 'moments'] as const) {
      for (const activity of activities) {
        const path = spoiled.file(name).replace('walk_12', activity);
        change(path, (table) => ({ ...table, rows: table.rows.filter(([time]) => time < 0.4) }));
      }
    }
    await expectRunRefused(spoiled, 'virtual01, walk_12');
  });
});

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
    await expectRunRefused(spoiled, 'emg.c4d: genu does not read ".c4d" files as recordings. It reads .sto and .mot.');
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
