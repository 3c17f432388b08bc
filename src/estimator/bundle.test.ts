import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { GenuError } from '../data/index.js';
import { makeTestBundle } from './bundle.fixture.js';
import { readBundle, writeBundle } from './bundle.js';
import { modelKinds } from './kinds.js';

const bundle = makeTestBundle('hybrid');
const file = writeBundle(bundle);
const read = (bytes: Uint8Array) => readBundle(bytes, 'model.genu');

type Parts = Record<string, Uint8Array>;
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Takes the file apart, lets its parts be changed and joins them again, so that the whole is sealed as `writeBundle` does it. */
function rebuild(change: (parts: Parts) => void): Uint8Array {
  const parts: Parts = unzipSync(file);
  change(parts);
  const zip = zipSync(parts);
  zip[zip.length - 2] = 'genu sha256 '.length + 64;
  return Buffer.concat([zip, strToU8(`genu sha256 ${hash(zip)}`)]);
}

/** Changes the manifest, and with `honest` its checksum too. */
const editManifest = (edit: (text: string) => string, honest: boolean) =>
  rebuild((parts) => {
    parts['manifest.json'] = strToU8(edit(strFromU8(parts['manifest.json'])));
    if (!honest) return;
    const checksums = JSON.parse(strFromU8(parts['checksums.json']));
    checksums['manifest.json'] = hash(parts['manifest.json']);
    parts['checksums.json'] = strToU8(JSON.stringify(checksums));
  });

describe('writeBundle and readBundle', () => {
  it.each(modelKinds)('give back a %s bundle as it was', (kind) => {
    const given = makeTestBundle(kind);
    expect(read(writeBundle(given))).toEqual(given);
  });

  describe('bytes', () => {
    const zone = process.env.TZ;
    afterEach(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });

    it('are the same for the same bundle, in every time zone', () => {
      for (const name of ['UTC', 'Pacific/Honolulu', 'Pacific/Auckland']) {
        process.env.TZ = name;
        expect(hash(writeBundle(makeTestBundle('hybrid')))).toBe(hash(file));
      }
    });
  });

  it('is a zip that other programs open', () => {
    expect(Object.keys(unzipSync(file)).sort()).toEqual([
      'checksums.json',
      'geometry.json',
      'golden.json',
      'manifest.json',
      'network-1.onnx',
      'network-2.onnx',
    ]);
    expect(read(rebuild(() => {}))).toEqual(bundle);
  });
});

describe('readBundle refuses', () => {
  const expectRefusal = (bytes: Uint8Array, what = /model\.genu: /) => {
    expect(() => read(bytes)).toThrow(GenuError);
    expect(() => read(bytes)).toThrow(what);
  };

  it('a file with any one bit flipped', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
        const bytes = file.slice();
        bytes[at] ^= 1 << bit;
        expectRefusal(bytes);
      }),
      { numRuns: 400, examples: Array.from({ length: 100 }, (_, k) => [file.length - 1 - k, k % 8]) },
    );
  });

  it('a file cut off anywhere, or with something after it', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => expectRefusal(file.subarray(0, length))),
      { numRuns: 60, examples: [[0], [1], [2], [21]] },
    );
    expectRefusal(Buffer.concat([file, Uint8Array.of(0)]), /damaged or was edited/);
  });

  it('what is no zip', () => {
    expectRefusal(strToU8('time\tknee_angle\n0\t1\n'), /not a genu model.*genu run/);
    expectRefusal(new Uint8Array(0), /not a genu model/);
    expectRefusal(zipSync({ 'a.txt': strToU8('a') }), /does not end with the hash/);
  });

  it('a missing part, and one too many', () => {
    expectRefusal(
      rebuild((parts) => delete parts['network-2.onnx']),
      /network-2\.onnx is missing/,
    );
    expectRefusal(
      rebuild((parts) => delete parts['manifest.json']),
      /no manifest/,
    );
    expectRefusal(
      rebuild((parts) => delete parts['checksums.json']),
      /no manifest or no checksums/,
    );
    expectRefusal(
      rebuild((parts) => {
        parts['more.json'] = strToU8('{}');
      }),
      /more\.json is not listed/,
    );
  });

  it('an edited manifest, also where the whole was sealed again', () => {
    const edited = editManifest((text) => text.replace('"mass_kg":70', '"mass_kg":71'), false);
    expectRefusal(edited, /manifest\.json does not have the hash/);
  });

  it('a newer format, and says what reads it', () => {
    const newer = (text: string) => text.replace('"format_version":1', '"format_version":2');
    expectRefusal(editManifest(newer, true), /format 2; this genu reads format 1.*genu 0\.0\.0-test/);
    const other = (text: string) => text.replace('genu-model', 'other-model');
    expectRefusal(editManifest(other, true), /not that of a genu model/);
    const strange = (text: string) => text.replace('"kind":"hybrid"', '"kind":"oracle"');
    expectRefusal(editManifest(strange, true), /knows no model of the kind "oracle".*genu 0\.0\.0-test/);
  });
});
