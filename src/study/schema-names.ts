import { z } from 'zod';

/** Pieces that several parts of the schema share. */

/** Names of studies, participants, trials and activities. */
export const name = z
  .string()
  .min(1)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
    'use letters, digits, ".", "_", "+" or "-", beginning with a letter or digit',
  );

export const lowpass = (fallback: number, what: string) =>
  z
    .number()
    .positive()
    .nullable()
    .default(fallback)
    .describe(`${what} Zero-lag 4th-order Butterworth (2nd order, forward and backward). null: no filter.`);
