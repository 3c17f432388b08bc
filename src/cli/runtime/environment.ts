import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { makeGenericLeg } from '../../body/index.js';
import type { Recording } from '../../data/index.js';
import { readOsim } from '../../io/index.js';
import type { Executor } from '../../learn/index.js';
import type {
  HashedFile,
  LoadedModel,
  LoadedTrial,
  Store,
  Study,
  StudyEnvironment,
  StudyParticipant,
  TrialFiles,
} from '../../study/index.js';
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
      const key = path === 'generic' ? `generic ${participant.height_m ?? ''} ${participant.mass_kg}` : path;
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
    calibrate: workers.calibrate,
    executor,
    onProgress: (share, detail) => progress.update(share, detail),
    genu_version: genuVersion(),
    // Executors differ in the last digits, so a task of one is none of the other.
    code_key: `${codeKey()} ${executor.name}`,
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
  const emg = load(paths.emg, own ? { kind: study.emg.kind === 'raw' ? 'emg' : 'emg_envelope' } : {});
  const motion = load(paths.motion, { unit: study.motion.unit });
  const moments = paths.moments === undefined ? undefined : load(paths.moments);
  const ground = paths.ground === undefined ? undefined : load(paths.ground);
  return { recordings: { id, emg, motion, moments }, ground, files: [...hashed.values()], notes };
}

function loadModel(files: FileReader, path: string, participant: StudyParticipant, coordinate: string): LoadedModel {
  if (path === 'generic') {
    const size = {
      side: coordinate.endsWith('_l') ? ('left' as const) : ('right' as const),
      mass_kg: participant.mass_kg,
      ...(participant.height_m === undefined ? {} : { height_m: participant.height_m }),
    };
    return { description: makeGenericLeg(size), file: undefined };
  }
  const { bytes, hashed } = files.read(path);
  return { description: readOsim(bytes, { file: path }), file: hashed };
}
