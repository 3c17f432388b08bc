import { LearnError } from '../errors.js';

/**
 * Numbers in a program's memory: a tensor, a part of one, or room to work in. Row-major, single precision.
 * Where it lies is settled only once the whole program is known, so that what is no longer needed gives up its place.
 */
export class Region {
  readonly shape: readonly number[];
  /** How many numbers. */
  readonly size: number;
  #host: Region | undefined;
  #start: number;

  constructor(shape: readonly number[], host?: Region, start = 0) {
    this.shape = shape;
    this.size = shape.reduce((product, length) => product * length, 1);
    this.#host = host;
    this.#start = start;
    if (host && start + this.size > host.size) {
      throw new LearnError(`a region of ${this.size} numbers from ${start} does not fit into one of ${host.size}.`);
    }
  }

  /** The region that owns the memory. */
  get root(): Region {
    return this.#host ? this.#host.root : this;
  }

  /** Place within the root, in numbers. */
  get offset(): number {
    return this.#host ? this.#host.offset + this.#start : 0;
  }

  /** Makes a root a part of another region. */
  moveInto(host: Region, start: number): void {
    if (this.#host || host.root === this) throw new LearnError('only a region of its own can move into another.');
    this.#host = host;
    this.#start = start;
  }
}

/** Rows of numbers in a region: those of row r start at `start + r · stride`. */
export interface Matrix {
  readonly region: Region;
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** What the builder's methods take: a whole region stands for all of its rows, the last axis being the columns. */
export type Operand = Region | Matrix;

/** A region as [rows, columns]: the last axis is the columns, all others together the rows. */
export function matrix(operand: Operand): Matrix {
  if (!(operand instanceof Region)) return operand;
  const columns = operand.shape.at(-1) ?? 1;
  return { region: operand, start: 0, rows: columns === 0 ? 0 : operand.size / columns, columns, stride: columns };
}

/** Any rows of equal distance within a region. */
export function strided(region: Region, view: Omit<Matrix, 'region'>): Matrix {
  const end = view.start + Math.max(0, view.rows - 1) * view.stride + view.columns;
  if (view.start < 0 || end > region.size) {
    throw new LearnError(`a view up to number ${end} does not fit into a region of ${region.size}.`);
  }
  return { region, ...view };
}

/** A region read as rows of another length. */
export const reshaped = (region: Region, columns: number): Matrix =>
  strided(region, { start: 0, rows: region.size / columns, columns, stride: columns });

/** Some consecutive rows of an operand. */
export function rowsOf(operand: Operand, from: number, count: number): Matrix {
  const m = matrix(operand);
  return strided(m.region, { start: m.start + from * m.stride, rows: count, columns: m.columns, stride: m.stride });
}

/** Some consecutive columns of an operand. */
export function columnsOf(operand: Operand, from: number, count: number): Matrix {
  const m = matrix(operand);
  return strided(m.region, { start: m.start + from, rows: m.rows, columns: count, stride: m.stride });
}

/** One frame of a region [time, batch, channels], as [batch, channels]; or several frames, one below the other. */
export function frame(region: Region, time: number, count = 1): Matrix {
  const [, batch] = region.shape;
  return rowsOf(region, time * batch, count * batch);
}

/** Whether the rows follow one another without a gap. */
export const isDense = ({ rows, columns, stride }: Matrix): boolean => rows <= 1 || stride === columns;
