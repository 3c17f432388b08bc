import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activities, change, editRows, expectRunRefused, rename, useCases } from './support/cases.js';

const { makeCase, people } = useCases();

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
