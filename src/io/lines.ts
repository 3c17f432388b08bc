import { GenuError } from '../data/index.js';

/** No line of a recording comes near this; a longer one is a damaged or foreign file. */
export const LONGEST_LINE_BYTES = 8 * 1024 * 1024;

const LF = 10;
const CR = 13;

/** Walks over the lines of a text file as byte ranges: `bytes.subarray(start, end)` is the line without its line end. */
export interface LineReader {
  readonly bytes: Uint8Array;
  /** First byte of the current line. */
  start: number;
  /** One past the last byte of the current line. */
  end: number;
  /** 1-based number of the current line; 0 before the first. */
  line: number;
  /** Whether the current line is closed by a line end; false only for a last line that the file leaves open. */
  closed: boolean;
  /**
   * Steps to the next line.
   * @returns false when the file is at its end
   * @throws GenuError when the line is longer than the limit
   */
  next(): boolean;
}

/**
 * Makes a line reader. LF, CRLF and CR end a line; a UTF-8 byte order mark is skipped. Only one line is looked at at a time,
 * and never more of it than `longest_bytes`, so a file without line ends costs neither time nor memory.
 * @param where names the file in errors
 * @throws GenuError for a file that is not text: UTF-16, a known binary format, or zero bytes in its first 4 KiB
 */
export function makeLineReader(bytes: Uint8Array, where: string, longest_bytes = LONGEST_LINE_BYTES): LineReader {
  checkText(bytes, where);
  let position = hasPrefix(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const reader: LineReader = {
    bytes,
    start: position,
    end: position,
    line: 0,
    closed: true,
    next() {
      if (position >= bytes.length) return false;
      const limit = Math.min(bytes.length, position + longest_bytes + 1);
      let end = position;
      while (end < limit && bytes[end] !== LF && bytes[end] !== CR) end++;
      reader.line++;
      if (end - position > longest_bytes) {
        throw new GenuError(`the line is longer than ${longest_bytes} bytes.`, {
          where,
          line: reader.line,
          mend: 'Its line ends are lost, or it is not a table; export the file again.',
        });
      }
      reader.start = position;
      reader.end = end;
      reader.closed = end < bytes.length;
      position = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
      return true;
    },
  };
  return reader;
}

const decoder = new TextDecoder('utf-8');

/** The text of a byte range, for header lines, labels and error messages. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** A byte range as a short quotation for an error message. */
export function quote(bytes: Uint8Array, start: number, end: number, longest = 40): string {
  const text = readText(bytes, start, Math.min(end, start + longest)).replace(/[\u0000-\u001f\u007f\ufffd]/g, '?');
  return `"${text}${end - start > longest ? '…' : ''}"`;
}

function hasPrefix(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

function checkText(bytes: Uint8Array, where: string): void {
  const refuse = (what: string, mend: string): never => {
    throw new GenuError(what, { where, mend });
  };
  if (bytes.length === 0) refuse('the file is empty.', 'Copy or export it again.');
  const head = bytes.subarray(0, 4096);
  const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const every_other = zeros > 0 && Math.abs(zeros - head.length / 2) <= 0.1 * head.length;
  if (hasPrefix(bytes, [0xff, 0xfe]) || hasPrefix(bytes, [0xfe, 0xff]) || every_other) {
    refuse('the file is UTF-16 text; it must be UTF-8 or plain ASCII.', 'In an editor, save it with encoding "UTF-8".');
  }
  if (hasPrefix(bytes, [0x50, 0x4b, 3, 4])) {
    refuse('the file is a zip archive or a workbook (.xlsx), not text.', 'Unpack it, or export the table as text.');
  }
  if (hasPrefix(bytes, [0x1f, 0x8b])) refuse('the file is compressed (gzip), not text.', 'Unpack it first.');
  if (zeros > 0) refuse('the file is binary, not text.', 'Check that it is the file you meant, and export it again.');
}
