import { GenuError } from './errors.js';

/** A side of the body. */
export type Side = 'left' | 'right';

/** Whether a name leaves the side open. */
export function hasSide(name: string): boolean {
  return /\{side(_name|_letter)?\}/.test(name);
}

/**
 * Fills in the side of a channel's name: `{side}` becomes `L` or `R`, `{side_name}` `left` or `right`, `{side_letter}` `l` or `r`.
 * @param side undefined where nobody said it
 * @throws GenuError when the name needs a side and there is none
 */
export function fillSide(name: string, side: Side | undefined, where?: string): string {
  if (!hasSide(name)) return name;
  if (side === undefined) {
    throw new GenuError(`the name "${name}" needs to know the leg, but no side is given.`, {
      where,
      mend: 'Say side: left or side: right (in a study also side: emg).',
    });
  }
  const letter = side[0];
  return name
    .replaceAll('{side}', letter.toUpperCase())
    .replaceAll('{side_name}', side)
    .replaceAll('{side_letter}', letter);
}
