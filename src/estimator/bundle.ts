import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { GenuError, type ModelDescription } from '../data/index.js';
import type { Ridge } from '../learn/index.js';
import type { ExcitationMap, MuscleParameters } from '../nms/index.js';
import { type BundleKind, modelKinds } from './kinds.js';
import type { Regression } from './lagged.js';
import type { EstimatorSpec } from './spec.js';
import type { Uncertainty } from './uncertainty.js';

/** What is known of one person: never anything learned from that person's test trials. */
export interface Person {
  readonly mass_kg: number;
  /** Divisors of the EMG envelopes, in the order of the spec's channels. */
  readonly emg_maxima: readonly number[];
  /** Calibrated muscles, in the order of `muscles`. */
  readonly muscles: readonly MuscleParameters[];
  /** Factor on the published passive torque of the knee. */
  readonly passive_scale: number;
  /** Name of the person's geometry in the bundle. */
  readonly geometry: string;
}

export interface BundleNetwork {
  /** Forward networks of the ensemble, as ONNX. */
  readonly members: readonly Uint8Array[];
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
}

/** A short synthetic recording with what the bundle made of it when it was written; loading repeats it. */
export interface Golden {
  readonly emg: { readonly rate_Hz: number; readonly channels: readonly { name: string; values: readonly number[] }[] };
  readonly motion: {
    readonly rate_Hz: number;
    readonly channels: readonly { name: string; values: readonly number[] }[];
  };
  readonly person: string | null;
  /** Torque in N·m/kg by model; null where a frame has none. */
  readonly output: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Everything that turns a recording into a torque, in one value; `writeBundle` makes one file of it. */
export interface Bundle {
  readonly kind: BundleKind;
  readonly protocol: string;
  /** Participants it was trained on. */
  readonly participants: readonly string[];
  readonly spec: EstimatorSpec;
  /** The parts of the models that muscle geometry needs, by name. */
  readonly geometries: Readonly<Record<string, ModelDescription>>;
  /** Muscles about the knee, in order. */
  readonly muscles: readonly string[];
  readonly excitations: ExcitationMap;
  readonly people: Readonly<Record<string, Person>>;
  /** Used for a person who is not among `people`. */
  readonly anyone: Person;
  readonly mean: { readonly overall: number; readonly by_activity: Readonly<Record<string, number>> };
  readonly ridge: Ridge;
  /** Of the kinds `svr`, `forest`, `quadratic` and `blend`: a regression on the inputs of the ridge. */
  readonly regression: Regression | null;
  readonly network: BundleNetwork | null;
  /** Of the networks; null without any. */
  readonly uncertainty: Uncertainty | null;
  readonly golden: Golden | null;
  readonly provenance: Provenance;
}

export interface Provenance {
  readonly genu_version: string;
  readonly study: string;
  readonly seed: number;
  readonly simulated: boolean;
  /** Input files with their hashes and what was taken from them. */
  readonly data: readonly {
    readonly file: string;
    readonly sha256: string;
    readonly trial: string;
    readonly participant: string;
    readonly used_s: readonly [number, number];
  }[];
}

const formatVersion = 1;
const manifestName = 'manifest.json';
const checksumsName = 'checksums.json';
const regressionName = 'regression.json';
const uncertaintyName = 'uncertainty.json';
/** The zip's comment: the SHA-256 of every byte before it, so that no bit of the file can change unseen. */
const sealPrefix = 'genu sha256 ';
const sealLength = sealPrefix.length + 64;

/** One `*.genu` file: a zip of a JSON manifest, the model's geometry, the golden case and the networks, with a SHA-256 of each and of the whole. The same bundle gives the same bytes. */
export function writeBundle(bundle: Bundle): Uint8Array {
  const { network, regression, uncertainty, geometries, golden, ...rest } = bundle;
  const members = network?.members ?? [];
  const manifest = {
    format: 'genu-model',
    format_version: formatVersion,
    units: { torque: 'N.m/kg', angle: 'rad', speed: 'rad/s', force: 'N', length: 'm', time: 's' },
    ...rest,
    ridge: { ...rest.ridge, weights: Array.from(rest.ridge.weights) },
    network: network && { inputs: network.inputs, files: members.map((_, i) => networkName(i)) },
  };
  const entries: Record<string, Uint8Array> = {
    [manifestName]: writeJson(manifest),
    'geometry.json': writeJson(geometries),
    'golden.json': writeJson(golden),
  };
  if (regression) entries[regressionName] = writeJson(writeRegression(regression));
  if (uncertainty) entries[uncertaintyName] = writeJson(uncertainty);
  members.forEach((onnx, i) => {
    entries[networkName(i)] = onnx;
  });
  entries[checksumsName] = writeJson(
    Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, bytesToHex(sha256(bytes))])),
  );
  // Zip keeps local time; a local date is the same bytes in every time zone.
  return seal(zipSync(entries, { mtime: new Date(1980, 0, 2), level: 6 }));
}

/** Appends the zip's comment, whose length is the last field of a zip. */
function seal(zip: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(zip.length + sealLength);
  sealed.set(zip);
  sealed[zip.length - 2] = sealLength;
  sealed.set(strToU8(sealPrefix + bytesToHex(sha256(sealed.subarray(0, zip.length)))), zip.length);
  return sealed;
}

function isSealed(bytes: Uint8Array): boolean {
  const end = Math.max(0, bytes.length - sealLength);
  return strFromU8(bytes.subarray(end), true) === sealPrefix + bytesToHex(sha256(bytes.subarray(0, end)));
}

/**
 * Reads a `*.genu` file and checks it and every part against their hashes. Its golden case is checked by `loadEstimator`.
 * @throws GenuError when the file is no bundle, of a newer format, incomplete or changed
 */
export function readBundle(bytes: Uint8Array, file: string): Bundle {
  const damaged = (what: string) =>
    new GenuError(`${what} The file is damaged or was edited.`, {
      where: file,
      mend: 'Copy it again or train it again.',
    });
  if (strFromU8(bytes.subarray(0, 2), true) !== 'PK') {
    throw new GenuError('this is not a genu model.', { where: file, mend: 'A *.genu file is written by "genu run".' });
  }
  // Before unzipping, for a damaged zip may ask for any amount of memory.
  if (!isSealed(bytes)) throw damaged('This genu model does not end with the hash of its content.');
  const entries = unzipSync(bytes);
  if (!entries[manifestName] || !entries[checksumsName])
    throw damaged('This genu model has no manifest or no checksums.');
  const checksums = readJson(entries[checksumsName], damaged) as Record<string, string>;
  for (const [name, digest] of Object.entries(checksums)) {
    if (!entries[name]) throw damaged(`The part ${name} is missing.`);
    if (bytesToHex(sha256(entries[name])) !== digest)
      throw damaged(`The part ${name} does not have the hash it was written with.`);
  }
  for (const name of Object.keys(entries)) {
    if (name !== checksumsName && !(name in checksums))
      throw damaged(`The part ${name} is not listed in ${checksumsName}.`);
  }
  const manifest = readJson(entries[manifestName], damaged) as ReturnType<typeof JSON.parse>;
  if (manifest.format !== 'genu-model') throw damaged('The manifest is not that of a genu model.');
  if (manifest.format_version !== formatVersion) {
    throw new GenuError(
      `this genu model has format ${manifest.format_version}; this genu reads format ${formatVersion}.`,
      {
        where: file,
        mend: `It was written by genu ${manifest.provenance?.genu_version}; use that version or a newer one.`,
      },
    );
  }
  if (!modelKinds.includes(manifest.kind)) {
    throw new GenuError(`this genu knows no model of the kind "${manifest.kind}".`, {
      where: file,
      mend: `It was written by genu ${manifest.provenance?.genu_version}; use that version or a newer one.`,
    });
  }
  const { format, format_version, units, network, ridge, ...rest } = manifest;
  return {
    ...rest,
    ridge: { ...ridge, weights: Float64Array.from(ridge.weights) },
    regression: entries[regressionName] ? readRegression(readJson(entries[regressionName], damaged)) : null,
    uncertainty: entries[uncertaintyName] ? readJson(entries[uncertaintyName], damaged) : null,
    network: network && { inputs: network.inputs, members: network.files.map((name: string) => entries[name]) },
    geometries: readJson(entries['geometry.json'], damaged),
    golden: readJson(entries['golden.json'], damaged),
  } as Bundle;
}

/** JSON has no typed arrays. */
const writeRegression = (regression: Regression): unknown =>
  regression.kind === 'quadratic'
    ? { ...regression, ridge: { ...regression.ridge, weights: Array.from(regression.ridge.weights) } }
    : regression;

function readRegression(value: unknown): Regression {
  const regression = value as Regression;
  if (regression.kind !== 'quadratic') return regression;
  return { ...regression, ridge: { ...regression.ridge, weights: Float64Array.from(regression.ridge.weights) } };
}

const networkName = (member: number) => `network-${member + 1}.onnx`;

function writeJson(value: unknown): Uint8Array {
  return strToU8(JSON.stringify(value));
}

function readJson(bytes: Uint8Array, damaged: (what: string) => GenuError): unknown {
  try {
    return JSON.parse(strFromU8(bytes));
  } catch {
    throw damaged('A part of this genu model is not JSON.');
  }
}
