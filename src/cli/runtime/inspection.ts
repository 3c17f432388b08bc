import { extname } from 'node:path';
import { buildBody, findMusclesCrossing } from '../../body/index.js';
import { readBundle } from '../../estimator/index.js';
import { inspectRecording, type RecordingSummary, readOsim } from '../../io/index.js';
import { readBytes } from './files.js';
import { describeNetworkFile } from './network-file.js';
import { readC3dContent, readRecording } from './recordings.js';
import { readStudyFile } from './yaml.js';

/** What `genu inspect` says of a file; plain data. */
export type Inspection = { readonly file: string; readonly bytes: number } & (
  | ({ readonly format: 'recording'; readonly facts?: Readonly<Record<string, unknown>> } & RecordingSummary)
  | {
      readonly format: 'model' | 'bundle' | 'network' | 'study';
      readonly facts: Readonly<Record<string, unknown>>;
      readonly notes: readonly string[];
      readonly warnings: readonly string[];
    }
);

/** Looks into any file that genu reads. */
export function inspectFile(file: string): Inspection {
  const bytes = readBytes(file);
  const base = { file, bytes: bytes.length };
  switch (extname(file).toLowerCase()) {
    case '.osim':
      return { ...base, format: 'model', ...inspectModel(bytes, file) };
    case '.genu':
      return { ...base, format: 'bundle', ...inspectBundle(bytes, file) };
    case '.onnx':
      return { ...base, format: 'network', ...describeNetworkFile(bytes, file) };
    case '.c3d':
      return { ...base, format: 'recording', ...inspectC3d(bytes, file) };
    case '.yaml':
    case '.yml':
      return { ...base, format: 'study', ...inspectStudy(file) };
    default:
      return { ...base, format: 'recording', ...inspectRecording(readRecording(bytes, file)) };
  }
}

function inspectC3d(bytes: Uint8Array, file: string) {
  const { recording, parameters, platforms, first_frame, rate_Hz } = readC3dContent(bytes, file);
  const { SUBJECTS: subjects, PROCESSING: processing, TRIAL: trial, MANUFACTURER: manufacturer } = parameters;
  return {
    ...inspectRecording(recording),
    facts: {
      point_rate_Hz: rate_Hz,
      first_frame,
      events: recording.events.map(
        ({ name, side, time_s }) => `${Number(time_s.toFixed(4))} s ${side === undefined ? '' : `${side} `}${name}`,
      ),
      force_plates: platforms.map(({ name, type, center_m, measured }) => {
        const place = center_m.map((value) => value.toFixed(3)).join(', ');
        return `${name} of type ${type} at (${place}) m, ${measured === undefined ? 'not stepped on' : 'stepped on'}`;
      }),
      ...Object.fromEntries(
        Object.entries({ subjects, processing, trial, manufacturer }).flatMap(([group, values]) =>
          Object.entries(values ?? {}).map(([name, value]) => [`${group} ${name}`, value]),
        ),
      ),
    },
  };
}

function inspectModel(bytes: Uint8Array, file: string) {
  const model = readOsim(bytes, { file });
  const body = buildBody(model);
  const knees = [...body.coordinates.keys()].filter((name) => /knee_angle/.test(name) && !/beta/.test(name));
  const wrapping = model.muscles.filter((muscle) => muscle.wraps.length > 0).map((muscle) => muscle.name);
  return {
    facts: {
      name: model.name,
      version: model.version,
      bodies: model.bodies.length,
      mass_kg: model.bodies.reduce((sum, { mass_kg }) => sum + mass_kg, 0),
      joints: model.joints.map(({ name, type }) => `${name} (${type})`),
      coordinates: [...body.coordinates.values()].map(
        ({ name, motion, range }) => `${name} (${motion}, ${range.map((x) => x.toPrecision(3)).join(' to ')})`,
      ),
      couplers: model.couplers.map(({ name, dependent }) => `${name} (${dependent})`),
      muscles: model.muscles.map((muscle) => muscle.name),
      ...Object.fromEntries(knees.map((knee) => [`muscles across ${knee}`, findMusclesCrossing(body, knee)])),
    },
    notes: model.notes,
    warnings:
      wrapping.length > 0
        ? [`${wrapping.length} muscles wrap over surfaces, which genu cannot follow yet: ${wrapping.join(', ')}.`]
        : [],
  };
}

function inspectBundle(bytes: Uint8Array, file: string) {
  const bundle = readBundle(bytes, file);
  const { spec } = bundle;
  return {
    facts: {
      model: bundle.kind,
      protocol: bundle.protocol,
      participants: bundle.participants,
      predicts: `${spec.torque.coordinate} torque in N.m/kg, ${spec.torque.positive} positive`,
      emg: spec.emg.channels.map(({ muscle, channel }) => `${channel} (${muscle}), ${spec.emg.kind}`),
      coordinates: spec.motion.coordinates,
      rate_Hz: spec.rate_Hz,
      window_s: [-spec.window.past / spec.rate_Hz, spec.window.future / spec.rate_Hz],
      muscles: bundle.muscles,
      networks: bundle.network?.members.length ?? 0,
      genu_version: bundle.provenance.genu_version,
      study: bundle.provenance.study,
      simulated: bundle.provenance.simulated,
      trained_on: bundle.provenance.data.map(
        ({ file: name, used_s, sha256 }) =>
          `${name} ${used_s.map((s) => s.toFixed(2)).join('–')} s, sha256 ${sha256.slice(0, 12)}…`,
      ),
    },
    notes: [],
    warnings: bundle.provenance.simulated ? ['It was trained on simulated participants, not on measured people.'] : [],
  };
}

function inspectStudy(file: string) {
  const study = readStudyFile(file);
  return {
    facts: {
      study: study.study,
      participants: study.participants.map(
        ({ id, mass_kg, trials }) => `${id} (${mass_kg} kg): ${trials.map((trial) => trial.id).join(', ')}`,
      ),
      activities: [...new Set(study.participants.flatMap(({ trials }) => trials.map((trial) => trial.activity)))],
      model: study.model,
      emg: Object.entries(study.emg.channels).map(([muscle, channel]) => `${channel} (${muscle}), ${study.emg.kind}`),
      coordinates: study.motion.coordinates,
      models: study.models,
    },
    notes: [],
    warnings: [],
  };
}

/** The same for people. */
export function writeInspection(inspection: Inspection): string {
  const head = `${inspection.file}: ${inspection.format}, ${(inspection.bytes / 1e6).toFixed(2)} MB`;
  const tail = [
    ...inspection.notes.map((note) => `note: ${note}`),
    ...inspection.warnings.map((warning) => `looks wrong: ${warning}`),
  ];
  const facts = Object.entries(inspection.facts ?? {}).map(
    ([key, value]) => `  ${key.replaceAll('_', ' ')}: ${Array.isArray(value) ? value.join(', ') || 'none' : value}`,
  );
  if (inspection.format !== 'recording') return [head, ...facts, ...tail].join('\n');
  const cells = inspection.channels.map((channel) => [
    channel.name,
    channel.kind,
    channel.unit,
    channel.rate_Hz === null ? 'uneven' : `${Number(channel.rate_Hz.toFixed(2))} Hz`,
    `${channel.start_s}–${Number((channel.start_s + channel.duration_s).toFixed(3))} s`,
    `${show(channel.min)} … ${show(channel.max)}`,
    channel.gaps.count === 0 ? '' : `${channel.gaps.count} gaps, longest ${channel.gaps.longest_s.toFixed(2)} s`,
  ]);
  const rows = [['channel', 'kind', 'unit', 'rate', 'time', 'range', 'gaps'], ...cells];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const table = rows.map(
    (row) =>
      `  ${row
        .map((cell, c) => cell.padEnd(widths[c]))
        .join('  ')
        .trimEnd()}`,
  );
  const wrong = inspection.channels.flatMap((channel) => channel.warnings.map((warning) => `looks wrong: ${warning}`));
  return [head, ...facts, ...table, ...tail, ...wrong].join('\n');
}

function show(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}
