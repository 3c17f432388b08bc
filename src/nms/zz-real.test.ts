import { readFileSync } from 'node:fs';
import { it } from 'vitest';
import { buildBody, calcCoordinateSpeeds, calcMuscleGeometry, findMusclesCrossing } from '../body/index.js';
import { readOsim, readStorage } from '../io/index.js';
import { calibrate } from './calibrate.js';
import { buildExcitationMap, calcExcitations } from './excitation-map.js';
import { makeMuscle } from './muscles.js';
import { solveMuscles } from './solver.js';

const dir = new URL('../../../shared/data/treadmill-adult/', import.meta.url);
const read = (f: string) => readFileSync(new URL(f, dir));
// zero-phase smoothing: second-order Butterworth forward and back
function lowpass(x: Float64Array, fc: number, fs: number) {
  const w = Math.tan((Math.PI * fc) / fs), n = 1 / (1 + Math.SQRT2 * w + w * w);
  const b0 = w * w * n, a1 = 2 * (w * w - 1) * n, a2 = (1 - Math.SQRT2 * w + w * w) * n;
  const run = (v: Float64Array) => { let x1 = v[0], x2 = v[0], y1 = v[0], y2 = v[0]; return v.map((s) => { const y = b0 * (s + 2 * x1 + x2) - a1 * y1 - a2 * y2; x2 = x1; x1 = s; y2 = y1; y1 = y; return y; }); };
  return run(run(x).slice().reverse()).slice().reverse();
}
it('real', () => {
  const model = readOsim(read('model/gait2392.osim'), { file: 'gait2392.osim' });
  const body = buildBody(model);
  const names = findMusclesCrossing(body, 'knee_angle_r').filter((n) => n.endsWith('_r'));
  console.log('REAL', names.join(' '));
  const muscles = names.map((n) => makeMuscle(model.muscles.find((m) => m.name === n)!));
  const trials = ['walk36', 'walk45', 'run81'].map((name) => {
    const ik = readStorage(read(`${name}/ik.sto`), { file: 'ik.sto' } as never);
    const id = readStorage(read(`${name}/id.sto`), { file: 'id.sto' } as never);
    const emg = readStorage(read(`${name}/emgFilt.sto`), { file: 'emgFilt.sto' } as never);
    const times = ik.channels[0].clock.times_s;
    const used = ['hip_flexion_r', 'hip_adduction_r', 'hip_rotation_r', 'knee_angle_r', 'ankle_angle_r', 'subtalar_angle_r', 'mtp_angle_r'];
    const coordinates = new Map(ik.channels.filter((c) => used.includes(c.name)).map((c) => [c.name, lowpass(c.unit === 'rad' ? c.values : c.values.map((v) => (v * Math.PI) / 180), 8, 100)]));
    const speeds = new Map([...coordinates].map(([n, v]) => [n, calcCoordinateSpeeds(times, v)]));
    const g = calcMuscleGeometry(body, { coordinates, speeds, muscles: names, about: ['knee_angle_r'] });
    const knee = id.channels.find((c) => c.name.startsWith('knee_angle_r'))!;
    const map = buildExcitationMap(names, emg.channels.map((c) => c.name));
    const n = Math.min(times.length, knee.values.length, emg.channels[0].values.length);
    const cut = (a: readonly Float64Array[]) => a.map((v) => v.slice(0, n));
    const mask = new Uint8Array(n).fill(1).fill(0, 0, 100);
    return { name, excitations: cut(calcExcitations(map, emg.channels)), lengths_m: cut(g.lengths_m), speeds_m_per_s: cut(g.speeds_m_per_s!), momentArms_m: cut(g.momentArms_m.knee_angle_r), torque_Nm: lowpass(knee.values.slice(0, n), 6, 100), mask };
  });
  const evaluate = (trial: (typeof trials)[0], ms: typeof muscles, from: number) => {
    const out = solveMuscles({ ...trial, muscles: ms, rate_Hz: 100 });
    let e = 0, v = 0, mean = 0, c = 0;
    for (let i = from; i < trial.torque_Nm.length; i++) if (Number.isFinite(out.torque_Nm[i])) { mean += trial.torque_Nm[i]; c++; }
    mean /= c;
    for (let i = from; i < trial.torque_Nm.length; i++) if (Number.isFinite(out.torque_Nm[i])) { e += (out.torque_Nm[i] - trial.torque_Nm[i]) ** 2; v += (trial.torque_Nm[i] - mean) ** 2; }
    return `R2 ${(1 - e / v).toFixed(3)} RMSE ${(Math.sqrt(e / c) / 75.2).toFixed(3)} Nm/kg`;
  };
  const head = (t: (typeof trials)[0], f: number) => ({ ...t, mask: t.mask.map((v, i) => (i < f * t.mask.length ? v : 0)) });
  for (const t of trials) console.log('REAL uncal', t.name, evaluate(t, muscles, 100));
  console.log('REAL warnings', JSON.stringify(solveMuscles({ ...trials[0], muscles, rate_Hz: 100 }).warnings, null, 1));
  const settings: [string, object][] = [['default', {}], ['group tendon', { sharing: { tendon: 'group' } }], ['muscle w1e-3', { weights: { tendon: 1e-3 } }], ['muscle w1e-1', { weights: { tendon: 1e-1 } }], ['fibre muscle', { sharing: { fibre: 'muscle' } }], ['weak priors', { weights: { strength: 1e-5, A: 1e-5, C1: 1e-5, C2: 1e-5, delay: 1e-5 } }]];
  for (const [label, more] of settings) {
    const t0 = performance.now();
    const r = calibrate({ muscles, trials: trials.map((t) => head(t, 0.6)), rate_Hz: 100, ...more });
    console.log('REAL 60/40', label, ((performance.now() - t0) / 1000).toFixed(1), 's unexplained', r.unexplained.toFixed(3), trials.map((t) => t.name + ' ' + evaluate(t, r.muscles, Math.floor(0.62 * t.torque_Nm.length))).join('; '), 'starts', r.starts.map((s) => s.cost.toFixed(4) + '/' + s.iterations).join(' '), 'bounds', r.parameters.filter((p) => p.at_bound).map((p) => p.name + ' ' + p.at_bound).join(', '));
    if (label === 'default') console.log('REAL params', r.parameters.map((p) => p.name + '=' + p.value.toFixed(3)).join('; '));
    const r2 = calibrate({ muscles, trials: [trials[0], trials[2]], rate_Hz: 100, ...more });
    console.log('REAL walk36+run81 -> walk45', label, r2.unexplained.toFixed(3), evaluate(trials[1], r2.muscles, 100));
  }
});
