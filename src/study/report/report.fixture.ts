import { modelOrder } from './models.js';
import type {
  CalibratedParameter,
  CycleTorque,
  ErrorRow,
  MeanSd,
  ModelName,
  ReportData,
  Series,
  TorqueTrace,
  TrialUse,
} from './types.js';

/** Made-up report data for tests: plausible shapes, no recording behind them. */

const activityShapes: { readonly [activity: string]: { peak: number; period_s: number; noise: number } } = {
  walk: { peak: 0.6, period_s: 1.1, noise: 0.05 },
  'fast walk': { peak: 0.85, period_s: 0.95, noise: 0.06 },
  run: { peak: 2.4, period_s: 0.72, noise: 0.16 },
  'stair ascent': { peak: 1.3, period_s: 1.5, noise: 0.09 },
  'stair descent': { peak: 1.2, period_s: 1.4, noise: 0.11 },
  'squat to chair and back': { peak: 1.1, period_s: 3, noise: 0.1 },
};

/** RMSE of each model as a multiple of the activity's noise. */
const modelNoise: { readonly [model in ModelName]: number } = {
  mean: 4.2,
  ridge: 1.5,
  svr: 1.4,
  forest: 1.6,
  quadratic: 1.3,
  nms: 1.9,
  network: 1.15,
  hybrid: 1,
  residual_ridge: 1.05,
  residual_nms: 1.1,
  blend: 0.98,
};

const muscles = [
  'rect fem',
  'vas lat',
  'vas med',
  'vas int',
  'bi fem lh',
  'bi fem sh',
  'semimem',
  'semiten',
  'gas med',
  'gas lat',
];

/** Repeatable numbers in [0, 1) (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Torque of a cycle at phase 0 to 1: two extension peaks and some flexion. */
function calcShape(phase: number): number {
  const bump = (centre: number, width: number) => Math.exp(-(((phase - centre) / width) ** 2));
  return bump(0.15, 0.07) - 0.35 * bump(0.42, 0.09) + 0.3 * bump(0.6, 0.06) - 0.25 * bump(0.9, 0.06);
}

/** Noise that wanders like a model's error: a slow sum of sines with random phases. */
function makeWander(random: () => number, size: number): (time_s: number) => number {
  const waves = Array.from({ length: 5 }, () => ({ rate: 0.6 + 5 * random(), phase: 6.28 * random() }));
  return (time_s) =>
    (size * waves.reduce((sum, { rate, phase }) => sum + Math.sin(6.28 * rate * time_s + phase), 0)) / Math.sqrt(2.5);
}

/** Makes a report of `participants` people and the first `activities` activities. */
export function makeReportData(participants = 6, activities = 6, simulated = true): ReportData {
  const random = makeRandom(20250314);
  const people = Array.from({ length: participants }, (_, i) => ({
    name: `P${String(i + 1).padStart(2, '0')}`,
    mass_kg: 58 + 30 * random(),
  }));
  const names = Object.keys(activityShapes).slice(0, activities);
  const makeErrors = (activity: string, noise: number, peak: number, participant: string | null): ErrorRow[] => {
    const frames = (participant === null ? participants : 1) * (activity === 'all' ? activities : 1) * 2713;
    const draw = (model: ModelName) => Math.min(noise * modelNoise[model] * (0.85 + 0.3 * random()), 0.33 * peak);
    const sizes = Object.fromEntries(modelOrder.map((model) => [model, draw(model)])) as Record<ModelName, number>;
    if (activity === 'run') sizes.nms = 0.5 * peak;
    return modelOrder.map((model) => {
      const rmse = sizes[model];
      const variance = (0.36 * peak) ** 2;
      const r2 = 1 - rmse ** 2 / variance;
      const spread = 0.04 + 0.08 * random();
      return {
        activity,
        model,
        participant,
        frames,
        rmse_Nm_per_kg: rmse,
        rmse_Nm: rmse * 72.4,
        nrmse: rmse / (1.5 * peak),
        r2,
        r: model === 'mean' ? null : Math.sqrt(Math.max(0, r2)) + 0.01,
        mae_Nm_per_kg: 0.78 * rmse,
        skill_vs_mean: 1 - (rmse / sizes.mean) ** 2,
        skill_vs_ridge: 1 - (rmse / sizes.ridge) ** 2,
        peak_error_Nm_per_kg: model === 'mean' ? null : (random() - 0.6) * rmse,
        peak_timing_error_s: model === 'mean' ? null : (random() - 0.4) * 0.04,
        rmse_interval_Nm_per_kg: [rmse * (1 - spread), rmse * (1 + spread)],
        r2_interval: [r2 - 0.06 * spread * 6, Math.min(1, r2 + 0.04 * spread * 4)],
      };
    });
  };
  const errors = [...names, 'all'].flatMap((activity) => {
    const { noise, peak } = activityShapes[activity] ?? { noise: 0.1, peak: 1.2 };
    return [
      ...makeErrors(activity, noise, peak, null),
      ...people.flatMap(({ name }) => makeErrors(activity, noise * (0.7 + 0.7 * random()), peak, name)),
    ];
  });
  const traces = people.flatMap(({ name }) => names.map((activity) => makeTrace(name, activity, random)));
  return {
    title: 'Knee torque from EMG and kinematics',
    study: 'Six activities, within participant',
    date: '2025-03-14 16:05 UTC',
    simulated,
    protocol:
      'Within participant: the first 60 % of each trial to train, the next 15 % to validate, the last 25 % to test, with a gap of one window between.',
    target: { name: 'right knee torque', positive: 'extension' },
    activities: names,
    participants: people,
    interval: { level: 0.95, method: 'block bootstrap by cycle, 2,000 resamples' },
    errors,
    traces,
    cycles: names.flatMap((activity) => [
      makeCycle(activity, null, participants * 24, random),
      ...people.map(({ name }) => makeCycle(activity, name, 20 + Math.round(9 * random()), random)),
    ]),
    chains: [makeChain(traces[0], random)],
    training: people.flatMap(({ name }) =>
      ['network', 'hybrid'].map((network) => {
        const epochs = 40 + Math.round(30 * random());
        const fall = (floor: number, rise: number) =>
          Array.from(
            { length: epochs },
            (_, i) => floor + Math.exp(-i / 6) + rise * Math.max(0, i - 25) + 0.008 * random(),
          );
        const validation = fall(0.08, 0.0012);
        return {
          network: `${network}, ${name}`,
          loss: 'mean squared error of standardised torque',
          train: fall(0.03, -0.0003),
          validation,
          best_epoch: validation.indexOf(Math.min(...validation)) + 1,
        };
      }),
    ),
    attention: names.map((activity) => {
      const centre = -0.05 - 0.15 * random();
      const raw = Array.from({ length: 50 }, (_, i) => {
        const lag = (i - 49) * 0.01;
        return 0.4 + Math.exp(-(((lag - centre) / 0.07) ** 2)) + 0.5 * Math.exp(lag / 0.02);
      });
      const sum = raw.reduce((a, b) => a + b, 0);
      return {
        activity,
        lag_s: raw.map((_, i) => (i - 49) * 0.01),
        weight: raw.map((value) => value / sum),
        sd: raw.map((value) => (0.25 * value) / sum),
        windows: 14000 + Math.round(3000 * random()),
      };
    }),
    calibrations: people.map(({ name }) => ({ participant: name, parameters: makeParameters(random) })),
    trials: people.flatMap(({ name }) =>
      names.flatMap((activity) => [1, 2].map((k) => makeTrial(name, activity, k, random))),
    ),
    emg_maxima: people.flatMap(({ name }) =>
      muscles.slice(0, 7).map((channel) => ({
        participant: name,
        channel,
        value: 0.0002 + 0.0008 * random(),
        unit: 'V',
        trials: names.slice(0, 2).map((activity) => `${activity} 1`),
      })),
    ),
    warnings: [
      'P02, run 2: the EMG of vas med is flat for 3.2 s; these frames are masked.',
      'P04: 5 of 40 calibrated parameters ended at a bound, so its muscle forces are not well determined.',
      'Ridge has the lower error in one activity.',
    ],
    methods: [
      'EMG: band-pass 30–450 Hz (zero-lag fourth-order Butterworth), rectified, low-pass 6 Hz, divided by the maximum over the training trials.',
      'Label: inverse-dynamics knee moment, low-pass 6 Hz (zero-lag), divided by body mass.',
      'NMS: CEINMS-style activation with A and C1, C2 calibrated; Hill-type muscles with stiff tendons; delay 0.015 s.',
      'Network: CNN-GRU-attention, window 0.5 s (50 frames), trained with Adam and early stopping on the validation frames.',
    ],
    provenance: {
      genu_version: '0.1.0',
      node_version: '20.20.0',
      platform: 'linux x64',
      seeds: [1, 2, 3],
      files: people.flatMap(({ name }) =>
        names.map((activity) => ({
          path: `data/${name}/${activity.replaceAll(' ', '_')}/emg.sto`,
          bytes: 1200000 + Math.round(500000 * random()),
          sha256: Array.from({ length: 64 }, () => '0123456789abcdef'[Math.floor(16 * random())]).join(''),
        })),
      ),
      options: {
        window_s: 0.5,
        causal: true,
        network: { channels: [64, 64], gru: 128, dropout: 0.1, device: null },
        emg: { band_Hz: [30, 450], lowpass_Hz: 6 },
        target: 'knee_angle_r',
      },
    },
  };
}

function makeTrace(participant: string, activity: string, random: () => number): TorqueTrace {
  const { peak, period_s, noise } = activityShapes[activity];
  const times_s = Array.from({ length: 1200 }, (_, i) => 30 + i * 0.01);
  const clean = times_s.map((time_s) => peak * calcShape((time_s / period_s) % 1) * (1 + 0.05 * Math.sin(time_s)));
  const follow = (model: ModelName): Series => {
    const wander = makeWander(random, noise * modelNoise[model]);
    return clean.map((value, i) => value + wander(times_s[i]));
  };
  return {
    participant,
    activity,
    trial: `${activity} 2`,
    times_s,
    measured_Nm_per_kg: clean.map((value, i) => (i === 700 ? null : value + 0.01 * random())),
    predicted_Nm_per_kg: {
      ridge: follow('ridge'),
      nms: follow('nms'),
      network: follow('network'),
      hybrid: follow('hybrid'),
    },
    masked: [0, 1, 2, 3].map((k) => ({ start_s: 31.2 + 2.9 * k, end_s: 31.45 + 2.9 * k })),
  };
}

function makeCycle(activity: string, participant: string | null, cycles: number, random: () => number): CycleTorque {
  const { peak, noise } = activityShapes[activity];
  const make = (bias: number, spread: number): MeanSd => {
    const wander = makeWander(random, bias);
    return {
      mean: Array.from({ length: 101 }, (_, i) => peak * calcShape(i / 100) + wander(i / 100)),
      sd: Array.from({ length: 101 }, (_, i) => spread * (0.6 + 0.6 * Math.abs(calcShape(i / 100)))),
    };
  };
  return {
    activity,
    participant,
    cycles,
    starts_with: activity.startsWith('squat') ? 'start of the descent' : 'right heel strike',
    measured: make(0, 1.6 * noise),
    predicted: { nms: make(1.4 * noise, 2 * noise), hybrid: make(0.5 * noise, 1.5 * noise) },
  };
}

function makeChain(trace: TorqueTrace, random: () => number): ReportData['chains'][number] {
  const keep = (_: unknown, i: number) => i < 400;
  const times_s = trace.times_s.filter(keep);
  const burst = (shift: number, size: number, smooth: number) =>
    times_s.map((time_s) => {
      const phase = (time_s / 1.1 + shift) % 1;
      return size * (0.05 + Math.exp(-(((phase - 0.3) / smooth) ** 2)) + 0.04 * random());
    });
  return {
    participant: trace.participant,
    activity: trace.activity,
    trial: trace.trial,
    times_s,
    emg: muscles.slice(0, 7).map((name, i) => ({ name, values: burst(i * 0.13, 0.25 + 0.4 * random(), 0.1) })),
    activation: muscles.map((name, i) => ({ name, values: burst(i * 0.13 - 0.03, 0.2 + 0.4 * random(), 0.13) })),
    force_N: muscles.map((name, i) => ({ name, values: burst(i * 0.13 - 0.05, 150 + 700 * random(), 0.14) })),
    measured_Nm_per_kg: trace.measured_Nm_per_kg.filter(keep),
    predicted_Nm_per_kg: {
      ridge: trace.predicted_Nm_per_kg.ridge!.filter(keep),
      nms: trace.predicted_Nm_per_kg.nms!.filter(keep),
      hybrid: trace.predicted_Nm_per_kg.hybrid!.filter(keep),
    },
    masked: trace.masked,
  };
}

function makeParameters(random: () => number): CalibratedParameter[] {
  const pick = (lower: number, upper: number, initial: number) => {
    const draw = random();
    const value = draw < 0.06 ? lower : draw > 0.94 ? upper : lower + (upper - lower) * random();
    return { lower, upper, initial, value };
  };
  return [
    ...['C1', 'C2'].map((name) => ({ name, group: 'activation', unit: '1', ...pick(-0.95, -0.05, -0.5) })),
    { name: 'A', group: 'activation', unit: '1', ...pick(-2.999, -0.001, -0.1) },
    ...['rectus femoris', 'vasti', 'hamstrings', 'gastrocnemii'].map((name) => ({
      name,
      group: 'strength',
      unit: '1',
      ...pick(0.5, 2.5, 1),
    })),
    ...muscles.map((name) => ({ name, group: 'tendon slack length', unit: 'm', ...pick(0.17, 0.23, 0.2) })),
    ...muscles.map((name) => ({ name, group: 'optimal fibre length', unit: 'm', ...pick(0.078, 0.082, 0.08) })),
  ];
}

function makeTrial(participant: string, activity: string, k: number, random: () => number): TrialUse {
  const end_s = 24 + 20 * random();
  const frames = Math.round(100 * end_s);
  const cross = Math.round(90 * random());
  return {
    participant,
    activity,
    trial: `${activity} ${k}`,
    start_s: 0,
    end_s,
    frames,
    used: frames - cross - 100,
    masked: [
      { why: 'first second', frames: 100 },
      { why: 'pelvis residual above 100 N', frames: cross },
    ],
    masked_spans: [
      { start_s: 0, end_s: 1 },
      { start_s: 0.4 * end_s, end_s: 0.4 * end_s + cross / 100 },
    ],
    parts: [
      { part: 'train', start_s: 1, end_s: 0.6 * end_s },
      { part: 'validation', start_s: 0.6 * end_s + 0.5, end_s: 0.75 * end_s },
      { part: 'test', start_s: 0.75 * end_s + 0.5, end_s },
    ],
  };
}
