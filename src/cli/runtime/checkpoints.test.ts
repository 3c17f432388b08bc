import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrainingState } from '../../learn/index.js';
import {
  findCheckpointFile,
  makeCheckpoints,
  readCheckpointInterval,
  removeCheckpoints,
  takeCheckpoints,
} from './checkpoints.js';
import { sayFileError, writeAtomic } from './files.js';

let folder: string;
let warnings: string[];
const warn = (sentence: string) => void warnings.push(sentence);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genu-checkpoints-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const makeStateOf = (epoch: number): TrainingState => ({
  epoch,
  batch: 2,
  lossSum: 0.1 * epoch,
  weightSum: 64,
  seconds: 1.5,
  weights: Float32Array.of(epoch, -0, Number.NaN),
  first: Float32Array.of(1, 2, 3),
  second: Float32Array.of(4, 5, 6),
  statistics: new Float32Array(),
  average: undefined,
  best: {
    epoch: 0,
    validation_loss: Number.POSITIVE_INFINITY,
    weights: new Float32Array(3),
    statistics: new Float32Array(),
  },
  history: [],
});

const start = (put?: typeof writeAtomic, key = 'network-1.json') =>
  makeCheckpoints(findCheckpointFile(folder, 'network-1.json'), key, warn, put);
const file = () => join(folder, 'network-1.checkpoint');
const spoil = (path: string) => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 4;
  writeFileSync(path, bytes);
};

describe('checkpoints of a training', () => {
  test('give back the newest exactly; nothing is there at first, and nothing is said', () => {
    expect(start().read()).toBeUndefined();
    for (const epoch of [1, 2, 3]) start().write(makeStateOf(epoch));
    expect(start().read()).toStrictEqual(makeStateOf(3));
    expect(warnings).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['network-1.checkpoint', 'network-1.checkpoint.before']);
  });

  test('killed at any moment of writing leave one that is whole', () => {
    const steps: string[] = [];
    const put: typeof writeAtomic = (path, bytes) => {
      // Before and after the new file is there, the newest or the one before can be read.
      if (steps.length > 0) expect(start().read()?.epoch).toBe(steps.length);
      writeAtomic(path, bytes);
      if (steps.length > 0) expect(start().read()?.epoch).toBe(steps.length);
      steps.push(path);
    };
    for (const epoch of [1, 2, 3]) start(put).write(makeStateOf(epoch));
    expect(steps).toHaveLength(3);
    // Between its two renames only the one before has its name.
    rmSync(file());
    expect(start().read()?.epoch).toBe(2);
    expect(warnings).toEqual([]);
  });

  test('damaged give way to the one before, and say so; both damaged, to the beginning', () => {
    for (const epoch of [1, 2]) start().write(makeStateOf(epoch));
    spoil(file());
    expect(start().read()).toStrictEqual(makeStateOf(1));
    expect(warnings).toEqual([
      `${file()}: does not fit its checksum: it is damaged, or was not written to the end. The training of this network goes on from the checkpoint before it.`,
    ]);
    spoil(`${file()}.before`);
    expect(start().read()).toBeUndefined();
    expect(warnings.at(-1)).toContain('.before: does not fit its checksum');
    expect(warnings.at(-1)).toContain('goes on from its beginning.');
  });

  test('of another training, and other files under their name, are not gone on from', () => {
    start(undefined, 'network-2.json').write(makeStateOf(1));
    expect(start().read()).toBeUndefined();
    writeFileSync(file(), 'x'.repeat(100));
    expect(start().read()).toBeUndefined();
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(
      /belongs to another training \(network-2\.json\) than this one .*from its beginning\.$/,
    );
    expect(warnings[1]).toMatch(/is no checkpoint of genu, .*from its beginning\.$/);
  });

  test('on a full disk cost one warning, which names the file and what it needed; the one before stays', () => {
    start().write(makeStateOf(1));
    let full = true;
    const put: typeof writeAtomic = (path, bytes) => {
      if (full) throw sayFileError(Object.assign(new Error('write'), { code: 'ENOSPC' }), path);
      writeAtomic(path, bytes);
    };
    const checkpoints = start(put);
    for (const epoch of [2, 3]) checkpoints.write(makeStateOf(epoch));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${file()}.new: the disk is full.`);
    expect(warnings[0]).toMatch(/It needs 0\.00 MB\. Training goes on;/);
    expect(start().read()).toStrictEqual(makeStateOf(1));
    // Room was made.
    full = false;
    checkpoints.write(makeStateOf(4));
    expect(start().read()).toStrictEqual(makeStateOf(4));
  });

  test('make room for the result of their training, and can come back', () => {
    expect(takeCheckpoints(file())).toBeUndefined();
    for (const epoch of [1, 2]) start().write(makeStateOf(epoch));
    const putBack = takeCheckpoints(file())!;
    expect(readdirSync(folder)).toEqual([]);
    putBack();
    expect(start().read()).toStrictEqual(makeStateOf(2));
  });

  test('go when the network is done, with what killed runs left, and those of others stay', () => {
    start().write(makeStateOf(1));
    start().write(makeStateOf(2));
    const others = ['network-1.json', 'network-2.checkpoint'];
    for (const name of [...others, '.network-1.checkpoint.new.99.part']) writeFileSync(join(folder, name), '');
    removeCheckpoints(file());
    expect(readdirSync(folder).sort()).toEqual(others);
    expect(existsSync(file())).toBe(false);
    removeCheckpoints(join(folder, 'not', 'there'));
  });
});

test('the interval is a number of seconds', () => {
  const before = process.env.GENU_CHECKPOINT_S;
  try {
    for (const [text, seconds] of [
      ['', 10],
      ['0', 0],
      ['2.5', 2.5],
    ] as const) {
      process.env.GENU_CHECKPOINT_S = text;
      expect(readCheckpointInterval()).toBe(seconds);
    }
    for (const text of ['-1', 'often', 'Infinity']) {
      process.env.GENU_CHECKPOINT_S = text;
      expect(readCheckpointInterval).toThrow(`GENU_CHECKPOINT_S: ${text} is no number of seconds.`);
    }
  } finally {
    if (before === undefined) delete process.env.GENU_CHECKPOINT_S;
    else process.env.GENU_CHECKPOINT_S = before;
  }
});
