// Tests over participants against SciPy, curves over the cycle against spm1d.
import { readFileSync } from 'node:fs';
import {
  calcChiSquaredTail,
  calcFTail,
  calcNormalTail,
  calcStudentizedRangeTail,
  calcStudentTail,
} from '../dist/math/index.js';
import { findBcaInterval, findPercentileInterval } from '../dist/study/statistics/bca.js';
import {
  calcBenjaminiHochberg,
  calcBlandAltman,
  calcFriedman,
  calcHolm,
  calcNemenyi,
  calcPairedT,
  calcSpmPairedT,
  calcWilcoxon,
  findLocation,
} from '../dist/study/statistics/index.js';
import { findDifference, findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

export function checkStatistics(python) {
  const fresh = ask(python, 'statistics_reference.py');
  const rows = [...listScipy(fresh['scipy-reference.json']), ...listSpm1d(fresh['spm1d-reference.json'])];
  for (const [name, peer] of [
    ['scipy-reference.json', 'scipy'],
    ['spm1d-reference.json', 'spm1d'],
  ]) {
    const file = `src/study/statistics/${name}`;
    const committed = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
    // The versions are in the table already.
    const same = findTreeDifference({ ...committed, [peer]: 0 }, { ...fresh[name], [peer]: 0 });
    rows.push({ check: file, peer, quantity: 'committed against fresh', difference: same, tolerance: 1e-6 });
  }
  return rows;
}

function listScipy({ distributions, paired, friedman, corrections, bootstrap, bland_altman }) {
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'scipy', quantity, difference, tolerance });
  const most = (list, calc) => Math.max(...list.map(calc));
  const infinite = (value) => value ?? Number.POSITIVE_INFINITY;
  const relative = (points, calc) =>
    most(points, (point) => Math.abs(calc(...point.slice(0, -1).map(infinite)) / point.at(-1) - 1));
  const absolute = (points, calc) =>
    most(points, (point) => Math.abs(calc(...point.slice(0, -1).map(infinite)) - point.at(-1)));
  const tails = [
    ['student', calcStudentTail],
    ['f', calcFTail],
    ['chi_squared', calcChiSquaredTail],
    ['normal', calcNormalTail],
  ];
  const pairs = `paired tests, ${paired.length} samples of 3 to 120 pairs`;
  const counted = paired.flatMap(({ a, b, interval }) =>
    Object.entries(interval ?? {}).map(([confidence, limits]) => {
      const found = findLocation(
        a.map((value, i) => value - b[i]),
        Number(confidence),
      ).interval;
      return findDifference(found ?? [], limits ?? []);
    }),
  );
  return [
    row(
      't, F, χ² and normal distribution',
      'tail, relative',
      most(tails, ([name, calc]) => relative(distributions[name], calc)),
      1e-12,
    ),
    row('studentised range', 'tail', absolute(distributions.range, calcStudentizedRangeTail), 1e-8),
    row(pairs, 'Wilcoxon p, exact and normal', most(paired, findWilcoxonDifference), 1e-12),
    row(pairs, 'Hodges–Lehmann interval', Math.max(...counted), 1e-12),
    row(
      pairs,
      'paired t: p',
      most(paired, ({ a, b, t }) => Math.abs(calcPairedT(a, b).p - t.p['two-sided'])),
      1e-11,
    ),
    row(
      pairs,
      'paired t: interval',
      most(paired, ({ a, b, t }) => findDifference(calcPairedT(a, b).interval, t.interval)),
      1e-10,
    ),
    row(
      `Friedman, ${friedman.length} tables`,
      'p, with ties',
      most(friedman, ({ treatments, p }) => Math.abs(calcFriedman(treatments).p - p)),
      1e-12,
    ),
    row(
      `Friedman, ${friedman.length} tables`,
      'Nemenyi p',
      most(friedman, ({ treatments, nemenyi }) =>
        findDifference(
          calcNemenyi(treatments).pairs.map(({ p }) => p),
          nemenyi,
        ),
      ),
      1e-7,
    ),
    row(
      'Benjamini–Hochberg and Holm',
      'corrected p',
      most(corrections, ({ p, holm, benjamini_hochberg }) =>
        Math.max(findDifference(calcHolm(p), holm), findDifference(calcBenjaminiHochberg(p), benjamini_hochberg)),
      ),
      1e-12,
    ),
    row('bootstrap, the same draws', 'percentile and BCa interval', most(bootstrap, findBootstrapDifference), 1e-10),
    row(
      'Bland–Altman, repeated measures',
      'interval of a limit',
      most(bland_altman, ({ differences, upper_interval }) =>
        findDifference(calcBlandAltman(differences).upperInterval, upper_interval),
      ),
      1e-10,
    ),
  ];
}

function findWilcoxonDifference({ a, b, wilcoxon }) {
  const tests = wilcoxon.filter(({ p }) => p !== undefined);
  const found = tests.map(({ zeros, method, alternative }) => {
    const options = {
      zeros: zeros === 'wilcox' ? 'wilcoxon' : 'pratt',
      method: method === 'exact' ? 'exact' : 'normal',
    };
    return calcWilcoxon(a, b, { ...options, alternative }).p;
  });
  return findDifference(
    found,
    tests.map(({ p }) => p),
  );
}

function findBootstrapDifference({ values, statistic, draws, intervals }) {
  const power = statistic === 'rms' ? 2 : 1;
  const calc = (list) => (list.reduce((sum, value) => sum + value ** power, 0) / list.length) ** (1 / power);
  const sorted = Float64Array.from(draws).sort();
  const leftOut = values.map((_, left) => calc(values.filter((_, i) => i !== left)));
  return Math.max(
    findDifference(findPercentileInterval(sorted, 0.95), intervals.percentile),
    findDifference(findBcaInterval(sorted, calc(values), leftOut, 0.95), intervals.BCa),
  );
}

function listSpm1d({ cases }) {
  const found = cases.map(({ a, b, alpha, sides }) => calcSpmPairedT(a, b, { alpha, sides }));
  const check = `SPM paired t, ${cases.length} sets of curves`;
  const row = (quantity, tolerance, calc) => ({
    check,
    peer: 'spm1d',
    quantity,
    difference: Math.max(...cases.map((expected, i) => calc(found[i], expected))),
    tolerance,
  });
  return [
    row('t', 1e-9, ({ t }, expected) => findDifference(t, expected.t)),
    row('smoothness (FWHM), nodes', 1e-9, ({ fwhm_nodes }, { fwhm }) => Math.abs(fwhm_nodes - fwhm)),
    // spm1d minimises a squared difference.
    row('critical threshold', 1e-5, ({ threshold }, expected) => Math.abs(threshold - expected.threshold)),
    row('cluster ends, nodes', 1e-5, ({ clusters }, expected) =>
      findDifference(
        clusters.flatMap(({ start_node, end_node }) => [start_node, end_node]),
        expected.clusters.flatMap((cluster) => cluster.slice(0, 2)),
      ),
    ),
    row('cluster and set p', 1e-7, ({ clusters, setP }, expected) =>
      findDifference(
        [...clusters.map(({ p }) => p), setP],
        [...expected.clusters.map(([, , , p]) => p), expected.set_p],
      ),
    ),
  ];
}
