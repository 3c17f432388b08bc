import { describe, expect, it } from 'vitest';
import { makeExecutor } from '../cli/runtime/executors.js';
import { cutRecording, GenuError } from '../data/index.js';
import { changeChannel, loseSamples, makeTestBundle, makeTestRecording, testSpec } from './bundle.fixture.js';
import { estimateTrial } from './estimate.js';
import { loadEstimator } from './load.js';

const executor = await makeExecutor('auto');

const trial = makeTestRecording();
const muscles = await loadEstimator(makeTestBundle('nms'), executor);
const hybrid = await loadEstimator(makeTestBundle('hybrid'), executor);
const known = { id: 'p1' };
const listMissing = (series: Float64Array) =>
  Array.from(series).flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);

describe('estimateTrial', () => {
  it('gives each frame with a whole window a torque of every model', async () => {
    const { torque_Nm_per_kg, times_s, mass_kg } = await estimateTrial(hybrid, trial, known, 'walking');
    expect(mass_kg).toBe(70);
    expect(times_s).toHaveLength(201);
    const { past } = testSpec.window;
    // Geometry gives every frame; the muscles' delay holds the first excitation, so theirs are whole too.
    expect(listMissing(torque_Nm_per_kg.nms!)).toEqual([]);
    for (const kind of ['ridge', 'hybrid'] as const) {
      expect(listMissing(torque_Nm_per_kg[kind]!)).toEqual(run(0, past - 1));
    }
    expect(new Set(torque_Nm_per_kg.mean)).toEqual(new Set([0.125]));
    const other = await estimateTrial(hybrid, trial, known, 'swimming');
    expect(new Set(other.torque_Nm_per_kg.mean)).toEqual(new Set([0.25]));
  });

  it('averages the members of the ensemble', async () => {
    const { bundle } = hybrid;
    const alone = await Promise.all(
      bundle.network!.members.map(async (member) => {
        const single = { ...bundle, network: { ...bundle.network!, members: [member] } };
        return estimateTrial(await loadEstimator(single, executor), trial, known);
      }),
    );
    const together = (await estimateTrial(hybrid, trial, known)).torque_Nm_per_kg.hybrid!;
    const [a, b] = alone.map(({ torque_Nm_per_kg }) => torque_Nm_per_kg.hybrid!);
    expect(Math.abs(a[100] - b[100])).toBeGreaterThan(1e-3);
    for (let i = 20; i < together.length; i++) expect(together[i]).toBeCloseTo((a[i] + b[i]) / 2, 6);
    expect(alone[0].spread_Nm_per_kg).toBeUndefined();
    const { spread_Nm_per_kg } = await estimateTrial(hybrid, trial, known);
    expect(listMissing(spread_Nm_per_kg!)).toEqual(run(0, 19));
    for (let i = 20; i < together.length; i++) expect(spread_Nm_per_kg![i]).toBeCloseTo(Math.abs(a[i] - b[i]) / 2, 6);
  });

  it.each(['residual_ridge', 'residual_nms'] as const)('%s adds its networks to its base', async (kind) => {
    const estimator = await loadEstimator(makeTestBundle(kind), executor);
    const { torque_Nm_per_kg } = await estimateTrial(estimator, trial, known);
    const correction = (await estimateTrial(hybrid, trial, known)).torque_Nm_per_kg.hybrid!;
    const base = torque_Nm_per_kg[kind === 'residual_nms' ? 'nms' : 'ridge']!;
    // The test bundles of both kinds have the same networks.
    torque_Nm_per_kg[kind]!.forEach((torque, i) => {
      if (i < 20) expect(torque).toBeNaN();
      else expect(torque).toBeCloseTo(base[i] + correction[i], 9);
    });
  });

  it('turns every sign when the spec calls the other direction positive', async () => {
    const flexion = { torque: { ...testSpec.torque, positive: 'flexion' as const } };
    const turned = await estimateTrial(await loadEstimator(makeTestBundle('nms', flexion), executor), trial, known);
    const usual = await estimateTrial(muscles, trial, known);
    expect(Array.from(turned.torque_Nm_per_kg.nms!)).toEqual(Array.from(usual.torque_Nm_per_kg.nms!, (x) => -x));
    expect(turned.forces_N).toEqual(usual.forces_N);
    // The vasti extend: more of them, more extension torque.
    const strong = {
      ...trial,
      emg: {
        ...trial.emg,
        channels: trial.emg.channels.map((c) =>
          c.name === 'EMG vas_lat_r' ? { ...c, values: c.values.map((x) => 2 * x) } : c,
        ),
      },
    };
    const more = (await estimateTrial(muscles, strong, known)).torque_Nm_per_kg.nms!;
    expect(Array.from(more).every((torque, i) => torque >= usual.torque_Nm_per_kg.nms![i])).toBe(true);
  });
});

describe('somebody new', () => {
  it('is the average, and the notes say so', async () => {
    const unknown = await estimateTrial(muscles, trial, { id: 'x9' });
    expect(unknown.mass_kg).toBe(80);
    expect(unknown.notes[0]).toMatch(/"x9" the model was not trained on.*average maxima, which other electrodes/);
    const named = await estimateTrial(muscles, trial, { mass_kg: 60, emg_maxima: [2e-4, 2e-4, 2e-4, 2e-4] });
    expect(named.notes[0]).toMatch(/^Somebody the model.*, forces scaled to the mass\.$/);
    expect((await estimateTrial(muscles, trial, known)).notes.join()).not.toMatch(/not trained on/);
  });

  it('has forces in proportion to the mass, and so the same torque per kg', async () => {
    const [light, heavy] = await Promise.all([40, 100].map((mass_kg) => estimateTrial(muscles, trial, { mass_kg })));
    light.forces_N.forEach((series, m) => {
      series.forEach((force, i) => {
        expect(heavy.forces_N[m][i]).toBeCloseTo(2.5 * force, 6);
      });
    });
    // But for the passive torque of the knee, which is below 0.1 N·m here.
    light.torque_Nm_per_kg.nms!.forEach((torque, i) => {
      expect(Math.abs(heavy.torque_Nm_per_kg.nms![i] - torque)).toBeLessThan(0.1 / 40);
    });
  });

  it('brings own maxima, which divide the envelopes', async () => {
    const emg_maxima = [1e-4, 2e-4, 3e-4, 4e-4];
    for (const subject of [{ emg_maxima }, { ...known, emg_maxima }]) {
      const { envelopes, prepared } = await estimateTrial(muscles, trial, subject);
      expect(envelopes[3][100]).toBe(prepared.envelopes[3][100] / 4e-4);
    }
  });

  it('cannot have a mass or maxima that nobody has', async () => {
    await expect(estimateTrial(muscles, trial, { mass_kg: 0 })).rejects.toThrow(/mass_kg is 0/);
    await expect(estimateTrial(muscles, trial, { id: 'p1', emg_maxima: [1] })).rejects.toThrow(
      /participant "p1".*rect_fem_r/,
    );
    await expect(estimateTrial(muscles, trial, { emg_maxima: [1, 1, 0, 1] })).rejects.toThrow(GenuError);
  });
});

describe('a recording', () => {
  it('without a channel is refused by its name', async () => {
    const without = (role: 'emg' | 'motion', name: string) => ({
      ...trial,
      [role]: { ...trial[role], channels: trial[role].channels.filter((channel) => channel.name !== name) },
    });
    const estimate = (...given: Parameters<typeof without>) => estimateTrial(muscles, without(...given), known);
    await expect(estimate('emg', 'EMG bifemlh_r')).rejects.toThrow(
      /test trial: EMG: there is no channel "EMG bifemlh_r"/,
    );
    await expect(estimate('motion', 'knee_angle_r')).rejects.toThrow(/motion: there is no channel "knee_angle_r"/);
    const { notes } = await estimate('motion', 'ankle_angle_r');
    expect(notes.join()).toMatch(/default: ankle_angle_r = 0/);
  });

  it('in degrees, or in no unit at all, is refused', async () => {
    const degrees = changeChannel(trial, 'motion', 'knee_angle_r', (channel) => ({
      ...channel,
      values: channel.values.map((angle) => (angle * 180) / Math.PI),
    }));
    await expect(estimateTrial(muscles, degrees, known)).rejects.toThrow(
      /"knee_angle_r" reaches 6\d rad: these are degrees.*motion\.unit: deg/,
    );
    const unsaid = changeChannel(trial, 'motion', 'knee_angle_r', (channel) => ({ ...channel, unit: '?' }));
    await expect(estimateTrial(muscles, unsaid, known)).rejects.toThrow(/does not say whether "knee_angle_r"/);
  });

  it('with a dead electrode is refused', async () => {
    const dead = changeChannel(trial, 'emg', 'EMG rect_fem_r', (channel) => ({
      ...channel,
      values: channel.values.map(() => 3e-6),
    }));
    await expect(estimateTrial(muscles, dead, known)).rejects.toThrow(/"EMG rect_fem_r": it never changes/);
  });

  it('bridges a gap of 0.1 s, and says so', async () => {
    const gap = changeChannel(trial, 'motion', 'knee_angle_r', loseSamples(100, 110));
    const bridged = await estimateTrial(hybrid, gap, known);
    expect(bridged.notes.join()).toMatch(/"knee_angle_r": 1 short gaps/);
    expect(listMissing(bridged.torque_Nm_per_kg.hybrid!)).toEqual(run(0, 19));
    const whole = await estimateTrial(hybrid, trial, known);
    expect(Math.abs(bridged.prepared.angles[1][105] - whole.prepared.angles[1][105])).toBeLessThan(0.02);
  });

  it('leaves out just the frames whose window meets a longer gap', async () => {
    const gap = changeChannel(trial, 'motion', 'knee_angle_r', loseSamples(100, 111));
    const { notes, torque_Nm_per_kg } = await estimateTrial(hybrid, gap, known);
    expect(notes.join()).toMatch(/1 longer gaps \(up to 0\.11 s\) stay missing/);
    expect(listMissing(torque_Nm_per_kg.nms!)).toEqual(run(100, 110));
    expect(listMissing(torque_Nm_per_kg.hybrid!)).toEqual([...run(0, 19), ...run(100, 110 + testSpec.window.past)]);
  });

  it('whose files share no time is refused', async () => {
    const apart = { ...trial, motion: makeTestRecording({ start_s: 5 }).motion };
    await expect(estimateTrial(muscles, apart, known)).rejects.toThrow(/share no time/);
  });

  it('is estimated over the time that its files share', async () => {
    const part = { ...trial, motion: cutRecording(trial.motion, 0.495, 1.505) };
    const { times_s } = await estimateTrial(muscles, part, known);
    expect([times_s[0], times_s[100], times_s.length]).toEqual([0.5, 1.5, 101]);
  });

  it('gives nearly the same torque at other rates', async () => {
    // The noise of raw EMG differs from rate to rate; envelopes are functions of time.
    const smooth = await loadEstimator(makeTestBundle('nms', { emg: { ...testSpec.emg, kind: 'envelope' } }), executor);
    const estimate = async (emg_rate_Hz: number, motion_rate_Hz: number) => {
      const recordings = makeTestRecording({ emg_rate_Hz, motion_rate_Hz, kind: 'envelope', duration_s: 3 });
      return (await estimateTrial(smooth, recordings, known)).torque_Nm_per_kg.nms!;
    };
    const [usual, faster, odd] = [await estimate(1000, 100), await estimate(2000, 200), await estimate(1926, 120)];
    expect(usual.reduce((most, torque) => Math.max(most, torque), 0)).toBeGreaterThan(0.2);
    for (const torque of [faster, odd]) {
      for (let i = 20; i < 280; i++) expect(Math.abs(torque[i] - usual[i])).toBeLessThan(0.03);
    }
  });
});
