import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtobufMessage } from '../onnx/message.js';
import { makeEventFileName, makeEventWriter } from './events.js';

test('records are read back with their checksums', () => {
  const scalars = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.float(), { maxKeys: 4 });
  const steps = fc.array(fc.record({ step: fc.nat(), scalars, time: fc.double({ noNaN: true }) }), { maxLength: 5 });
  fc.assert(
    fc.property(steps, (written) => {
      let time = 1.7e9;
      const writer = makeEventWriter(() => time);
      const chunks = [writer.begin()];
      for (const line of written) {
        time = line.time;
        chunks.push(writer.scalars(line.step, line.scalars));
      }
      const [first, ...events] = readRecords(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
      expect(first.text(3)).toBe('brain.Event:2');
      expect(first.doubles(1)).toEqual(Float64Array.of(1.7e9));
      expect(
        events.map((event) => ({
          step: event.integer(2),
          time: event.doubles(1)[0],
          scalars: Object.fromEntries(
            event
              .message(5)!
              .messages(1)
              .map((value) => [value.text(1), value.floats(2)[0]]),
          ),
        })),
      ).toEqual(written.map((line) => ({ ...line, scalars: { ...line.scalars } })));
    }),
  );
});

test('steps and tags that TensorBoard cannot show are refused', () => {
  const { scalars } = makeEventWriter(() => 0);
  expect(() => scalars(0.5, { loss: 1 })).toThrow(/step must be a whole number of at least 0, is 0\.5/);
  expect(() => scalars(-1, {})).toThrow(/is -1/);
  expect(() => scalars(1, { '': 1 })).toThrow(/no tag/);
});

test('a file name holds what TensorBoard looks for', () => {
  expect(makeEventFileName(1_700_000_000.9, 'S01')).toBe('events.out.tfevents.1700000000.S01');
});

/** Own reader of the records; its checksum goes bit by bit. */
function readRecords(bytes: Uint8Array): ProtobufMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: ProtobufMessage[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskSlowly(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskSlowly(data));
    records.push(new ProtobufMessage(data));
    at += length + 16;
  }
  return records;
}

/** The remainder of the long division, with the highest bit first: the definition, not its reflected table. */
function maskSlowly(data: Uint8Array): number {
  const reverse = (value: bigint, bits: number) =>
    BigInt(`0b${value.toString(2).padStart(bits, '0').split('').reverse().join('')}`);
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= reverse(BigInt(byte), 8) << 24n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000n ? (crc << 1n) ^ 0x11edc6f41n : crc << 1n;
  }
  const checksum = reverse(crc ^ 0xffffffffn, 32);
  return Number(((((checksum >> 15n) | (checksum << 17n)) % 2n ** 32n) + 0xa282ead8n) % 2n ** 32n);
}
