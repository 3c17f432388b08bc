import { beforeAll, describe, expect, test } from 'vitest';
import type { Recording } from '../../data/index.js';
import { calibratePerson } from '../../estimator/index.js';
import { adaptNetwork, type Executor, makeWasmExecutor, trainNetwork } from '../../learn/index.js';
import { electrodes, makeCohort, type VirtualParticipant } from '../../virtual/index.js';
import type { StudyEnvironment } from '../environment.js';
import { readStudy } from '../layout.js';
import { type PredictionTable, runStudy, type StudyOutcome } from '../run.js';
import type { Study } from '../schema.js';

const target = 'virtual01';
const activities = ['walk_12', 'squat'];
const seconds = [2, 4];
const policies = ['none', 'from-scratch', 'head', 'statistics'];
let cohort: VirtualParticipant[];
let study: Study;
let executor: Executor;

/** A study's world in memory; `change` may spoil what is read of a participant. */
function makeWorld(change: (recording: Recording, participant: string) => Recording = (recording) => recording) {
  const kept = new Map<string, Uint8Array>();
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
    store: { get: (key) => kept.get(key), put: (key, bytes) => void kept.set(key, bytes) },
    calibrate: async (job, onProgress) => calibratePerson(job, onProgress),
    train: (job, onProgress) => trainNetwork({ ...job, executor, onProgress }),
    adapt: ({ strategy, source, target: given }) => adaptNetwork(strategy, source, { ...given, executor }),
    executor,
    onProgress: () => {},
    genu_version: '0',
    code_key: '',
    node_version: '',
    platform: '',
    date: '',
  };
  return { environment, kept };
}

const label = 'knee_angle_r_moment';
/** Labels of the target from some time on made nonsense of. */
const spoil =
  (from_s: number, who = target) =>
  (recording: Recording, participant: string): Recording => {
    if (participant !== who) return recording;
    const channels = recording.channels.map((channel) =>
      channel.name === label
        ? {
            ...channel,
            values: channel.values.map((value, i) => (channel.clock.times_s[i] < from_s ? value : 40 - 3 * value)),
          }
        : channel,
    );
    return { ...recording, channels };
  };

/** The questions that the tests of leaks look at. */
const without = (whole: Study): Study => ({ ...whole, protocols: ['between', 'transfer'] });

beforeAll(async () => {
  cohort = makeCohort({ participants: 3, seed: 1, activities, duration_s: 8 });
  const file = '{participant}/{trial}';
  study = readStudy(
    {
      study: 'protocols',
      simulated: true,
      emg: { kind: 'raw', channels: Object.fromEntries(electrodes.slice(4).map((name) => [name, name])) },
      motion: { coordinates: ['knee_angle_r', 'hip_flexion_r'] },
      torque: { positive: 'extension' },
      files: { emg: file, motion: file, moments: file },
      participants: cohort.map(({ id, mass_kg, height_m }) => ({
        id,
        mass_kg,
        height_m,
        trials: activities.map((activity) => ({ id: activity, activity })),
      })),
      protocols: ['within', 'between', 'activity', 'transfer'],
      transfer: { seconds, policies, steps: 4, batch: 16 },
      split: { train_first: 0.6 },
      models: ['ridge', 'nms', 'hybrid'],
      network: { conv_layers: 1, conv_channels: 4, gru_hidden: 4, attention: 4, dense: 4, normalisation: 'batch' },
      training: { stride_s: 0.1, epochs: 2, batch: 32 },
      calibration: { starts: 1, frames: 100 },
    },
    'study.yaml',
  );
  executor = await makeWasmExecutor();
});

describe('the protocols of a study', () => {
  let outcome: StudyOutcome;
  let kept: Map<string, Uint8Array>;
  beforeAll(async () => {
    const world = makeWorld();
    outcome = await runStudy(study, world.environment);
    kept = world.kept;
  });
  const find = (found: StudyOutcome, start: string): PredictionTable[] =>
    found.predictions.filter(({ file }) => file.startsWith(`predictions/${start}`));
  /** Everything but the measured torque. */
  const said = (found: StudyOutcome, start: string) =>
    find(found, start).map(({ file, columns }) => [
      file,
      columns.filter((column) => column.label !== 'measured' && column.label !== 'compared'),
    ]);

  test('have rows of every participant and activity', () => {
    const { rows } = outcome.results;
    for (const protocol of ['within', 'between', 'activity']) {
      const own = rows.filter((row) => row.protocol === protocol);
      // Three people and all; two activities and all; mean, ridge, nms, hybrid.
      expect(own, protocol).toHaveLength(4 * 3 * 4);
      for (const row of own) expect([row.adaptation_s, row.policy]).toEqual([null, null]);
    }
    const transferred = rows.filter((row) => row.protocol === 'transfer');
    // Mean, ridge, nms and the main model for two policies, the main model alone for the other two.
    expect(transferred).toHaveLength(4 * 3 * seconds.length * (2 * 4 + 2));
    for (const row of rows) expect(row.n, JSON.stringify(row)).toBeGreaterThan(0);
  });

  test('not adapted means not adapted: more seconds change nothing but what EMG is divided by', () => {
    const row = (model: string, policy: string, adaptation_s: number) =>
      outcome.results.rows.find(
        (one) =>
          one.protocol === 'transfer' &&
          one.model === model &&
          one.policy === policy &&
          one.adaptation_s === adaptation_s &&
          one.participant === 'all' &&
          one.activity === 'all',
      )!;
    expect(row('ridge', 'none', 2).rmse_Nm_per_kg).not.toBe(row('ridge', 'from-scratch', 2).rmse_Nm_per_kg);
    expect(row('mean', 'none', 2).rmse_Nm_per_kg).toBe(row('mean', 'none', 4).rmse_Nm_per_kg);
  });

  test('a participant who is left out has no say in what is predicted of that participant', async () => {
    const { results, ...spoilt } = await runStudy(without(study), makeWorld(spoil(0)).environment);
    const start = `between-${target}`;
    expect(said({ ...spoilt, results }, start)).toEqual(said(outcome, start));
    expect(find({ ...spoilt, results }, start)[0].columns[0]).not.toEqual(find(outcome, start)[0].columns[0]);
    for (const policy of ['none', 'statistics']) {
      const unlabelled = `transfer-${policy}-4s-${target}`;
      expect(said({ ...spoilt, results }, unlabelled), policy).toEqual(said(outcome, unlabelled));
    }
    // The others are predicted by models that did see the nonsense.
    expect(said({ ...spoilt, results }, 'between-virtual02')).not.toEqual(said(outcome, 'between-virtual02'));
    expect(said({ ...spoilt, results }, `transfer-head-4s-${target}`)).not.toEqual(
      said(outcome, `transfer-head-4s-${target}`),
    );
  });

  test('what comes after the seconds to adapt with has no say in what is predicted after adaptation', async () => {
    const late = await runStudy(without(study), makeWorld(spoil(seconds[1])).environment);
    for (const policy of policies) {
      const start = `transfer-${policy}-`;
      const own = (found: StudyOutcome) => said(found, start).filter(([file]) => String(file).includes(target));
      expect(own(outcome)).toHaveLength(seconds.length * activities.length);
      expect(own(late), policy).toEqual(own(outcome));
    }
    expect(said(late, `between-virtual02`)).not.toEqual(said(outcome, `between-virtual02`));
  });

  test('another run finds its work done, and gives the same', async () => {
    const world = makeWorld();
    for (const [key, bytes] of kept) world.kept.set(key, bytes);
    const again = await runStudy(study, world.environment);
    expect(again.tasks.done).toBe(0);
    expect(again.results).toEqual(outcome.results);
  });
});
