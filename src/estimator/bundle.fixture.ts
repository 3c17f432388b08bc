import { makeGenericLeg } from '../body/index.js';
import { type Channel, makeUniformClock, type Recording } from '../data/index.js';
import {
  listWeights,
  makeNetwork,
  makeWeights,
  type RandomForest,
  type SupportVector,
  writeForwardOnnx,
} from '../learn/index.js';
import { makeRandom } from '../math/index.js';
import { makeMuscle } from '../nms/index.js';
import type { Bundle, Person } from './bundle.js';
import type { GoldenRanges } from './golden.js';
import { type BundleKind, isNetworkKind, seesForces } from './kinds.js';
import { makeKneeBody } from './knee.js';
import { averagePeople, buildExcitations, trimGeometry } from './person.js';
import type { TrialRecordings } from './prepare.js';
import { countWindowSamples, type EstimatorSpec, listInputs } from './spec.js';
import { listRidgeOffsets } from './windows.js';

/** Raw EMG of four muscles and three joint angles, to 100 Hz; a window of 0.2 s without a future. */
export const testSpec: EstimatorSpec = {
  rate_Hz: 100,
  filters: 'zero-phase',
  emg: {
    kind: 'raw',
    channels: ['vas_lat_r', 'rect_fem_r', 'bifemlh_r', 'med_gas_r'].map((muscle) => ({
      muscle,
      channel: `EMG ${muscle}`,
    })),
    bandpass_Hz: [30, 450],
    lowpass_Hz: 6,
    normalise: true,
  },
  motion: { coordinates: ['hip_flexion_r', 'knee_angle_r'], speeds: true, lowpass_Hz: 6, unit: 'header' },
  torque: { coordinate: 'knee_angle_r', channel: 'knee', unit: 'N.m/kg', positive: 'extension', lowpass_Hz: 6 },
  window: { past: 20, future: 0, step: 2 },
};

/**
 * A small bundle of the generic leg that was never trained: networks and ridge have random weights of a size that gives torques of about
 * 1 N·m/kg. Two people, `p1` (70 kg) and `p2` (90 kg).
 */
export function makeTestBundle(kind: BundleKind, change: Partial<EstimatorSpec> = {}): Bundle {
  const spec = { ...testSpec, ...change };
  const model = makeGenericLeg();
  const knee = makeKneeBody(model, spec.torque.coordinate);
  const random = makeRandom('test bundle');
  const people = Object.fromEntries(
    [70, 90].map((mass_kg, p): [string, Person] => [
      `p${p + 1}`,
      {
        mass_kg,
        emg_maxima: spec.emg.channels.map(() => 2e-4 * (1 + random.uniform())),
        muscles: model.muscles.map((muscle) => ({ ...makeMuscle(muscle), strength: 0.8 + 0.4 * random.uniform() })),
        passive_scale: 1,
        geometry: 'leg',
      },
    ]),
  );
  const features = listRidgeOffsets(spec.window, spec.rate_Hz).length * listInputs(spec).length;
  const inputs = listInputs(spec, seesForces(kind) ? knee.muscles : []);
  return {
    kind,
    protocol: 'test',
    participants: Object.keys(people),
    spec,
    geometries: { leg: trimGeometry(knee) },
    muscles: knee.muscles,
    excitations: buildExcitations(knee.muscles, spec),
    people,
    anyone: averagePeople(Object.values(people)),
    mean: { overall: 0.25, by_activity: { walking: 0.125 } },
    ridge: {
      weights: Float64Array.from({ length: features }, () => 0.2 * random.normal()),
      intercept: 0.1,
      alpha: 0.01,
    },
    regression: kind === 'svr' || kind === 'forest' ? makeTestRegression(kind, features) : null,
    network: isNetworkKind(kind)
      ? { inputs, members: [1, 2].map((seed) => makeTestNetwork(inputs, countWindowSamples(spec.window), seed)) }
      : null,
    uncertainty: null,
    golden: null,
    provenance: { genu_version: '0.0.0-test', study: 'test', seed: 1, simulated: true, data: [] },
  };
}

/** A handful of support vectors, or of trees that ask about EMG, angles and speeds. */
function makeTestRegression(kind: 'svr' | 'forest', features: number): SupportVector | RandomForest {
  const random = makeRandom('test regression');
  const numbers = (count: number, size: number) => Array.from({ length: count }, () => size * random.normal());
  return kind === 'svr'
    ? {
        kind: 'support-vector',
        kernel: 'rbf',
        C: 1,
        epsilon: 0.1,
        gamma: 0.3,
        features: { mean: numbers(features, 0.1), deviation: new Array<number>(features).fill(1) },
        label: { mean: 0.2, deviation: 1 },
        vectors: numbers(8 * features, 1),
        coefficients: numbers(8, 1),
        bias: 0.1,
        rows: 8,
        converged: true,
        tried: [],
      }
    : {
        kind: 'random-forest',
        minLeaf: 1,
        featureShare: 1,
        features,
        trees: Array.from({ length: 4 }, () => ({
          feature: [random.integer(features), random.integer(features), -1, -1, -1],
          value: [...numbers(2, 0.2), ...numbers(3, 1)],
          child: [1, 3, 0, 0, 0],
        })),
        seed: 1,
        rows: 8,
        tried: [],
      };
}

/** A network of a few hundred weights. @param offset what it adds to its output */
export function makeTestNetwork(inputs: readonly string[], window: number, seed: number, offset = 0.2): Uint8Array {
  const config = makeNetwork({
    inputs,
    window,
    convolutionFilters: 6,
    gruUnits: 6,
    attentionUnits: 4,
    denseUnits: 6,
  });
  const scale = inputs.map((name) => (name.startsWith('force') ? 10 : name.startsWith('speed') ? 3 : 0.5));
  return writeForwardOnnx(config, makeWeights(listWeights(config), seed), {
    inputs: { mean: inputs.map(() => 0), deviation: scale },
    outputs: { mean: [offset], deviation: [1] },
  });
}

export const testRanges = (bundle: Bundle): GoldenRanges => ({
  emg_rate_Hz: 1000,
  motion_rate_Hz: 100,
  emg_maxima: bundle.people.p1.emg_maxima,
  coordinates: new Map(
    Object.entries(motions).map(([name, { mean, swing }]) => [name, [mean - swing, mean + swing] as const]),
  ),
});

/** About a walking stride, rad. */
const motions = {
  hip_flexion_r: { mean: 0.2, swing: 0.4 },
  hip_adduction_r: { mean: 0, swing: 0.1 },
  knee_angle_r: { mean: -0.6, swing: 0.5 },
  ankle_angle_r: { mean: 0, swing: 0.25 },
};

/**
 * A synthetic trial at 1 stride per second: noise as large as each muscle's bursts, or with `kind: 'envelope'` the bursts themselves, and
 * sinusoidal angles with a little noise.
 */
export function makeTestRecording({
  emg_rate_Hz = 1000,
  motion_rate_Hz = 100,
  duration_s = 2,
  start_s = 0,
  kind = 'raw' as EstimatorSpec['emg']['kind'],
  seed = 'recording' as string | number,
} = {}): TrialRecordings {
  const make = (rate_Hz: number, calc: (time_s: number) => number) => {
    const clock = makeUniformClock(start_s, rate_Hz, Math.floor(duration_s * rate_Hz + 1e-9) + 1);
    return { clock, values: clock.times_s.map(calc) };
  };
  const emg = testSpec.emg.channels.map(({ channel }): Channel => {
    const random = makeRandom(seed).fork(channel);
    const phase = 2 * Math.PI * random.uniform();
    const burst = (time_s: number) => 1e-4 * (1 + 0.9 * Math.sin(2 * Math.PI * time_s + phase));
    return kind === 'raw'
      ? { name: channel, kind: 'emg', unit: 'V', ...make(emg_rate_Hz, (t) => burst(t) * random.normal()) }
      : { name: channel, kind: 'emg_envelope', unit: '1', ...make(emg_rate_Hz, (t) => burst(t)) };
  });
  const motion = Object.entries(motions).map(([name, { mean, swing }]): Channel => {
    const random = makeRandom(seed).fork(name);
    const phase = 2 * Math.PI * random.uniform();
    const angle = (time_s: number) => mean + swing * Math.sin(2 * Math.PI * time_s + phase) + 1e-3 * random.normal();
    return { name, kind: 'coordinate', unit: 'rad', ...make(motion_rate_Hz, angle) };
  });
  const record = (name: string, channels: readonly Channel[]): Recording => ({ name, channels, events: [], notes: [] });
  return { id: 'test trial', emg: record('emg', emg), motion: record('motion', motion) };
}

/** The same trial with one channel's values (or the channel itself) changed. */
export function changeChannel(
  trial: TrialRecordings,
  role: 'emg' | 'motion',
  name: string,
  change: (channel: Channel) => Channel,
): TrialRecordings {
  const channels = trial[role].channels.map((channel) => (channel.name === name ? change(channel) : channel));
  return { ...trial, [role]: { ...trial[role], channels } };
}

/** Makes samples [from, to) of a channel missing. */
export const loseSamples =
  (from: number, to: number) =>
  (channel: Channel): Channel => ({
    ...channel,
    values: channel.values.map((value, i) => (i >= from && i < to ? Number.NaN : value)),
  });
