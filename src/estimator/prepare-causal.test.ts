import { describe, expect, it } from 'vitest';
import { makeGenericLeg } from '../body/index.js';
import { cutRecording } from '../data/index.js';
import { changeChannel, loseSamples, makeTestRecording, testSpec } from './bundle.fixture.js';
import { makeKneeBody } from './knee.js';
import { prepareTrial } from './prepare.js';
import { designCausalAngle, designCausalEmg, makeCausalState, stepCausal } from './prepare-causal.js';

const knee = makeKneeBody(makeGenericLeg(), 'knee_angle_r');

function run(filter: ReturnType<typeof designCausalEmg>, samples: number, calc: (i: number) => number): number[] {
  const state = makeCausalState(filter);
  return Array.from({ length: samples }, (_, i) => stepCausal(filter, state, calc(i))).filter(
    (value) => value !== undefined,
  );
}

describe('causal filters', () => {
  it('make a frame of every factor-th sample, the first included', () => {
    const filter = designCausalAngle({ ...testSpec, motion: { ...testSpec.motion, lowpass_Hz: null } }, 100, 'motion');
    expect(run(filter, 5, (i) => i)).toEqual([0, 1, 2, 3, 4]);
    expect(run(designCausalAngle(testSpec, 300, 'motion'), 100, () => 0.7)).toHaveLength(34);
  });

  it('keep out what the common rate cannot hold, also where nothing else smooths', () => {
    const unsmoothed = { ...testSpec, motion: { ...testSpec.motion, lowpass_Hz: null } };
    // 110 Hz looks like 10 Hz at 100 Hz.
    const folded = (spec: typeof testSpec) =>
      run(designCausalAngle(spec, 500, 'motion'), 2000, (i) => Math.sin((2 * Math.PI * 110 * i) / 500)).slice(100);
    for (const spec of [unsmoothed, testSpec]) expect(Math.max(...folded(spec).map(Math.abs))).toBeLessThan(0.02);
  });

  it('hold an envelope back until it has risen to within 5 % of a constant amplitude', () => {
    const filter = designCausalEmg(testSpec, 2000, 'emg');
    const frames = run(filter, 4000, (i) => Math.sin((2 * Math.PI * 120 * i) / 2000));
    const first = frames.findIndex((value) => !Number.isNaN(value));
    expect(first).toBe(filter.settling);
    const settled = frames.at(-1)!;
    for (const value of frames.slice(first)) expect(Math.abs(value / settled - 1)).toBeLessThan(0.05);
  });

  it('lose each frame with a missing sample, and settle anew', () => {
    const filter = designCausalEmg(testSpec, 1000, 'emg');
    const frames = run(filter, 1000, (i) => (i === 501 ? Number.NaN : Math.sin(i)));
    const missing = frames.flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    const run9 = (from: number) => Array.from({ length: 9 }, (_, k) => from + k);
    expect(missing).toEqual([...run9(0), 51, ...run9(52)]);
  });

  it('refuse a rate that is no multiple', () => {
    expect(() => designCausalEmg(testSpec, 1111, 'EMG')).toThrow(/EMG: 1111 Hz.*1100 or 1200 Hz/);
  });
});

describe('prepareTrial, causal', () => {
  const prepare = (trial: ReturnType<typeof makeTestRecording>) => prepareTrial(trial, testSpec, knee, 'causal');

  it('lets no later sample change an earlier frame', () => {
    const trial = makeTestRecording();
    const short = { ...trial, emg: cutRecording(trial.emg, 0, 1.0005), motion: cutRecording(trial.motion, 0, 1.0005) };
    const [whole, part] = [prepare(trial), prepare(short)];
    expect(part.times_s).toHaveLength(101);
    const pairs = (['envelopes', 'angles', 'speeds', 'lengths_m', 'moment_arms_m'] as const).flatMap((name) =>
      part[name].map((series, c) => [series, whole[name][c]]),
    );
    for (const [series, longer] of pairs) expect(longer.subarray(0, 101)).toEqual(series);
  });

  it('lags the zero-phase preparation by the delay of a 2nd-order low-pass at 6 Hz', () => {
    const trial = makeTestRecording({ duration_s: 4 });
    const [causal, both] = [prepare(trial), prepareTrial(trial, testSpec, knee)];
    // √2 / (2π · 6 Hz) s.
    const shift = Math.round((100 * Math.SQRT2) / (2 * Math.PI * 6));
    const difference = (by: number) => {
      let sum = 0;
      for (let i = 100; i < 300; i++) sum += (causal.angles[1][i + by] - both.angles[1][i]) ** 2;
      return Math.sqrt(sum / 200);
    };
    expect(difference(shift)).toBeLessThan(0.015);
    expect(difference(0)).toBeGreaterThan(0.05);
  });

  it('starts at the latest start, warmed up by what came before it', () => {
    const trial = makeTestRecording();
    const late = { ...trial, motion: cutRecording(trial.motion, 0.495, 3) };
    const [whole, part] = [prepare(trial), prepare(late)];
    expect(part.times_s[0]).toBe(0.5);
    expect(part.envelopes[0]).toEqual(whole.envelopes[0].subarray(50));
    // The same where the EMG does not begin on a frame: 0.5 s later nothing is left of how its filters began.
    const odd = prepare({ ...late, emg: cutRecording(trial.emg, 0.0025, 3) });
    odd.envelopes[0].forEach((value, i) => {
      expect(value / part.envelopes[0][i]).toBeCloseTo(1, 4);
    });
  });

  it('says when samples fall between the frames, and that gaps are not bridged', () => {
    const trial = makeTestRecording();
    const late = { ...trial, motion: makeTestRecording({ start_s: 0.0004 }).motion };
    expect(prepare(late).notes.join()).toMatch(/fall between the frames; the newest one at each frame is 0.40 ms old/);
    const gap = changeChannel(trial, 'motion', 'knee_angle_r', loseSamples(50, 52));
    expect(prepare(gap).notes.join()).toMatch(/"knee_angle_r": 1 gaps are not bridged/);
    expect(Array.from(prepare(gap).angles[1].subarray(49, 53), Number.isNaN)).toEqual([false, true, true, false]);
  });
});
