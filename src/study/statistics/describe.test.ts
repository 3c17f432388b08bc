import { describe, expect, it } from 'vitest';
import { calcBlandAltman } from './bland-altman.js';
import { calcBootstrapMean } from './bootstrap-errors.js';
import {
  describeBlandAltman,
  describeBootstrap,
  describeFriedman,
  describeNemenyi,
  describeP,
  describePairedT,
  describePairwise,
  describeSpm,
  describeWilcoxon,
} from './describe.js';
import { calcFriedman } from './friedman.js';
import { calcNemenyi } from './nemenyi.js';
import { calcPairedT } from './paired-t.js';
import { calcPairwiseWilcoxon } from './pairwise.js';
import { calcSpmPairedT } from './spm-paired-t.js';
import { calcWilcoxon } from './wilcoxon.js';

const words = { first: 'the network', second: 'ridge', quantity: 'RMSE', unit: 'N·m/kg' };
const network = [0.1, 0.12, 0.11, 0.14, 0.09, 0.13, 0.1];
const ridge = [0.12, 0.15, 0.13, 0.15, 0.14, 0.19, 0.17];
const mixed = [0.11, 0.11, 0.12, 0.13, 0.1, 0.12, 0.12];

describe('sentences', () => {
  it('of a Wilcoxon test say n, size, and the smallest p that so few can give', () => {
    const found = describeWilcoxon(calcWilcoxon(network, ridge), words);
    expect(found).toMatch(/^In 7 participants the RMSE of the network is lower than that of ridge \(Wilcoxon/);
    expect(found).toMatch(/two-sided, exact: p = 0\.016; typical difference −0\.0[\d.]+ N·m\/kg, 95.% interval −/);
    expect(found).toMatch(
      /rank-biserial correlation −1\.00\); the smallest p that 7 differences can give is 0\.0156\.$/,
    );
  });

  it('never take a missing difference for equality', () => {
    const sentences = [
      describeWilcoxon(calcWilcoxon(network, mixed), words),
      describePairedT(calcPairedT(network, mixed), words),
      describeFriedman(calcFriedman([network, mixed, [...network].reverse()]), {
        models: ['a', 'b', 'c'],
        quantity: 'RMSE',
      }),
      describeNemenyi(calcNemenyi([network, mixed, [...network].reverse()]), {
        models: ['a', 'b', 'c'],
        quantity: 'RMSE',
      }),
    ];
    for (const sentence of sentences)
      expect(sentence).toMatch(/not evidence that (they|the models|any two) are equal\.$/);
  });

  it('say where a test can decide nothing, and where there is nothing to test', () => {
    expect(describeWilcoxon(calcWilcoxon([1, 2, 3], [2, 4, 6]), words)).toMatch(
      /too few for a 95.% interval.*with 3 differences this test cannot reach p ≤ 0\.05, whatever the data/,
    );
    expect(describeWilcoxon(calcWilcoxon([1, 2], [1, 2]), words)).toMatch(/the same in all 2 participants/);
  });

  it('of all models name which differ, and the correction', () => {
    const models = ['network', 'ridge', 'mean'];
    const lists = [network, ridge, ridge.map((value, i) => value + 0.01 * (i + 1))];
    expect(describeFriedman(calcFriedman(lists), { models, quantity: 'RMSE' })).toMatch(
      /In 7 participants the RMSE of the 3 models differs \(Friedman χ²\(2\) = 14\.0, p < 0\.001.*W = 1\.00.*network 1\.00, ridge 2\.00 and mean 3\.00/,
    );
    expect(describeNemenyi(calcNemenyi(lists), { models, quantity: 'RMSE' })).toMatch(
      /critical difference of mean ranks is 1\.25 .*network and mean \(p < 0\.001\); for the other pairs/,
    );
    const pairs = describePairwise(calcPairwiseWilcoxon(lists), { models, quantity: 'RMSE', unit: 'N·m/kg' });
    expect(pairs).toHaveLength(3);
    for (const pair of pairs) expect(pair).toMatch(/p = 0\.047 after correction for all pairs/);
  });

  it('of intervals, curves and agreement say what they rest on', () => {
    expect(
      describeBootstrap(calcBootstrapMean(network, { seed: 1 }), { quantity: 'mean RMSE', unit: 'N·m/kg' }),
    ).toMatch(/^The mean RMSE is 0\.113 N·m\/kg, 95.% interval 0\.\d+ to 0\.\d+ \(BCa.*n = 7, 2000 draws\).*too short/);
    expect(describePairedT(calcPairedT(network, ridge), words)).toMatch(
      /t\(6\) = −[\d.]+, p = 0\.\d+; mean difference −0\.037.*d_z −.*Hedges g −.*normally distributed, which 7 participants cannot show/,
    );
    const curves = network.map((level, i) =>
      Float64Array.from({ length: 101 }, (_, x) => level * Math.sin(x / 16 + i) + (x > 40 && x < 60 ? 1 : 0)),
    );
    const flat = curves.map(() => new Float64Array(101));
    const spm = { first: 'measured torque', second: 'the prediction', quantity: 'mean curve' };
    expect(describeSpm(calcSpmPairedT(curves, flat), spm)).toMatch(
      /In 7 participants .* differs at 4[01][.\d]*–[56]\d[.\d]* % \(measured torque higher, p < 0\.001\) of the cycle .*approximate/,
    );
    expect(describeSpm({ ...calcSpmPairedT(curves, flat), clusters: [] }, spm)).toMatch(/nowhere.*not evidence/);
    expect(
      describeBlandAltman(calcBlandAltman([network, ridge, mixed]), {
        quantity: 'predicted − measured torque',
        unit: 'N·m/kg',
      }),
    ).toMatch(/3 participants, 21 frames\), and 95.% of single frames are expected between/);
    expect([describeP(1e-9), describeP(0.0156), describeP(0.25), describeP(1)]).toEqual([
      'p < 0.001',
      'p = 0.016',
      'p = 0.25',
      'p = 1',
    ]);
  });
});
