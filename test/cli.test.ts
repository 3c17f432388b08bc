import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isShared, makeScratch, root, runGenu, runJson, shared } from './support/genu.js';
import { getColumn, readPlain, writePlain } from './support/table.js';
import { makeSmallStudy, type Participant, writeRecordings, writeStudy } from './support/virtual-study.js';

const { folder, remove } = makeScratch();
afterAll(remove);
const recording = (name: string) => join(folder, 'data', 'virtual01', 'walk_12', `${name}.sto`);
const commands = [
  'run',
  'evaluate',
  'predict',
  'inspect',
  'muscles',
  'export',
  'networks',
  'executors',
  'example',
  'check',
  'cite',
  'schema',
];

let study: string;
let people: Participant[];
beforeAll(() => {
  people = writeRecordings(join(folder, 'data'), { participants: 1, activities: ['walk_12'], duration_s: 5 });
  study = writeStudy(
    join(folder, 'study.yaml'),
    makeSmallStudy(people, ['walk_12'], { models: ['nms'], split: { train_first: 0.6, validation: 0.3 } }),
  );
});

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout, stderr } = await runGenu(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ {2}([a-z]+) /gm)?.map((line) => line.trim())).toEqual(expect.arrayContaining(commands));
    expect(stdout).toContain('Exit codes: 0 done, 1 bad input or a failed run, 2 a wrong command line.');
  });

  it.each(commands)('of %s has an example of it, with options that there are', async (command) => {
    const { code, stdout, stderr } = await runGenu([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [usage, example] = stdout.split(/Examples?:/);
    expect(example).toMatch(new RegExp(`^\\s+genu ${command}\\b`));
    for (const option of example.match(/--[a-z-]+/g) ?? []) expect(usage).toContain(option);
  });

  it('--version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await runGenu(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('genu schema', () => {
  it('prints the committed schema/study.schema.json', async () => {
    const { code, stdout } = await runGenu(['schema']);
    expect(code).toBe(0);
    // Make it anew with: node dist/cli/main.js schema > schema/study.schema.json
    expect(stdout).toBe(readFileSync(join(root, 'schema', 'study.schema.json'), 'utf8'));
  });

  it('describes every field, for editors', async () => {
    const schema = JSON.parse((await runGenu(['schema'])).stdout);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'genu study',
      type: 'object',
    });
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required.sort()).toEqual(['emg', 'motion', 'participants', 'study', 'torque']);
    for (const [name, group] of Object.entries<{ properties?: Record<string, { description?: string }> }>(
      schema.properties,
    )) {
      for (const [field, { description }] of Object.entries(group.properties ?? {}))
        expect(description, `${name}.${field}`).toEqual(expect.any(String));
    }
  });
});

interface Inspection {
  readonly file: string;
  readonly bytes: number;
  readonly format: string;
  readonly facts: Record<string, unknown>;
  readonly channels: readonly {
    name: string;
    kind: string;
    unit: string;
    rate_Hz: number;
    samples: number;
    max: number;
  }[];
  readonly warnings: readonly string[];
}

describe('genu inspect', () => {
  const inspect = async (file: string) => (await runJson<Inspection>(['inspect', file])).value;

  it('of a recording says its channels, units and rates', async () => {
    const { format, bytes, channels } = await inspect(recording('motion'));
    const plain = readPlain(recording('motion'));
    expect({ format, bytes }).toEqual({ format: 'recording', bytes: readFileSync(recording('motion')).length });
    expect(channels.map(({ name }) => name)).toEqual(plain.labels.slice(1));
    for (const { name, kind, unit, rate_Hz, samples, max } of channels) {
      expect({ kind, unit, rate_Hz, samples }).toEqual({ kind: 'coordinate', unit: 'rad', rate_Hz: 100, samples: 500 });
      expect(max).toBeCloseTo((Math.max(...getColumn(plain, name)) * Math.PI) / 180, 12);
    }
  });

  it('of a study says its participants and channels', async () => {
    const { format, facts } = await inspect(study);
    expect(format).toBe('study');
    expect(facts).toMatchObject({ study: 'small', activities: ['walk_12'], model: 'generic', models: ['nms'] });
    expect(facts.participants).toEqual([`virtual01 (${people[0].mass_kg} kg): walk_12`]);
  });

  it('of a model written by genu run says what it predicts, from what, and that its people are simulated', async () => {
    const out = join(folder, 'out');
    expect(await runGenu(['run', study, '--data', join(folder, 'data'), '--out', out])).toMatchObject({ code: 0 });
    const { format, facts, warnings } = await inspect(join(out, 'models', 'nms-all.genu'));
    expect(format).toBe('bundle');
    expect(facts).toMatchObject({
      model: 'nms',
      protocol: 'all',
      participants: ['virtual01'],
      predicts: 'knee_angle_r torque in N.m/kg, extension positive',
      rate_Hz: 100,
      networks: 0,
      simulated: true,
    });
    expect(warnings.join(' ')).toMatch(/simulated participants, not on measured people/);
  });

  it.skipIf(!isShared('reference', 'opensim', 'gait2392'))(
    'of an OpenSim model says its joints and the muscles across the knee',
    async () => {
      const { format, facts } = await inspect(
        join(shared, 'reference', 'opensim', 'gait2392', 'subject01_simbody.osim'),
      );
      expect(format).toBe('model');
      expect(facts.muscles).toHaveLength(92);
      expect(facts['muscles across knee_angle_r']).toHaveLength(13);
      expect(facts['muscles across knee_angle_r']).toEqual(
        expect.arrayContaining(['vas_lat_r', 'rect_fem_r', 'bifemsh_r', 'med_gas_r']),
      );
    },
  );

  it.each([
    ['a recording', () => recording('emg')],
    ['a study', () => study],
  ])('prints %s for people too', async (_, file) => {
    const { code, stdout } = await runGenu(['inspect', file()]);
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout)).toThrow();
    expect(stdout.startsWith(file())).toBe(true);
  });

  it('refuses an unknown ending and a file that is not there', async () => {
    for (const [file, sentence] of [
      [join(root, 'package.json'), 'genu does not read ".json" files'],
      [join(folder, 'studi.yaml'), 'there is no such file. In that folder: study.yaml'],
    ]) {
      const { code, stdout, stderr } = await runGenu(['inspect', file, '--json']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(sentence);
    }
  });
});

const gait2392 = join(shared, 'reference', 'opensim', 'gait2392');

describe.skipIf(!isShared('reference', 'opensim', 'gait2392'))('genu muscles on gait2392 is OpenSim 4.5.2', () => {
  const expected = (name: string) => {
    const [labels, ...rows] = readFileSync(join(gait2392, 'expected', `${name}.tsv`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    return { labels, rows: rows.map((row) => row.map(Number)) };
  };
  const out = join(folder, 'muscles');
  let done: { files: string[]; muscles: string[]; frames: number };

  beforeAll(async () => {
    // The very coordinates that OpenSim's numbers were made from: already filtered and splined there.
    const { labels, rows } = expected('q');
    const motion = join(folder, 'q.sto');
    const head = ['Coordinates', 'version=1', `nRows=${rows.length}`, `nColumns=${labels.length}`, 'inDegrees=no'];
    writePlain(motion, { head, labels, rows });
    const args = [
      'muscles',
      '--model',
      join(gait2392, 'subject01_simbody.osim'),
      '--motion',
      motion,
      '--coordinate',
      'knee_angle_r',
    ];
    done = (await runJson<typeof done>([...args, '--out', out])).value;
  });

  it('writes the three tables', () => {
    expect(done.files).toEqual(
      ['lengths.sto', 'speeds.sto', 'moment_arms_knee_angle_r.sto'].map((name) => join(out, name)),
    );
    for (const file of done.files) expect(existsSync(file)).toBe(true);
    expect(done).toMatchObject({ frames: expected('q').rows.length });
    expect(done.muscles).toHaveLength(92);
  });

  const worst = (file: string, reference: string) => {
    const ours = readPlain(join(out, file));
    const { labels, rows } = expected(reference);
    expect(ours.labels).toEqual(labels);
    expect(ours.rows.length).toBe(rows.length);
    return Math.max(...rows.flatMap((row, i) => row.map((value, c) => Math.abs(value - ours.rows[i][c]))));
  };

  it('lengths within 1e-9 m', () => {
    expect(worst('lengths.sto', 'lengths')).toBeLessThan(1e-9);
  });

  it('moment arms within 1e-6 m', () => {
    expect(worst('moment_arms_knee_angle_r.sto', 'momentarm_knee_r')).toBeLessThan(1e-6);
  });

  it('a coordinate that the model does not have is refused, with those it has', async () => {
    const { code, stderr } = await runGenu([
      'muscles',
      '--model',
      join(gait2392, 'subject01_simbody.osim'),
      '--motion',
      join(folder, 'q.sto'),
      '--coordinate',
      'knee_r',
      '--out',
      out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the model has no coordinate "knee_r"\. It has: .*knee_angle_r/);
  });
});
