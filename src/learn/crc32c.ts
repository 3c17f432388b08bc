/**
 * CRC-32C (Castagnoli): the checksum of TensorBoard's records and of genu's own files. Polynomial 0x1EDC6F41, reflected;
 * test vectors in RFC 3720, appendix B.4. It tells every flipped bit and every burst of up to 32 bits.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/**
 * @param before checksum of the bytes that stand before these, to go on from
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
