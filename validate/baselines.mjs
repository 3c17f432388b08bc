// Support-vector regression against scikit-learn; the other numbers of its reference file are compared by the tests.
import { readFileSync } from 'node:fs';
import { predictSupportVector, solveSupportVector } from '../dist/learn/baselines/support-vector.js';
import { findDifference, findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

const file = 'src/learn/baselines/sklearn-reference.json';

export async function checkBaselines(python) {
  const fresh = ask(python, 'baselines_reference.py');
  const committed = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
  const { features, train, labels, weights, test, cases } = fresh.support_vector;
  const rows = { features, values: Float64Array.from(train), labels: Float64Array.from(labels) };
  const tests = Array.from({ length: test.length / features }, (_, k) =>
    Float64Array.from(test.slice(k * features, (k + 1) * features)),
  );
  let worst = 0;
  for (const { kernel, C, epsilon, gamma, weighted, predictions } of cases) {
    const given = weighted ? { ...rows, weights: Float64Array.from(weights) } : rows;
    const model = await solveSupportVector(given, { C, epsilon, gamma }, { kernel, tolerance: 1e-7 });
    const found = tests.map((row) => predictSupportVector(model, row));
    worst = Math.max(worst, findDifference(found, predictions));
  }
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'sklearn', quantity, difference, tolerance });
  return [
    row('support-vector regression', `predictions, ${cases.length} settings`, worst, 5e-5),
    row(file, 'committed against fresh', findTreeDifference(committed, fresh), 1e-6),
  ];
}
