import { describe, expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { type Calibration, type CalibrationProblem, calibrate } from './calibrate.js';
import { type CalibrationTrial, gatherFrames } from './calibration-frames.js';
import { makeCalibrationObjective } from './calibration-objective.js';
import { buildParameters, defaultBounds, defaultWeights } from './calibration-parameters.js';
import { buildExcitationMap, calcExcitations } from './excitation-map.js';
import { ceinmsStiffTendon } from './hill/ceinms.js';
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
const electrodes = [
  'semimem_r',
  'bifemlh_r',
  'rect_fem_r',
  'vas_med_r',
  'vas_lat_r',
  'med_gas_r',
  'lat_gas_r',
  'sar_r',
  'grac_r',
  'tfl_r',
];

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
function makeTrial(
  name: string,
  muscles: readonly MuscleParameters[],
  cadence_Hz: number,
  frames = 500,
  noise = 0,
): CalibrationTrial {
  const rate_Hz = 100;
  const random = makeRandom(name);
  const wave = (harmonics: number, size: number) => {
    const terms = Array.from({ length: harmonics }, (_, k) => [
      random.normal() / (k + 1),
      6.283 * random.uniform(),
      k + 1,
    ]);
    return (t: number) =>
      terms.reduce((sum, [a, p, k]) => sum + size * a * Math.sin(6.283 * cadence_Hz * k * t + p), 0);
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
  const excitations = calcExcitations(
    buildExcitationMap(
      generic.map((m) => m.name),
      electrodes,
    ),
    channels,
  );
  const lengthAt = (m: number, t: number) => {
    const [, , fibre, tendon, pennation, r0, r1, hipArm] = table[m];
    const angle = kneeAt(t) + 0.6;
    return (
      tendon +
      0.92 * fibre * Math.cos((pennation * Math.PI) / 180) -
      r0 * angle -
      (r1 * angle ** 2) / 2 -
      hipArm * hip(t)
    );
  };
  const forEach = (f: (m: number, t: number) => number) =>
    table.map((_, m) => Float64Array.from(times, (t) => f(m, t)));
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
const readValue = (result: Calibration, name: string) =>
  result.parameters.find((p) => p.name === name)?.value ?? Number.NaN;

const groupNames = ['quadriceps', 'hamstrings', 'gastrocnemius', 'other'];
const errorsOf = (result: Calibration, names = groupNames) =>
  names.map((group) => Math.abs(readValue(result, `strength, ${group}`) / truth.strength[group] - 1));

describe('calibrate', () => {
  it('recovers the strengths from noiseless trials within 2 %', () => {
    const trials = makeTrials(makeTrue(truth));
    const held = run(trials);
    // The priors of small muscles outweigh what torque says of them, so sartorius, gracilis and tensor fasciae latae keep a bias.
    for (const error of errorsOf(held, groupNames.slice(0, 3))) expect(error).toBeLessThan(0.02);
    expect(errorsOf(held, ['other'])[0]).toBeLessThan(0.08);
    const weak = { strength: 1e-7, tendon: 1e-4, fibre: 1e-4, A: 1e-7, C1: 1e-7, C2: 1e-7, delay: 1e-7 };
    const free = run(trials, { weights: weak });
    for (const error of errorsOf(free)) expect(error).toBeLessThan(0.02);
    expect(readValue(free, 'electromechanical delay')).toBeCloseTo(truth.delay_s, 2);
    for (const group of groupNames) expect(readValue(free, `shape A, ${group}`)).toBeCloseTo(truth.A, 0);
    expect(free.unexplained).toBeLessThan(1e-5);
  });

  it('recovers the strengths from noisy trials within 15 %, and predicts a trial it has not seen', () => {
    const muscles = makeTrue({ ...truth, tendon: { vas_lat_r: 1.05, semimem_r: 0.97, med_gas_r: 1.02 } });
    const result = run(makeTrials(muscles, 0.05));
    for (const error of errorsOf(result)) expect(error).toBeLessThan(0.15);
    expect(result.unexplained).toBeGreaterThan(0.002); // the noise itself is 0.0025 of the variance
    expect(result.unexplained).toBeLessThan(0.003);
    const unseen = makeTrial('unseen', muscles, 0.7);
    const rmsOf = (of: readonly MuscleParameters[]) => {
      const { torque_Nm } = solveMuscles({ ...unseen, muscles: of, rate_Hz: 100 });
      return Math.sqrt(torque_Nm.reduce((sum, v, i) => sum + (v - unseen.torque_Nm[i]) ** 2, 0) / torque_Nm.length);
    };
    expect(rmsOf(result.muscles)).toBeLessThan(0.1 * rmsOf(generic));
  });

  it('gives the same numbers again, reports falling costs, and the best of its starts', () => {
    const trials = makeTrials(makeTrue(truth), 0.02).slice(0, 2);
    const seen: string[] = [];
    const options: Partial<CalibrationProblem> = { starts: 3, seed: 'here', maxFrames: 300, maxIterations: 12 };
    const first = run(trials, { ...options, onProgress: (p) => seen.push(`${p.start}/${p.starts}`) });
    expect(run(trials, options)).toEqual(first);
    expect(first.starts.length).toBe(3);
    expect(new Set(seen)).toEqual(new Set(['0/3', '1/3', '2/3']));
    expect(first.cost).toBeLessThanOrEqual(Math.min(...first.starts.map((s) => s.cost)));
    expect(first.costHistory.at(-1)).toBe(first.cost);
    first.costHistory.forEach((cost, i) => {
      if (i > 0) expect(cost).toBeLessThan(first.costHistory[i - 1]);
    });
    expect(run(trials, { ...options, seed: 'there' }).starts[1].cost).not.toBe(first.starts[1].cost);
    expect(first.frames.reduce((sum, { used }) => sum + used, 0)).toBeLessThanOrEqual(300);
    expect(first.notes.join(' ')).toMatch(/One in \d+ of \d+ usable frames/);
  });

  it('has a Jacobian that agrees with central differences of its residuals', () => {
    const trials = makeTrials(makeTrue(truth));
    const sharing = { tendon: 'muscle', fibre: 'muscle', A: 'all' } as const;
    const groups = generic.map((m) => findKneeGroup(m.name));
    const parameters = buildParameters(generic, groups, sharing, defaultBounds, defaultWeights, 1);
    const frames = gatherFrames(generic, trials, 100, 0.12, 150, 'extension');
    const objective = makeCalibrationObjective(generic, parameters, frames, 100, ceinmsStiffTendon);
    const random = makeRandom('point');
    const values = Float64Array.from(parameters, (p) => p.lower + (0.3 + 0.4 * random.uniform()) * (p.upper - p.lower));
    const rows = objective.residualCount;
    const jacobian = new Float64Array(rows * parameters.length);
    const [residuals, plus, minus] = [0, 1, 2].map(() => new Float64Array(rows));
    objective.calcResidualsInto(residuals, values);
    objective.calcJacobianInto(jacobian, values, residuals);
    parameters.forEach((p, j) => {
      const step = 1e-5 * (p.upper - p.lower);
      objective.calcResidualsInto(plus, values.with(j, values[j] + step));
      objective.calcResidualsInto(minus, values.with(j, values[j] - step));
      let difference = 0;
      let size = 0;
      for (let i = 0; i < rows; i++) {
        difference = Math.max(difference, Math.abs((plus[i] - minus[i]) / (2 * step) - jacobian[j * rows + i]));
        size = Math.max(size, Math.abs(jacobian[j * rows + i]));
      }
      expect(difference).toBeLessThan(2e-3 * size);
    });
  });

  it('leaves masked and missing frames out, whatever they hold', () => {
    const clean = makeTrials(makeTrue(truth))[0];
    const mask = new Uint8Array(500).fill(1);
    mask.fill(0, 200, 240);
    const spoiled = {
      ...clean,
      mask,
      torque_Nm: clean.torque_Nm.map((v, i) => (i >= 200 && i < 240 ? 1e6 : i === 300 ? Number.NaN : v)),
      excitations: clean.excitations.map((e, m) => (m === 2 ? e.with(400, Number.NaN) : e)),
      lengths_m: clean.lengths_m.map((l, m) => (m === 5 ? l.with(310, Number.NaN) : l)),
    };
    const result = run([spoiled], { maxIterations: 15 });
    // 13 leading frames, 40 masked, 2 missing, and 14 whose excitation may come from the missing one.
    expect(result.frames).toEqual([{ trial: 'walk', frames: 500, usable: 500 - 13 - 40 - 2 - 14, used: 431 }]);
    expect(result.unexplained).toBeLessThan(1e-3);
  });

  it('warns of every parameter at a bound, and of those without effect', () => {
    const muscles = makeTrue({ ...truth, strength: { ...truth.strength, quadriceps: 4 } });
    const trials = [makeTrial('walk', muscles, 0.9)].map((trial) => ({
      ...trial,
      momentArms_m: trial.momentArms_m.map((arm, m) =>
        findKneeGroup(table[m][0]) === 'other' ? arm.map(() => 0) : arm,
      ),
    }));
    const result = run(trials, { bounds: { tendon: [0.99, 1.01] } });
    const stuck = result.parameters.filter((p) => p.at_bound);
    expect(stuck.map((p) => p.name)).toContain('strength, quadriceps');
    expect(stuck.find((p) => p.name === 'strength, quadriceps')?.at_bound).toBe('upper');
    for (const { name } of stuck) expect(result.warnings.some((w) => w.includes(`${name} ended at its`))).toBe(true);
    expect(result.warnings.some((w) => w.startsWith('The strength, other has no effect'))).toBe(true);
    for (const p of result.parameters) expect(p.value >= p.lower && p.value <= p.upper).toBe(true);
  });

  it('finds the factor of the passive knee torque', () => {
    const trials = makeTrials(makeTrue(truth)).map((trial) => {
      // Deep flexion and hyperextension, where passive torque matters.
      const angle = trial.kneeAngle_rad?.map((a) => -1.1 + 2 * (a + 0.6)) ?? new Float64Array(0);
      const torque_Nm = trial.torque_Nm.map((v, i) => v + 0.6 * calcPassiveKneeTorque(angle[i], 'extension'));
      return { ...trial, kneeAngle_rad: angle, torque_Nm };
    });
    const result = run(trials, { passive: { positive: 'extension', scale: 1 } });
    expect(result.passiveScale).toBeCloseTo(0.6, 1);
  });

  it('refuses trials and settings it cannot use', () => {
    const trial = makeTrial('walk', generic, 0.9, 100);
    const refuse = (more: Partial<CalibrationTrial>, message: RegExp, options: Partial<CalibrationProblem> = {}) =>
      expect(() => run([{ ...trial, ...more }], options)).toThrow(message);
    refuse({ torque_Nm: new Float64Array(99) }, /trial walk: torque_Nm has 99 frames where 100/);
    refuse({ mask: new Uint8Array(100) }, /no usable frame/);
    refuse({ torque_Nm: new Float64Array(100) }, /does not change/);
    refuse({ excitations: [] }, /excitations has 0 arrays for 13 muscles/);
    refuse({ kneeAngle_rad: undefined }, /knee angle is missing/, { passive: { positive: 'extension', scale: 1 } });
    refuse({}, /bounds \[2, 1\]/, { bounds: { strength: [2, 1] } });
    refuse({}, /2 groups for 13/, { groups: ['a', 'b'] });
    refuse({}, /sampling rate is 0/, { rate_Hz: 0 });
    refuse({}, /max_isometric_force_N is -1/, { muscles: generic.map((m) => ({ ...m, max_isometric_force_N: -1 })) });
    expect(() => run([])).toThrow(/no trial/);
  });
});
