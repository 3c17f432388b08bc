import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.js';

// The first five: RFC 3720, appendix B.4. The last: the check value of CRC-32/ISCSI.
test.each<[string, ArrayLike<number>, number]>([
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['32 bytes upward', Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['32 bytes downward', Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  [
    'an iSCSI read command',
    [
      ...[0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0],
      ...[0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0],
    ],
    0xd9963a56,
  ],
  ['the nine digits', new TextEncoder().encode('123456789'), 0xe3069283],
])('%s', (_, bytes, checksum) => {
  expect(crc32c(Uint8Array.from(bytes))).toBe(checksum);
});

test('may be computed piece by piece', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (head, tail) => {
      expect(crc32c(tail, crc32c(head))).toBe(crc32c(Uint8Array.of(...head, ...tail)));
    }),
  );
});
