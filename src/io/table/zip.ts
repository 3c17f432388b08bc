import { type UnzipFileInfo, unzipSync } from 'fflate';
import { GenuError } from '../../data/index.js';

/** Larger parts do not fit in one string of every engine; 20,000 rows of 4 numbers are 5 MB. */
const LARGEST_PART_BYTES = 400 * 2 ** 20;

/** The parts of a zip archive, unpacked only when asked for. */
export interface Archive {
  readonly names: readonly string[];
  /**
   * The bytes of one part; undefined where there is none of that name.
   * @throws GenuError when it is damaged, or would unpack to more than memory should hold
   */
  read(name: string): Uint8Array | undefined;
}

/**
 * Opens a zip archive (PKWARE APPNOTE 6.3). Sizes are taken from its directory, and nothing is unpacked beyond them, so an archive that
 * lies about them costs no memory; every part is checked against its checksum, which unzipping alone does not do.
 * @throws GenuError when the directory is damaged
 */
export function openArchive(bytes: Uint8Array, where: string): Archive {
  const list = (filter: (file: UnzipFileInfo) => boolean) => {
    try {
      return unzipSync(bytes, { filter });
    } catch (error) {
      throw refuseDamage(where, error instanceof Error ? error.message : String(error));
    }
  };
  const sizes = new Map<string, UnzipFileInfo>();
  list((file) => {
    sizes.set(file.name, file);
    return false;
  });
  const checksums = readChecksums(bytes, where);
  return {
    names: [...sizes.keys()],
    read(name) {
      const info = sizes.get(name);
      if (info === undefined) return undefined;
      if (info.originalSize > LARGEST_PART_BYTES) {
        throw new GenuError(
          `its part ${name} unpacks to ${(info.originalSize / 2 ** 20).toFixed(0)} MiB; genu reads parts of up to ${LARGEST_PART_BYTES / 2 ** 20} MiB.`,
          { where, mend: 'Split the trial into shorter ones, or export it as text.' },
        );
      }
      const part = list((file) => file.name === name)[name];
      if (part === undefined || calcCrc32(part) !== checksums.get(name))
        throw refuseDamage(where, `${name} does not match its checksum`);
      return part;
    },
  };
}

/** The error for a workbook whose bytes are not what was written. */
export function refuseDamage(where: string, how: string): GenuError {
  return new GenuError(`the workbook is damaged: ${how}.`, { where, mend: 'Copy it again, or open and save it anew.' });
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** CRC-32 of every part, from the central directory. */
function readChecksums(bytes: Uint8Array, where: string): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checksums = new Map<string, number>();
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw refuseDamage(where, 'its directory is missing; it may be cut off');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY)
      throw refuseDamage(where, 'its directory cannot be read');
    const length = view.getUint16(at + 28, true);
    const name = bytes.subarray(at + 46, at + 46 + length);
    const utf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    checksums.set(utf8 ? new TextDecoder().decode(name) : String.fromCharCode(...name), view.getUint32(at + 16, true));
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return checksums;
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 (ISO 3309), as zip archives use it. */
function calcCrc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
