/**
 * A network, a data set or a training option that cannot work: what is wrong, where, and how to mend it.
 * This room knows no other, so it has its own error.
 */
export class LearnError extends Error {
  constructor(what: string, place: { where?: string; mend?: string } = {}) {
    const at = place.where === undefined ? '' : `${place.where}: `;
    super(`${at}${what}${place.mend === undefined ? '' : ` ${place.mend}`}`);
    this.name = 'LearnError';
  }
}
