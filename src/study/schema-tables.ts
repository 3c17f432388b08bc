import { z } from 'zod';

/** The part of a study file that says what the columns of CSV and XLSX files are. */

const column = z.union([z.number().int().min(1), z.string().min(1)]).describe('Its number, from 1, or its header.');
const time = z.strictObject({
  sheet: z.string().optional().describe('Sheet of the column, where it is another one.'),
  column,
  unit: z.enum(['s', 'ms', 'us', 'min']).describe('Unit of the stamps.'),
});
const rate = z.number().positive().optional();

const channel = z.strictObject({
  sheet: z
    .string()
    .optional()
    .describe('Name of the sheet, where the file has several; {participant}, {trial} and {activity} are filled in.'),
  column,
  unit: z.string().describe('Unit in the file, e.g. uV, kgf, deg; memory holds SI units.'),
  kind: z
    .enum(['emg', 'emg_envelope', 'coordinate', 'speed', 'generalised_force', 'ground_reaction', 'marker', 'other'])
    .optional()
    .describe('What it measures, where the unit does not say it.'),
  positive: z.string().optional().describe('What its positive direction means, e.g. extension.'),
  rate_Hz: rate.describe('Its own samples per second, where they differ.'),
  time: time.optional().describe('Its own column of time stamps.'),
});

const table = z.strictObject({
  rate_Hz: rate.describe('Samples per second of all channels.'),
  time: time.optional().describe('Column of the time stamps.'),
  header_rows: z.number().int().min(0).optional().describe('Rows above the first row of numbers.'),
  decimal: z
    .enum(['point', 'comma'])
    .optional()
    .describe('How fractions are written in text; found out where left out.'),
  delimiter: z
    .enum(['tab', 'semicolon', 'bar', 'comma', 'space'])
    .optional()
    .describe('What separates the columns of a text file; found out where left out.'),
  channels: z
    .record(z.string(), channel)
    .describe('Name of a channel, as emg.channels, motion and torque use it: where it stands.'),
});

export const tables = z
  .strictObject({
    all: table.optional().describe('Of files.all.'),
    emg: table.optional().describe('Of files.emg.'),
    motion: table.optional().describe('Of files.motion.'),
    moments: table.optional().describe('Of files.moments.'),
    ground: table.optional().describe('Of files.ground.'),
  })
  .describe('What the columns of CSV and XLSX files are.');

export type StudyTable = z.output<typeof table>;
