import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEnvironment } from '../src/cli/runtime/environment.js';
import { makeExecutor } from '../src/cli/runtime/executors.js';
import { calibratePerson, modelKinds, readBundle } from '../src/estimator/index.js';
import { type TrainingProgress, trainNetwork } from '../src/learn/index.js';
import { prepareNetworkData, readStudy, runStudy, type StudyOutcome, type TrainJob } from '../src/study/index.js';
import { makeScratch } from './support/genu.js';
import { getRow } from './support/results.js';
import { readPlain, writePlain } from './support/table.js';
import { makeSmallStudy, type Participant, writeRecordings } from './support/virtual-study.js';

/** The models that a study has to ask for: regressions of the field, and networks on residuals. */
const optional = ['svr', 'forest', 'quadratic', 'residual_ridge', 'residual_nms', 'blend'] as const;
const activities = ['walk_12'];
const { folder, remove } = makeScratch();
afterAll(remove);
const executor = await makeExecutor('auto');

let people: Participant[];
const read = () => readStudy(makeSmallStudy(people, activities, { models: optional }), 'study.yaml');

/** A study's world on this thread; `jobs` gathers what networks are trained on. */
function makeWorld(root: string, jobs: TrainJob[] = []) {
  const kept = new Map<string, Uint8Array>();
  const store = {
    get: (key: string) => kept.get(key),
    put: (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
  };
  const workers = {
    calibrate: async (...given: Parameters<typeof calibratePerson>) => calibratePerson(...given),
    train: (job: TrainJob, onProgress: (progress: TrainingProgress) => void) => {
      jobs.push(job);
      return trainNetwork({ ...job, executor, onProgress });
    },
    adapt: () => Promise.reject(new Error('nothing is adapted here')),
    close: async () => {},
  };
  return makeEnvironment(read(), root, store, workers, executor, { update: () => {}, end: () => {} } as never);
}

const learn = (outcome: StudyOutcome) =>
  new Map(
    outcome.models.map(({ file, bytes }) => {
      const { provenance, ...learned } = readBundle(bytes, file);
      return [file, learned];
    }),
  );

describe('models that a study asks for', () => {
  const data = join(folder, 'data');
  const altered = join(folder, 'altered');
  const jobs: TrainJob[] = [];
  let usual: StudyOutcome;
  let other: StudyOutcome;

  beforeAll(async () => {
    people = writeRecordings(data, { participants: 1, activities, duration_s: 10 });
    const environment = makeWorld(data, jobs);
    usual = await runStudy(read(), environment);
    // Other EMG, angles and torques in the test parts: backwards, and scaled.
    cpSync(data, altered, { recursive: true });
    const border_s = readBundle(usual.models[0].bytes, 'm').provenance.data[0].used_s[1];
    for (const activity of activities) {
      for (const [name, scale] of [
        ['emg', 3],
        ['motion', 0.8],
        ['moments', -1.5],
      ] as const) {
        const path = join(altered, people[0].id, activity, `${name}.sto`);
        const table = readPlain(path);
        const test = table.rows.filter(([time]) => time >= border_s);
        const turned = test.map(([time], i) => [
          time,
          ...test[test.length - 1 - i].slice(1).map((value) => scale * value),
        ]);
        writePlain(path, { ...table, rows: [...table.rows.filter(([time]) => time < border_s), ...turned] });
      }
    }
    other = await runStudy(read(), makeWorld(altered));
  });

  it('stand in every table, in the order of the models', () => {
    const models = modelKinds.filter((kind) => kind !== 'network' && kind !== 'hybrid');
    const { rows } = usual.results;
    expect(rows.filter((row) => row.participant === 'all' && row.activity === 'all').map((row) => row.model)).toEqual(
      models,
    );
    const labels = usual.predictions[0].columns.map(({ label }) => label);
    expect(labels).toEqual(['measured', ...models, 'compared']);
    for (const label of ['SVR', 'forest', 'ridge + products', 'ridge + network', 'NMS + network', 'blend'])
      expect(usual.report).toContain(`>${label}<`);
    expect(usual.report).not.toMatch(/NaN|undefined/);
  });

  it('explain most of what they were not trained on, and correct what they build on', () => {
    const results = usual.results as never;
    for (const model of optional)
      expect(getRow(results, model, 'all', 'all').skill_vs_mean, model).toBeGreaterThan(0.5);
    const error = (model: string) => getRow(results, model, 'all', 'all').rmse_Nm_per_kg;
    expect(error('residual_nms')).toBeLessThan(error('nms'));
  });

  it('see nothing of the test parts', () => {
    const [a, b] = [learn(usual), learn(other)];
    expect(a.size).toBeGreaterThan(optional.length);
    for (const [file, learned] of a) expect(b.get(file), file).toEqual(learned);
    const error = ({ results }: StudyOutcome, model: string) =>
      getRow(results as never, model, 'all', 'all').rmse_Nm_per_kg;
    for (const model of optional) expect(error(other, model), model).not.toBe(error(usual, model));
  });

  it('give experiments the very windows that they are trained on, and test windows that give their errors', async () => {
    const [{ kinds }] = await prepareNetworkData(read(), makeWorld(data));
    for (const kind of ['residual_ridge', 'residual_nms'] as const) {
      const { train, validation } = kinds[kind];
      expect(
        jobs.some(({ data: used }) => JSON.stringify(used) === JSON.stringify({ train, validation })),
        kind,
      ).toBe(true);
    }
    const base = { residual_ridge: 'ridge', residual_nms: 'nms' } as const;
    for (const kind of ['residual_ridge', 'residual_nms'] as const) {
      for (const { trial, activity, base_Nm_per_kg, measured, compared } of kinds[kind].test) {
        let squares = 0;
        compared.forEach((flag, i) => {
          if (flag) squares += (base_Nm_per_kg[i] - measured[i]) ** 2;
        });
        const row = getRow(usual.results as never, base[kind], activity, 'all');
        const frames = compared.reduce((a, b) => a + b, 0);
        expect(frames, trial).toBe(row.n);
        expect(Math.sqrt(squares / frames), trial).toBeCloseTo(row.rmse_Nm_per_kg, 9);
      }
    }
  });
});
