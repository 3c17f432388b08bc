import { beforeAll, describe, expect, test } from 'vitest';
import type { Recording } from '../../data/index.js';
import {
  type Executor,
  listWeights,
  makeNetwork,
  makeWasmExecutor,
  trainNetwork,
  transferStrategyNames,
} from '../../learn/index.js';
import { electrodes, makeCohort, type VirtualParticipant } from '../../virtual/index.js';
import type { StudyEnvironment, TrainJob } from '../environment.js';
import { readStudy } from '../layout.js';
import { loadStudy } from '../load.js';
import type { Study } from '../schema.js';
import { compareTransfer, type TransferRow } from './compare.js';
import { prepareTransfer } from './data.js';

const target = 'virtual01';
let cohort: VirtualParticipant[];
let study: Study;
let executor: Executor;

/** A study's world in memory; `change` may spoil the recording of a trial. */
function makeWorld(change: (recording: Recording, participant: string) => Recording = (recording) => recording) {
  const jobs: TrainJob[] = [];
  const find = (id: string) => cohort.find((one) => one.id === id)!;
  const environment: StudyEnvironment = {
    loadTrial({ emg }, id) {
      const [participant, trial] = emg.split('/');
      const { recording } = find(participant).trials.find(({ name }) => name === trial)!;
      const changed = change(recording, participant);
      return {
        recordings: { id, emg: changed, motion: changed, moments: changed },
        ground: undefined,
        files: [{ file: emg, sha256: emg, bytes: 0 }],
        notes: [],
      };
    },
    loadModel: ({ id }) => ({ description: find(id).model, file: undefined }),
    hasFile: () => true,
    hashFile: (file) => ({ file, sha256: file, bytes: 0 }),
    store: { get: () => undefined, put: () => {} },
    calibrate: () => Promise.reject(new Error('nothing is calibrated here')),
    train(job) {
      jobs.push(job);
      return trainNetwork({ ...job, executor });
    },
    executor,
    onProgress: () => {},
    genu_version: '0',
    code_key: '',
    node_version: '',
    platform: '',
    date: '',
  };
  return { environment, jobs };
}

beforeAll(async () => {
  cohort = makeCohort({ participants: 2, seed: 1, activities: ['walk_12', 'squat'], duration_s: 12 });
  const file = '{participant}/{trial}';
  study = readStudy(
    {
      study: 'transfer',
      simulated: true,
      emg: { kind: 'raw', channels: Object.fromEntries(electrodes.slice(4).map((name) => [name, name])) },
      motion: { coordinates: ['knee_angle_r', 'hip_flexion_r'] },
      torque: { positive: 'extension' },
      files: { emg: file, motion: file, moments: file },
      participants: cohort.map(({ id, mass_kg, height_m }) => ({
        id,
        mass_kg,
        height_m,
        trials: ['walk_12', 'squat'].map((activity) => ({ id: activity, activity })),
      })),
      split: { train_first: 0.7 },
      network: { conv_layers: 1, conv_channels: 4, gru_hidden: 4, attention: 4, dense: 4, normalisation: 'batch' },
      training: { stride_s: 0.1, epochs: 2, batch: 32 },
    },
    'study.yaml',
  );
  executor = await makeWasmExecutor();
});

const people = { target, sources: ['virtual02'], adaptation_s: [3], validation: 0.25 };
const prepare = (world: ReturnType<typeof makeWorld>) =>
  prepareTransfer(study, loadStudy(study, world.environment), people, []);

describe('compareTransfer', () => {
  let rows: readonly TransferRow[];
  let jobs: readonly TrainJob[];
  const compare = (strategies = transferStrategyNames, seeds = [1, 2]) => {
    const world = makeWorld();
    const adaptation = { steps: 4, batch: 16 };
    const given = { study, target, adaptation_s: [3, 6], strategies, seeds, adaptation };
    return { ...world, outcome: compareTransfer(given, world.environment) };
  };
  const find = (strategy: string, adaptation_s = 3, seed = 1) =>
    rows.find((row) => row.strategy === strategy && row.adaptation_s === adaptation_s && row.seed === seed)!;

  beforeAll(async () => {
    const world = compare();
    ({ rows } = await world.outcome);
    jobs = world.jobs;
  });

  test('has a row for each strategy, length and seed, and two of ridge for each length', () => {
    expect(rows).toHaveLength(2 * 2 * transferStrategyNames.length + 2 * 2);
    for (const row of rows) {
      expect(row.participant).toBe(target);
      expect(row.rmse_Nm_per_kg).toBeGreaterThan(0);
      expect(row.r2).toBeLessThan(1);
      expect(row.cpu_s).toBeNull();
    }
    expect(new Set(rows.map((row) => row.rmse_Nm_per_kg)).size).toBeGreaterThan(rows.length / 2);
  });

  test('pre-trains once for each seed', () => {
    expect(jobs.map(({ options }) => options?.seed)).toEqual([1, 2]);
  });

  test('counts what is trained, from nothing to everything', () => {
    const counts = ['none', 'head', 'attention-and-head', 'recurrent-and-up', 'all'].map(
      (strategy) => find(strategy).trained_weights,
    );
    expect(counts[0]).toBe(0);
    for (let k = 1; k < counts.length; k++) expect(counts[k]).toBeGreaterThan(counts[k - 1]);
    const all = listWeights(makeNetwork(jobs[0].network)).filter(({ kind }) => kind === 'weight');
    expect(counts[4]).toBe(all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0));
  });

  test('says the same again', async () => {
    const again = await compare(['none', 'all'], [2]).outcome;
    for (const row of again.rows) expect(rows).toContainEqual(row);
  });

  test('refuses strangers, and to be alone', async () => {
    const { environment } = makeWorld();
    const given = { study, target, adaptation_s: [3], strategies: ['none'] as const, seeds: [1] };
    const run = (change: object) => compareTransfer({ ...given, ...change }, environment);
    await expect(run({ target: 'virtual09' })).rejects.toThrow(/no participant "virtual09"/);
    await expect(run({ sources: ['nobody'] })).rejects.toThrow(/no participant "nobody"/);
    await expect(run({ sources: [] })).rejects.toThrow(/nobody to pre-train on/);
    await expect(run({ sources: [target] })).rejects.toThrow(/among those to pre-train on/);
    await expect(run({ strategies: ['magic'] })).rejects.toThrow(/transfer strategy: is "magic"/);
  });
});

describe('what is learned from', () => {
  /** Every sample of the target after a time becomes something else. */
  const spoil = (after_s: number) =>
    makeWorld((recording, participant) => ({
      ...recording,
      channels: recording.channels.map((channel) => ({
        ...channel,
        values: channel.values.map((value, i) =>
          participant === target && channel.clock.times_s[i] >= after_s ? 3 * value + 1e-3 : value,
        ),
      })),
    }));
  const learned = (world: ReturnType<typeof makeWorld>) => {
    const { sources, targets } = prepare(world);
    return [sources, targets[0].learning].map(({ frames, weights }) => ({
      weights,
      frames: frames.map(({ table, part, training, validation }) => ({
        values: table.values,
        label: part.label,
        training,
        validation,
      })),
    }));
  };

  test('is the same whatever the target does after the seconds of adaptation', () => {
    expect(learned(spoil(3))).toEqual(learned(makeWorld()));
  });

  test('is not the same where those seconds differ', () => {
    expect(learned(spoil(2.9))[1]).not.toEqual(learned(makeWorld())[1]);
    expect(learned(spoil(2.9))[0]).toEqual(learned(makeWorld())[0]);
  });

  test('divides EMG by its greatest envelope in it', () => {
    const { sources, targets, spec } = prepare(makeWorld());
    for (const { frames } of [sources, targets[0].learning]) {
      for (const c of spec.emg.channels.keys()) {
        const greatest = frames.map(({ table }) =>
          Math.max(...table.values.filter((_, k) => k % table.names.length === c)),
        );
        expect(Math.max(...greatest)).toBeCloseTo(1, 6);
      }
    }
  });
});
