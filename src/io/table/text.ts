import { GenuError } from '../../data/index.js';

/** Larger texts do not fit in one string of every engine. */
const LONGEST_BYTES = 400 * 2 ** 20;

/**
 * The text of a file: UTF-8, UTF-16 (with or without its mark), or Windows-1252 where it is not valid UTF-8; the notes say which.
 * @throws GenuError for an empty, a binary or a too long file
 */
export function decodeText(bytes: Uint8Array, where: string, notes: string[]): string {
  const refuse = (what: string, mend: string): never => {
    throw new GenuError(what, { where, mend });
  };
  if (bytes.length === 0) refuse('the file is empty.', 'Copy or export it again.');
  if (bytes.length > LONGEST_BYTES)
    refuse(
      `the table has ${(bytes.length / 2 ** 20).toFixed(0)} MiB; genu reads tables of up to ${LONGEST_BYTES / 2 ** 20} MiB as text.`,
      'Split the trial into shorter ones.',
    );
  const starts = (...head: number[]) => head.every((byte, i) => bytes[i] === byte);
  if (starts(0x50, 0x4b, 3, 4))
    refuse('the file is a workbook or a zip archive, not text.', 'Name it .xlsx or unpack it.');
  if (starts(0xd0, 0xcf, 0x11, 0xe0))
    refuse(
      'the file is an old or encrypted Excel workbook, not text.',
      'Save it as .xlsx or .csv, without a password.',
    );
  if (starts(0x1f, 0x8b)) refuse('the file is compressed (gzip), not text.', 'Unpack it first.');
  const sixteen = findUtf16(bytes);
  if (sixteen !== undefined) {
    notes.push(`The text is ${sixteen.toUpperCase()}.`);
    return refuseBinary(new TextDecoder(sixteen).decode(bytes));
  }
  try {
    return refuseBinary(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof GenuError) throw error;
  }
  notes.push('The text is not UTF-8; it was read as Windows-1252.');
  return refuseBinary(new TextDecoder('windows-1252').decode(bytes));

  function refuseBinary(text: string): string {
    const control = /[\u0000-\u0008\u000e-\u001f]/.exec(text);
    if (control)
      refuse(
        `the file is binary or damaged: character ${control.index + 1} is no text.`,
        'Check that it is the file you meant, and export or copy it again.',
      );
    return text;
  }
}

function findUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Latin letters, digits and signs have a zero as their other byte.
  const pairs = Math.min(bytes.length, 4096) >> 1;
  let [first, second] = [0, 0];
  for (let i = 0; i < pairs; i++) {
    if (bytes[2 * i] === 0) first++;
    if (bytes[2 * i + 1] === 0) second++;
  }
  if (first === 0 && second > 0.9 * pairs) return 'utf-16le';
  if (second === 0 && first > 0.9 * pairs) return 'utf-16be';
  return undefined;
}
