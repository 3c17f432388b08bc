/**
 * An error that a user can mend: what is wrong, where, what was expected, and how to mend it.
 * Every reader, check and command throws this kind for bad input; anything else is a defect of genu.
 */
export class GenuError extends Error {
  /** File, channel, trial or option the error is about. */
  readonly where: string | undefined;
  /** 1-based line in the file, where it has one. */
  readonly line: number | undefined;
  /** What to do about it. */
  readonly mend: string | undefined;

  constructor(
    what: string,
    place: { where?: string | undefined; line?: number | undefined; mend?: string | undefined } = {},
  ) {
    const at =
      place.where === undefined ? '' : `${place.where}${place.line === undefined ? '' : `, line ${place.line}`}: `;
    super(`${at}${what}${place.mend === undefined ? '' : ` ${place.mend}`}`);
    this.name = 'GenuError';
    this.where = place.where;
    this.line = place.line;
    this.mend = place.mend;
  }
}
