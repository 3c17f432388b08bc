import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLearned, readManifest } from './support/bundle.js';
import { type Done, isShared, makeScratch, runGenu, runJson, shared, startGenu } from './support/genu.js';
import { getRow, modelNames, type Results } from './support/results.js';
import { getColumn, readPlain, type Table, writePlain } from './support/table.js';
import { makeSmallStudy, type Participant, writeRecordings, writeStudy } from './support/virtual-study.js';

const activities = ['walk_12', 'squat'];
const { folder, remove } = makeScratch();
afterAll(remove);

const at = (...path: string[]) => join(folder, ...path);
const data = at('data');
const readResults = (out: string): Results => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
const listFiles = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((e) =>
    e.isFile() ? [join(e.parentPath, e.name)] : [],
  );
const statFiles = (path: string) =>
  listFiles(path).map((file) => `${file} ${statSync(file, { bigint: true }).mtimeNs}`);
const networksIn = (out: string) =>
  existsSync(join(out, 'cache')) ? readdirSync(join(out, 'cache')).filter((name) => /^network-.*json$/.test(name)) : [];

let people: Participant[];
let study: string;
let solo: string;
let base: Done;
const out = at('out');

beforeAll(async () => {
  people = writeRecordings(data, { participants: 2, activities, duration_s: 10 });
  study = writeStudy(at('study.yaml'), makeSmallStudy(people, activities));
  solo = writeStudy(at('solo.yaml'), makeSmallStudy(people.slice(0, 1), activities));
  base = await runGenu(['run', study, '--data', data, '--out', out, '--json']);
});

/** Rewrites the rows of one file of a trial from (and up to) the border between its training and its test part. */
function alterParts(path: string, change: (rows: Table['rows'], part: 'training' | 'test') => Table['rows']): void {
  const border_s = findBorder();
  const table = readPlain(path);
  const training = table.rows.filter(([time]) => time < border_s);
  const test = table.rows.filter(([time]) => time >= border_s);
  writePlain(path, { ...table, rows: [...change(training, 'training'), ...change(test, 'test')] });
}

/** Where the training parts end: the bundle says what it was trained on. */
function findBorder(): number {
  return readManifest(join(out, 'models', 'hybrid-within-virtual01.genu')).provenance.data[0].used_s[1];
}

/** A copy of one participant's recordings in a new place. */
function copyRecordings(name: string, participant = 'virtual01'): string {
  cpSync(join(data, participant), at(name, participant), { recursive: true });
  return at(name);
}

describe('genu run', () => {
  it('ends with 0, and prints on stdout one JSON object that is results.json', () => {
    expect(base).toMatchObject({ code: 0 });
    expect(JSON.parse(base.stdout)).toEqual(readResults(out));
  });

  it('writes a row for each model, activity and participant, and for all of them, with the contracted numbers', () => {
    const { study: name, rows } = readResults(out);
    expect(name).toBe('small');
    const keys = rows.map((row) => [row.protocol, row.participant, row.activity, row.model].join(' '));
    const expected = ['virtual01', 'virtual02', 'all'].flatMap((person) =>
      [...activities, 'all'].flatMap((activity) => modelNames.map((model) => `within ${person} ${activity} ${model}`)),
    );
    expect(keys.sort()).toEqual(expected.sort());
    for (const row of rows) {
      const { n, r, rmse_Nm_per_kg, rmse_Nm, nrmse_percent, r2, mae_Nm_per_kg, skill_vs_ridge, skill_vs_mean } = row;
      expect(Number.isInteger(n) && n > 0).toBe(true);
      for (const value of [rmse_Nm_per_kg, rmse_Nm, nrmse_percent, r2, mae_Nm_per_kg, skill_vs_ridge, skill_vs_mean])
        expect(value).toEqual(expect.any(Number));
      // Of a constant there is no correlation; over several activities the mean is no constant.
      if (row.model !== 'mean') expect(r).toEqual(expect.any(Number));
    }
  });

  it.skipIf(!isShared('contracts', 'check-results.mjs'))('passes the outside check of the contract', () => {
    const check = spawnSync(
      process.execPath,
      [join(shared, 'contracts', 'check-results.mjs'), join(out, 'results.json')],
      { encoding: 'utf8' },
    );
    expect(check.stdout + check.stderr).toMatch(/: holds \(45 rows\)/);
  });

  it('lists one model of each kind for everybody and for each participant, and writes just these files', () => {
    const { models } = readResults(out);
    const people = ['virtual01', 'virtual02'];
    expect(
      models
        .filter(({ protocol }) => protocol === 'all')
        .map(({ model, file, participants }) => ({ model, file, participants })),
    ).toEqual(modelNames.map((model) => ({ model, file: `models/${model}-all.genu`, participants: people })));
    expect(models.filter(({ protocol }) => protocol === 'within')).toHaveLength(people.length * modelNames.length);
    expect(readdirSync(join(out, 'models')).sort()).toEqual(
      models.map(({ file }) => file.replace('models/', '')).sort(),
    );
    const trials = people.flatMap((person) => activities.map((activity) => `within-${person}-${activity}.sto`));
    expect(readdirSync(join(out, 'predictions')).sort()).toEqual(trials.sort());
  });

  it('learns: every model but the mean explains most of what it was not trained on', () => {
    for (const model of modelNames.slice(1)) {
      for (const activity of activities)
        expect(getRow(readResults(out), model, activity, 'all').skill_vs_mean, `${model} ${activity}`).toBeGreaterThan(
          0.8,
        );
    }
  });

  it('predictions/*.sto and the rows say the same', () => {
    const results = readResults(out);
    for (const [activity, participant] of [...activities, 'all'].flatMap((a) =>
      [...people.map(({ id }) => id), 'all'].map((p) => [a, p]),
    )) {
      const chosen = people.filter(({ id }) => participant === 'all' || id === participant);
      const tables = chosen.flatMap(({ id, mass_kg }) =>
        activities
          .filter((name) => activity === 'all' || name === activity)
          .map((name) => ({ mass_kg, table: readPlain(join(out, 'predictions', `within-${id}-${name}.sto`)) })),
      );
      const measure = (model: string) =>
        calcErrors(
          tables.map(({ mass_kg, table }) => ({
            mass_kg,
            measured: getColumn(table, 'measured'),
            predicted: getColumn(table, model),
            compared: getColumn(table, 'compared'),
          })),
        );
      for (const model of modelNames) {
        const row = getRow(results, model, activity, participant);
        const { squares, ...errors } = measure(model);
        const skill = (baseline: string) => 1 - squares / measure(baseline).squares;
        const recomputed = { ...errors, skill_vs_ridge: skill('ridge'), skill_vs_mean: skill('mean') };
        for (const [name, value] of Object.entries(recomputed))
          expect(row[name as keyof typeof recomputed], `${name} of ${model}, ${activity}, ${participant}`).toBeCloseTo(
            value,
            9,
          );
      }
    }
  });

  it('report.html is whole, needs nothing from outside, and says that the people are simulated', () => {
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    expect(XMLValidator.validate(report)).toBe(true);
    expect(report.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|@import|<script|<link|\ssrc=/,
    );
    expect(report).toMatch(/Simulated virtual participants, not measured people/);
  });

  it('run again computes nothing again and leaves every file as it is', async () => {
    const before = statFiles(out);
    const again = await runGenu(['run', study, '--data', data, '--out', out, '--json']);
    expect(again).toMatchObject({ code: 0, stdout: base.stdout });
    const told = await runGenu(['run', study, '--data', data, '--out', out]);
    expect(told.stdout).toMatch(/^small: 2 participants, SIMULATED, not measured people; torque in N·m\/kg\n/);
    expect(told.stdout).toContain(join(out, 'report.html').split('/').pop());
    expect(statFiles(out)).toEqual(before);
  });

  it('writes again what was taken away, from what is kept', async () => {
    const gone = join(out, 'predictions', 'within-virtual01-squat.sto');
    const bytes = readFileSync(gone);
    const cache = statFiles(join(out, 'cache')).filter((line) => !line.includes('finished.json'));
    rmSync(gone);
    expect(await runGenu(['run', study, '--data', data, '--out', out, '--json'])).toMatchObject({
      code: 0,
      stdout: base.stdout,
    });
    expect(readFileSync(gone).equals(bytes)).toBe(true);
    expect(statFiles(join(out, 'cache')).filter((line) => !line.includes('finished.json'))).toEqual(cache);
  });

  it('killed while it trains and run again, it keeps what was done and ends as if nothing had happened; another folder changes nothing', async () => {
    const elsewhere = copyRecordings('elsewhere');
    copyRecordings('elsewhere', 'virtual02');
    const other = at('killed');
    const command = ['run', study, '--data', elsewhere, '--out', other, '--json'];
    const networks = networksIn(out).length;
    const { child, done } = startGenu(command);
    while (networksIn(other).length === 0 && child.exitCode === null) await setTimeout(10);
    child.kill('SIGKILL');
    expect(await done).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    expect(networksIn(other).length).toBeLessThan(networks);
    expect(existsSync(join(other, 'results.json'))).toBe(false);
    const kept = statFiles(join(other, 'cache')).filter((line) => !/\.part|\.checkpoint/.test(line));
    expect(await runGenu(command)).toMatchObject({ code: 0, stdout: base.stdout });
    expect(statFiles(join(other, 'cache'))).toEqual(expect.arrayContaining(kept));
    for (const file of ['results.json', ...readResults(out).models.map((model) => model.file)]) {
      expect(readFileSync(join(other, file)).equals(readFileSync(join(out, file))), file).toBe(true);
    }
    expect(listFiles(other).filter((file) => file.endsWith('.part') && !file.includes(`${child.pid}`))).toEqual([]);
  });

  it('another seed gives another network', async () => {
    const seeded = writeStudy(
      at('seeded.yaml'),
      makeSmallStudy(people.slice(0, 1), activities, { seed: 2, models: ['hybrid'] }),
    );
    expect(await runGenu(['run', seeded, '--data', data, '--out', at('seeded')])).toMatchObject({ code: 0 });
    const network = (path: string) =>
      readLearned(join(path, 'models', 'hybrid-within-virtual01.genu'))['network-1.onnx'];
    expect(network(at('seeded'))).toEqual(expect.any(String));
    expect(network(at('seeded'))).not.toBe(network(out));
    const error = (path: string) => getRow(readResults(path), 'hybrid', 'all', 'virtual01').rmse_Nm_per_kg;
    expect(error(at('seeded'))).not.toBe(error(out));
  });
});

describe('what a model may see', () => {
  it('nothing of the test parts: other EMG, angles and torques there leave every model as it was', async () => {
    const altered = copyRecordings('altered');
    for (const activity of activities) {
      // Backwards and scaled: other maxima, other ranges, another order.
      for (const [name, scale] of [
        ['emg', 3],
        ['motion', 0.8],
        ['moments', -1.5],
      ] as const) {
        alterParts(join(altered, 'virtual01', activity, `${name}.sto`), (rows, part) =>
          part === 'training'
            ? rows
            : rows.map(([time], i) => [time, ...rows[rows.length - 1 - i].slice(1).map((value) => scale * value)]),
        );
      }
    }
    expect(await runGenu(['run', solo, '--data', altered, '--out', at('altered-out')])).toMatchObject({ code: 0 });
    for (const model of modelNames) {
      const file = join('models', `${model}-within-virtual01.genu`);
      // A participant's own models do not depend on who else is in the study either, so both runs can be compared.
      expect(readLearned(join(at('altered-out'), file)), model).toEqual(readLearned(join(out, file)));
      const hashes = (path: string) => readManifest(join(path, file)).provenance.data.map(({ sha256 }) => sha256);
      expect(hashes(at('altered-out')).filter((hash, i) => hash === hashes(out)[i])).toEqual([]);
      const error = (path: string) => getRow(readResults(path), model, 'all', 'virtual01').rmse_Nm_per_kg;
      expect(error(at('altered-out')), model).not.toBe(error(out));
    }
  });

  it('no torque but through the inputs: torques that are shifted in time cannot be predicted', async () => {
    // Movement repeats itself. Shifts that differ by 1.6 s leave training and test about half a cycle apart in both activities, so that
    // nothing but having seen the test torques could bring a network near them.
    const shifted = copyRecordings('shifted');
    for (const activity of activities) {
      alterParts(join(shifted, 'virtual01', activity, 'moments.sto'), (rows, part) => {
        const by = part === 'training' ? 360 : 200;
        return rows.map(([time], i) => [time, ...rows[(i + by) % rows.length].slice(1)]);
      });
    }
    const hybrid = writeStudy(
      at('hybrid.yaml'),
      makeSmallStudy(people.slice(0, 1), activities, { models: ['hybrid'] }),
    );
    expect(await runGenu(['run', hybrid, '--data', shifted, '--out', at('shifted-out')])).toMatchObject({ code: 0 });
    for (const activity of [...activities, 'all'])
      expect(
        getRow(readResults(at('shifted-out')), 'hybrid', activity, 'all').skill_vs_mean,
        activity,
      ).toBeLessThanOrEqual(0.2);
  });
});

describe('genu evaluate', () => {
  const model = join(out, 'models', 'hybrid-within-virtual01.genu');

  it('on the recordings of the run gives the rows of the run for the frames that the model has not seen', async () => {
    const before = statFiles(folder);
    const { value, stderr } = await runJson<Results>(['evaluate', model, solo, '--data', data]);
    expect(value.rows.map((row) => row.model)).toContain('nms');
    for (const row of value.rows) {
      const { r, ...expected } = getRow(readResults(out), row.model, row.activity, 'virtual01');
      for (const [name, number] of Object.entries(expected)) {
        if (typeof number === 'number')
          expect(row[name as keyof typeof row], `${name} of ${row.model}, ${row.activity}`).toBeCloseTo(number, 9);
      }
    }
    expect(new Set(value.rows.map((row) => row.model))).toEqual(new Set(['mean', 'ridge', 'nms', 'hybrid']));
    expect(stderr).toMatch(
      /virtual01, walk_12: the model was trained on 0\.00–6\.99 s of this very file; only the rest is tested/,
    );
    expect(statFiles(folder)).toEqual(before);
  });

  it('leaves out trials that are not there, says so, and passes the outside check', async () => {
    const partly = at('partly');
    cpSync(join(data, 'virtual02', 'walk_12'), join(partly, 'virtual02', 'walk_12'), { recursive: true });
    const { value, stderr } = await runJson<Results>([
      'evaluate',
      join(out, 'models', 'hybrid-all.genu'),
      study,
      '--data',
      partly,
    ]);
    expect(new Set(value.rows.map((row) => `${row.participant} ${row.activity}`))).toEqual(
      new Set(['virtual02 walk_12', 'virtual02 all', 'all walk_12', 'all all']),
    );
    for (const missing of ['virtual01, walk_12', 'virtual01, squat', 'virtual02, squat'])
      expect(stderr).toContain(`${missing} is left out: ${missing.replace(', ', '/')}/emg.sto`);
    if (isShared('contracts', 'check-results.mjs')) {
      const file = at('evaluated.json');
      writeFileSync(file, JSON.stringify(value));
      const check = spawnSync(process.execPath, [join(shared, 'contracts', 'check-results.mjs'), file, '--evaluate'], {
        encoding: 'utf8',
      });
      expect(check.stdout + check.stderr).toMatch(/: holds/);
    }
  });

  it('tells whom the model knows from whom it does not', async () => {
    const { value } = await runJson<Results>(['evaluate', model, study, '--data', data]);
    const protocols = new Set(
      value.rows.filter((row) => row.participant !== 'all').map((row) => `${row.participant} ${row.protocol}`),
    );
    expect(protocols).toEqual(new Set(['virtual01 within', 'virtual02 between']));
  });

  it('refuses a study whose torques have the other sign', async () => {
    const torque = { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', positive: 'flexion' };
    const other = writeStudy(at('flexion.yaml'), makeSmallStudy(people, activities, { torque }));
    const { code, stdout, stderr } = await runGenu(['evaluate', model, other, '--data', data, '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the study says torque.positive: flexion, the model was trained with extension.');
  });

  it('with no trial there ends with 1 and says where to look', async () => {
    mkdirSync(at('empty'), { recursive: true });
    const { code, stdout, stderr } = await runGenu(['evaluate', model, study, '--data', at('empty'), '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/no trial of the study is there.*--data/);
  });
});

describe('genu predict', () => {
  const model = join(out, 'models', 'hybrid-within-virtual01.genu');
  const torques = async (emg: string, motion: string) => {
    const { value } = await runJson<{ mass_kg: number }>([
      'predict',
      model,
      '--emg',
      emg,
      '--motion',
      motion,
      '--out',
      at('torque.sto'),
    ]);
    return { ...value, table: readPlain(at('torque.sto')) };
  };

  it('makes of a test part what the run made of it', async () => {
    const cut = copyRecordings('cut');
    const file = (name: string) => join(cut, 'virtual01', 'walk_12', `${name}.sto`);
    const run = readPlain(join(out, 'predictions', 'within-virtual01-walk_12.sto'));
    const end_s = run.rows[run.rows.length - 1][0];
    for (const name of ['emg', 'motion'])
      alterParts(file(name), (rows, part) => (part === 'training' ? [] : rows.filter(([time]) => time <= end_s)));
    const { table, mass_kg } = await torques(file('emg'), file('motion'));
    expect(getColumn(table, 'time')).toEqual(getColumn(run, 'time'));
    const perMass = getColumn(table, 'knee_angle_r_moment_per_kg');
    const known = perMass.filter((value) => !Number.isNaN(value));
    expect(known.length).toBeGreaterThan(250);
    expectAlike(perMass, getColumn(run, 'hybrid'));
    expectAlike(
      getColumn(table, 'knee_angle_r_moment'),
      perMass.map((value) => value * mass_kg),
    );
  });

  it('of the whole recording predicts the same, but where the start of the test part was filtered without what came before', async () => {
    const file = (name: string) => join(data, 'virtual01', 'walk_12', `${name}.sto`);
    const { table } = await torques(file('emg'), file('motion'));
    const whole = new Map(
      table.rows.map((row) => [row[0].toFixed(2), row[table.labels.indexOf('knee_angle_r_moment_per_kg')]]),
    );
    const run = readPlain(join(out, 'predictions', 'within-virtual01-walk_12.sto'));
    const late = run.rows.filter(([time]) => time > findBorder() + 1);
    expect(late.length).toBeGreaterThan(150);
    const at_hybrid = run.labels.indexOf('hybrid');
    for (const row of late) expect(Math.abs(whole.get(row[0].toFixed(2))! - row[at_hybrid])).toBeLessThan(0.01);
  });

  it('asks whose recording it is when the model knows several, and takes a mass for somebody new', async () => {
    const file = (name: string) => join(data, 'virtual02', 'walk_12', `${name}.sto`);
    const args = [
      'predict',
      join(out, 'models', 'hybrid-all.genu'),
      '--emg',
      file('emg'),
      '--motion',
      file('motion'),
      '--out',
      at('new.sto'),
    ];
    const asked = await runGenu(args);
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toContain('--participant virtual01 | virtual02, or --mass for somebody new');
    const { value, stderr } = await runJson<{ participant: string | null; mass_kg: number; predicted: number }>([
      ...args,
      '--mass',
      '60',
    ]);
    expect(value).toMatchObject({ participant: null, mass_kg: 60 });
    expect(value.predicted).toBeGreaterThan(900);
    expect(stderr).toContain('muscles are the average of its participants');
  });
});

/** The same numbers, and missing at the same places. */
function expectAlike(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const differ = expected.flatMap((value, i) =>
    Object.is(value, found[i]) || Math.abs(found[i] - value) <= 1e-9 ? [] : [`${i}: ${found[i]} for ${value}`],
  );
  expect(differ).toEqual([]);
}

interface Stretch {
  readonly mass_kg: number;
  readonly measured: readonly number[];
  readonly predicted: readonly number[];
  readonly compared: readonly number[];
}

/** The error measures by their textbook definitions, over the frames marked as compared. */
function calcErrors(stretches: readonly Stretch[]) {
  const frames = stretches.flatMap(({ measured, predicted, compared, mass_kg }) =>
    measured.flatMap((y, i) => (compared[i] === 1 ? [{ y, e: predicted[i] - y, mass_kg }] : [])),
  );
  const n = frames.length;
  const sum = (pick: (frame: (typeof frames)[number]) => number) =>
    frames.reduce((total, frame) => total + pick(frame), 0);
  const squares = sum(({ e }) => e * e);
  const mean = sum(({ y }) => y) / n;
  const ys = frames.map(({ y }) => y);
  const rmse_Nm_per_kg = Math.sqrt(squares / n);
  return {
    squares,
    n,
    rmse_Nm_per_kg,
    rmse_Nm: Math.sqrt(sum(({ e, mass_kg }) => (e * mass_kg) ** 2) / n),
    nrmse_percent: (100 * rmse_Nm_per_kg) / (Math.max(...ys) - Math.min(...ys)),
    r2: 1 - squares / sum(({ y }) => (y - mean) ** 2),
    mae_Nm_per_kg: sum(({ e }) => Math.abs(e)) / n,
  };
}
