import { GenuError, makeClock, type Recording } from '../data/index.js';
import { isNameLine } from './storage-header.js';

export interface StorageContent {
  /** First line of the file. OpenSim's own names (`Coordinates`, …) tell readers what the table holds. */
  readonly name: string;
  /** Written as a statement about the numbers; nothing is converted. */
  readonly inDegrees: boolean;
  readonly times_s: Float64Array;
  readonly columns: readonly { readonly label: string; readonly values: Float64Array }[];
}

/**
 * Writes an OpenSim storage file (version 1) that OpenSim 3 and 4 read. Every number is the shortest text that reads back to the same
 * double, so that a round trip is exact; a missing value is `nan`.
 * @throws GenuError for names and labels that would not read back, columns of unequal length, and time that does not run forwards
 */
export function writeStorage(content: StorageContent): Uint8Array {
  const { name, inDegrees, times_s, columns } = content;
  const where = `table "${name}"`;
  if (
    name !== '' &&
    (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(name) ||
      name !== name.trim() ||
      !isNameLine(name) ||
      /\p{Surrogate}/u.test(name))
  ) {
    throw new GenuError('the name would not read back as a name.', {
      where,
      mend: 'It must be one line of plain text without "=", that is no header entry.',
    });
  }
  makeClock(times_s, where);
  checkColumns(content, where);
  const chunks: string[] = [
    `${name}\nversion=1\nnRows=${times_s.length}\nnColumns=${columns.length + 1}\ninDegrees=${inDegrees ? 'yes' : 'no'}\nendheader\n`,
    `${['time', ...columns.map(({ label }) => label)].join('\t')}\n`,
  ];
  for (let i = 0; i < times_s.length; i++) {
    let row = printNumber(times_s[i]);
    for (const { values } of columns) row += `\t${printNumber(values[i])}`;
    chunks.push(`${row}\n`);
  }
  return new TextEncoder().encode(chunks.join(''));
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function checkColumns({ times_s, columns }: StorageContent, where: string): void {
  const labels = new Set<string>();
  for (const { label, values } of columns) {
    if (!/^[!-~\u00a1-\uffff]+$/.test(label) || /[\s\ufeff\ufffd]/.test(label) || /\p{Surrogate}/u.test(label)) {
      throw new GenuError(`"${label}" cannot be a label.`, { where, mend: 'Labels are text without blanks.' });
    }
    if (label.toLowerCase() === 'time' || labels.has(label)) {
      throw new GenuError(`two columns are labelled "${label}".`, { where, mend: 'Rename one of them.' });
    }
    labels.add(label);
    if (values.length !== times_s.length) {
      throw new GenuError(`column "${label}" has ${values.length} values for ${times_s.length} time stamps.`, {
        where,
      });
    }
  }
}

const DEGREES_PER_RADIAN = 180 / Math.PI;

/**
 * Writes a recording as an OpenSim storage file. Only time, channel names and values go into it: events, units and sign conventions have
 * no place in the format. The first line is `Coordinates`, `Inverse Dynamics Generalized Forces` or `Normalized EMG Linear Envelopes`
 * where all channels are of that kind, so that the kind reads back, else the recording's name.
 * @param inDegrees whether to convert rad and rad/s to degrees, as OpenSim's own tools write coordinates
 * @throws GenuError when channels do not share one clock, and as `writeStorage`
 */
export function writeRecording(
  recording: Recording,
  { inDegrees = false, name }: { readonly inDegrees?: boolean; readonly name?: string } = {},
): Uint8Array {
  const { channels } = recording;
  if (channels.length === 0) throw new GenuError('there are no channels to write.', { where: recording.name });
  const { times_s } = channels[0].clock;
  const other = channels.find(({ clock }) => !isSame(clock.times_s, times_s));
  if (other) {
    throw new GenuError(`"${other.name}" and "${channels[0].name}" have different clocks; a table has one.`, {
      where: recording.name,
      mend: 'Resample the channels to one rate, or write one file per rate.',
    });
  }
  const columns = channels.map((channel) => ({
    label: channel.name,
    values:
      inDegrees && channel.unit.startsWith('rad')
        ? channel.values.map((value) => value * DEGREES_PER_RADIAN)
        : channel.values,
  }));
  return writeStorage({ name: name ?? findTitle(recording), inDegrees, times_s, columns });
}

function findTitle({ name, channels }: Recording): string {
  if (channels.every(({ kind }) => kind === 'coordinate')) return 'Coordinates';
  if (channels.every(({ kind }) => kind === 'generalised_force')) return 'Inverse Dynamics Generalized Forces';
  if (channels.every(({ kind, unit }) => kind === 'emg_envelope' && unit === '1'))
    return 'Normalized EMG Linear Envelopes';
  return name;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}
