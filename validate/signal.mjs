// Filters, envelope, derivative and interpolation against SciPy and NumPy.
import { readFileSync } from 'node:fs';
import {
  calcDerivative,
  calcEnvelope,
  designButterworth,
  designEnvelope,
  filterCausal,
  filterZeroPhase,
  interpolate,
} from '../dist/signal/index.js';
import { findDifference, findTreeDifference } from './compare.mjs';
import { ask } from './python.mjs';

export function checkSignal(python) {
  const fresh = ask(python, 'signal_reference.py');
  const committed = JSON.parse(readFileSync(new URL('../src/signal/scipy.reference.json', import.meta.url), 'utf8'));
  const { rate_Hz, filters, spline } = fresh;
  const values = Float64Array.from(fresh.values);
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'scipy', quantity, difference, tolerance });
  const worst = (pick, filter) =>
    Math.max(
      ...filters.map((design) =>
        findDifference(filter(designButterworth({ ...design, rate_Hz }), values), pick(design)),
      ),
    );
  const envelope = designEnvelope({ rate_Hz, band_Hz: [30, 450], smooth_Hz: 6, order: 4 });
  const slopes = calcDerivative(values, rate_Hz, 'central');
  const [times_s, samples, at_s] = [spline.times_s, spline.values, spline.at_s].map((list) => Float64Array.from(list));
  const filtered = `${filters.length} Butterworth designs`;
  return [
    row(
      filtered,
      'causal output',
      worst(
        (f) => f.causal,
        (s, x) => filterCausal(s, x).values,
      ),
      1e-9,
    ),
    row(
      filtered,
      'zero-lag output',
      worst((f) => f.zero_phase, filterZeroPhase),
      1e-9,
    ),
    row(
      'EMG envelope, 30–450 Hz and 6 Hz',
      'envelope',
      findDifference(calcEnvelope(values, envelope), fresh.envelope),
      1e-10,
    ),
    { ...row('central differences', 'slope, 1/s', findDifference(slopes, fresh.gradient), 1e-9), peer: 'numpy' },
    row(
      'cubic spline, uneven samples',
      'value',
      findDifference(interpolate(times_s, samples, at_s), spline.interpolated),
      1e-10,
    ),
    row(
      'src/signal/scipy.reference.json',
      'committed against fresh',
      findTreeDifference({ ...committed, versions: 0 }, { ...fresh, versions: 0 }),
      1e-9,
    ),
  ];
}
