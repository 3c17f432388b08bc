import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findStudentValue, makeRandom, type Random } from '../../math/index.js';
import { calcPairedT } from './paired-t.js';
import { calcClusterTail, calcPeakTail, findThreshold } from './random-field.js';
import type { Spm1dReference } from './reference.test.support.js';
import { calcSmoothness } from './smoothness.js';
import { calcSpmPairedT } from './spm-paired-t.js';

const { cases } = JSON.parse(
  readFileSync(new URL('./spm1d-reference.json', import.meta.url), 'utf8'),
) as Spm1dReference;

/** White noise through a Gaussian kernel of that FWHM, of unit variance. */
function makeSmooth(random: Random, nodes: number, fwhm: number): Float64Array {
  const sigma = fwhm / Math.sqrt(8 * Math.LN2);
  const reach = Math.ceil(4 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const norm = Math.hypot(...kernel);
  const noise = Float64Array.from({ length: nodes + 2 * reach }, () => random.normal());
  return Float64Array.from({ length: nodes }, (_, i) => kernel.reduce((sum, k, j) => sum + k * noise[i + j], 0) / norm);
}
const zeros = (n: number, nodes: number) => Array.from({ length: n }, () => new Float64Array(nodes));

describe('calcSpmPairedT', () => {
  it('agrees with spm1d: t, smoothness, threshold, clusters with their ends and p, the set', () => {
    let clusters = 0;
    for (const expected of cases) {
      const found = calcSpmPairedT(expected.a, expected.b, expected);
      expected.t.forEach((t, node) => {
        expect(found.t[node]).toBeCloseTo(t, 9);
      });
      expect(found.fwhm_nodes).toBeCloseTo(expected.fwhm, 9);
      expect(found.resels).toBeCloseTo(expected.resels, 9);
      // spm1d finds it by minimising a square, to about this.
      expect(found.threshold).toBeCloseTo(expected.threshold, 5);
      expect(found.clusters).toHaveLength(expected.clusters.length);
      expected.clusters.forEach(([start, end, sign, p], i) => {
        const cluster = found.clusters[i];
        expect(cluster.start_node).toBeCloseTo(start, 5);
        expect(cluster.end_node).toBeCloseTo(end, 5);
        expect(cluster.sign).toBe(sign);
        expect(cluster.p).toBeCloseTo(p, 7);
        clusters++;
      });
      expect(found.setP).toBeCloseTo(expected.set_p, 7);
    }
    expect(clusters).toBeGreaterThan(10);
  });

  it('is the paired t test at every node, and turns about with the sides', () => {
    const { a, b } = cases[0];
    const [there, back] = [calcSpmPairedT(a, b), calcSpmPairedT(b, a)];
    for (const node of [0, 30, 100])
      expect(there.t[node]).toBeCloseTo(
        calcPairedT(
          a.map((curve) => curve[node]),
          b.map((curve) => curve[node]),
        ).t,
        10,
      );
    expect(Array.from(back.t)).toEqual(Array.from(there.t, (t) => -t));
    expect(back.clusters.map(({ sign }) => -sign)).toEqual(there.clusters.map(({ sign }) => sign));
    expect(back.clusters[0].p).toBeCloseTo(there.clusters[0].p, 12);
    const order = makeRandom(1).shuffle(a.map((_, i) => i));
    const moved = calcSpmPairedT(
      order.map((i) => a[i]),
      order.map((i) => b[i]),
    );
    expect(moved.threshold).toBeCloseTo(there.threshold, 10);
  });

  it('finds the smoothness that noise was made with', () => {
    const random = makeRandom(5);
    const found = Array.from({ length: 60 }, () =>
      calcSmoothness(Array.from({ length: 12 }, () => makeSmooth(random, 101, 20))),
    );
    expect(found.reduce((sum, fwhm) => sum + fwhm, 0) / found.length / 20).toBeCloseTo(1, 1);
    expect(calcSmoothness([Float64Array.of(1, 1, 1), Float64Array.of(2, 2, 2)])).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds something anywhere in one of twenty cohorts where there is nothing', () => {
    const random = makeRandom(17);
    const runs = 300;
    let any = 0;
    for (let run = 0; run < runs; run++) {
      const noise = Array.from({ length: 10 }, () => makeSmooth(random, 51, 10));
      if (calcSpmPairedT(noise, zeros(10, 51)).clusters.length > 0) any++;
    }
    expect(Math.abs(any / runs - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('has the threshold of going through all sign flips', () => {
    // Nichols & Holmes 2002: under the null the sign of each participant's difference is a coin.
    const random = makeRandom(23);
    const noise = Array.from({ length: 10 }, () => makeSmooth(random, 61, 15));
    const highest: number[] = [];
    for (let pattern = 0; pattern < 512; pattern++) {
      const flipped = noise.map((curve, i) => ((pattern >> i) & 1 ? curve.map((y) => -y) : curve));
      highest.push(Math.max(...calcSpmPairedT(flipped, zeros(10, 61)).t.map(Math.abs)));
    }
    const threshold = highest.sort((x, y) => x - y)[Math.floor(0.95 * highest.length)];
    expect(calcSpmPairedT(noise, zeros(10, 61)).threshold / threshold).toBeGreaterThan(0.8);
    expect(calcSpmPairedT(noise, zeros(10, 61)).threshold / threshold).toBeLessThan(1.25);
  });

  it('refuses curves it cannot compare', () => {
    const { a, b } = cases[0];
    expect(() => calcSpmPairedT(a, b.slice(1))).toThrow(/7 participants cannot be paired with 6/);
    expect(() => calcSpmPairedT(a.slice(0, 2), b.slice(0, 2))).toThrow(/at least 3/);
    expect(() => calcSpmPairedT(a, [b[0].slice(1), ...b.slice(1)])).toThrow(
      /participant 1, b: the curve has 100 nodes/,
    );
    const gap = b.map((curve, i) => curve.map((y, node) => (i === 2 && node === 4 ? Number.NaN : y)));
    expect(() => calcSpmPairedT(a, gap)).toThrow(/participant 3, b: node 5 is NaN.*Fill the gap/);
    const equal = b.map((curve, i) => curve.map((y, node) => (node === 0 ? a[i][0] : y)));
    expect(() => calcSpmPairedT(a, equal)).toThrow(/all participants differ alike \(by 0\) at node 1/);
    expect(() => calcSpmPairedT([[1], [2], [3]], [[1], [2], [4]])).toThrow(/have no course/);
    expect(() => calcSpmPairedT(a, b, { alpha: 5 })).toThrow(/alpha is 5/);
  });
});

describe('random field', () => {
  const field = { degrees: 9, resels: 5, nodes: 101 };

  it('lies between one node and Bonferroni, and is one node where there is no length', () => {
    const [one, all] = [findStudentValue(0.05, 9), findStudentValue(0.05 / 101, 9)];
    expect(findThreshold(field, 0.05)).toBeGreaterThan(one);
    expect(findThreshold(field, 0.05)).toBeLessThan(all);
    expect(findThreshold({ ...field, resels: 0 }, 0.05)).toBeCloseTo(one, 10);
    expect(findThreshold({ ...field, resels: 1e4 }, 0.05)).toBeCloseTo(all, 10);
    expect(calcPeakTail(field, findThreshold(field, 0.01))).toBeCloseTo(0.01, 12);
  });

  it('makes longer clusters and more of them less likely', () => {
    const p = [0, 0.1, 0.5, 1].map((extent) => calcClusterTail(field, 1, extent, 2));
    expect(p).toEqual([...p].sort((x, y) => y - x));
    expect(calcClusterTail(field, 1, 1e-9, 2)).toBeCloseTo(calcPeakTail(field, 2), 8);
    expect(calcClusterTail(field, 2, 0.1, 2)).toBeLessThan(p[1]);
  });
});
