// C3D files against ezc3d: samples, residuals, force plates, parameters, and what ezc3d reads of files that genu wrote.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeC3dFile, readC3d, readC3dFile, readResidual, writeC3dFile } from '../dist/io/index.js';
import { ask } from './python.mjs';

const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
/** ezc3d 1.7 does not read MIPS files; the tests beside the writer do that. */
const PROCESSORS = ['intel', 'dec'];

/** Every C3D file under a folder. */
export function listC3dFiles(folder = data) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.c3d'))
    .sort()
    .map((file) => join(folder, file));
}

export function checkC3d(python) {
  const folder = mkdtempSync(join(tmpdir(), 'genu-c3d-'));
  const row = (check, quantity, difference, tolerance) => ({ check, peer: 'ezc3d', quantity, difference, tolerance });
  try {
    const files = listC3dFiles();
    const rows = [];
    if (files.length > 0) {
      const worst = compareFiles(python, files, folder, true);
      const real = `${files.length} recorded C3D files`;
      rows.push(
        row(real, 'point coordinates, in the unit of the file', worst.points, 1e-6),
        row(real, 'residuals, camera masks and missing points', worst.residuals, 1e-6),
        row(real, 'scaled analog samples, relative', worst.analogs, 1e-12),
        row(real, 'parameters', worst.parameters, 0),
        row(`${worst.plates} force plates, types ${worst.types.join(' and ')}`, 'force, N', worst.force, 1e-9),
        row(`${worst.plates} force plates`, 'moment about the centre, N.m', worst.moment, 1e-9),
        row(`${worst.plates} force plates`, 'centre of pressure, m', worst.pressure, 1e-9),
        row(`${worst.plates} force plates`, 'free moment, N.m', worst.free, 1e-9),
        row(real, 'bytes that differ after reading and writing', countChangedBytes(files), 0),
      );
    }
    const written = writeVariants(files, folder);
    const worst = compareFiles(python, written, folder, false);
    const made = `${written.length} files that genu wrote, ${PROCESSORS.join(', ')}, integer and float`;
    rows.push(
      row(made, 'point coordinates, in the unit of the file', worst.points, 1e-6),
      row(made, 'residuals, camera masks and missing points', worst.residuals, 1e-6),
      row(made, 'scaled analog samples, relative', worst.analogs, 1e-12),
      row(made, 'parameters', worst.parameters, 0),
    );
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countChangedBytes(files) {
  return files.reduce((sum, file) => {
    const bytes = new Uint8Array(readFileSync(file));
    const out = writeC3dFile(readC3dFile(bytes, { file }));
    return sum + Math.abs(out.length - bytes.length) + bytes.reduce((n, byte, i) => n + (out[i] === byte ? 0 : 1), 0);
  }, 0);
}

/** Recorded files for each processor, and made ones with 300 points. ezc3d 1.7 reads no unsigned samples; the tests beside the reader do. */
function writeVariants(files, folder) {
  const variants = [];
  for (const file of files.filter((name) => /sprint|dec_float|HC002D02/.test(name))) {
    const read = readC3dFile(new Uint8Array(readFileSync(file)), { file });
    for (const processor of PROCESSORS) variants.push({ ...read, processor });
  }
  for (const processor of PROCESSORS) {
    for (const format of ['integer', 'float']) variants.push(makeFile(processor, format));
  }
  return variants.map((file, i) => {
    const path = join(folder, `written-${i}.c3d`);
    writeFileSync(path, writeC3dFile(file));
    return path;
  });
}

function makeFile(processor, format) {
  const [frames, points, channels, samples] = [7, 300, 5, 4];
  const wave = (i, most) => Math.round(most * Math.sin(1.3 * i));
  return makeC3dFile({
    processor,
    format,
    rate_Hz: 120,
    first_frame: 31,
    frame_count: frames,
    points: {
      labels: Array.from({ length: points }, (_, i) => `P${i + 1}`),
      unit: 'mm',
      scale: 0.125,
      values: Float32Array.from({ length: 4 * points * frames }, (_, i) =>
        i % 4 === 3 ? (i % 44 === 3 ? -1 : ((i % 7) + 1) * 256 + (i % 100)) : wave(i, 30000),
      ),
    },
    analogs: {
      labels: Array.from({ length: channels }, (_, i) => `A${i + 1}`),
      units: Array(channels).fill('V'),
      scales: Array.from({ length: channels }, (_, i) => 0.01 * (i + 1)),
      // ezc3d 1.7 drops the sign of a negative offset.
      offsets: Array(channels).fill(100),
      samples_per_frame: samples,
      values: Float32Array.from({ length: channels * samples * frames }, (_, i) => wave(i, 30000)),
    },
    parameters: { ANALOG: { GEN_SCALE: { type: 'float', values: [0.5] } } },
  });
}

function compareFiles(python, files, folder, platforms) {
  const answer = ask(python, 'c3d_reference.py', { folder, files, platforms });
  const worst = {
    points: 0,
    residuals: 0,
    analogs: 0,
    parameters: 0,
    force: 0,
    moment: 0,
    pressure: 0,
    free: 0,
    plates: 0,
    types: [],
  };
  const raise = (name, difference) => {
    if (!(difference <= worst[name])) worst[name] = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  };
  files.forEach((file, i) => {
    const bytes = new Uint8Array(readFileSync(file));
    const load = (name) => new Float64Array(Uint8Array.from(readFileSync(join(folder, name))).buffer);
    const peer = answer.files[i];
    const raw = readC3dFile(bytes, { file });
    comparePoints(raw, peer, load, raise);
    const content = readC3d(bytes, { file });
    compareAnalogs(raw, content.recording, load(peer.analogs), raise);
    raise('parameters', countDifferentParameters(content.parameters, peer.parameters));
    if (platforms && Array.isArray(peer.platforms)) comparePlatforms(content, peer.platforms, load, raise, worst);
  });
  worst.types.sort();
  return worst;
}

function comparePoints(raw, peer, load, raise) {
  const { point_count, frame_count, points, format, header } = raw;
  const scale = format === 'integer' ? header.scale : 1;
  const [coordinates, residuals, cameras] = [peer.points, peer.residuals, peer.cameras].map(load);
  for (let point = 0; point < point_count; point++) {
    for (let frame = 0; frame < frame_count; frame++) {
      const at = 4 * (frame * point_count + point);
      const place = (row, of) => (row * of + point) * frame_count + frame;
      const { residual, cameras: mask } = readResidual(points[at + 3], 1);
      const stated = residuals[place(0, point_count)];
      if (residual === undefined || stated < 0) {
        raise('residuals', (residual === undefined) === stated < 0 ? 0 : Number.POSITIVE_INFINITY);
        continue;
      }
      // ezc3d 1.7 takes the two bytes the other way round than the format says (high byte: cameras, low byte: residual).
      raise('residuals', Math.abs(mask * Math.abs(header.scale) - stated));
      for (let bit = 0; bit < 7; bit++) {
        raise('residuals', Math.abs(((residual >> bit) & 1) - cameras[place(bit, point_count)]));
      }
      for (let axis = 0; axis < 3; axis++) {
        raise('points', Math.abs(points[at + axis] * scale - coordinates[place(axis, point_count)]));
      }
    }
  }
}

function compareAnalogs(raw, recording, expected, raise) {
  const count = raw.frame_count * raw.samples_per_frame;
  const channels = recording.channels.slice(3 * raw.point_count, 3 * raw.point_count + raw.analog_count);
  const factors = { 'N.m': 1e-3 };
  channels.forEach(({ values, unit }, channel) => {
    const factor = factors[unit] ?? 1;
    for (let i = 0; i < count; i++) {
      const other = expected[channel * count + i] * factor;
      raise('analogs', Math.abs(values[i] - other) / Math.max(1, Math.abs(other)));
    }
  });
}

/** ezc3d adds what it misses, so only what genu found is compared. */
function countDifferentParameters(ours, theirs) {
  let different = 0;
  for (const [group, values] of Object.entries(ours)) {
    for (const [name, value] of Object.entries(values)) {
      const found = [value].flat(2);
      const other = theirs[group]?.[name];
      const same =
        other !== undefined &&
        other.length === found.length &&
        found.every((x, i) => (typeof x === 'string' ? x === other[i].trimEnd() : x === other[i]));
      if (!same && !(found.length === 1 && found[0] === '' && other?.length === 0)) {
        if (process.env.GENU_C3D_DETAILS) console.error(group, name, found.slice(0, 5), other?.slice(0, 5));
        different++;
      }
    }
  }
  return different;
}

function comparePlatforms({ recording, platforms }, peers, load, raise, worst) {
  const find = (name) => recording.channels.find((channel) => channel.name === name).values;
  platforms.forEach(({ name, type, measured, moment_Nm }, i) => {
    const peer = peers[i];
    const [force, moment, pressure, free] = [peer.force, peer.moment, peer.pressure, peer.free].map(load);
    const sign = measured === 'on_plate' ? -1 : 1;
    const [metres, newton_metres] = [peer.unit_position, peer.unit_moment].map((unit) =>
      /mm$/i.test(unit) ? 1e-3 : 1,
    );
    worst.plates++;
    if (!worst.types.includes(type)) worst.types.push(type);
    ['x', 'y', 'z'].forEach((axis, row) => {
      const [f, p, t] = ['f', 'p', 't'].map((stem) => find(`${name}.${stem}${axis}`));
      const count = f.length;
      for (let k = 0; k < count; k++) {
        raise('force', Math.abs(f[k] - sign * force[row * count + k]));
        raise('moment', Math.abs(moment_Nm[row][k] - sign * moment[row * count + k] * newton_metres));
        if (Number.isNaN(p[k])) continue;
        raise('pressure', Math.abs(p[k] - pressure[row * count + k] * metres));
        raise('free', Math.abs(t[k] - sign * free[row * count + k] * newton_metres));
      }
    });
  });
}
