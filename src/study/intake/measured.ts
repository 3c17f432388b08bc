import type { MeasuredNumber } from '../schema-participants.js';

/** Finds a parameter that a file carries beside its samples; undefined where it has none of that name. */
export type FindParameter = (file: string, group: string, name: string) => unknown;

/** A number, or why there is none. */
export type Found = { readonly value: number; readonly note?: string } | { readonly problem: string };

/**
 * A number as the study gives it, or as the first of the participant's files has it.
 * @param range what is believed of a person
 */
export function findMeasured(
  given: MeasuredNumber,
  files: readonly string[],
  findParameter: FindParameter,
  { name, range, unit }: { name: string; range: readonly [number, number]; unit: string },
): Found {
  if (typeof given === 'number') return { value: given };
  const [group, ...rest] = given.parameter.split(':');
  for (const file of files) {
    const raw = findParameter(file, group, rest.join(':'));
    const value = Array.isArray(raw) ? raw[0] : raw;
    if (value === undefined) continue;
    const scaled = typeof value === 'number' ? value * given.factor : Number.NaN;
    if (!(scaled >= range[0] && scaled <= range[1])) {
      return {
        problem: `${given.parameter} in ${file} is ${value}${given.factor === 1 ? '' : ` (times ${given.factor}: ${scaled})`}, which is no ${name} in ${unit}; say its factor, or give the number under participants.own`,
      };
    }
    // Files hold single precision: 32.099998 is 32.1.
    return {
      value: Number(scaled.toPrecision(6)),
      note: `${name} ${Number(scaled.toPrecision(6))} ${unit} is ${given.parameter} of ${file}`,
    };
  }
  return { problem: `none of its files has ${given.parameter}, its ${name}` };
}
