import {
  type Channel,
  type ChannelKind,
  type Clock,
  GenuError,
  makeClock,
  type Recording,
  type Unit,
} from '../data/index.js';
import {
  coordinate,
  findMeaning,
  findTopic,
  isTranslationName,
  type LabelMeaning,
  speed,
  type TableTopic,
} from './storage-labels.js';
import { readTable, type StorageTable } from './storage-table.js';

export interface StorageOptions {
  /** Names the file in errors and notes. */
  readonly file: string;
  /** The recording's name; otherwise the header's, otherwise the file's. */
  readonly name?: string | undefined;
  /** Whether a coordinate is a translation (m) and not a rotation (rad); by default names that end in _tx, _ty, _tz. */
  readonly translational?: ((coordinate: string) => boolean) | undefined;
  /** What every column is, where the file does not say it. */
  readonly kind?: ChannelKind | undefined;
  /** The unit the numbers of every column are in; they are then taken as they stand. */
  readonly unit?: Unit | undefined;
  /** Whether a second column labelled `x` is called `x#2`; by default repeated labels are an error. */
  readonly number_repeated?: boolean | undefined;
  /** Whether angles are degrees, where the file does not say it or says it wrongly. */
  readonly inDegrees?: boolean | undefined;
}

const RADIANS_PER_DEGREE = Math.PI / 180;
/** No laboratory is this long: a centre of pressure beyond it is in millimetres. */
const FARTHEST_m = 50;

/**
 * Reads an OpenSim .sto or .mot file as a recording in SI units. State paths are shortened to the names that other tools use, angles in
 * degrees become radians, and the notes say so. Columns that neither the header nor their labels explain become kind `other`, unit `?`.
 * @param bytes the whole file
 * @throws GenuError as `readTable`, and when coordinates are there but nothing says whether they are degrees or radians
 */
export function readStorage(bytes: Uint8Array, options: StorageOptions): Recording {
  const table = readTable(bytes, options.file, { number_repeated: options.number_repeated ?? false });
  const notes = [...table.notes];
  const labels = table.columns.map((column) => column.label);
  const topic = findTopic(table.header, labels);
  const meanings = keepNamesApart(
    labels.map((label) => findColumn(label, topic, options)),
    labels,
    notes,
  );
  const inDegrees = findAngleUnit(table, meanings, options, notes);
  const clock = makeStorageClock(table, options.file, notes);
  const far = findFarPressure(table, meanings, options, notes);
  const channels = table.columns.map(({ values }, i): Channel => {
    const { name, kind, unit, angular } = meanings[i];
    return {
      name,
      kind,
      unit: far && kind === 'ground_reaction' && unit !== 'N' ? '?' : unit,
      clock,
      values: angular && inDegrees ? values.map((value) => value * RADIANS_PER_DEGREE) : values,
    };
  });
  noteMeanings(table, meanings, channels, topic, inDegrees, notes);
  return {
    name: options.name ?? (table.header.name || options.file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')),
    channels,
    events: [],
    notes,
  };
}

function findColumn(label: string, topic: TableTopic, options: StorageOptions): LabelMeaning {
  const isTranslation = options.translational ?? isTranslationName;
  const found = findMeaning(label, topic, isTranslation);
  const { kind, unit } = options;
  if (kind === undefined && unit === undefined) return found;
  const forced = kind === undefined || kind === found.kind ? found : findForced(found.name, kind, isTranslation);
  return unit === undefined ? forced : { ...forced, unit, angular: false, rule: 'forced' };
}

function findForced(name: string, kind: ChannelKind, isTranslation: (name: string) => boolean): LabelMeaning {
  if (kind === 'coordinate') return coordinate(name, isTranslation(name), 'forced');
  if (kind === 'speed') return speed(name, isTranslation(name.replace(/\/speed$/, '')), 'forced');
  return { name, kind, unit: '?', angular: false, rule: 'forced' };
}

/** Two paths can end in the same name; those keep their whole label. */
function keepNamesApart(meanings: readonly LabelMeaning[], labels: readonly string[], notes: string[]): LabelMeaning[] {
  const count = new Map<string, number>();
  for (const { name } of meanings) count.set(name, (count.get(name) ?? 0) + 1);
  const clashes = labels.filter((_, i) => count.get(meanings[i].name)! > 1);
  if (clashes.length > 0) {
    notes.push(`${clashes.join(', ')} would shorten to the same name and keep their whole labels.`);
  }
  return meanings.map((meaning, i) => (count.get(meaning.name)! > 1 ? { ...meaning, name: labels[i] } : meaning));
}

function findAngleUnit(
  table: StorageTable,
  meanings: readonly LabelMeaning[],
  options: StorageOptions,
  notes: string[],
): boolean {
  const { header } = table;
  const stated = header.inDegrees ?? (header.simm ? true : undefined);
  const chosen = options.inDegrees ?? stated;
  const angular = meanings.some((meaning) => meaning.angular);
  if (!angular) return false;
  if (chosen === undefined) {
    // OpenSim's own state files hold radians; any other table that leaves it open could be either.
    if (meanings.every((meaning) => !meaning.angular || meaning.rule === 'path')) {
      notes.push('The header does not say whether angles are degrees or radians; state paths are radians in OpenSim.');
      return false;
    }
    throw new GenuError('the table holds coordinates, but nothing says whether their angles are degrees or radians.', {
      where: options.file,
      mend: 'Add a header line inDegrees=yes or inDegrees=no.',
    });
  }
  if (options.inDegrees !== undefined && stated !== undefined && options.inDegrees !== stated) {
    notes.push(`The header says that angles are ${stated ? 'degrees' : 'radians'}; the caller's choice overrides it.`);
  } else if (header.inDegrees === undefined && header.simm && options.inDegrees === undefined) {
    notes.push('The header is that of a SIMM motion file, which holds degrees.');
  }
  return chosen;
}

/** Centres of pressure are metres in OpenSim, but some tools write millimetres: then neither they nor moments have a known unit. */
function findFarPressure(
  table: StorageTable,
  meanings: readonly LabelMeaning[],
  options: StorageOptions,
  notes: string[],
): boolean {
  if (options.unit !== undefined) return false;
  const far = meanings.filter(
    ({ kind, unit }, i) =>
      kind === 'ground_reaction' &&
      unit === 'm' &&
      table.columns[i].values.some((value) => Math.abs(value) > FARTHEST_m),
  );
  if (far.length === 0) return false;
  const names = far.map(({ name }) => name).join(', ');
  notes.push(
    `${names}: beyond ${FARTHEST_m} m, so probably millimetres; the units of lengths and moments are left open.`,
  );
  return true;
}

/** Time stamps printed with few decimals jitter; when they fit an even clock within that rounding, the clock has that rate. */
function makeStorageClock(table: StorageTable, file: string, notes: string[]): Clock {
  const { times_s, time_decimals } = table;
  const clock = makeClock(times_s, file);
  const count = times_s.length;
  if (clock.rate_Hz !== undefined || count < 3 || time_decimals === undefined) return clock;
  const step_s = (times_s[count - 1] - times_s[0]) / (count - 1);
  const rounding_s = 10 ** -time_decimals;
  if (rounding_s > 0.5 * step_s) return clock;
  for (let i = 0; i < count; i++) {
    if (Math.abs(times_s[i] - times_s[0] - i * step_s) > rounding_s * (1 + 1e-6)) return clock;
  }
  const exact = 1 / step_s;
  const whole = Math.round(exact);
  // Both ends are rounded, so the rate is known to within 2·rounding / duration.
  const near = Math.abs(exact - whole) <= (exact * rounding_s) / (step_s * (count - 1));
  const rate_Hz = near ? whole : exact;
  notes.push(
    `Time is printed with ${time_decimals} decimals; within that rounding it is an even clock of ${rate_Hz} Hz.`,
  );
  return { times_s, rate_Hz };
}

function noteMeanings(
  table: StorageTable,
  meanings: readonly LabelMeaning[],
  channels: readonly Channel[],
  topic: TableTopic,
  inDegrees: boolean,
  notes: string[],
): void {
  const angular = meanings.filter((meaning) => meaning.angular);
  if (inDegrees) notes.push(`${angular.length} columns were converted from degrees to radians.`);
  const straight = meanings.filter(
    ({ kind, unit }) => (kind === 'coordinate' || kind === 'speed') && unit.startsWith('m'),
  );
  if (straight.length > 0) {
    notes.push(`Taken as translations, in metres: ${straight.map(({ name }) => name).join(', ')}.`);
  }
  const path = meanings.findIndex(({ rule, name }, i) => rule === 'path' && name !== table.columns[i].label);
  if (path >= 0) {
    const count = meanings.filter(({ rule }) => rule === 'path').length;
    notes.push(`${count} labels are paths; ${table.columns[path].label} was read as ${meanings[path].name}.`);
  }
  if (table.header.inDegrees && !meanings.every(({ kind }) => kind === 'ground_reaction') && angular.length === 0) {
    notes.push('The header says inDegrees=yes, but no column was recognised as an angle: nothing was converted.');
  }
  const coupled = meanings
    .filter(({ kind, unit }) => kind === 'generalised_force' && unit === '?')
    .map(({ name }) => name);
  if (coupled.length > 0) {
    notes.push(`${coupled.join(', ')}: called a force, but not of a translation; the unit is left open.`);
  }
  if (topic === 'emg') {
    notes.push(
      'The name says EMG, but not whether the signals are raw or envelopes: their kind and unit are left open.',
    );
  }
  if (topic === 'normalised_envelopes') notes.push('The name says normalised envelopes: taken as EMG envelopes.');
  if (topic === 'envelopes')
    notes.push('The name says envelopes, but not that they are normalised: the unit is left open.');
  const open = channels.filter(({ kind, unit }) => kind === 'other' && unit === '?').length;
  if (open > 0) notes.push(`The file does not say what ${open} of its ${channels.length} columns are.`);
}
