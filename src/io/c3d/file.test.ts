import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRecordedC3d, readBytes } from '../../../test/support/recorded-c3d.js';
import { readC3dFile, writeC3dFile } from './file.js';
import { findText, listAllTexts } from './lookup.js';
import { makeC3dFile, makeParameter } from './make.js';
import { makeSmall } from './small.fixture.js';
import type { C3dFile, C3dFormat, C3dProcessor } from './types.js';

const read = (bytes: Uint8Array) => readC3dFile(bytes, { file: 'walk.c3d' });

/** What has to survive; residue, notes and data block are the writer's. */
function strip(file: C3dFile) {
  const { residue, notes, header, records, ...rest } = file;
  return {
    ...rest,
    header: { ...header, data_block: 0 },
    records: records.filter(({ name }) => name !== 'DATA_START'),
  };
}

const processors: C3dProcessor[] = ['intel', 'dec', 'mips'];

const anyFile = fc
  .record({
    processor: fc.constantFrom(...processors),
    format: fc.constantFrom<C3dFormat>('integer', 'float'),
    points: fc.integer({ min: 0, max: 5 }),
    channels: fc.integer({ min: 0, max: 5 }),
    samples_per_frame: fc.integer({ min: 1, max: 3 }),
    frame_count: fc.integer({ min: 1, max: 5 }),
    first_frame: fc.constantFrom(1, 2, 700, 65534, 65535, 70000, 5_000_000),
    unsigned: fc.boolean(),
    value: fc.integer({ min: -32768, max: 32767 }),
    text: fc.string({ maxLength: 255, unit: 'binary-ascii' }),
  })
  .map(({ points, channels, samples_per_frame, frame_count, unsigned, value, text, ...rest }) =>
    makeC3dFile({
      ...rest,
      rate_Hz: 120,
      frame_count,
      points: {
        labels: Array.from({ length: points }, (_, i) => `P${i}`),
        unit: 'mm',
        scale: 0.25,
        values: Float32Array.from({ length: 4 * points * frame_count }, (_, i) => (value * (i + 1)) % 32768),
      },
      analogs: {
        labels: Array.from({ length: channels }, (_, i) => `A${i}`),
        units: Array(channels).fill('V'),
        scales: Array(channels).fill(0.5),
        offsets: Array(channels).fill(7),
        samples_per_frame,
        unsigned,
        values: Float32Array.from({ length: channels * samples_per_frame * frame_count }, (_, i) =>
          unsigned ? (Math.abs(value) * (i + 1)) % 65536 : (value * (i + 1)) % 32768,
        ),
      },
      parameters: { EXTRA: { TEXT: text, LIST: ['a', text.slice(0, 20)], BYTES: { type: 'byte', values: [0, 255] } } },
      header_events: [{ label: 'RHS ', time_s: 0.25, flag: 0 }],
    }),
  );

describe('writeC3dFile and readC3dFile', () => {
  it('give back what was written, for every processor and format, and the same bytes again', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const bytes = writeC3dFile(file);
        const back = read(bytes);
        expect(strip(back)).toEqual(strip(file));
        expect(back.notes).toEqual([]);
        expect(Buffer.compare(writeC3dFile(back), bytes)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('say the same whichever processor wrote them', () => {
    fc.assert(
      fc.property(anyFile, fc.constantFrom(...processors), (file, processor) => {
        const back = read(writeC3dFile({ ...read(writeC3dFile(file)), processor }));
        expect(strip(back)).toEqual(strip({ ...file, processor }));
      }),
      { numRuns: 20 },
    );
  });

  it('lay MIPS words out high byte first', () => {
    const bytes = writeC3dFile(makeSmall({ processor: 'mips', format: 'integer' }));
    expect([...bytes.subarray(2, 6)]).toEqual([0, 2, 0, 6]);
    expect(bytes[515]).toBe(86);
    const at = 512 * (256 * bytes[16] + bytes[17] - 1);
    expect([...bytes.subarray(at, at + 6)]).toEqual([0, 1, 0, 2, 0, 3]);
  });

  it('lay samples and blocks out as the format says', () => {
    const bytes = writeC3dFile(makeSmall());
    expect([bytes[0], bytes[1], bytes[513], bytes[515]]).toEqual([2, 0x50, 0x50, 84]);
    expect(bytes.length % 512).toBe(0);
    const view = new DataView(bytes.buffer);
    const at = 512 * (view.getUint16(16, true) - 1);
    // One frame: 2 points of four floats, then 2 samples of 3 channels.
    expect([0, 1, 2, 3, 4].map((i) => view.getFloat32(at + 4 * i, true))).toEqual([1, 2, 3, 0, 5]);
    expect(view.getFloat32(at + 4 * 8, true)).toBe(0);
    expect(view.getFloat32(at + 4 * 13, true)).toBe(5);
    expect(view.getFloat32(at + 4 * 14, true)).toBe(9);
  });

  it('continue lists of more than 255 labels', () => {
    const labels = Array.from({ length: 600 }, (_, i) => `M${i}`);
    const file = makeSmall({
      frame_count: 1,
      points: { labels, unit: 'mm', scale: 0.1, values: new Float32Array(2400) },
    });
    const { records, point_count } = read(writeC3dFile(file));
    expect(point_count).toBe(600);
    expect(listAllTexts(records, 'POINT', 'LABELS')).toEqual(labels);
    expect(findText(records, 'POINT', 'LABELS3')).toBe('M510');
  });

  it('count more than 65535 frames', () => {
    const frame_count = 70_000;
    const points = { labels: ['A'], unit: 'mm', scale: 0.1, values: new Float32Array(4 * frame_count).fill(3) };
    const { analogs, ...file } = makeSmall({ format: 'integer', frame_count, points, analogs: undefined } as never);
    const back = read(writeC3dFile({ ...file, analogs }));
    expect([back.header.last_frame, back.frame_count]).toEqual([65535, 70_000]);
    expect(back.points.length).toBe(4 * frame_count);
  });

  it('count them by POINT:LONG_FRAMES too', () => {
    const frame_count = 66_000;
    const points = { labels: ['A'], unit: 'mm', scale: 0.1, values: new Float32Array(4 * frame_count) };
    const made = makeC3dFile({
      format: 'integer',
      rate_Hz: 100,
      frame_count,
      points,
      parameters: { POINT: { LONG_FRAMES: { type: 'float', values: [frame_count] } } },
    });
    const file = { ...made, records: made.records.filter(({ name }) => !name.startsWith('ACTUAL')) };
    expect(read(writeC3dFile(file)).frame_count).toBe(frame_count);
  });

  it('move the samples when the parameters outgrow their place', () => {
    const file = read(writeC3dFile(makeSmall()));
    const text = makeParameter(1, 'REMARK', 'x'.repeat(255));
    const records = [...file.records, ...Array.from({ length: 5 }, (_, i) => ({ ...text, name: `REMARK_${i}` }))];
    const back = read(writeC3dFile({ ...file, records }));
    expect(back.header.data_block).toBeGreaterThan(file.header.data_block);
    expect(back.points).toEqual(file.points);
    expect(back.analogs).toEqual(file.analogs);
    const start = back.records.find(({ name }) => name === 'DATA_START');
    expect(start?.kind === 'parameter' && [...start.values]).toEqual([back.header.data_block]);
  });

  it('believe the length of the file where header and parameters disagree', () => {
    const file = makeSmall();
    const records = file.records.map((record) =>
      record.name === 'USED' && record.kind === 'parameter' && record.group === 1
        ? makeParameter(1, 'USED', { type: 'float', values: [500.5] })
        : record,
    );
    // A USED that is no whole number says nothing, so the header's count stands and there is no doubt.
    expect(read(writeC3dFile({ ...file, records }))).toMatchObject({ point_count: 2, notes: [] });
    const wrong = writeC3dFile(file);
    wrong[2] = 90;
    const back = read(wrong);
    expect(back.point_count).toBe(2);
    expect(back.notes[0]).toMatch(
      /^Header and parameters disagree: 3 frames of 2 points .* was taken, for parameters come first, and not 3 frames of 90 points/,
    );
  });
});

describe('recorded files', () => {
  const files = findRecordedC3d();
  it.skipIf(files.length === 0)('come out byte for byte (skipped where ../shared/data is absent)', () => {
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const bytes = readBytes(file);
      expect(Buffer.compare(writeC3dFile(readC3dFile(bytes, { file })), bytes), file).toBe(0);
    }
  });
});

describe('writeC3dFile refuses', () => {
  const file = makeSmall({ format: 'integer' });
  it.each<[string, C3dFile, string]>([
    [
      'values that are no 16-bit integers',
      { ...file, points: file.points.map((x) => x + 0.5) },
      '1.5 cannot be stored as a 16-bit integer. Divide by a scale and round first, or write floats.',
    ],
    [
      'counts that the values do not fill',
      { ...file, points: new Float32Array(7) },
      '7 point values do not make 3 frames of 8 each. Counts and values of the C3D file must agree.',
    ],
    [
      'counts that header and parameters do not state',
      { ...file, frame_count: 2, points: file.points.slice(0, 16), analogs: file.analogs.slice(0, 12) },
      'the file says that its frame count is 2, but header and parameters say 3.',
    ],
    [
      'another format than the header has',
      { ...file, format: 'float' },
      'the file says that its format is float, but header and parameters say integer. Change POINT:USED',
    ],
    [
      'too many header events',
      { ...file, header: { ...file.header, events: Array(19).fill({ label: 'RHS', time_s: 0, flag: 0 }) } },
      'the C3D header cannot hold 19 events. It takes 18; more belong in the EVENT group.',
    ],
    [
      'numbers that no word holds',
      { ...file, header: { ...file.header, max_gap: -1 } },
      'the C3D header cannot hold -1 as its longest bridged gap. It takes whole numbers from 0 to 65535.',
    ],
    [
      'names that are too long',
      { ...file, records: [...file.records, makeParameter(1, 'N'.repeat(128), 'x')] },
      'its name has 128 characters, not 1 to 127. Shorten or split it.',
    ],
    [
      'descriptions that are too long',
      { ...file, records: [...file.records, { ...makeParameter(1, 'LONG', 'x'), description: 'd'.repeat(256) }] },
      'parameter "LONG" cannot be written as C3D: its description has 256 characters, and 255 is the most.',
    ],
    [
      'groups beyond 127',
      { ...file, records: [...file.records, makeParameter(128, 'FAR', 'x')] },
      'parameter "FAR" cannot be written as C3D: its group is 128, not 1 to 127.',
    ],
    [
      'dimensions beyond 255',
      { ...file, records: [...file.records, makeParameter(1, 'BIG', { type: 'int', values: Array(256).fill(0) })] },
      'parameter "BIG" cannot be written as C3D: its dimensions are 256, and each takes 0 to 255.',
    ],
    [
      'values that do not fill their dimensions',
      {
        ...file,
        records: [...file.records, makeParameter(1, 'GAP', { type: 'int', values: [1, 2], dimensions: [3] })],
      },
      'parameter "GAP" cannot be written as C3D: it has 2 values for dimensions 3.',
    ],
    [
      'records that are too long',
      {
        ...file,
        records: [
          ...file.records,
          makeParameter(1, 'HUGE', { type: 'float', values: Array(255 * 70).fill(0), dimensions: [255, 70] }),
        ],
      },
      'parameter "HUGE" cannot be written as C3D: it takes 71407 bytes, and 65535 is the most.',
    ],
  ])('%s', (_, spoiled, sentence) => {
    expect(() => writeC3dFile(spoiled)).toThrow(sentence);
  });

  it('texts of more than 255 bytes', () => {
    expect(() => makeParameter(1, 'TEXT', 'ü'.repeat(128))).toThrow(
      'a text of parameter "TEXT" has 256 bytes. C3D takes 255 at most.',
    );
  });
});
