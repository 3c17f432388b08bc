import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeExecutor } from '../cli/runtime/executors.js';
import {
  changeChannel,
  loseSamples,
  makeTestBundle,
  makeTestRecording,
  testSpec,
} from '../estimator/bundle.fixture.js';
import {
  type BundleKind,
  type Estimate,
  type Estimator,
  type EstimatorSpec,
  estimateTrial,
  isNetworkKind,
  loadEstimator,
  looksBack,
  type TrialRecordings,
} from '../estimator/index.js';
import { type LiveEstimator, type LiveFrame, type LiveSettings, makeLiveEstimator } from './live.js';

const executor = await makeExecutor('auto');

const load = (kind: BundleKind, change?: Partial<EstimatorSpec>) =>
  loadEstimator(makeTestBundle(kind, change), executor);
const estimateCausal = (estimator: Estimator, trial: TrialRecordings, id = 'p1') =>
  estimateTrial(estimator, trial, { id }, undefined, { filters: 'causal' });
const usual: LiveSettings = { id: 'p1', emg_rate_Hz: 1000, motion_rate_Hz: 100 };

/** Sample `i` of a trial's channels in the order that the live estimator wants. */
function pickSample(live: LiveEstimator, trial: TrialRecordings, role: 'emg' | 'motion', i: number): number[] {
  const names = role === 'emg' ? live.channels.map((muscle) => `EMG ${muscle}`) : live.coordinates;
  return names.map((name) => trial[role].channels.find((channel) => channel.name === name)!.values[i]);
}

/** Plays a trial, all samples due by each of the given times (s) at once, with a step after each. */
async function play(
  live: LiveEstimator,
  trial: TrialRecordings,
  times_s: Iterable<number>,
  from_s = Number.NEGATIVE_INFINITY,
): Promise<LiveFrame[]> {
  const frames: LiveFrame[] = [];
  const start_s = trial.emg.channels[0].clock.times_s[0];
  let after_s = from_s;
  for (const time_s of times_s) {
    for (const role of ['emg', 'motion'] as const) {
      const { times_s: stamps } = trial[role].channels[0].clock;
      stamps.forEach((stamp, i) => {
        const at_s = stamp - start_s;
        if (at_s <= after_s || at_s > time_s) return;
        const values = pickSample(live, trial, role, i);
        if (role === 'emg') live.pushEmg(values);
        else live.pushMotion(values);
      });
    }
    after_s = time_s;
    frames.push(...(await live.step()));
  }
  return frames;
}

const evenly = (step_s: number, end_s: number) =>
  Array.from({ length: Math.ceil(end_s / step_s) + 1 }, (_, k) => k * step_s + 1e-6);

/** Muscles to the last bit; networks to single precision, for a batch of another size may be summed in another order. */
function expectEqual(frames: readonly LiveFrame[], batch: Estimate, estimator: Estimator): void {
  const { kind, spec } = estimator.bundle;
  const windowed = looksBack(kind);
  const future = windowed ? spec.window.future : 0;
  expect(frames.map(({ frame }) => frame)).toEqual(Array.from({ length: batch.times_s.length - future }, (_, i) => i));
  for (const live of frames) {
    const i = live.frame;
    const nms = batch.torque_Nm_per_kg.nms![i];
    const torque = batch.torque_Nm_per_kg[kind]![i];
    expect(live.nms_torque_Nm_per_kg).toBe(nms);
    expect(live.nms_torque_Nm).toBe(nms * batch.mass_kg);
    expect(Array.from(live.activations)).toEqual(batch.activations.map((series) => series[i]));
    expect(Array.from(live.forces_N)).toEqual(batch.forces_N.map((series) => series[i]));
    expect(live.time_s).toBeCloseTo(batch.times_s[i] - batch.times_s[0], 9);
    const full = !windowed || i >= spec.window.past;
    expect(live.torque_Nm_per_kg === null).toBe(!full);
    if (!full || Number.isNaN(torque)) {
      expect(torque).toBeNaN();
      if (full) expect(live.torque_Nm_per_kg).toBeNaN();
    } else {
      expect(Math.abs(live.torque_Nm_per_kg! - torque)).toBeLessThan(isNetworkKind(kind) ? 1e-6 : 1e-15);
      expect(live.torque_Nm).toBe(live.torque_Nm_per_kg! * batch.mass_kg);
    }
  }
}

const countPredicted = (batch: Estimate, kind: BundleKind) =>
  batch.torque_Nm_per_kg[kind]!.filter((value) => Number.isFinite(value)).length;

describe('live', () => {
  const future = { window: { past: 12, future: 6, step: 3 } };
  it.each<[BundleKind, Partial<EstimatorSpec>]>([
    ['hybrid', {}],
    ['hybrid', future],
    ['network', future],
    ['residual_ridge', {}],
    ['residual_nms', future],
    ['svr', future],
    ['forest', {}],
    ['ridge', future],
    ['nms', future],
    ['mean', {}],
    ['hybrid', { torque: { ...testSpec.torque, positive: 'flexion' } }],
    ['network', { motion: { ...testSpec.motion, speeds: false, lowpass_Hz: null } }],
  ])('%s equals the causal batch frame by frame (%j)', async (kind, change) => {
    const estimator = await load(kind, change);
    const trial = makeTestRecording();
    const batch = await estimateCausal(estimator, trial);
    expect(countPredicted(batch, kind)).toBeGreaterThan(150);
    const frames = await play(makeLiveEstimator(estimator, usual), trial, evenly(0.01, 2));
    expectEqual(frames, batch, estimator);
  });

  it.each([
    [2000, 100],
    [1000, 200],
    [100, 300],
  ])('takes EMG at %i Hz and motion at %i Hz', async (emg_rate_Hz, motion_rate_Hz) => {
    const change: Partial<EstimatorSpec> = emg_rate_Hz === 100 ? { emg: { ...testSpec.emg, kind: 'envelope' } } : {};
    const estimator = await load('ridge', change);
    const kind = emg_rate_Hz === 100 ? 'envelope' : 'raw';
    const trial = makeTestRecording({ emg_rate_Hz, motion_rate_Hz, kind, duration_s: 1.5 });
    const batch = await estimateCausal(estimator, trial);
    expect(countPredicted(batch, 'ridge')).toBeGreaterThan(100);
    const frames = await play(
      makeLiveEstimator(estimator, { id: 'p1', emg_rate_Hz, motion_rate_Hz }),
      trial,
      evenly(0.01, 1.5),
    );
    expectEqual(frames, batch, estimator);
  });

  it('corrects the muscles of the right frames after its rings have gone round, however late a step comes', async () => {
    const estimator = await load('residual_nms', { ...future, emg: { ...testSpec.emg, kind: 'envelope' } });
    const trial = makeTestRecording({ emg_rate_Hz: 100, kind: 'envelope', duration_s: 22 });
    const live = makeLiveEstimator(estimator, { ...usual, emg_rate_Hz: 100 });
    const frames = await play(live, trial, evenly(9.3, 22));
    expectEqual(frames, await estimateCausal(estimator, trial), estimator);
  });

  it('equals the batch after its rings of 10 s have gone round more than once', async () => {
    const estimator = await load('ridge', { ...future, emg: { ...testSpec.emg, kind: 'envelope' } });
    const trial = makeTestRecording({ emg_rate_Hz: 100, kind: 'envelope', duration_s: 25 });
    const live = makeLiveEstimator(estimator, { ...usual, emg_rate_Hz: 100 });
    const frames = await play(live, trial, evenly(0.37, 25));
    expectEqual(frames, await estimateCausal(estimator, trial), estimator);
  });

  it('gives the same frames however samples are cut into chunks', async () => {
    const estimator = await load('ridge', future);
    const trial = makeTestRecording({ duration_s: 1 });
    const whole = await play(makeLiveEstimator(estimator, usual), trial, [1 + 1e-6]);
    expect(whole).toHaveLength(101 - 6);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), async (cuts) => {
        const times = [...cuts.sort((a, b) => a - b), 1 + 1e-6];
        expect(await play(makeLiveEstimator(estimator, usual), trial, times)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('gives NaN as long as a missing sample is in the window, and recovers, as the batch does', async () => {
    const estimator = await load('hybrid');
    const trial = changeChannel(
      changeChannel(makeTestRecording({ duration_s: 3 }), 'emg', 'EMG rect_fem_r', loseSamples(1003, 1004)),
      'motion',
      'knee_angle_r',
      loseSamples(200, 204),
    );
    const batch = await estimateCausal(estimator, trial);
    const frames = await play(makeLiveEstimator(estimator, usual), trial, evenly(0.03, 3));
    expectEqual(frames, batch, estimator);
    const missing = frames.flatMap(({ torque_Nm_per_kg, frame }) => (Number.isNaN(torque_Nm_per_kg) ? [frame] : []));
    // At the start: 9 frames in which the envelopes rise, and 2 more to pass the muscles' delay of 15 ms. After EMG sample 1003, which frame 101
    // needs: the same, and the window. After the angles: one more for the speed.
    const { past } = estimator.bundle.spec.window;
    const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);
    expect(missing).toEqual([...run(past, past + 8 + 2), ...run(101, 101 + 9 + 2 + past), ...run(200, 204 + past)]);
  });

  it('takes an infinite sample as missing, and forgets it', async () => {
    const estimator = await load('ridge');
    const trial = makeTestRecording();
    const spoil = (value: number) =>
      changeChannel(trial, 'motion', 'hip_flexion_r', (channel) => ({
        ...channel,
        values: channel.values.map((angle, i) => (i === 50 ? value : angle)),
      }));
    const frames = await play(makeLiveEstimator(estimator, usual), spoil(Number.POSITIVE_INFINITY), evenly(0.05, 2));
    expect(frames).toEqual(await play(makeLiveEstimator(estimator, usual), spoil(Number.NaN), evenly(0.05, 2)));
    expect(frames.at(-1)!.torque_Nm_per_kg).toBeTypeOf('number');
  });

  it('goes on from a copy of its state, and memory does not grow', async () => {
    const estimator = await load('ridge', future);
    const trial = makeTestRecording();
    const live = makeLiveEstimator(estimator, usual);
    await play(live, trial, evenly(0.01, 0.8));
    const copy = structuredClone(live.state);
    const times = evenly(0.01, 2).filter((time) => time > 0.8 + 1e-3);
    const rest = await play(live, trial, times, 0.8 + 1e-6);
    expect(rest.length).toBeGreaterThan(100);
    const again = await play(makeLiveEstimator(estimator, usual, copy), trial, times, 0.8 + 1e-6);
    expect(again).toEqual(rest);
    const sizes = ({ emg, motion, window, muscles, knee }: typeof copy) => [
      emg.frames.length,
      motion.frames.length,
      window.values.length,
      window.complete.length,
      muscles.length,
      ...knee.muscles.activations.map(({ recent }) => recent.length),
    ];
    expect(sizes(live.state)).toEqual(sizes(copy));
  });

  it('does not look at the future: later samples change no earlier frame', async () => {
    const estimator = await load('network');
    const trial = makeTestRecording();
    const other = makeTestRecording({ seed: 'other' });
    const join = (role: 'emg' | 'motion', cut: number) => ({
      ...trial[role],
      channels: trial[role].channels.map((channel, c) => ({
        ...channel,
        values: channel.values.map((value, i) => (i <= cut ? value : other[role].channels[c].values[i])),
      })),
    });
    const changed = { ...trial, emg: join('emg', 1000), motion: join('motion', 100) };
    const [a, b] = [await estimateCausal(estimator, trial), await estimateCausal(estimator, changed)];
    const [x, y] = [a, b].map(({ torque_Nm_per_kg }) => Array.from(torque_Nm_per_kg.network!));
    expect(y.slice(0, 101)).toEqual(x.slice(0, 101));
    expect(y.slice(101)).not.toEqual(x.slice(101));
  });

  it('says how late it is', async () => {
    const present = makeLiveEstimator(await load('ridge'), usual);
    const ahead = makeLiveEstimator(await load('ridge', future), usual);
    const muscles = makeLiveEstimator(await load('nms', future), usual);
    expect([present, ahead, muscles].map(({ fitForRealTime }) => fitForRealTime)).toEqual([true, false, true]);
    expect(ahead.latency_s - present.latency_s).toBeCloseTo(0.06, 12);
    expect(muscles.latency_s).toBe(present.latency_s);
  });

  it('knows somebody new, and lets coordinates be fewer', async () => {
    const estimator = await load('nms');
    const live = makeLiveEstimator(estimator, {
      mass_kg: 60,
      emg_rate_Hz: 1000,
      motion_rate_Hz: 100,
      coordinates: ['knee_angle_r', 'hip_flexion_r'],
    });
    expect(live.mass_kg).toBe(60);
    expect(live.notes.join()).toMatch(/not trained on.*default: hip_adduction_r, ankle_angle_r/s);
    expect(live.notes.join()).toMatch(/trained on zero-phase filters.*filters: causal/);
    const fit = makeLiveEstimator(await load('nms', { filters: 'causal' }), usual);
    expect(fit.notes.join()).not.toMatch(/zero-phase/);
    const trial = makeTestRecording();
    const fewer = { ...trial.motion, channels: [trial.motion.channels[2], trial.motion.channels[0]] };
    const batch = await estimateTrial(estimator, { ...trial, motion: fewer }, { mass_kg: 60 }, undefined, {
      filters: 'causal',
    });
    expectEqual(await play(live, trial, evenly(0.1, 2)), batch, estimator);
  });

  it('refuses what it cannot do, and says how to mend it', async () => {
    const estimator = await load('ridge');
    const make = (change: Partial<LiveSettings>) => () => makeLiveEstimator(estimator, { ...usual, ...change });
    expect(make({ emg_rate_Hz: 1926 })).toThrow(/emg_rate_Hz: 1926 Hz.*100 Hz.*1900 or 2000 Hz/);
    expect(make({ motion_rate_Hz: 60 })).toThrow(/motion_rate_Hz: 60 Hz.*100 or 200 Hz/);
    expect(make({ coordinates: ['knee_angle_r'] })).toThrow(/need "hip_flexion_r"/);
    expect(make({ id: undefined, mass_kg: -3 })).toThrow(/mass_kg is -3/);
    expect(make({ emg_maxima: [1, 2] })).toThrow(/one positive number for each of vas_lat_r/);
    const live = make({})();
    expect(() => live.pushEmg([1, 2])).toThrow(/2 values for 4 channels/);
    expect(() => live.pushMotion([0, 0, -60, 0])).toThrow(/hip_adduction_r is -60 rad: these are degrees/);
    const { state } = makeLiveEstimator(await load('ridge', future), usual);
    expect(() => makeLiveEstimator(estimator, usual, state)).toThrow(/state: it is of another model/);
    const smooth = makeLiveEstimator(await load('ridge', { emg: { ...testSpec.emg, kind: 'envelope' } }), usual);
    expect(() => smooth.pushEmg([0, 0, 0, -1e-5])).not.toThrow();
    expect(() => smooth.pushEmg([0, 0, 0, -2e-4])).toThrow(/med_gas_r is -0.000200: the model wants envelopes/);
  });

  it('refuses a sample that nobody fetches, and takes it later', async () => {
    const live = makeLiveEstimator(await load('nms'), { id: 'p1', emg_rate_Hz: 1000, motion_rate_Hz: 100 });
    const push = () => live.pushMotion([0, -0.5, 0, 0]);
    for (let i = 0; i < 1000; i++) push();
    expect(push).toThrow(/motion: 1000 frames wait.*step\(\)/);
    for (let i = 0; i < 1000; i++) live.pushEmg([0, 0, 0, 0]);
    expect(await live.step()).toHaveLength(100);
    expect(push).not.toThrow();
  });

  it('refuses a step while another runs', async () => {
    const live = makeLiveEstimator(await load('network'), usual);
    const trial = makeTestRecording({ duration_s: 0.5 });
    await play(live, trial, [0.4]);
    live.pushEmg([0, 0, 0, 0]);
    const first = live.step();
    await expect(live.step()).rejects.toThrow(/has not finished/);
    await first;
    await expect(live.step()).resolves.toEqual([]);
  });
});
