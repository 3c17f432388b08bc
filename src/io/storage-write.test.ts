import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Channel, type ChannelKind, makeUniformClock, type Recording, type Unit } from '../data/index.js';
import { readStorage } from './storage.js';
import { readTable } from './storage-table.js';
import { writeRecording, writeStorage } from './storage-write.js';

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function makeChannel(name: string, kind: ChannelKind, unit: Unit, ...values: number[]): Channel {
  return { name, kind, unit, clock: makeUniformClock(0, 100, values.length), values: Float64Array.from(values) };
}

function makeRecording(...channels: Channel[]): Recording {
  return { name: 'walk', channels, events: [], notes: [] };
}

describe('writeStorage', () => {
  it('writes the header that OpenSim reads', () => {
    const bytes = writeStorage({
      name: 'Coordinates',
      inDegrees: true,
      times_s: Float64Array.of(0, 0.01),
      columns: [{ label: 'knee_angle_r', values: Float64Array.of(-1.5, Number.NaN) }],
    });
    expect(decode(bytes)).toBe(
      'Coordinates\nversion=1\nnRows=2\nnColumns=2\ninDegrees=yes\nendheader\ntime\tknee_angle_r\n0\t-1.5\n0.01\tnan\n',
    );
  });

  it('comes back bit for bit, with gaps, infinities and negative zeros', () => {
    const table = fc.integer({ min: 1, max: 8 }).chain((rows) =>
      fc.record({
        times: fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
          minLength: rows,
          maxLength: rows,
          comparator: (a, b) => a === b,
        }),
        columns: fc.array(fc.array(fc.double(), { minLength: rows, maxLength: rows }), { maxLength: 5 }),
        inDegrees: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(table, ({ times, columns, inDegrees }) => {
        const times_s = Float64Array.from(times).sort();
        const content = {
          name: 'round trip',
          inDegrees,
          times_s,
          columns: columns.map((values, i) => ({ label: `c${i}`, values: Float64Array.from(values) })),
        };
        const back = readTable(writeStorage(content), 'x.sto');
        expect(back.times_s).toEqual(times_s);
        expect(back.columns).toEqual(content.columns);
        expect(back.header).toMatchObject({ name: 'round trip', inDegrees });
      }),
      { numRuns: 300 },
    );
  });

  it('either refuses a name or label, or brings it back', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'name x',
        'a=b',
        'endheader',
        'EndHeader',
        'time',
        'range 1 2',
        '# x',
        'Angles are in degrees',
        'µV_2',
      ),
    );
    let kept = 0;
    fc.assert(
      fc.property(text, text, (name, label) => {
        let bytes: Uint8Array;
        try {
          bytes = writeStorage({
            name,
            inDegrees: false,
            times_s: Float64Array.of(1),
            columns: [{ label, values: Float64Array.of(2) }],
          });
        } catch (error) {
          expect(error).toMatchObject({ name: 'GenuError' });
          return;
        }
        kept++;
        const back = readTable(bytes, 'x.sto');
        expect(back.header.name).toBe(name);
        expect(back.columns.map((column) => column.label)).toEqual([label]);
      }),
      { numRuns: 2000 },
    );
    expect(kept).toBeGreaterThan(100);
  });

  it.each<[string, Partial<Parameters<typeof writeStorage>[0]>, RegExp]>([
    ['a name of two lines', { name: 'a\nb' }, /name would not read back/],
    ['a name that is an entry', { name: 'nRows=7' }, /name would not read back/],
    [
      'a label with a blank',
      { columns: [{ label: 'knee angle', values: Float64Array.of(1, 2) }] },
      /"knee angle" cannot be a label/,
    ],
    [
      'a label twice',
      { columns: ['a', 'a'].map((label) => ({ label, values: Float64Array.of(1, 2) })) },
      /two columns are labelled "a"/,
    ],
    ['a second time', { columns: [{ label: 'Time', values: Float64Array.of(1, 2) }] }, /labelled "Time"/],
    ['columns of another length', { columns: [{ label: 'a', values: Float64Array.of(1) }] }, /"a" has 1 values for 2/],
    ['time that stands still', { times_s: Float64Array.of(1, 1) }, /stands still/],
  ])('refuses %s', (_, change, message) => {
    const content = { name: 'x', inDegrees: false, times_s: Float64Array.of(0, 1), columns: [] };
    expect(() => writeStorage({ ...content, ...change })).toThrow(message);
  });
});

describe('writeRecording', () => {
  it('writes coordinates that read back as they were, exactly in radians, closely in degrees', () => {
    const recording = makeRecording(
      makeChannel('knee_angle_r', 'coordinate', 'rad', -0.1, Number.NaN, 0.7),
      makeChannel('pelvis_ty', 'coordinate', 'm', 0.9, 0.91, 0.92),
    );
    const exact = readStorage(writeRecording(recording), { file: 'x.sto' });
    expect(exact.channels).toEqual(recording.channels);
    const degrees = readStorage(writeRecording(recording, { inDegrees: true }), { file: 'x.mot' });
    expect([...degrees.channels[0].values]).toEqual(
      [-0.1, Number.NaN, 0.7].map((v) => (Number.isNaN(v) ? v : expect.closeTo(v, 14))),
    );
    expect(degrees.channels[1]).toEqual(recording.channels[1]);
  });

  it.each([
    ['knee_angle_r_moment', 'generalised_force', 'N.m'],
    ['soleus_r', 'emg_envelope', '1'],
    ['ground_force_r_vy', 'ground_reaction', 'N'],
    ['knee_angle_r/speed', 'speed', 'rad/s'],
    ['soleus_r/activation', 'muscle', '1'],
  ] as const)('keeps the kind and unit of %s', (name, kind, unit) => {
    const recording = makeRecording(makeChannel(name, kind, unit, 1, 2));
    expect(readStorage(writeRecording(recording), { file: 'x.sto' }).channels).toEqual(recording.channels);
  });

  it('refuses channels of different clocks, and none', () => {
    const two = makeRecording(makeChannel('a', 'other', '?', 1, 2), makeChannel('b', 'other', '?', 1, 2, 3));
    expect(() => writeRecording(two)).toThrow(/walk: "b" and "a" have different clocks/);
    expect(() => writeRecording(makeRecording())).toThrow(/no channels/);
  });
});
