import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { makeGenericLeg } from '../../body/index.js';
import type { Recording } from '../../data/index.js';
import { readOsim, type TableDeclaration } from '../../io/index.js';
import type { Executor } from '../../learn/index.js';
import type {
  FileRole,
  HashedFile,
  LoadedModel,
  LoadedTrial,
  Store,
  Study,
  StudyEnvironment,
  StudyParticipant,
  TrialFiles,
} from '../../study/index.js';
import { readBibliographyText } from './bibliography.js';
import { readBytes } from './files.js';
import type { Progress } from './progress.js';
import { type RecordingHints, readRecording } from './recordings.js';
import { codeKey, genuVersion } from './version.js';
import type { Workers } from './workers.js';

/** A study's view of this machine: files under `root`, a store, worker threads. */
export function makeEnvironment(
  study: Study,
  root: string,
  store: Store,
  workers: Workers,
  executor: Executor,
  progress: Progress,
): StudyEnvironment {
  const files = makeFileReader(root);
  const models = new Map<string, LoadedModel>();
  return {
    loadTrial: (paths, id) => loadTrial(files, study, paths, id),
    loadModel(participant) {
      const path = participant.model ?? study.model;
      const { height_m = '', mass_kg, segments_m } = participant;
      const key = path === 'generic' ? `generic ${height_m} ${mass_kg} ${JSON.stringify(segments_m ?? {})}` : path;
      const known = models.get(key);
      if (known) return known;
      const model = loadModel(files, path, participant, study.torque.coordinate);
      models.set(key, model);
      return model;
    },
    hashFile: (file) => files.read(file).hashed,
    hasFile: (file) => existsSync(join(root, file)),
    store,
    train: workers.train,
    adapt: workers.adapt,
    calibrate: workers.calibrate,
    executor,
    bibliography: readBibliographyText(),
    onProgress: (share, detail) => progress.update(share, detail),
    genu_version: genuVersion(),
    // Executors differ in the last digits, so a task of one is none of the other.
    code_key: `${codeKey()} ${executor.description}`,
    node_version: process.version,
    platform: `${platform()} ${arch()}`,
    date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  };
}

interface FileReader {
  read(file: string): { readonly bytes: Uint8Array; readonly hashed: HashedFile };
  /** A file that several roles name is read and parsed once. */
  recording(file: string, hints: RecordingHints): { readonly recording: Recording; readonly hashed: HashedFile };
}

function makeFileReader(root: string): FileReader {
  let last: { file: string; hints: string; recording: Recording; hashed: HashedFile } | undefined;
  const read = (file: string) => {
    const bytes = readBytes(join(root, file));
    return { bytes, hashed: { file, sha256: bytesToHex(sha256(bytes)), bytes: bytes.length } };
  };
  return {
    read,
    recording(file, hints) {
      const key = JSON.stringify(hints);
      if (last?.file !== file || last.hints !== key) {
        const { bytes, hashed } = read(file);
        last = { file, hints: key, recording: readRecording(bytes, join(root, file), hints), hashed };
      }
      return last;
    },
  };
}

function loadTrial(files: FileReader, study: Study, paths: TrialFiles, id: string): LoadedTrial {
  const hashed = new Map<string, HashedFile>();
  const notes: string[] = [];
  const load = (file: string, hints: RecordingHints = {}) => {
    const loaded = files.recording(file, hints);
    if (!hashed.has(file)) notes.push(...loaded.recording.notes.map((note) => `${file}: ${note}`));
    hashed.set(file, loaded.hashed);
    return loaded.recording;
  };
  // A file of EMG alone holds what the study says, whatever its header leaves open.
  const own = paths.emg !== paths.motion && paths.emg !== paths.moments;
  const tables = (paths.tables ?? {}) as Partial<Record<FileRole, TableDeclaration>>;
  const { unit } = study.motion;
  const kind = study.emg.kind === 'raw' ? 'emg' : 'emg_envelope';
  // A file of everything is read once: what is said of its angles holds throughout.
  const shared = (path: string | undefined) => (path === paths.motion ? { unit } : {});
  const emg = load(paths.emg, { ...(own ? { kind } : shared(paths.emg)), table: tables.emg });
  const motion = load(paths.motion, { unit, table: tables.motion });
  const moments =
    paths.moments === undefined ? undefined : load(paths.moments, { ...shared(paths.moments), table: tables.moments });
  const ground =
    paths.ground === undefined ? undefined : load(paths.ground, { ...shared(paths.ground), table: tables.ground });
  return { recordings: { id, emg, motion, moments }, ground, files: [...hashed.values()], notes };
}

function loadModel(files: FileReader, path: string, participant: StudyParticipant, coordinate: string): LoadedModel {
  if (path === 'generic') {
    const size = {
      side: coordinate.endsWith('_l') ? ('left' as const) : ('right' as const),
      mass_kg: participant.mass_kg,
      ...(participant.height_m === undefined ? {} : { height_m: participant.height_m }),
      ...(participant.segments_m === undefined ? {} : { segments_m: participant.segments_m }),
    };
    return { description: makeGenericLeg(size), file: undefined };
  }
  const { bytes, hashed } = files.read(path);
  return { description: readOsim(bytes, { file: path }), file: hashed };
}
