import { describe, expect, it } from 'vitest';
import { findRecordedC3d, readBytes } from '../../../test/support/recorded-c3d.js';
import { getChannel } from '../../data/index.js';
import { writeC3dFile } from './file.js';
import { findPlainParameter } from './lookup.js';
import { type C3dContents, type C3dInput, makeParameter } from './make.js';
import { readResidual } from './points.js';
import { readC3d } from './recording.js';
import { makeSmall } from './small.fixture.js';
import type { C3dFile } from './types.js';

const read = (file: C3dFile, options = {}) => readC3d(writeC3dFile(file), { file: 'trials/walk.c3d', ...options });
const readSmall = (change: Partial<C3dContents> = {}, options = {}) => read(makeSmall(change), options);
const describeChannels = (content: ReturnType<typeof read>) =>
  content.recording.channels.map(({ name, kind, unit, values }) => `${name} ${kind} ${unit} ${values[0]}`);

const labelled = (labels: readonly string[], values = labels.flatMap((_, i) => [i + 1, 0.5, 0.25, 0])) =>
  ({ frame_count: 1, points: { labels, unit: 'mm', scale: 0.1, values: Float32Array.from(values) } }) as const;

describe('readC3d', () => {
  it('gives markers in m, missing ones as NaN, and analogs scaled and in SI units', () => {
    const content = readSmall();
    const { recording } = content;
    expect(recording.name).toBe('walk');
    expect([...getChannel(recording, 'RASI.x').values]).toEqual([5e-3, Number.NaN, 21e-3]);
    expect([...getChannel(recording, 'LASI.z').values]).toEqual([3e-3, 11e-3, 19e-3]);
    // (stored − offset) · scale, then mV to V: (0 − 10) · 0.5 mV.
    expect(describeChannels(content).slice(6)).toEqual([
      'EMG one emg V -0.005',
      'Sync other ? 1',
      'Foot switch other N 10',
    ]);
    expect(getChannel(recording, 'Sync').clock.rate_Hz).toBe(200);
    expect([...getChannel(recording, 'LASI.x').clock.times_s]).toEqual([0, 0.01, 0.02]);
    expect(recording.notes).toEqual(['The file gives no unit that genu knows for Sync; they are left as they are.']);
  });

  it('multiplies integers by their scale, and reads unsigned samples and offsets', () => {
    const { recording } = readSmall({
      format: 'integer',
      frame_count: 1,
      points: { labels: ['A'], unit: 'm', scale: 0.25, values: Float32Array.of(-4, 8, 32767, 0) },
      analogs: {
        labels: ['Voltage.1'],
        units: ['V'],
        scales: [2],
        offsets: [40_000],
        samples_per_frame: 2,
        unsigned: true,
        values: Float32Array.of(65_535, 0),
      },
    });
    expect(getChannel(recording, 'A.x').values[0]).toBe(-1);
    expect(getChannel(recording, 'A.z').values[0]).toBe(32767 / 4);
    expect([...getChannel(recording, 'Voltage.1').values]).toEqual([51_070, -80_000]);
  });

  it('keeps the time of the capture', () => {
    const { recording, first_frame } = readSmall({ first_frame: 251 });
    expect(first_frame).toBe(251);
    expect(getChannel(recording, 'LASI.x').clock.times_s[0]).toBe(2.5);
    expect(recording.notes[0]).toBe('The file begins with frame 251 of its capture, at 2.5 s.');
  });

  it('makes repeated and missing labels distinct, and takes the name of the subject off', () => {
    const { recording } = readSmall(labelled(['Anna:A', 'Anna:A', 'Anna:A#2', '']));
    expect(recording.channels.slice(0, 12).flatMap(({ name }) => (name.endsWith('.x') ? [name] : []))).toEqual([
      'A.x',
      'A#2.x',
      'A#2#2.x',
      'point4.x',
    ]);
    expect(recording.notes.slice(0, 3)).toEqual([
      '1 of 4 point labels are missing; they are called by their number.',
      `The subject's name "Anna:" was taken off the point labels.`,
      'More than one point is labelled A, A#2; the second one is called "A#2", and so on.',
    ]);
  });

  it('takes a marker at 0, 0, 0 for missing, but not a model output', () => {
    const content = readSmall({
      ...labelled(['M', 'LKneeAngles'], [0, 0, 0, 0, 0, 0, 0, 0]),
      parameters: { POINT: { ANGLES: ['LKneeAngles'], ANGLE_UNITS: 'deg' } },
    });
    expect(describeChannels(content).slice(0, 4)).toEqual([
      'M.x marker m NaN',
      'M.y marker m NaN',
      'M.z marker m NaN',
      'LKneeAngles.x coordinate rad 0',
    ]);
    expect(content.recording.notes[0]).toContain('model outputs (POINT:ANGLES, e.g. LKneeAngles)');
    expect(content.recording.notes[1]).toBe(
      'Markers that lie exactly at 0, 0, 0 without being called missing were taken as missing (frames): M (1).',
    );
  });

  it('turns model angles into rad and leaves moments, forces and powers as they are', () => {
    const labels = ['LKneeAngles', 'LKneeMoment', 'LGroundReactionForce', 'LKneePower', 'Filtered'];
    const content = readSmall({
      ...labelled(
        labels,
        labels.flatMap(() => [180, 1, 2, 0]),
      ),
      parameters: {
        POINT: {
          ANGLES: ['LKneeAngles'],
          ANGLE_UNITS: 'deg',
          MOMENTS: ['LKneeMoment'],
          MOMENT_UNITS: 'Nmm',
          FORCES: ['LGroundReactionForce'],
          POWERS: ['LKneePower'],
          USERMOS: ['Filtered'],
          TYPE_GROUPS: ['ANGLES', 'ANGLE', 'USERMOS', 'USERMO'],
        },
      },
    });
    expect(describeChannels(content).filter((_, i) => i < 15 && i % 3 === 0)).toEqual([
      `LKneeAngles.x coordinate rad ${Math.PI}`,
      'LKneeMoment.x generalised_force ? 180',
      'LGroundReactionForce.x ground_reaction ? 180',
      'LKneePower.x other ? 180',
      'Filtered.x other ? 180',
    ]);
    expect(content.recording.notes).toContain(
      '1 model outputs (POINT:MOMENTS, e.g. LKneeMoment) are as the file has them; it calls their unit "Nmm", which may or may not be per kg of body mass.',
    );
  });

  it('believes the caller about degrees', () => {
    const file = makeSmall({
      ...labelled(['A'], [1, 2, 3, 0]),
      parameters: { POINT: { ANGLES: ['A'], ANGLE_UNITS: 'deg' } },
    });
    const { recording } = read(file, { inDegrees: false });
    expect(getChannel(recording, 'A.x').values[0]).toBe(1);
    expect(recording.notes[0]).toBe(`The file gives angles in "deg"; the caller's choice of radians overrides it.`);
  });

  it('reads events of the group (minutes and seconds since frame 1) and of the header (since the first stored frame)', () => {
    const { recording } = readSmall({
      first_frame: 101,
      parameters: {
        EVENT: {
          USED: { type: 'int', values: [3] },
          TIMES: { type: 'float', values: [1, 2.5, 0, 1.25, 0, Number.NaN], dimensions: [2, 3] },
          LABELS: ['Foot Strike', 'Foot Off', 'Odd'],
          CONTEXTS: ['Left', 'Right', 'General'],
        },
      },
      header_events: [{ label: 'RTO ', time_s: 0.25, flag: 0 }],
    });
    expect(recording.events).toEqual([
      { name: 'Foot Off', time_s: 1.25, side: 'right' },
      { name: 'RTO', time_s: 1.25 },
      { name: 'Foot Strike', time_s: 62.5, side: 'left' },
    ]);
    expect(recording.notes).toContain('1 events have no time and were left out.');
    expect(recording.notes).toContain('1 events come from the header, which does not say their side.');
  });

  it('gives parameters as plain data, whatever the case of their names', () => {
    const { parameters } = readSmall({
      parameters: {
        PROCESSING: { Bodymass: { type: 'float', values: [31.5] }, Height: { type: 'float', values: [1340] } },
        SUBJECTS: { NAMES: ['Anna'] },
      },
    });
    expect(findPlainParameter(parameters, 'processing', 'BodyMass')).toBe(31.5);
    expect(findPlainParameter(parameters, 'SUBJECTS', 'NAMES')).toEqual(['Anna']);
    expect(findPlainParameter(parameters, 'SUBJECTS', 'AGE')).toBeUndefined();
  });

  it('finds the rate elsewhere where POINT:RATE is absent, and refuses where nothing says it', () => {
    const file = makeSmall();
    const without = (names: readonly string[], rate_Hz: number): C3dFile => ({
      ...file,
      header: { ...file.header, rate_Hz },
      records: file.records.filter(
        (record) => !(record.name === 'RATE' && record.kind === 'parameter' && names.includes(String(record.group))),
      ),
    });
    const of_header = read(without(['1'], 50));
    expect(of_header.rate_Hz).toBe(50);
    expect(of_header.recording.notes).toContain('The file has no POINT:RATE; the header says 50 frames per second.');
    expect(of_header.recording.notes).toContain(
      'ANALOG:RATE says 200 Hz, but there are 2 samples per frame at 50 Hz; the latter was taken.',
    );
    expect(read(without(['1'], 0)).rate_Hz).toBe(100);
    expect(read(without(['1', '2'], 0), { rate_Hz: 25 }).rate_Hz).toBe(25);
    expect(() => read(without(['1', '2'], 0))).toThrow(
      'trials/walk.c3d: nothing in the file says how many frames there are per second. POINT:RATE, the header and ANALOG:RATE are absent or no rates;',
    );
  });

  it('says what is missing or odd', () => {
    const unit: C3dInput = 'furlong';
    const notes = (change: Partial<C3dContents>) => readSmall(change).recording.notes;
    expect(notes({ parameters: { POINT: { UNITS: unit } } })[0]).toBe(
      'The file gives positions in "furlong", which is no length genu knows; they are left as they are.',
    );
    expect(notes({ parameters: { ANALOG: { GEN_SCALE: { type: 'float', values: [0] } } } })[0]).toBe(
      'The file scales EMG one, Sync, Foot switch by 0: nothing is left of them.',
    );
    const bare = makeSmall();
    const records = bare.records.filter(({ name }) => name !== 'SCALE' || bare.format !== 'float');
    expect(read({ ...bare, records }).recording.notes[0]).toBe(
      'The file gives no scale for EMG one, Sync, Foot switch; it is taken as 1.',
    );
    const extra = [...bare.records, makeParameter(1, 'LABELS2', ['C7'])];
    expect(read({ ...bare, records: extra }).recording.notes[0]).toBe(
      'There are 1 more point labels than point data; they were left out.',
    );
  });

  it('refuses a file without samples', () => {
    const { points, analogs, ...rest } = makeSmall();
    const empty = makeSmall({ points: { labels: [], unit: 'mm', scale: 1, values: new Float32Array(0) } });
    const none = {
      ...empty,
      analogs: new Float32Array(0),
      analog_count: 0,
      header: { ...rest.header, point_count: 0, analog_values_per_frame: 0 },
      records: empty.records.map((record) =>
        record.name === 'USED' && record.kind === 'parameter'
          ? makeParameter(record.group, 'USED', { type: 'int', values: [0] })
          : record,
      ),
    };
    expect(() => read(none)).toThrow(
      'trials/walk.c3d: the file holds no samples. It states 3 frames of 0 points and 0 analog channels; export the trial again.',
    );
  });
});

it('takes camera mask and residual out of a fourth word', () => {
  // Example of the C3D user guide, "3D Data - Integer Format": 0x3E10 with scale 0.0833333.
  const { residual, cameras } = readResidual(0x3e10, 0.0833333);
  expect(residual).toBeCloseTo(1.333, 3);
  expect(cameras).toBe(0b111110);
  expect(readResidual(-1, 0.1)).toEqual({ residual: undefined, cameras: 0 });
});

describe('recorded children', () => {
  const straight = findRecordedC3d().find((file) => file.endsWith('HC002D06.c3d'));
  it.skipIf(straight === undefined)('have what a gait study needs (skipped where ../shared/data is absent)', () => {
    const { recording, parameters, platforms, rate_Hz } = readC3d(readBytes(straight!), { file: straight! });
    expect([rate_Hz, platforms.length]).toEqual([100, 2]);
    expect(findPlainParameter(parameters, 'PROCESSING', 'Bodymass')).toBeGreaterThan(10);
    const angle = getChannel(recording, 'RKneeAngles.x');
    expect([angle.kind, angle.unit]).toEqual(['coordinate', 'rad']);
    const peak = angle.values.reduce((most, value) => Math.max(most, value), 0);
    expect(peak).toBeGreaterThan(0.7);
    expect(peak).toBeLessThan(1.6);
    expect(getChannel(recording, 'RKneeMoment.x').unit).toBe('?');
    expect(getChannel(recording, 'Voltage.R Rect').kind).toBe('emg');
    expect(recording.events[0]).toMatchObject({ name: 'Foot Strike', side: 'left' });
    // The label lies behind the 255th, in POINT:LABELS2.
    expect(recording.channels.filter(({ clock }) => clock.rate_Hz === 100).length).toBe(3 * 286);
  });
});
