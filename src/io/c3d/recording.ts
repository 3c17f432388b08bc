import { type Channel, type Clock, GenuError, makeUniformClock, type Recording } from '../../data/index.js';
import { type C3dAnalog, calcAnalogs, makeAnalogChannels } from './analogs.js';
import { readEvents } from './events.js';
import { readC3dFile } from './file.js';
import { CONTACT_N, calcReaction, type PlatformReaction } from './ground-reaction.js';
import { type C3dPlainParameters, findNumber, makePlainParameters } from './lookup.js';
import { type C3dPlatformGeometry, readPlatforms } from './platforms.js';
import { makePointChannels } from './points.js';
import type { C3dFile } from './types.js';

export interface C3dOptions {
  /** Names the file in errors and notes. */
  readonly file: string;
  /** The recording's name; otherwise the file's. */
  readonly name?: string | undefined;
  /** Point frames per second, where the file does not say it or says it wrongly. */
  readonly rate_Hz?: number | undefined;
  /** Whether angles of a gait model are degrees, where the file does not say it or says it wrongly. */
  readonly inDegrees?: boolean | undefined;
}

/**
 * A force plate: where it is, whether its channels held the force on the body or on the plate (undefined: nobody stepped on it), and the
 * moment on the body about the centre of its surface.
 */
export type C3dPlatform = C3dPlatformGeometry & Pick<PlatformReaction, 'measured' | 'moment_Nm'>;

/** A C3D file as a recording, with what has no place in one. */
export interface C3dContent {
  readonly recording: Recording;
  /** All parameters as plain data, by group and name; see `findPlainParameter`. */
  readonly parameters: C3dPlainParameters;
  readonly platforms: readonly C3dPlatform[];
  /** Point frames per second. */
  readonly rate_Hz: number;
  /** Frame number of the first frame; frame 1 is time 0. */
  readonly first_frame: number;
}

/** No motion is captured more slowly or faster. */
const RATES_Hz = [1e-3, 1e6] as const;

/**
 * Reads a C3D file as a recording in SI units. Channels: `LABEL.x`, `.y`, `.z` of every point (markers in m; angles of a gait model in rad;
 * its moments, forces and powers in the file's numbers with unit `?`), the analog channels, and for every force plate the force on the
 * body `plate1.fx` … (N), the centre of pressure `plate1.px` … (m) and the free moment `plate1.tx` … (N·m), all in the laboratory's
 * frame. Missing points are NaN. Time is that of the capture: frame 1 is 0 s, and a file can begin later.
 * @param bytes the whole file
 * @throws GenuError as `readC3dFile`, when it holds no samples, and when nothing says the frame rate
 */
export function readC3d(bytes: Uint8Array, options: C3dOptions): C3dContent {
  const file = readC3dFile(bytes, options);
  if (file.points.length + file.analogs.length === 0) {
    throw new GenuError('the file holds no samples.', {
      where: options.file,
      mend: `It states ${file.frame_count} frames of ${file.point_count} points and ${file.analog_count} analog channels; export the trial again.`,
    });
  }
  const notes = [...file.notes];
  const rate_Hz = findRate(file, options, notes);
  const start_s = (Math.max(1, file.first_frame) - 1) / rate_Hz;
  if (start_s > 0) notes.push(`The file begins with frame ${file.first_frame} of its capture, at ${start_s} s.`);
  const clock = makeUniformClock(start_s, rate_Hz, file.point_count > 0 ? file.frame_count : 0);
  const analogs = calcAnalogs(file, notes);
  const analog_count = analogs.length > 0 ? file.frame_count * file.samples_per_frame : 0;
  const analog_clock = makeUniformClock(start_s, rate_Hz * file.samples_per_frame, analog_count);
  const { platforms, channels: reactions } = readReactions(file, analogs, analog_clock, notes);
  const of_platforms = new Set(platforms.flatMap(({ channels }) => channels));
  const channels = [
    ...makePointChannels(file, clock, options.inDegrees, notes),
    ...makeAnalogChannels(analogs, analog_clock, of_platforms, notes),
    ...reactions,
  ];
  const events = readEvents(file, start_s, notes);
  const name = options.name ?? options.file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return {
    recording: { name, channels: keepNamesApart(channels, notes), events, notes },
    parameters: makePlainParameters(file.records),
    platforms,
    rate_Hz,
    first_frame: file.first_frame,
  };
}

/** POINT:RATE, else the header's rate, else ANALOG:RATE over the samples per frame. */
function findRate(file: C3dFile, { file: where, rate_Hz: given }: C3dOptions, notes: string[]): number {
  const { records, header, samples_per_frame, analog_count } = file;
  const isRate = (rate: number | undefined): rate is number =>
    rate !== undefined && rate >= RATES_Hz[0] && rate <= RATES_Hz[1];
  if (given !== undefined) return given;
  const [points, analogs] = [findNumber(records, 'POINT', 'RATE'), findNumber(records, 'ANALOG', 'RATE')];
  const of_analogs = analogs !== undefined && samples_per_frame > 0 ? analogs / samples_per_frame : undefined;
  const [rate, source] = isRate(points)
    ? [points, 'POINT:RATE']
    : isRate(header.rate_Hz)
      ? [header.rate_Hz, 'the header']
      : [of_analogs, 'ANALOG:RATE and the samples per frame'];
  if (!isRate(rate)) {
    throw new GenuError('nothing in the file says how many frames there are per second.', {
      where,
      mend: 'POINT:RATE, the header and ANALOG:RATE are absent or no rates; set POINT:RATE with the program that wrote the file, or give rate_Hz.',
    });
  }
  if (source !== 'POINT:RATE') notes.push(`The file has no POINT:RATE; ${source} says ${rate} frames per second.`);
  if (isRate(header.rate_Hz) && Math.abs(header.rate_Hz - rate) > 1e-3 * rate) {
    notes.push(`The header says ${header.rate_Hz} frames per second, ${source} says ${rate}; the latter was taken.`);
  }
  if (analog_count > 0 && isRate(analogs) && Math.abs(analogs / samples_per_frame - rate) > 1e-3 * rate) {
    notes.push(
      `ANALOG:RATE says ${analogs} Hz, but there are ${samples_per_frame} samples per frame at ${rate} Hz; the latter was taken.`,
    );
  }
  return rate;
}

function readReactions(
  { records }: C3dFile,
  analogs: readonly C3dAnalog[],
  clock: Clock,
  notes: string[],
): { platforms: C3dPlatform[]; channels: Channel[] } {
  const rate_Hz = clock.rate_Hz ?? 0;
  const geometries = readPlatforms(records, analogs, notes);
  const first = geometries.map((platform) => calcReaction(platform, analogs, rate_Hz));
  const known = first.flatMap(({ measured }) => measured ?? []);
  const on_plate = known.filter((measured) => measured === 'on_plate').length;
  // A plate that nobody loaded is taken as its neighbours are.
  const fallback = 2 * on_plate > known.length ? 'on_plate' : 'on_body';
  const reactions = geometries.map((platform, i) =>
    first[i].measured || fallback === 'on_body' ? first[i] : calcReaction(platform, analogs, rate_Hz, { fallback }),
  );
  const names = (measured: 'on_plate' | 'on_body') =>
    geometries
      .filter((_, i) => reactions[i].measured === measured)
      .map(({ name }) => name)
      .join(', ');
  if (on_plate > 0) {
    notes.push(
      `${names('on_plate')}: the file has the force on the plate; its sign was turned, so that it acts on the body.`,
    );
  }
  if (on_plate > 0 && on_plate < known.length) {
    notes.push(
      `${names('on_body')}: the file has the force on the body, unlike its other plates; one kind may be wired the wrong way.`,
    );
  }
  if (geometries.length > 0) {
    notes.push(`Centres of pressure and free moments are given where a plate carries at least ${CONTACT_N} N.`);
  }
  const channels = geometries.flatMap(({ name }, i) => {
    const { force_N, pressure_m, free_Nm } = reactions[i];
    return [
      ...makeAxes(`${name}.f`, 'N', clock, force_N),
      ...makeAxes(`${name}.p`, 'm', clock, pressure_m),
      ...makeAxes(`${name}.t`, 'N.m', clock, free_Nm),
    ];
  });
  const platforms = geometries.map((platform, i) => {
    const { measured, moment_Nm } = reactions[i];
    return { ...platform, measured, moment_Nm };
  });
  return { platforms, channels };
}

function makeAxes(
  stem: string,
  unit: 'N' | 'm' | 'N.m',
  clock: Clock,
  series: readonly [Float64Array, Float64Array, Float64Array],
): Channel[] {
  return ['x', 'y', 'z'].map((axis, i) => ({
    name: `${stem}${axis}`,
    kind: 'ground_reaction',
    unit,
    clock,
    values: series[i],
  }));
}

/** A point and an analog channel can share a name; the later one is numbered. */
function keepNamesApart(channels: readonly Channel[], notes: string[]): Channel[] {
  const seen = new Set<string>();
  const renamed: string[] = [];
  const out = channels.map((channel) => {
    let name = channel.name;
    for (let number = 2; seen.has(name); number++) name = `${channel.name}#${number}`;
    seen.add(name);
    if (name === channel.name) return channel;
    renamed.push(name);
    return { ...channel, name };
  });
  if (renamed.length > 0)
    notes.push(`Points and analog channels share names; renamed: ${renamed.slice(0, 8).join(', ')}.`);
  return out;
}
