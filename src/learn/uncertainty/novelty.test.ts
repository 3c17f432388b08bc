import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calcSymmetricPower, makeRandom } from '../../math/index.js';
import { parseReference } from '../baselines/reference.test.support.js';
import { fitShrunkCovariance } from './covariance.js';
import { calcNovelty, countSummary, fitNovelty, isNovel, summariseWindowInto } from './novelty.js';

const reference = parseReference(readFileSync(new URL('../baselines/sklearn-reference.json', import.meta.url), 'utf8'));

const [CHANNELS, WINDOW, FRAMES] = [4, 20, 2000];
const FEATURES = countSummary(CHANNELS);

/** Smooth signals that hang together: two shared sources, as muscles and angles do. */
function makeFrames(seed: string): Float32Array {
  const random = makeRandom(seed);
  const state = [0, 0, 0, 0, 0, 0];
  const frames = new Float32Array(FRAMES * CHANNELS);
  for (let k = 0; k < FRAMES; k++) {
    for (let s = 0; s < 6; s++) state[s] = 0.9 * state[s] + random.normal();
    for (let c = 0; c < CHANNELS; c++) {
      const shared = c % 2 === 0 ? state[0] : state[1];
      frames[k * CHANNELS + c] = (c + 1) * (3 * shared + state[2 + c] + 10);
    }
  }
  return frames;
}

function summarise(frames: Float32Array): Float64Array {
  const count = Math.floor((FRAMES - WINDOW) / 7);
  const out = new Float64Array(count * FEATURES);
  for (let k = 0; k < count; k++) {
    const row = out.subarray(k * FEATURES, (k + 1) * FEATURES);
    summariseWindowInto(row, frames, WINDOW - 1 + 7 * k, WINDOW, CHANNELS);
  }
  return out;
}

const model = fitNovelty(summarise(makeFrames('train')), summarise(makeFrames('held')), FEATURES, 0.05);
const fresh = makeFrames('fresh');
const shareFlagged = (change: (value: number, channel: number, at: number) => number) => {
  const rows = summarise(fresh.map((value, at) => change(value, at % CHANNELS, at)));
  const count = rows.length / FEATURES;
  let flagged = 0;
  for (let k = 0; k < count; k++) if (isNovel(model, rows.subarray(k * FEATURES, (k + 1) * FEATURES))) flagged++;
  return flagged / count;
};

describe('novelty', () => {
  it('sums a window up by mean, deviation and last value of each channel', () => {
    const out = new Float64Array(6);
    summariseWindowInto(out, [99, 99, 1, 10, 3, 10, 5, 10, 99, 99], 3, 3, 2);
    [3, Math.sqrt(8 / 3), 5, 10, 0, 10].forEach((value, k) => {
      expect(out[k]).toBeCloseTo(value, 12);
    });
  });

  it('flags fresh windows of the same kind at about the chosen rate', () => {
    const share = shareFlagged((value) => value);
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.1);
  });

  it('flags scaled, swapped, dead, stuck and noisy channels, and NaN', () => {
    const random = makeRandom('noise');
    const faults: Record<string, (value: number, channel: number, at: number) => number> = {
      louder: (value, c) => (c === 1 ? 3 * value : value),
      fainter: (value, c) => (c === 2 ? 0.3 * value : value),
      swapped: (value, c, at) => (c < 2 ? fresh[at + (c === 0 ? 1 : -1)] : value),
      dead: (value, c) => (c === 3 ? 0 : value),
      // At its mean: each number is ordinary on its own, all together are not.
      stuck: (value, c) => (c === 3 ? 40 : value),
      noisy: (value, c) => (c === 0 ? value + 60 * random.normal() : value),
    };
    // Ordinary windows: 0.05.
    for (const [name, fault] of Object.entries(faults)) expect(shareFlagged(fault), name).toBeGreaterThan(0.5);
    expect(shareFlagged((value, c) => (c === 0 ? Number.NaN : value))).toBe(1);
  });

  it('is the distance that the inverse covariance gives, also after JSON', () => {
    const training = summarise(makeFrames('train'));
    const scaled = training.map((value, at) => (value - model.mean[at % FEATURES]) / model.deviation[at % FEATURES]);
    const inverse = calcSymmetricPower(fitShrunkCovariance(scaled, FEATURES).covariance, -1);
    const back = JSON.parse(JSON.stringify(model));
    expect(back).toEqual(model);
    const rows = summarise(fresh);
    for (let k = 0; k < 5; k++) {
      const row = rows.subarray(k * FEATURES, (k + 1) * FEATURES);
      const z = row.map((value, i) => (value - model.mean[i]) / model.deviation[i]);
      let square = 0;
      for (let i = 0; i < FEATURES; i++)
        for (let j = 0; j < FEATURES; j++) square += z[i] * inverse[i * FEATURES + j] * z[j];
      expect(calcNovelty(back, row)).toBeCloseTo(Math.sqrt(square), 6);
    }
  });

  it('does not care for units', () => {
    const change = (rows: Float64Array) => rows.map((value, at) => value * 10 ** ((at % FEATURES) - 5) + 3);
    const other = fitNovelty(
      change(summarise(makeFrames('train'))),
      change(summarise(makeFrames('held'))),
      FEATURES,
      0.05,
    );
    expect(other.threshold).toBeCloseTo(model.threshold, 6);
  });

  it('flags a channel that was dead in training and lives now', () => {
    const kill = (frames: Float32Array) => frames.map((value, at) => (at % CHANNELS === 1 ? 0 : value));
    const dead = fitNovelty(summarise(kill(makeFrames('train'))), summarise(kill(makeFrames('held'))), FEATURES, 0.05);
    const rows = summarise(makeFrames('fresh'));
    expect(isNovel(dead, rows.subarray(0, FEATURES))).toBe(true);
    const same = summarise(kill(makeFrames('fresh')));
    let flagged = 0;
    for (let k = 0; k < same.length / FEATURES; k++)
      if (isNovel(dead, same.subarray(k * FEATURES, (k + 1) * FEATURES))) flagged++;
    expect(flagged / (same.length / FEATURES)).toBeLessThan(0.1);
  });

  it('names what is wrong', () => {
    const rows = summarise(makeFrames('train'));
    const few = rows.slice(0, 5 * FEATURES);
    expect(() => fitNovelty(rows, few, FEATURES, 0.05)).toThrow(/Hold out 19 windows, or choose a greater rate/);
    expect(() => fitNovelty(rows, few, FEATURES, 0.05, [1, 1, 2, 2, 3])).toThrow(/Hold out 19 participants/);
    expect(() => fitNovelty(rows.slice(1), few, FEATURES, 0.05)).toThrow(/training windows: .* no rows of 12/);
    expect(() => fitNovelty(rows, few.fill(Number.NaN, 13, 14), FEATURES, 0.05)).toThrow(/window 1 holds NaN/);
  });
});

describe('fitShrunkCovariance', () => {
  it('agrees with scikit-learn', () => {
    for (const { features, rows, shrinkage, covariance } of reference.covariance) {
      const found = fitShrunkCovariance(Float64Array.from(rows), features);
      expect(found.shrinkage).toBeCloseTo(shrinkage, 9);
      covariance.forEach((value, k) => {
        expect(found.covariance[k]).toBeCloseTo(value, 9);
      });
    }
  });

  it('keeps the trace, and is a multiple of the identity for equal rows of equal spread', () => {
    const rows = Float64Array.of(1, 0, -1, 0, 0, 1, 0, -1);
    const { covariance, shrinkage } = fitShrunkCovariance(rows, 2);
    expect([...covariance]).toEqual([0.5, 0, 0, 0.5]);
    expect(shrinkage).toBe(1);
    expect(() => fitShrunkCovariance(Float64Array.of(1, 2), 2)).toThrow(/at least 2 rows/);
  });
});
