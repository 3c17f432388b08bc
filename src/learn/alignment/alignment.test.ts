import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { fitCoral, foldIntoScaling, mapFrames } from './coral.js';
import { FrameMoments } from './moments.js';
import { blendScaling, calcTargetShare } from './statistics.js';

function makeFrames(seed: string, channels: number, frames = 300): Float32Array {
  const random = makeRandom(seed);
  const mix = Float64Array.from({ length: channels * channels }, () => random.normal());
  const mean = Float64Array.from({ length: channels }, () => 5 * random.normal());
  const out = new Float32Array(frames * channels);
  for (let k = 0; k < frames; k++) {
    const source = Float64Array.from({ length: channels }, () => random.normal());
    for (let c = 0; c < channels; c++) {
      out[k * channels + c] = source.reduce((sum, value, j) => sum + mix[c * channels + j] * value, mean[c]);
    }
  }
  return out;
}
function measure(frames: ArrayLike<number>, channels: number): FrameMoments {
  const moments = new FrameMoments(channels);
  moments.add(frames);
  return moments;
}
const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>, digits: number) => {
  expect(a.length).toBe(b.length);
  for (let k = 0; k < a.length; k++) expect(a[k]).toBeCloseTo(b[k], digits);
};

describe('FrameMoments', () => {
  it('has the textbook covariance, in whatever pieces frames come', () => {
    const frames = makeFrames('pieces', 3, 50);
    const whole = measure(frames, 3);
    const pieces = new FrameMoments(3);
    for (const [from, to] of [
      [0, 3],
      [3, 90],
      [90, 150],
    ])
      pieces.add(frames.subarray(from, to));
    expect(pieces.mean).toEqual(whole.mean);
    expect(pieces.scatter).toEqual(whole.scatter);
    const covariance = whole.calcCovariance();
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let k = 0; k < 50; k++) sum += (frames[k * 3 + i] - whole.mean[i]) * (frames[k * 3 + j] - whole.mean[j]);
        expect(covariance[i * 3 + j]).toBeCloseTo(sum / 50, 9);
      }
  });

  it('leaves frames with gaps out, and says so where none is whole', () => {
    const moments = measure([1, 2, Number.NaN, 4, 3, 6], 2);
    expect([moments.frames, ...moments.mean]).toEqual([2, 2, 4]);
    expect(() => measure([Number.NaN, 1], 2).calcCovariance()).toThrow(/none is free of gaps/);
    expect(() => measure([1, 2, 3], 2)).toThrow(/3 numbers are no multiple of 2/);
  });
});

describe('CORAL', () => {
  it('makes means and covariances equal', () => {
    for (const channels of [1, 2, 6]) {
      const [source, target] = ['source', 'target'].map((name) => makeFrames(name, channels));
      const to = measure(source, channels);
      const map = fitCoral(measure(target, channels), to, { regularisation: 0 });
      const mapped = measure(mapFrames(map, target), channels);
      expectClose(mapped.mean, to.mean, 4);
      expectClose(mapped.calcCovariance(), to.calcCovariance(), 3);
    }
  });

  it('with regularisation makes the regularised covariances equal: A (C_from + R) Aᵀ = C_to + R', () => {
    const [from, to] = ['a', 'b'].map((name) => measure(makeFrames(name, 4), 4));
    const { matrix } = fitCoral(from, to, { regularisation: 0.2 });
    const deviation = to.calcDeviation();
    const add = (moments: FrameMoments) =>
      moments.calcCovariance().map((value, at) => value + (at % 5 === 0 ? 0.2 * deviation[at / 5] ** 2 : 0));
    const [a, b] = [add(from), add(to)];
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) {
        let sum = 0;
        for (let k = 0; k < 4; k++)
          for (let l = 0; l < 4; l++) sum += matrix[i * 4 + k] * a[k * 4 + l] * matrix[j * 4 + l];
        expect(sum).toBeCloseTo(b[i * 4 + j], 8);
      }
  });

  it('changes nothing between equal statistics, and is turned back by one that matches means and variances', () => {
    const frames = makeFrames('same', 5);
    const moments = measure(frames, 5);
    const identity = fitCoral(moments, moments);
    expectClose(
      identity.matrix,
      identity.matrix.map((_, at) => (at % 6 === 0 ? 1 : 0)),
      9,
    );
    expectClose(identity.offset, [0, 0, 0, 0, 0], 8);
    const other = measure(makeFrames('other', 5), 5);
    const there = fitCoral(moments, other, { regularisation: 0, form: 'diagonal' });
    const back = fitCoral(other, moments, { regularisation: 0, form: 'diagonal' });
    expectClose(mapFrames(back, mapFrames(there, frames)), frames, 3);
  });

  it('does not care for units', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 }), (powers) => {
        const scale = (frames: Float32Array) => Float64Array.from(frames, (value, at) => value * 10 ** powers[at % 3]);
        const [source, target] = ['s', 't'].map((name) => makeFrames(name, 3, 60));
        const plain = fitCoral(measure(target, 3), measure(source, 3));
        const scaled = fitCoral(measure(scale(target), 3), measure(scale(source), 3));
        plain.matrix.forEach((value, at) => {
          const unit = 10 ** (powers[Math.floor(at / 3)] - powers[at % 3]);
          expect(scaled.matrix[at] / unit).toBeCloseTo(value, 7);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('leaves channels alone that were not chosen', () => {
    const [source, target] = ['s', 't'].map((name) => makeFrames(name, 4));
    const map = JSON.parse(
      JSON.stringify(fitCoral(measure(target, 4), measure(source, 4), { channels: [2, 0], regularisation: 0 })),
    );
    const mapped = mapFrames(map, target);
    for (let at = 0; at < target.length; at++) if (at % 2 === 1) expect(mapped[at]).toBe(target[at]);
    const [a, b] = [measure(mapped, 4).calcCovariance(), measure(source, 4).calcCovariance()];
    for (const at of [0, 2, 8, 10]) expect(a[at]).toBeCloseTo(b[at], 3);
  });

  it('bears a dead channel, and says what to do where it is told to divide by nothing', () => {
    const dead = makeFrames('dead', 3).map((value, at) => (at % 3 === 1 ? 0 : value));
    const source = measure(makeFrames('live', 3), 3);
    const mapped = mapFrames(fitCoral(measure(dead, 3), source), dead);
    expect(mapped.every((value) => Number.isFinite(value) && Math.abs(value) < 100)).toBe(true);
    expect(() => fitCoral(measure(dead, 3), source, { regularisation: 0 })).toThrow(
      /singular.*Raise the regularisation/,
    );
    expect(() => fitCoral(source, new FrameMoments(2))).toThrow(/from 3 channels to 2/);
    expect(() => fitCoral(source, source, { channels: [0, 3] })).toThrow(/not different channels/);
    expect(() => fitCoral(source, source, { regularisation: -1 })).toThrow(/at least 0/);
  });

  it('folds into input scaling where it is diagonal', () => {
    const [source, target] = ['s', 't'].map((name) => makeFrames(name, 3));
    const scaling = { mean: [1, 2, 3], deviation: [2, 0.5, 4] };
    const map = fitCoral(measure(target, 3), measure(source, 3), { form: 'diagonal' });
    const folded = foldIntoScaling(map, scaling);
    const mapped = mapFrames(map, target);
    target.forEach((value, at) => {
      const c = at % 3;
      expect((value - folded.mean[c]) / folded.deviation[c]).toBeCloseTo(
        (mapped[at] - scaling.mean[c]) / scaling.deviation[c],
        4,
      );
    });
    const full = fitCoral(measure(target, 3), measure(source, 3));
    expect(() => foldIntoScaling(full, scaling)).toThrow(/mixes channels.*form 'diagonal'/);
  });
});

describe('blendScaling', () => {
  const target = measure(makeFrames('new', 3), 3);
  const source = { mean: [1, 2, 3], deviation: [2, 0.5, 4] };

  it("keeps the source's at 0, takes the target's at 1, and standardises the target then", () => {
    expect(blendScaling(source, target, { share: 0 })).toEqual(source);
    const { mean, deviation } = blendScaling(source, target, { share: 1 });
    const scaled = measure(
      Float64Array.from(makeFrames('new', 3), (value, at) => (value - mean[at % 3]) / deviation[at % 3]),
      3,
    );
    expectClose(scaled.mean, [0, 0, 0], 6);
    expectClose(scaled.calcDeviation(), [1, 1, 1], 6);
  });

  it('averages means and variances', () => {
    const { mean, deviation } = blendScaling(source, target, { share: 0.25, channels: [0, 2] });
    const of = target.calcDeviation();
    expect(mean[0]).toBeCloseTo(0.75 + 0.25 * target.mean[0], 12);
    expect(deviation[2] ** 2).toBeCloseTo(0.75 * 16 + 0.25 * of[2] ** 2, 9);
    expect([mean[1], deviation[1]]).toEqual([2, 0.5]);
    expect(calcTargetShare(target, 900)).toBe(0.25);
  });

  it('keeps the statistics of a channel that is dead in the target, and names bad settings', () => {
    const dead = measure([0, 1, 0, 2, 0, 3], 2);
    const kept = blendScaling({ mean: [1, 1], deviation: [2, 2] }, dead, { share: 1 });
    expect([kept.mean[0], kept.deviation[0], kept.mean[1]]).toEqual([1, 2, 2]);
    expect(() => blendScaling(source, dead, { share: 1 })).toThrow(/3 channels, the frames 2/);
    expect(() => blendScaling(source, target, { share: 2 })).toThrow(/from 0 to 1/);
    expect(() => blendScaling(source, target, { share: 1, channels: [7] })).toThrow(/no channel 7/);
    expect(() => calcTargetShare(target, 0)).toThrow(/above 0/);
  });
});
