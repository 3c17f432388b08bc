import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32c } from '../src/learn/crc32c.js';
import { ProtobufMessage } from '../src/learn/onnx/message.js';
import { type Done, makeScratch, root, runGenu, startGenu } from './support/genu.js';
import { makeSmallStudy, writeRecordings, writeStudy } from './support/virtual-study.js';

const { folder, remove } = makeScratch();
afterAll(remove);
const at = (...path: string[]) => join(folder, ...path);
const epochs = 16;
/** A checkpoint after every step. */
const often = { GENU_CHECKPOINT_S: '0' };
const main = join(root, 'dist', 'cli', 'main.js');

let study: string;
let base: Done;
beforeAll(async () => {
  const people = writeRecordings(at('data'), { participants: 1, activities: ['walk_12'], duration_s: 6 });
  const training = { epochs, patience: epochs, batch: 32, learning_rate: 0.006 };
  study = writeStudy(at('study.yaml'), makeSmallStudy(people, ['walk_12'], { models: ['network'], training }));
  base = await runGenu(command('base'), root, { GENU_CHECKPOINT_S: '1000' });
});

const command = (out: string, ...more: string[]) => [
  'run',
  study,
  '--data',
  at('data'),
  '--out',
  at(out),
  '--json',
  ...more,
];
const inCache = (out: string, pattern: RegExp) =>
  existsSync(at(out, 'cache')) ? readdirSync(at(out, 'cache')).filter((name) => pattern.test(name)) : [];

/** A folder in which the muscles are calibrated already. */
function prepare(out: string): string {
  mkdirSync(at(out, 'cache'), { recursive: true });
  for (const name of inCache('base', /^calibration/)) cpSync(at('base', 'cache', name), at(out, 'cache', name));
  return out;
}

/** Runs until the training has come some way, and kills it there. */
async function killInTraining(out: string, ...more: string[]): Promise<void> {
  const { child, done } = startGenu(command(prepare(out), ...more), root, often);
  while (inCache(out, /checkpoint\.before$/).length === 0 && child.exitCode === null) await setTimeout(2);
  child.kill('SIGKILL');
  expect(await done).toMatchObject({ signal: 'SIGKILL', stdout: '' });
  expect(inCache(out, /^network.*json$/)).toEqual([]);
  expect(inCache(out, /checkpoint/).length).toBeGreaterThan(0);
}

function expectAsUninterrupted(out: string, done: Done): void {
  expect(done).toMatchObject({ code: 0, stdout: base.stdout });
  const files = ['results.json', ...readdirSync(at('base', 'models')).map((name) => join('models', name))];
  expect(files).toContain(join('models', 'network-all.genu'));
  for (const file of files) expect(readFileSync(at(out, file)).equals(readFileSync(at('base', file))), file).toBe(true);
  expect(inCache(out, /checkpoint/)).toEqual([]);
}

describe('genu run killed within the training of a network', () => {
  it('goes on from the checkpoint before a damaged one, and says so', async () => {
    await killInTraining('damaged');
    const spoil = (name: string) => {
      const file = at('damaged', 'cache', name);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(file, bytes);
    };
    // Killed between the two renames there is none but the one before.
    const [newest] = inCache('damaged', /checkpoint(\.before)?$/).sort();
    spoil(newest);
    const done = await runGenu(command('damaged'), root, often);
    expect(done.stderr).toMatch(
      /^warning: plain network of virtual01: .*checkpoint.*: does not fit its checksum: .* goes on from (the checkpoint before it|its beginning)\.$/m,
    );
    expectAsUninterrupted('damaged', done);
  });

  it('refuses an interval that is none', async () => {
    const { code, stderr } = await runGenu(command('none'), root, { GENU_CHECKPOINT_S: 'often' });
    expect(code).toBe(1);
    expect(stderr).toContain('genu: GENU_CHECKPOINT_S: often is no number of seconds.');
  });
});

/** One record of an event file, by the format's own description: length, its checksum, data, their checksum. */
function readEvents(file: string) {
  const bytes = readFileSync(file);
  const unmask = (masked: number) => {
    const turned = (masked - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  const events: { step: number; values: Record<string, number> }[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(start));
    const data = bytes.subarray(start + 12, start + 12 + length);
    expect(unmask(bytes.readUInt32LE(start + 8))).toBe(crc32c(bytes.subarray(start, start + 8)));
    expect(unmask(bytes.readUInt32LE(start + 12 + length))).toBe(crc32c(data));
    const event = new ProtobufMessage(data);
    const values =
      event
        .message(5)
        ?.messages(1)
        .map((value) => [value.text(1), value.floats(2)[0]]) ?? [];
    if (values.length > 0) events.push({ step: event.integer(2) ?? 0, values: Object.fromEntries(values) });
    start += length + 16;
  }
  return events;
}

describe('genu run killed within the training of a network, with --tensorboard', () => {
  it('goes on there and ends, bit for bit, as if nothing had happened; the curves tell of every step and epoch once', async () => {
    const curves = at('curves');
    await killInTraining('watched', '--tensorboard', curves);
    const done = await runGenu(command('watched', '--tensorboard', curves), root, often);
    const [, epoch] = /^plain network of virtual01: goes on from its checkpoint in epoch (\d+)$/m.exec(done.stderr)!;
    expect(Number(epoch)).toBeLessThanOrEqual(epochs);
    expect(done.stderr).not.toMatch(/checkpoint before it|from its beginning/);
    expectAsUninterrupted('watched', done);
    expect(readdirSync(curves)).toEqual(['network-virtual01-1']);
    const own = join(curves, 'network-virtual01-1');
    const files = readdirSync(own).sort();
    expect(files).toHaveLength(2);
    for (const name of files) expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\.\d+\.network-[0-9a-f]{32}$/);
    const events = files.flatMap((name) => readEvents(join(own, name)));
    const stepsOf = (tag: string) => events.filter(({ values }) => tag in values).map(({ step }) => step);
    const count = (n: number) => Array.from({ length: n }, (_, k) => k + 1);
    for (const tag of ['loss/train', 'loss/validation', 'learning_rate']) {
      expect(
        stepsOf(tag).sort((a, b) => a - b),
        tag,
      ).toEqual(count(epochs));
    }
    const steps = stepsOf('loss/step').sort((a, b) => a - b);
    expect(steps.length % epochs).toBe(0);
    expect(steps).toEqual(count(steps.length));
    const losses = events
      .filter(({ values }) => 'loss/validation' in values)
      .map(({ values }) => values['loss/validation']);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
  });

  it('says nothing of networks that are found trained', async () => {
    const { code } = await runGenu(command('base', '--tensorboard', at('no-curves')));
    expect(code).toBe(0);
    expect(existsSync(at('no-curves'))).toBe(false);
  });
});

/** Whether a file system of a few kilobytes can be mounted here, seen by one process only. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!canMount)('on a full disk', () => {
  /** Runs with a cache of so many bytes. */
  const runWithin = (out: string, bytes: number) => {
    prepare(out);
    const cache = at(out, 'cache');
    const script = `cp -r '${cache}' '${cache}.mine' && mount -t tmpfs -o size=${bytes} none '${cache}' && cp '${cache}.mine'/* '${cache}' && exec "$@"`;
    const args = ['-rm', 'sh', '-c', script, 'sh', process.execPath, main, ...command(out)];
    return spawnSync('unshare', args, { cwd: root, env: { ...process.env, ...often }, encoding: 'utf8' });
  };
  const sizeOf = (name: RegExp) => statSync(at('base', 'cache', inCache('base', name)[0])).size;

  it('a checkpoint that has no room costs one warning, with its name and size, and the training goes on', async () => {
    const done = runWithin('tight', sizeOf(/^network/) + 36_000);
    const warnings = done.stderr.split('\n').filter((line) => line.includes('No checkpoint could be written'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /network-[0-9a-f]+\.checkpoint\.new: the disk is full\. .*It needs 0\.\d\d MB\. Training goes on/,
    );
    expect({ code: done.status, stdout: done.stdout }).toEqual({ code: 0, stdout: base.stdout });
  });

  it('a trained network that has no room is an error, and no results are written', () => {
    const done = runWithin('full', 32_000);
    expect({ code: done.status, stdout: done.stdout }).toEqual({ code: 1, stdout: '' });
    expect(done.stderr).toMatch(/^genu: .*network-[0-9a-f]+\.json: the disk is full\. Make room and run again/m);
    expect(existsSync(at('full', 'results.json'))).toBe(false);
  });
});
