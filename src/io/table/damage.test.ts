import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError, type Recording } from '../../data/index.js';
import type { TableDeclaration } from './declaration.js';
import { readTableRecording, type TableOptions } from './recording.js';
import { makeParts, zipParts } from './workbook.test.support.js';

const rows = Array.from({ length: 40 }, (_, i) => [i / 100, Math.round(1e6 * Math.sin(i)) / 1e6, i % 7]);
const parts = makeParts({ 'Trial 1': { rows: [['time (s)', 'knee (deg)', 'EMG'], ...rows] } });
const csv = new TextEncoder().encode(`time (s),knee (deg),"EMG"\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const declaration: TableDeclaration = {
  time: { column: 'time', unit: 's' },
  channels: { knee: { column: 2, unit: 'deg' }, emg: { column: 'EMG', unit: 'mV' } },
};

/** The recording, or undefined where it is refused; anything but a GenuError is a defect. */
function readOrRefuse(bytes: Uint8Array, options: Omit<TableOptions, 'file'>): Recording | undefined {
  try {
    const recording = readTableRecording(bytes, { file: 'x', ...options });
    for (const { values, clock } of recording.channels) expect(values.length).toBe(clock.times_s.length);
    return recording;
  } catch (error) {
    if (!(error instanceof GenuError)) throw error;
    expect(error.message.length).toBeGreaterThan(20);
    return undefined;
  }
}

const edits = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }),
    fc.record({
      kind: fc.constant('double' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.nat(255),
    }),
  ),
  { minLength: 1, maxLength: 4 },
);
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

/** Sets a byte, leaves out a run of bytes, or repeats one. */
function damage(bytes: Uint8Array, changes: Edits): Uint8Array {
  return changes.reduce((given, { kind, at, byte }) => {
    const start = Math.floor(at * (given.length - 1));
    if (kind === 'set') return given.with(start, byte);
    const end = Math.min(given.length, start + byte);
    const tail = given.subarray(kind === 'cut' ? end : start);
    const out = new Uint8Array((kind === 'cut' ? start : end) + tail.length);
    out.set(given.subarray(0, kind === 'cut' ? start : end));
    out.set(tail, kind === 'cut' ? start : end);
    return out;
  }, bytes);
}

describe('damaged files', () => {
  // What the checksums cover is either read as it was or refused; dates and flags of the archive may differ without harm.
  it.each([0, 6] as const)('a workbook (level %i) is read as it was or refused with a sentence', (level) => {
    const bytes = zipParts(parts, level);
    const options = { format: 'xlsx', declaration } as const;
    const whole = readOrRefuse(bytes, options)!;
    expect(whole.channels[0].values).toHaveLength(40);
    let refused = 0;
    fc.assert(
      fc.property(edits, (changes) => {
        const recording = readOrRefuse(damage(bytes, changes), options);
        if (recording === undefined) refused++;
        else expect(recording.channels).toEqual(whole.channels);
      }),
      { numRuns: 1500, seed: 7 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('a workbook in which one digit was changed into another is refused: nothing but a checksum shows it', () => {
    const bytes = zipParts(parts, 0);
    const text = new TextDecoder('latin1').decode(bytes);
    const places = [...text.matchAll(/(?<=<v>-?)\d/g)].map(({ index }) => index);
    expect(places.length).toBeGreaterThan(100);
    for (const at of places.filter((_, i) => i % 5 === 0)) {
      const changed = bytes.with(at, bytes[at] === 0x39 ? 0x38 : bytes[at] + 1);
      expect(() => readTableRecording(changed, { file: 'x', format: 'xlsx', declaration })).toThrow(
        'xl/worksheets/sheet1.xml does not match its checksum',
      );
    }
  });

  it('a worksheet that is changed inside of a sound archive', () => {
    const part = 'xl/worksheets/sheet1.xml';
    const xml = new TextEncoder().encode(parts[part]);
    fc.assert(
      fc.property(edits, fc.boolean(), (changes, declared) => {
        const changed = new TextDecoder().decode(damage(xml, changes));
        const bytes = zipParts({ ...parts, [part]: changed }, 0);
        readOrRefuse(bytes, { format: 'xlsx', declaration: declared ? declaration : undefined });
      }),
      { numRuns: 700, seed: 8 },
    );
  });

  it('a text is read or refused with a sentence', () => {
    fc.assert(
      fc.property(edits, fc.boolean(), (changes, declared) => {
        readOrRefuse(damage(csv, changes), { format: 'csv', declaration: declared ? declaration : undefined });
      }),
      { numRuns: 700, seed: 9 },
    );
  });

  it('bytes of any kind, and texts of the characters of tables', () => {
    const text = fc
      .string({ unit: fc.constantFrom(...'01289.,;\t |"\'-+eE\n\r#N/A()[]time'), maxLength: 200 })
      .map((given) => new TextEncoder().encode(given));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), text), fc.boolean(), (bytes, declared) => {
        for (const format of ['csv', 'xlsx'] as const)
          readOrRefuse(bytes, { format, declaration: declared ? declaration : undefined });
      }),
      { numRuns: 1500, seed: 10 },
    );
  });

  it('what is written with any separator and decimal sign is read back as it was', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 30 }),
        fc.constantFrom<['tab' | 'semicolon' | 'bar' | 'comma' | 'space', string]>(
          ['tab', '\t'],
          ['semicolon', ';'],
          ['bar', '|'],
          ['comma', ','],
          ['space', ' '],
        ),
        fc.constantFrom('point' as const, 'comma' as const),
        (table, [delimiter, sign], decimal) => {
          const print = (value: number) => {
            const text = decimal === 'comma' ? String(value).replace('.', ',') : String(value);
            return text.includes(sign) ? `"${text}"` : text;
          };
          const text = table.map((row) => `${row.map(print).join(sign)}\n`).join('');
          const recording = readTableRecording(new TextEncoder().encode(text), {
            file: 'x',
            format: 'csv',
            declaration: {
              rate_Hz: 1,
              delimiter,
              decimal,
              channels: { a: { column: 1, unit: '1' }, b: { column: 2, unit: '1' } },
            },
          });
          // -0 is printed without its sign.
          const given = table.map((row) => row.map((value) => value + 0));
          expect(table.map((_, i) => recording.channels.map(({ values }) => values[i]))).toEqual(given);
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });
});
