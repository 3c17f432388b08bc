import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { type Calibration, type CalibrationProblem, calibrate } from './calibrate.js';
import type { CalibrationTrial } from './calibration-frames.js';
import { calcExcitations, buildExcitationMap } from './excitation-map.js';
import { findKneeGroup } from './knee-muscles.js';
import type { MuscleParameters } from './muscles.js';
import { calcPassiveKneeTorque } from './passive-joint.js';
import { solveMuscles } from './solver.js';

// Fmax, Lo, tendon slack, pennation (deg) of gait2392's knee muscles; knee moment arm r0 + r1·θ (extension positive), hip arm.
const table: [string, number, number, number, number, number, number, number][] = [
  ['semimem_r', 1288, 0.08, 0.359, 15, -0.035, 0.008, -0.06],
  ['semiten_r', 410, 0.201, 0.2555, 5, -0.043, 0.01, -0.065],
  ['bifemlh_r', 896, 0.109, 0.326, 0, -0.032, 0.006, -0.065],
  ['bifemsh_r', 804, 0.173, 0.089, 23, -0.03, 0.008, 0],
  ['rect_fem_r', 1169, 0.114, 0.31, 5, 0.045, 0.004, 0.045],
  ['vas_med_r', 1294, 0.089, 0.126, 5, 0.042, 0.005, 0],
  ['vas_int_r', 1365, 0.087, 0.136, 3, 0.043, 0.005, 0],
  ['vas_lat_r', 1871, 0.084, 0.157, 5, 0.041, 0.004, 0],
  ['med_gas_r', 1558, 0.06, 0.39, 17, -0.022, 0.004, 0],
  ['lat_gas_r', 683, 0.064, 0.38, 8, -0.024, 0.004, 0],
  ['sar_r', 156, 0.52, 0.1, 0, -0.016, 0.01, 0.05],
  ['grac_r', 162, 0.352, 0.126, 3, -0.036, 0.008, 0],
  ['tfl_r', 233, 0.095, 0.425, 3, 0.012, 0.002, 0.05],
];
const electrodes = ['semimem_r', 'bifemlh_r', 'rect_fem_r', 'vas_med_r', 'vas_lat_r', 'med_gas_r', 'lat_gas_r', 'sar_r', 'grac_r', 'tfl_r'];

const generic: MuscleParameters[] = table.map(([name, force, fibre, tendon, pennation]) => ({
  name,
  max_isometric_force_N: force,
  optimal_fibre_length_m: fibre,
  tendon_slack_length_m: tendon,
  pennation_at_optimal_rad: (pennation * Math.PI) / 180,
  max_contraction_velocity: 10,
  strength: 1,
  damping: 0.1,
  activation: { C1: -0.5, C2: -0.5, A: -0.1, delay_s: 0.015 },
}));

interface Truth {
  strength: Record<string, number>;
  tendon?: Record<string, number>;
  C1: number;
  C2: number;
  A: number;
  delay_s: number;
}
const truth: Truth = {
  strength: { quadriceps: 1.4, hamstrings: 0.8, gastrocnemius: 1.2, other: 1.7 },
  C1: -0.6,
  C2: -0.3,
  A: -1.5,
  delay_s: 0.047,
};
const makeTrue = ({ strength, tendon, A, C1, C2, delay_s }: Truth): MuscleParameters[] =>
  generic.map((muscle) => ({
    ...muscle,
    strength: strength[findKneeGroup(muscle.name)],
    tendon_slack_length_m: muscle.tendon_slack_length_m * (tendon?.[muscle.name] ?? 1),
    activation: { A, C1, C2, delay_s },
  }));

/** A trial of a knee that swings and muscles that are switched on and off, with the torque of `muscles` plus noise. */
function makeTrial(name: string, muscles: readonly MuscleParameters[], cadence_Hz: number, frames = 500, noise = 0): CalibrationTrial {
  const rate_Hz = 100;
  const random = makeRandom(name);
  const wave = (harmonics: number, size: number) => {
    const terms = Array.from({ length: harmonics }, (_, k) => [random.normal() / (k + 1), 6.283 * random.uniform(), k + 1]);
    return (t: number) => terms.reduce((sum, [a, p, k]) => sum + size * a * Math.sin(6.283 * cadence_Hz * k * t + p), 0);
  };
  const [knee, hip, drift] = [wave(3, 0.35), wave(2, 0.3), wave(1, 0.2)];
  const kneeAt = (t: number) => -0.6 + 0.9 * Math.tanh(knee(t) + drift(t * 0.137));
  const times = Array.from({ length: frames }, (_, i) => i / rate_Hz);
  const channels = electrodes.map((electrode) => {
    const shape = wave(5, 1.5);
    const slow = wave(2, 0.8);
    return {
      name: electrode,
      values: Float64Array.from(times, (t) => 0.75 / (1 + Math.exp(1.2 - shape(t) - slow(t * 0.21)))),
    };
  });
  const excitations = calcExcitations(buildExcitationMap(generic.map((m) => m.name), electrodes), channels);
  const lengthAt = (m: number, t: number) => {
    const [, , fibre, tendon, pennation, r0, r1, hipArm] = table[m];
    const angle = kneeAt(t) + 0.6;
    return tendon + 0.92 * fibre * Math.cos((pennation * Math.PI) / 180) - r0 * angle - (r1 * angle ** 2) / 2 - hipArm * hip(t);
  };
  const forEach = (f: (m: number, t: number) => number) => table.map((_, m) => Float64Array.from(times, (t) => f(m, t)));
  const inputs = {
    excitations,
    lengths_m: forEach(lengthAt),
    speeds_m_per_s: forEach((m, t) => (lengthAt(m, t + 1e-5) - lengthAt(m, t - 1e-5)) / 2e-5),
    momentArms_m: forEach((m, t) => table[m][5] + table[m][6] * (kneeAt(t) + 0.6)),
  };
  const { torque_Nm } = solveMuscles({ muscles, ...inputs, rate_Hz });
  const mean = torque_Nm.reduce((a, b) => a + b) / frames;
  const deviation = Math.sqrt(torque_Nm.reduce((sum, v) => sum + (v - mean) ** 2, 0) / frames);
  return {
    name,
    ...inputs,
    torque_Nm: torque_Nm.map((v) => v + noise * deviation * random.normal()),
    kneeAngle_rad: Float64Array.from(times, kneeAt),
  };
}

const makeTrials = (muscles: readonly MuscleParameters[], noise = 0) => [
  makeTrial('walk', muscles, 0.9, 500, noise),
  makeTrial('run', muscles, 1.4, 400, noise),
  makeTrial('squat', muscles, 0.4, 600, noise),
];
const run = (trials: readonly CalibrationTrial[], more: Partial<CalibrationProblem> = {}): Calibration =>
  calibrate({ muscles: generic, trials, rate_Hz: 100, starts: 1, ...more });
const valueOf = (result: Calibration, name: string) => result.parameters.find((p) => p.name === name)?.value ?? Number.NaN;

describe('calibrate', () => {
  it('experiment', () => {
    for (const noise of [0, 0.05, 0.1]) {
      for (const tendon of [undefined, { vas_lat_r: 1.05, semimem_r: 0.97, med_gas_r: 1.02 , vas_med_r: .95}]) {
        const muscles = makeTrue({ ...truth, tendon: tendon as Record<string, number> });
        const trials = makeTrials(muscles, noise);
        const test = makeTrial('held out', muscles, 0.7, 600, 0);
        const sd = Math.sqrt(test.torque_Nm.reduce((s, v) => s + v * v, 0) / 600 - (test.torque_Nm.reduce((s, v) => s + v, 0) / 600) ** 2);
        for (const sharing of [{}, { tendon: 'muscle' as const }, { tendon: 'muscle' as const, fibre: 'muscle' as const }]) {
          const t0 = performance.now();
          const r = run(trials, { sharing, starts: 2 });
          const out = solveMuscles({ ...test, muscles: r.muscles, rate_Hz: 100 });
          const rms = Math.sqrt(out.torque_Nm.reduce((s, v, i) => s + (v - test.torque_Nm[i]) ** 2, 0) / 600) / sd;
          console.log(noise, tendon ? 'tendons' : 'no', JSON.stringify(sharing), (performance.now() - t0).toFixed(0) + 'ms', 'unexpl', r.unexplained.toExponential(2), 'heldout rel rms', rms.toFixed(4),
            Object.keys(truth.strength).map((g) => (valueOf(r, 'strength, ' + g) / truth.strength[g]).toFixed(3)).join(' '),
            'C', valueOf(r, 'filter C1').toFixed(2), valueOf(r, 'filter C2').toFixed(2), 'd', valueOf(r, 'electromechanical delay').toFixed(4), 'A', r.parameters.filter(p=>p.name.startsWith('shape')).map((p) => p.value.toFixed(2)).join(' '), 'starts', JSON.stringify(r.starts.map(s=>[s.cost.toExponential(2), s.iterations, s.reason])), 'bounds', r.parameters.filter((p) => p.at_bound).length);
        }
      }
    }
  }, 200000);
});
