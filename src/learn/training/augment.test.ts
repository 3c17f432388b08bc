import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { type Augmentation, makeAugment } from './augment.js';

const inputs = ['emg a', 'emg b', 'emg c', 'angle'];
const [window, batch, channels] = [11, 40, 4];
const scaling = { mean: [0.2, 0.3, 0.1, 1], deviation: [0.1, 0.2, 0.05, 2] };
const emg = inputs.slice(0, 3);
const size = window * batch * channels;

/** Scaled features that say where they are: frame, then row, then channel. */
const plain = Float32Array.from(
  { length: size },
  (_, at) => Math.sin(0.37 * at) + 0.1 * Math.floor(at / channels / batch),
);

function disturb(augmentation: Augmentation, seed = 'seed', features = plain): Float32Array {
  const disturbed = features.slice();
  makeAugment(augmentation, { inputs, window, head: 'window' }, scaling)(disturbed, batch, makeRandom(seed));
  return disturbed;
}
const at = (frame: number, row: number, channel: number) => (frame * batch + row) * channels + channel;
const toSi = (features: Float32Array, frame: number, row: number, channel: number) =>
  features[at(frame, row, channel)] * scaling.deviation[channel] + scaling.mean[channel];
const deviationOf = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** Row and channel of each window whose channel a test looks at. */
const each = function* (names: readonly string[]) {
  for (let row = 0; row < batch; row++) for (const name of names) yield [row, inputs.indexOf(name)] as const;
};

describe('every disturbance', () => {
  const kinds: Augmentation[] = [
    { channels: emg, gain: 0.2 },
    { channels: emg, noise: 0.2 },
    { channels: emg, channelDropout: 0.3 },
    { channels: emg, electrodeShift: 0.3 },
    { channels: emg, timeWarp: 0.3 },
  ];
  for (const kind of kinds) {
    test(`follows from its seed and leaves other channels alone: ${Object.keys(kind)[1]}`, () => {
      const disturbed = disturb(kind);
      expect(disturb(kind)).toEqual(disturbed);
      expect(disturb(kind, 'other')).not.toEqual(disturbed);
      expect(disturbed).not.toEqual(plain);
      if (kind.timeWarp === undefined) {
        for (let k = 3; k < size; k += channels) expect(disturbed[k]).toBe(plain[k]);
      }
      const nothing = Object.fromEntries(Object.keys(kind).map((key) => [key, 0]));
      expect(disturb({ ...nothing, channels: emg })).toEqual(plain);
    });
  }
});

test('gain multiplies SI values of each channel of each window by one factor around 1', () => {
  const disturbed = disturb({ channels: emg, gain: 0.1 });
  const factors = [...each(emg)].map(([row, channel]) => {
    const of = (frame: number) => toSi(disturbed, frame, row, channel) / toSi(plain, frame, row, channel);
    for (let frame = 1; frame < window; frame++) expect(of(frame)).toBeCloseTo(of(0), 3);
    return of(0);
  });
  expect(deviationOf(factors)).toBeGreaterThan(0.08);
  expect(deviationOf(factors)).toBeLessThan(0.12);
});

test('noise has the deviation asked for', () => {
  const disturbed = disturb({ channels: ['emg b'], noise: 0.5 });
  const added = Array.from({ length: size }, (_, k) => disturbed[k] - plain[k]).filter((_, k) => k % channels === 1);
  expect(deviationOf(added)).toBeGreaterThan(0.46);
  expect(deviationOf(added)).toBeLessThan(0.54);
});

test('a lost channel is at its mean throughout the window, as often as asked for', () => {
  const disturbed = disturb({ channels: emg, channelDropout: 0.3 });
  let lost = 0;
  for (const [row, channel] of each(emg)) {
    const values = Array.from({ length: window }, (_, frame) => disturbed[at(frame, row, channel)]);
    const isLost = values.every((value) => value === 0);
    if (isLost) lost++;
    else expect(values).toEqual(Array.from({ length: window }, (_, frame) => plain[at(frame, row, channel)]));
  }
  expect(lost / (3 * batch)).toBeGreaterThan(0.2);
  expect(lost / (3 * batch)).toBeLessThan(0.4);
});

test('electrode shift mixes in a neighbour, of SI values', () => {
  const neighbours = { 'emg a': ['emg c'], 'emg c': ['emg a'] };
  const disturbed = disturb({ channels: emg, electrodeShift: 0.4, neighbours });
  for (const [row, channel] of each(['emg a', 'emg c'])) {
    const other = 2 - channel;
    const shares = Array.from({ length: window }, (_, frame) => {
      const [own, heard] = [toSi(plain, frame, row, channel), toSi(plain, frame, row, other)];
      return (toSi(disturbed, frame, row, channel) - own) / (heard - own);
    });
    const [share] = shares.toSorted((a, b) => a - b).slice(Math.floor(window / 2));
    expect(share).toBeGreaterThanOrEqual(-1e-4);
    expect(share).toBeLessThanOrEqual(0.4);
    for (let frame = 0; frame < window; frame++) {
      const [own, heard] = [toSi(plain, frame, row, channel), toSi(plain, frame, row, other)];
      expect(toSi(disturbed, frame, row, channel)).toBeCloseTo(own + share * (heard - own), 4);
    }
  }
  // A channel without neighbours stays.
  for (let k = 1; k < size; k += channels) expect(disturbed[k]).toBe(plain[k]);
});

describe('time warp', () => {
  // Each channel is a straight line over the frames, so that its values tell the time.
  const lines = Float32Array.from({ length: size }, (_, k) => Math.floor(k / channels / batch) * (1 + (k % channels)));

  test('runs forward, together for all channels, from the first frame to the last', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3, noNaN: true }), fc.nat(), (timeWarp, seed) => {
        const warped = disturb({ channels: emg, timeWarp }, String(seed), lines);
        for (let row = 0; row < batch; row += 7) {
          const time = Array.from({ length: window }, (_, frame) => warped[at(frame, row, 0)]);
          expect(time[0]).toBe(0);
          expect(time[window - 1]).toBe(window - 1);
          for (let frame = 1; frame < window; frame++) expect(time[frame]).toBeGreaterThanOrEqual(time[frame - 1]);
          for (const channel of [1, 2, 3]) {
            for (let frame = 0; frame < window; frame++) {
              expect(warped[at(frame, row, channel)]).toBeCloseTo((1 + channel) * time[frame], 3);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('leaves windows of one or two frames as they are', () => {
    for (const short of [1, 2]) {
      const features = plain.slice(0, short * channels);
      makeAugment({ channels: emg, timeWarp: 1 }, { inputs, window: short, head: 'window' }, scaling)(
        features,
        1,
        makeRandom(1),
      );
      expect(features).toEqual(plain.slice(0, short * channels));
    }
  });
});

test('what is out of range is named', () => {
  const make = (augmentation: Augmentation, head: 'window' | 'sequence' = 'window') =>
    makeAugment(augmentation, { inputs, window, head }, scaling);
  expect(() => make({ channels: ['d'] })).toThrow(/augmentation of d: is no input/);
  expect(() => make({ channels: emg, electrodeShift: 0.1, neighbours: { 'emg a': ['x'] } })).toThrow(
    /of x: is no input/,
  );
  expect(() => make({ channels: emg, channelDropout: 1 })).toThrow(/channelDropout: must be at least 0 and below 1/);
  expect(() => make({ channels: emg, electrodeShift: 1.1 })).toThrow(/electrodeShift: .* at most 1, is 1.1/);
  expect(() => make({ channels: emg, gain: Number.NaN })).toThrow(/augmentation.gain: .* is NaN/);
  expect(() => make({ channels: emg, timeWarp: 0.1 }, 'sequence')).toThrow(
    /timeWarp: moves frames away from their labels/,
  );
});
