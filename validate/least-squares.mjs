// Bounded least squares against scipy.optimize.least_squares. The problems are those of least_squares_reference.py.
import { readFileSync } from 'node:fs';
import { findLeastSquares } from '../dist/math/index.js';
import { findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

const times = Array.from({ length: 41 }, (_, i) => i / 10);
const decayed = times.map((t) => 2.5 * Math.exp(-1.3 * t) + 0.4 + 0.05 * Math.sin(7 * t));
const bump = times.map((t) => 3 * Math.exp(-0.5 * ((t - 1.7) / 0.6) ** 2) + 0.1 * Math.cos(5 * t));
const problems = {
  rosenbrock: (x) => [10 * (x[1] - x[0] ** 2), 1 - x[0]],
  decay: (x) => times.map((t, i) => x[0] * Math.exp(-x[1] * t) + x[2] - decayed[i]),
  gauss: (x) => times.map((t, i) => x[0] * Math.exp(-0.5 * ((t - x[1]) / x[2]) ** 2) - bump[i]),
  powell: (x) => [
    x[0] + 10 * x[1],
    Math.sqrt(5) * (x[2] - x[3]),
    (x[1] - 2 * x[2]) ** 2,
    Math.sqrt(10) * (x[0] - x[3]) ** 2,
  ],
};

export function checkLeastSquares(python) {
  const { cases, scipy } = ask(python, 'least_squares_reference.py');
  const committed = JSON.parse(
    readFileSync(new URL('../src/math/least-squares.reference.json', import.meta.url), 'utf8'),
  );
  let [place, cost] = [0, 0];
  for (const { problem, start, lower, upper, ...expected } of cases) {
    const f = problems[problem];
    const found = findLeastSquares({
      initial: start,
      residualCount: f(start).length,
      calcResidualsInto: (out, x) => out.set(f(x)),
      lower: lower.map((bound) => bound ?? Number.NEGATIVE_INFINITY),
      upper: upper.map((bound) => bound ?? Number.POSITIVE_INFINITY),
      maxIterations: 500,
      costTolerance: 1e-15,
    });
    expected.x.forEach((value, j) => {
      place = Math.max(place, Math.abs(found.parameters[j] - value) / Math.max(1, Math.abs(value)));
    });
    cost = Math.max(cost, Math.abs(found.cost - expected.cost) / Math.max(1e-3, expected.cost));
  }
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'scipy', quantity, difference, tolerance });
  const name = `bounded least squares, ${cases.length} problems`;
  const same = findTreeDifference({ ...committed, scipy }, { cases, scipy });
  return [
    row(name, 'place of the minimum, relative', place, 2e-6),
    row(name, 'cost there, relative', cost, 1e-6),
    row('src/math/least-squares.reference.json', 'committed against fresh', same, 1e-6),
  ];
}
