import type { Channel, Clock } from '../../data/index.js';
import { hasUnsignedAnalogs } from './file.js';
import { findNumber, listAllNumbers, listAllTexts } from './lookup.js';
import { listSome, makeNames } from './names.js';
import type { C3dFile } from './types.js';
import { findSiUnit, type SiUnit } from './units.js';

/** One analog channel in the unit that the file gives it. */
export interface C3dAnalog {
  readonly name: string;
  /** The file's own unit text. */
  readonly stated_unit: string;
  /** What makes it SI; undefined where the unit says nothing. */
  readonly si: SiUnit | undefined;
  /** (value − OFFSET) · SCALE · GEN_SCALE. */
  readonly values: Float64Array;
}

/** Scales every analog channel: physical value = (stored − OFFSET) · SCALE · GEN_SCALE (C3D user guide, "Analog Data Storage"). */
export function calcAnalogs(file: C3dFile, notes: string[]): C3dAnalog[] {
  const { records, analogs, analog_count, samples_per_frame, frame_count } = file;
  if (analog_count === 0) return [];
  const names = makeNames(listAllTexts(records, 'ANALOG', 'LABELS'), analog_count, 'analog', notes);
  const units = listAllTexts(records, 'ANALOG', 'UNITS');
  const scales = listAllNumbers(records, 'ANALOG', 'SCALE');
  const offsets = listAllNumbers(records, 'ANALOG', 'OFFSET', { unsigned: hasUnsignedAnalogs(records) });
  const general = findNumber(records, 'ANALOG', 'GEN_SCALE') ?? 1;
  const unscaled = names.filter((_, i) => scales[i] === undefined);
  if (unscaled.length > 0) notes.push(`The file gives no scale for ${listSome(unscaled)}; it is taken as 1.`);
  const silenced = names.filter((_, i) => scales[i] === 0 || general === 0);
  if (silenced.length > 0) notes.push(`The file scales ${listSome(silenced)} by 0: nothing is left of them.`);
  const count = frame_count * samples_per_frame;
  return names.map((name, channel) => {
    const factor = (scales[channel] ?? 1) * general;
    const offset = offsets[channel] ?? 0;
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = (analogs[i * analog_count + channel] - offset) * factor;
    const stated_unit = (units[channel] ?? '').trim();
    return { name, stated_unit, si: findSiUnit(stated_unit), values };
  });
}

/**
 * Makes channels in SI units. EMG is what is called so, or what is in volts and belongs to no force plate.
 * @param of_platforms indices of the channels that force plates use
 */
export function makeAnalogChannels(
  analogs: readonly C3dAnalog[],
  clock: Clock,
  of_platforms: ReadonlySet<number>,
  notes: string[],
): Channel[] {
  const open = analogs.filter(({ si }) => si === undefined);
  if (open.length > 0) {
    notes.push(
      `The file gives no unit that genu knows for ${listSome(open.map(({ name }) => name))}; they are left as they are.`,
    );
  }
  const by_unit: string[] = [];
  const channels = analogs.map(({ name, si, values }, i): Channel => {
    const called = (/^Voltage\./i.test(name) || /emg/i.test(name)) && (si === undefined || si.unit === 'V');
    // `Raw.` is what Vicon calls the pins of a force plate before they are scaled.
    const emg = !of_platforms.has(i) && (called || (si?.unit === 'V' && !/^Raw\./i.test(name)));
    if (emg && !called) by_unit.push(name);
    const factor = si?.factor ?? 1;
    return {
      name,
      kind: emg ? 'emg' : 'other',
      unit: si?.unit ?? '?',
      clock,
      values: factor === 1 ? values : values.map((value) => value * factor),
    };
  });
  if (by_unit.length > 0) notes.push(`Taken as EMG because their unit is volts: ${listSome(by_unit)}.`);
  return channels;
}
