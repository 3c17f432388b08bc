import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExecutor } from '../src/cli/runtime/executors.js';
import { readBundle, writeBundle } from '../src/estimator/index.js';
import {
  importNetworkOnnx,
  listWeights,
  loadForward,
  makeNetwork,
  makeWeights,
  networks,
  readOnnx,
  writeForwardOnnx,
} from '../src/learn/index.js';
import { writeOnnx } from '../src/learn/onnx/model.js';
import { makeScratch, root, runGenu, runJson } from './support/genu.js';
import { getRow } from './support/results.js';
import { getColumn, readPlain, writePlain } from './support/table.js';
import { makeSmallStudy, type Participant, writeRecordings, writeStudy } from './support/virtual-study.js';

const { folder, remove } = makeScratch();
afterAll(remove);
const at = (...path: string[]) => join(folder, ...path);
const hidden = { NODE_OPTIONS: `--import ${new URL('./support/no-onnxruntime.mjs', import.meta.url).href}` };
const expectRefused = async (args: readonly string[], ...sentences: string[]) => {
  const { code, stdout, stderr } = await runGenu(args);
  for (const sentence of sentences) expect(stderr).toContain(sentence);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toContain('unexpected error');
};

let people: Participant[];
let study: string;
const bundle = () => at('ort', 'models', 'network-all.genu');
beforeAll(async () => {
  people = writeRecordings(at('data'), { participants: 1, activities: ['walk_12'], duration_s: 5 });
  study = writeStudy(at('study.yaml'), makeSmallStudy(people, ['walk_12'], { models: ['network'] }));
  const run = ['run', study, '--data', at('data'), '--executor', 'onnxruntime', '--out', at('ort')];
  expect(await runGenu(run)).toMatchObject({ code: 0 });
});

interface Found {
  readonly chosen: string;
  readonly usable: boolean;
  readonly why: string;
  readonly executors: readonly { name: string; there: boolean; description: string }[];
}

describe('genu networks', () => {
  it('lists every kind with its heads, weights and references, and which are fit for real time', async () => {
    const { value } = await runJson<{ networks: readonly Record<string, unknown>[] }>(['networks', '--inputs', '5']);
    expect(value.networks.map(({ kind }) => kind)).toEqual(networks.map(({ kind }) => kind));
    const byKind = Object.fromEntries(value.networks.map((network) => [network.kind, network]));
    expect(byKind.tcn).toMatchObject({ title: 'TCN', heads: ['window', 'sequence'], real_time: true });
    expect(byKind.bilstm).toMatchObject({ real_time: false });
    expect(byKind.mlp).toMatchObject({ heads: ['window'], real_time: false });
    // A GRU of h units on 5 inputs: three gates, of which the candidate has two biases; then the head.
    const { gruUnits: h, denseUnits = 0 } = byKind.gru.sizes as Record<string, number>;
    const head = denseUnits > 0 ? h * denseUnits + denseUnits + denseUnits + 1 : h + 1;
    expect(byKind.gru.weights).toBe(3 * h * (5 + h) + 4 * h + head);
    const bibliography = readFileSync(join(root, 'references.bib'), 'utf8');
    for (const { references } of value.networks) {
      for (const key of references as string[]) expect(bibliography).toContain(`{${key},`);
    }
  });

  it('prints a table for people, and refuses a count that is none', async () => {
    const { code, stdout } = await runGenu(['networks']);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(networks.length + 1);
    await expectRefused(['networks', '--window', 'long'], '--window long is no whole number from 1 to 10000.');
  });
});

describe('genu executors', () => {
  it('says what there is, what is chosen and why', async () => {
    const { value } = await runJson<Found>(['executors']);
    const there = new Map(value.executors.map((executor) => [executor.name, executor.there]));
    expect([...there.keys()]).toEqual(['onnxruntime', 'cuda', 'wasm']);
    expect(there.get('wasm')).toBe(true);
    expect(value.chosen).toBe(there.get('onnxruntime') ? 'onnxruntime' : 'wasm');
    expect(value).toMatchObject({ usable: true, why: expect.stringContaining('auto') });
  });

  it('takes the choice of GENU_EXECUTOR and, before it, of --executor', async () => {
    const byVariable = await runGenu(['executors'], root, { GENU_EXECUTOR: 'wasm' });
    expect(byVariable.stdout).toContain('Used: wasm. GENU_EXECUTOR asks for it.');
    const byOption = await runGenu(['executors', '--executor', 'wasm'], root, { GENU_EXECUTOR: 'onnxruntime' });
    expect(byOption.stdout).toContain('Used: wasm. --executor asks for it.');
    await expectRefused(['executors', '--executor', 'abacus'], 'there is no executor "abacus". There are auto,');
  });
});

describe('genu export and inspect', () => {
  it('a network says of itself what goes in and comes out, and predicts the same on either executor', async () => {
    const out = at('knee.onnx');
    const { value } = await runJson<{ files: string[] }>(['export', bundle(), '--out', out]);
    expect(value.files).toEqual([out]);
    const { value: found } = await runJson<{ format: string; facts: Record<string, unknown> }>(['inspect', out]);
    expect(found.format).toBe('network');
    const bytes = readFileSync(out);
    const { config } = importNetworkOnnx(bytes);
    const units = { emg: '1', angle: 'rad', speed: 'rad/s' } as Record<string, string>;
    expect(found.facts).toMatchObject({
      network: 'CNN-GRU-attention (cnn-gru-attention)',
      inputs: config.inputs.map((name) => `${name} (${units[name.split(' ')[0]]})`),
      outputs: ['knee_angle_r_moment (N.m/kg)'],
      positive: 'extension',
    });
    expect((found.facts.rate_Hz as number) * (found.facts.window_s as number)).toBeCloseTo(config.window, 9);

    const features = Float32Array.from({ length: 3 * config.window * config.inputs.length }, (_, k) => Math.sin(k));
    const predicted = await Promise.all(
      (['onnxruntime', 'wasm'] as const).map(async (name) => {
        const { program } = await loadForward(await makeExecutor(name), bytes);
        const { prediction } = await program.run({ features });
        await program.release();
        return prediction;
      }),
    );
    expect(predicted[0]).toHaveLength(3);
    for (const [k, value] of predicted[0].entries()) expect(Math.abs(value - predicted[1][k])).toBeLessThan(1e-5);
  });

  it('a causal network with a sequence head goes frame by frame; others are refused', async () => {
    const causal = at('causal.genu');
    const { network, ...rest } = readBundle(readFileSync(bundle()), bundle());
    const config = makeNetwork({ kind: 'gru', head: 'sequence', inputs: network!.inputs, window: 20 });
    const none = (size: number) => ({ mean: new Array(size).fill(0), deviation: new Array(size).fill(1) });
    const scaling = { inputs: none(config.inputs.length), outputs: none(1) };
    const members = [1, 2].map((seed) => writeForwardOnnx(config, makeWeights(listWeights(config), seed), scaling));
    writeFileSync(causal, writeBundle({ ...rest, network: { inputs: network!.inputs, members } }));
    const { value } = await runJson<{ files: string[] }>(['export', causal, '--out', at('stream'), '--streaming']);
    expect(value.files).toEqual([at('stream', 'causal-1.onnx'), at('stream', 'causal-2.onnx')]);
    const { inputs, metadata } = readOnnx(readFileSync(value.files[1]));
    expect(inputs.find(({ name }) => name === 'features')!.shape).toEqual([1, config.inputs.length]);
    const states = JSON.parse(metadata['genu.streaming']) as { input: string }[];
    expect(states.map(({ input }) => input)).toEqual(
      inputs.map(({ name }) => name).filter((name) => name !== 'features'),
    );
    const { stdout } = await runGenu(['inspect', value.files[0]]);
    expect(stdout).toContain('frame by frame: yes: its states are carried by the host');
    await expectRefused(
      ['export', causal, '--out', at('one.onnx')],
      'ensemble of 2 networks',
      'Name a folder with --out',
    );
    await expectRefused(
      ['export', bundle(), '--out', at('one.onnx'), '--streaming'],
      'has a head that says one thing of a whole window, so it cannot go frame by frame.',
    );
    await expectRefused(
      ['export', at('ort', 'models', 'ridge-all.genu'), '--out', at('x')],
      'has no network to export',
    );
    expect(existsSync(at('one.onnx'))).toBe(false);
  });

  it('a network of another tool, one with unknown operators and a damaged one are refused, and why', async () => {
    const file = at('odd.onnx');
    const inspect = (bytes: Uint8Array) => {
      writeFileSync(file, bytes);
      return ['inspect', file, '--json'];
    };
    const value = (name: string) => ({ name, shape: ['n', 3] });
    const node = { type: 'Erf', inputs: ['x'], outputs: ['y'], attributes: {} };
    const model = {
      nodes: [node],
      inputs: [value('x')],
      outputs: [value('y')],
      initialisers: [],
      realType: 'float32' as const,
    };
    await expectRefused(
      inspect(writeOnnx({ ...model, metadata: {} })),
      `${file}: network file: has no entry genu.network`,
      'It has the operators Erf; inputs x [n, 3]; outputs y [n, 3].',
    );
    const { network } = readBundle(readFileSync(bundle()), bundle());
    const whole = network!.members[0];
    const renamed = Buffer.from(whole);
    // One operator of genu's own becomes another that it never writes.
    renamed.write('Tahn', renamed.indexOf('Tanh'), 'latin1');
    await expectRefused(inspect(renamed), 'operator Tahn, node ', 'is none that genu writes for this network.');
    const flipped = Uint8Array.from(whole);
    flipped[flipped.length >> 1] ^= 1;
    await expectRefused(inspect(flipped), `${file}: `);
    await expectRefused(inspect(whole.subarray(0, 900)), `${file}: `, 'copy it again');
  });
});

describe('without onnxruntime-node', () => {
  it('WebAssembly is chosen, and says why; ONNX Runtime by name is refused', async () => {
    const { code, stdout } = await runGenu(['executors', '--json'], root, hidden);
    const found = JSON.parse(stdout) as Found;
    expect(code).toBe(0);
    expect(found).toMatchObject({ chosen: 'wasm', usable: true, why: expect.stringContaining('is not installed') });
    expect(found.executors.map(({ there }) => there)).toEqual([false, false, true]);
    const { code: refused, stderr } = await runGenu(['run', study, '--executor', 'onnxruntime'], root, hidden);
    expect(refused).toBe(1);
    expect(stderr).toContain(
      'ONNX Runtime is not installed, or not for this machine. Run "npm install onnxruntime-node"',
    );
  });

  it('a study runs and gives the same errors; its models predict on ONNX Runtime, and those of ONNX Runtime here', async () => {
    const out = at('wasm');
    const run = ['run', study, '--data', at('data'), '--out', out];
    const done = await runGenu(run, root, hidden);
    expect(done).toMatchObject({ code: 0 });
    expect(done.stderr).toMatch(/^networks run on WebAssembly/m);
    const read = (path: string) => JSON.parse(readFileSync(join(path, 'results.json'), 'utf8'));
    for (const { model, activity, participant, r2 } of read(at('ort')).rows) {
      expect(Math.abs(getRow(read(out), model, activity, participant).r2 - r2), model).toBeLessThan(1e-3);
    }
    for (const [name, model] of Object.entries({ ort: bundle(), wasm: join(out, 'models', 'network-all.genu') })) {
      const predict = async (env: NodeJS.ProcessEnv) => {
        const table = at(`${name}.sto`);
        const trial = at('data', people[0].id, 'walk_12');
        const files = ['--emg', join(trial, 'emg.sto'), '--motion', join(trial, 'motion.sto'), '--out', table];
        expect(await runGenu(['predict', model, ...files], root, env)).toMatchObject({ code: 0 });
        return getColumn(readPlain(table), 'knee_angle_r_moment_per_kg');
      };
      const [here, there] = [await predict(hidden), await predict({ GENU_EXECUTOR: 'onnxruntime' })];
      const known = there.filter(Number.isFinite).length;
      expect(known).toBeGreaterThan(300);
      const close = there.filter((value, k) => Math.abs(value - here[k]) < 1e-5).length;
      expect(close, name).toBe(known);
    }
  });
});

describe('training data that is odd', () => {
  it('a coordinate that never moves and labels that are missing for a while: trains, and says both', async () => {
    const own = at('odd');
    cpSync(at('data'), own, { recursive: true });
    const motion = join(own, people[0].id, 'walk_12', 'motion.sto');
    const moments = motion.replace('motion', 'moments');
    const table = readPlain(motion);
    const still = table.labels.indexOf('hip_adduction_r');
    writePlain(motion, { ...table, rows: table.rows.map((row) => row.map((value, c) => (c === still ? 0 : value))) });
    const torque = readPlain(moments);
    const rows = torque.rows.map(([time, ...values]) => [
      time,
      ...values.map((value) => (time > 1 && time < 1.5 ? Number.NaN : value)),
    ]);
    writePlain(moments, { ...torque, rows });
    const done = await runGenu(['run', study, '--data', own, '--out', at('odd-out'), '--json']);
    expect(done.stderr).toContain('is 0 throughout the training windows: it tells nothing.');
    expect(done).toMatchObject({ code: 0 });
    expect(done.stderr).toMatch(/moment.*missing|missing.*moment/i);

    writePlain(moments, {
      ...torque,
      rows: torque.rows.map(([time, ...values]) => [time, ...values.map(() => Number.NaN)]),
    });
    await expectRefused(['run', study, '--data', own, '--out', at('none-out'), '--json'], 'walk_12');
  });
});
