import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';

interface Manifest {
  readonly provenance: {
    readonly data: { readonly file: string; sha256?: string; readonly used_s: readonly [number, number] }[];
  };
}

/** The manifest of a *.genu file. */
export function readManifest(path: string): Manifest {
  return JSON.parse(strFromU8(unzipSync(readFileSync(path))['manifest.json'])) as Manifest;
}

/** Every part of a *.genu file that was learned or configured: all of it but the hashes of the input files (and of what holds those). */
export function readLearned(path: string): Record<string, unknown> {
  const { 'manifest.json': _manifest, 'checksums.json': _checksums, ...parts } = unzipSync(readFileSync(path));
  const manifest = readManifest(path);
  for (const file of manifest.provenance.data) delete file.sha256;
  return {
    manifest,
    ...Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])),
  };
}
