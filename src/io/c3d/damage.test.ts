import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError } from '../../data/index.js';
import { writeC3dFile } from './file.js';
import { readC3d } from './recording.js';
import { makeSmall } from './small.fixture.js';
import type { C3dProcessor } from './types.js';

const whole = writeC3dFile(makeSmall());
const read = (bytes: Uint8Array) => readC3d(bytes, { file: 'walk.c3d' });

function change(edit: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(whole);
  edit(bytes, new DataView(bytes.buffer));
  return bytes;
}

/** Byte of the first parameter record of that name. */
function findName(name: string): number {
  return Buffer.from(whole).indexOf(name) - 2;
}

const damaged = 'The parameter section is damaged; copy or export the file again.';

describe('a damaged file is refused with a sentence', () => {
  it.each<[string, Uint8Array, string]>([
    [
      'nothing',
      new Uint8Array(0),
      'this is no C3D file: it has 0 bytes, and a C3D header alone takes 512. Copy or export the file again.',
    ],
    ['another format', change((b) => b.fill(0x41, 0, 512)), 'this is no C3D file: its second byte is 65, not 80.'],
    [
      'parameters outside',
      change((b) => {
        b[0] = 200;
      }),
      'its parameters should begin at block 200, which is not in the file. The file is damaged or cut short; copy or export it again.',
    ],
    [
      'an unknown processor',
      change((b) => {
        b[515] = 7;
      }),
      'byte order 7 is not one of 84 (Intel), 85 (DEC) and 86 (MIPS). The file is damaged; copy or export it again.',
    ],
    ['no parameters', change((b) => b.fill(0, 516)), 'there are no parameters. The file is damaged; export it again.'],
    [
      'a record that is too long',
      change((_, v) => v.setUint16(findName('USED') + 6, 60_000, true)),
      `parameter record 2 ("USED") goes beyond the parameter section. ${damaged}`,
    ],
    [
      'a record that is too short',
      change((_, v) => v.setUint16(findName('USED') + 6, 3, true)),
      `parameter record 2 ("USED") is longer than its own length says. ${damaged}`,
    ],
    [
      'a name that is too long',
      change((b) => {
        b.fill(1, findName('ACTUAL_END'), whole.length);
        b.fill(127, findName('ACTUAL_END'), findName('ACTUAL_END') + 1);
      }),
      'goes beyond the parameter section.',
    ],
    [
      'a group 0',
      change((b) => {
        b[findName('USED') + 1] = 0;
      }),
      `parameter record 2 ("USED") belongs to group 0, which cannot be. ${damaged}`,
    ],
    [
      'an unknown type',
      change((b) => {
        b[findName('USED') + 8] = 3;
      }),
      `parameter record 2 ("USED") has type 3; the types are -1, 1, 2 and 4. ${damaged}`,
    ],
    [
      'values that are not there',
      change((b) => {
        b[findName('LABELS') + 13] = 255;
      }),
      'should hold 4 × 255 values of 1 bytes, but only',
    ],
    [
      'samples inside the parameters',
      change((_, v) => v.setUint16(16, 1, true)),
      'its samples should begin at byte 0, but the parameters begin only at byte 512. The file is damaged;',
    ],
    [
      'a file that was cut short',
      whole.slice(0, whole.length - 512),
      'the samples should take 168 bytes (3 frames of 56), but only 0 are there: 0 whole frames. The file is cut short or its header is damaged; copy or export it again.',
    ],
  ])('%s', (_, bytes, sentence) => {
    expect(() => read(bytes)).toThrow(sentence);
    expect(() => read(bytes)).toThrow(GenuError);
    expect(() => read(bytes)).toThrow('walk.c3d: ');
  });

  it('more records than any laboratory writes', () => {
    // A group without anything: name length, id, name, link 3, no description.
    const record = [1, -1 & 0xff, 0x47, 3, 0, 0];
    const bytes = new Uint8Array(512 * 300);
    bytes.set(whole.subarray(0, 516));
    for (let at = 516; at + record.length < bytes.length; at += record.length) bytes.set(record, at);
    new DataView(bytes.buffer).setUint16(16, 290, true);
    expect(() => read(bytes)).toThrow('there are more than 20000 parameter records.');
  });
});

describe('whatever happens to the bytes', () => {
  const seeds = (['intel', 'dec', 'mips'] as C3dProcessor[]).flatMap((processor) =>
    (['integer', 'float'] as const).map((format) => writeC3dFile(makeSmall({ processor, format }))),
  );
  const survives = (bytes: Uint8Array) => {
    try {
      const { recording } = read(bytes);
      const values = recording.channels.reduce((sum, channel) => sum + channel.values.length, 0);
      // Three coordinates of 2 bytes or more, and plates that own their channels: no file grows out of bounds.
      expect(values).toBeLessThanOrEqual(4 * bytes.length);
    } catch (error) {
      if (!(error instanceof GenuError)) throw error;
      expect(error.message.length).toBeLessThan(600);
    }
  };

  it('a reader gives a recording or a GenuError', () => {
    const edit = fc.record({ at: fc.nat(2 ** 31), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 12 }), (seed, edits) => {
        const bytes = Uint8Array.from(seed);
        for (const { at, value } of edits) bytes[at % bytes.length] = value;
        survives(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('cut anywhere, or filled with noise behind a good start', () => {
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.nat(3000), fc.uint8Array({ maxLength: 600 }), (seed, at, noise) => {
        const start = seed.subarray(0, at % seed.length);
        const bytes = new Uint8Array(start.length + noise.length);
        bytes.set(start);
        bytes.set(noise, start.length);
        survives(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
