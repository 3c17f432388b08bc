import { crc32c } from '../crc32c.js';

/** Metadata entry that holds the checksum. */
export const CHECKSUM = 'genu.crc32c';

/**
 * CRC-32C of the graph's bytes and of all entries `genu.…` but the checksum's own, as eight hexadecimal digits: it tells a
 * damaged or edited network from one that is as genu wrote it. Entries of other names are free to change.
 */
export function findChecksum(graph: Uint8Array, metadata: Readonly<Record<string, string>>): string {
  const own = Object.entries(metadata).filter(([key]) => key.startsWith('genu.') && key !== CHECKSUM);
  const checksum = crc32c(new TextEncoder().encode(JSON.stringify(own)), crc32c(graph));
  return checksum.toString(16).padStart(8, '0');
}
