import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { makeLineReader, readText } from './lines.js';

const encode = (text: string) => new TextEncoder().encode(text);

function listLines(bytes: Uint8Array, longest?: number): string[] {
  const reader = makeLineReader(bytes, 'a.sto', longest);
  const lines: string[] = [];
  while (reader.next()) {
    lines.push(readText(bytes, reader.start, reader.end));
    expect(reader.line).toBe(lines.length);
  }
  return lines;
}

describe('makeLineReader', () => {
  it('ends lines at LF, CRLF and CR, and skips a byte order mark', () => {
    expect(listLines(encode('\ufeffa\nb\r\nc\rd\n\ne'))).toEqual(['a', 'b', 'c', 'd', '', 'e']);
  });

  it('finds the lines that were joined, and whether the last is closed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (lines, end) => {
          const bytes = encode(`x${lines.join(end)}${end}z`);
          expect(listLines(bytes)).toEqual([`x${lines[0]}`, ...lines.slice(1), 'z']);
          const reader = makeLineReader(bytes, 'a');
          while (reader.next()) expect(reader.closed).toBe(reader.end < bytes.length);
        },
      ),
    );
  });

  it('refuses a line beyond the limit, naming its number', () => {
    expect(listLines(encode('abc\nabcd\n'), 4)).toEqual(['abc', 'abcd']);
    expect(() => listLines(encode('abc\nabcde\n'), 4)).toThrow(/a.sto, line 2: the line is longer than 4 bytes/);
    const endless = new Uint8Array(64 * 1024 * 1024).fill(49);
    expect(() => listLines(endless)).toThrow(/line 1: the line is longer than 8388608 bytes/);
  });

  it.each<[string, number[], RegExp]>([
    ['no bytes', [], /empty/],
    ['UTF-16 with a mark', [0xff, 0xfe, 116, 0, 105, 0], /UTF-16.*save it with encoding "UTF-8"/],
    ['UTF-16, big end first', [0xfe, 0xff, 0, 116, 0, 105], /UTF-16/],
    ['UTF-16 without a mark', [116, 0, 105, 0, 109, 0, 101, 0, 10, 0], /UTF-16/],
    ['a workbook', [0x50, 0x4b, 3, 4, 20, 0], /workbook/],
    ['a gzip file', [0x1f, 0x8b, 8, 0], /gzip/],
    ['binary', [2, 80, 0, 1, 7, 7, 7, 7], /binary/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => makeLineReader(Uint8Array.from(bytes), 'a.sto')).toThrow(GenuError);
    expect(() => makeLineReader(Uint8Array.from(bytes), 'a.sto')).toThrow(message);
  });
});
