import { GenuError } from '../../data/index.js';
import { calcFrameBytes } from './layout.js';
import { isLittleEndian, readFloatBits, writeFloatBits } from './numbers.js';
import type { C3dLayout, C3dProcessor } from './types.js';

/** The samples of a file, unscaled: points frame by frame (x, y, z, fourth word), analogs frame by frame and sample by sample. */
export interface C3dSamples {
  readonly points: Float32Array;
  readonly analogs: Float32Array;
}

export interface C3dSampleForm {
  readonly processor: C3dProcessor;
  /** Whether integer analog samples run from 0 to 65535. */
  readonly unsigned_analogs: boolean;
}

/** Reads all frames. The layout must have been held against the length of the bytes. */
export function readSamples(bytes: Uint8Array, at: number, layout: C3dLayout, form: C3dSampleForm): C3dSamples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { processor, unsigned_analogs } = form;
  const { points, analogs, point_values, analog_values } = makeSamples(layout);
  const little = isLittleEndian(processor);
  let from = at;
  const readFloats = (into: Uint32Array, start: number, count: number) => {
    for (let i = start; i < start + count; i++, from += 4) into[i] = readFloatBits(view, from, processor);
  };
  const readIntegers = (into: Float32Array, start: number, count: number, unsigned: boolean) => {
    for (let i = start; i < start + count; i++, from += 2) {
      into[i] = unsigned ? view.getUint16(from, little) : view.getInt16(from, little);
    }
  };
  const [point_bits, analog_bits] = [new Uint32Array(points.buffer), new Uint32Array(analogs.buffer)];
  for (let frame = 0; frame < layout.frame_count && point_values + analog_values > 0; frame++) {
    if (layout.format === 'float') {
      readFloats(point_bits, frame * point_values, point_values);
      readFloats(analog_bits, frame * analog_values, analog_values);
    } else {
      readIntegers(points, frame * point_values, point_values, false);
      readIntegers(analogs, frame * analog_values, analog_values, unsigned_analogs);
    }
  }
  return { points, analogs };
}

function makeSamples(layout: C3dLayout) {
  const point_values = 4 * layout.point_count;
  const analog_values = layout.analog_count * layout.samples_per_frame;
  return {
    point_values,
    analog_values,
    points: new Float32Array(point_values * layout.frame_count),
    analogs: new Float32Array(analog_values * layout.frame_count),
  };
}

/**
 * Writes all frames.
 * @throws GenuError when there are more or fewer values than the layout says, or one is no 16-bit integer where the format is integer
 */
export function writeSamples(samples: C3dSamples, layout: C3dLayout, form: C3dSampleForm): Uint8Array {
  const { points, analogs } = samples;
  const { processor, unsigned_analogs } = form;
  const point_values = 4 * layout.point_count;
  const analog_values = layout.analog_count * layout.samples_per_frame;
  for (const [name, values, per_frame] of [
    ['point', points, point_values],
    ['analog', analogs, analog_values],
  ] as const) {
    if (values.length !== per_frame * layout.frame_count) {
      throw new GenuError(
        `${values.length} ${name} values do not make ${layout.frame_count} frames of ${per_frame} each.`,
        { mend: 'Counts and values of the C3D file must agree.' },
      );
    }
  }
  const out = new Uint8Array(layout.frame_count * calcFrameBytes(layout));
  const view = new DataView(out.buffer);
  const little = isLittleEndian(processor);
  const [point_bits, analog_bits] = [points, analogs].map(
    (values) => new Uint32Array(values.buffer, values.byteOffset, values.length),
  );
  let to = 0;
  const writeIntegers = (values: Float32Array, start: number, count: number, lowest: number) => {
    for (let i = start; i < start + count; i++, to += 2) {
      if (!Number.isInteger(values[i]) || values[i] < lowest || values[i] > lowest + 65535) {
        throw new GenuError(`${values[i]} cannot be stored as a 16-bit integer.`, {
          mend: 'Divide by a scale and round first, or write floats.',
        });
      }
      view.setInt16(to, values[i], little);
    }
  };
  const writeFloats = (bits: Uint32Array, start: number, count: number) => {
    for (let i = start; i < start + count; i++, to += 4) writeFloatBits(view, to, bits[i], processor);
  };
  for (let frame = 0; frame < layout.frame_count && point_values + analog_values > 0; frame++) {
    if (layout.format === 'float') {
      writeFloats(point_bits, frame * point_values, point_values);
      writeFloats(analog_bits, frame * analog_values, analog_values);
    } else {
      writeIntegers(points, frame * point_values, point_values, -32768);
      writeIntegers(analogs, frame * analog_values, analog_values, unsigned_analogs ? 0 : -32768);
    }
  }
  return out;
}
