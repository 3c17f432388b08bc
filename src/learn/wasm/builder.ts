import { LearnError } from '../errors.js';
import type { BinaryName, Call, GemmOptions, MemoryRules, Packed, TapOptions, UnaryName } from './calls.js';
import type { KernelName } from './plain.generated.js';
import { isDense, type Matrix, matrix, type Operand, Region } from './region.js';

/**
 * What an operator's `compute` writes its WASM form with:
 *
 *     compute: (program, [x, weights, bias], [y]) => program.gemm(y, x, weights, { bias }),
 *
 * Nothing is computed there: each method adds calls of kernels with fixed arguments to a list, which then runs as often
 * as wanted. Shapes are known (`region.shape`; an open batch has its size by now). Operands are whole regions, read as
 * [rows, columns] with the last axis as columns, or matrices within them: `rowsOf`, `columnsOf`, `frame`, `strided`.
 *
 * Rules: write every number of every output. Never write to an input, unless `overwrite` said that an output lies there.
 * Elementwise methods may have their result lie exactly on an operand; `gemm` and the reductions may not. `copy` works in
 * rising order: within one region it may move a row of numbers towards the start.
 */
export class ProgramBuilder {
  readonly calls: Call[] = [];
  /** Calls that run once, before the first run: what depends on constants alone. */
  readonly preparation: Call[] = [];
  readonly constants = new Map<Region, ArrayLike<number>>();
  readonly #memory: MemoryRules;
  readonly #strips = new Map<Region, ReadonlyMap<string, Region>>();
  readonly #numbers = new Map<number, Region>();

  constructor(memory: MemoryRules) {
    this.#memory = memory;
  }

  // ---- Memory ----

  /** Room to work in. It holds anything at first, and only until the last call that mentions it. */
  room(...shape: readonly number[]): Region {
    return new Region(shape);
  }

  /** Fixed numbers. */
  numbers(values: ArrayLike<number>, shape: readonly number[] = [values.length]): Region {
    const region = new Region(shape);
    this.constants.set(region, values);
    return region;
  }

  /** One fixed number, as an operand that is repeated for all others. */
  number(value: number): Region {
    const region = this.#numbers.get(value) ?? this.numbers([value]);
    this.#numbers.set(value, region);
    return region;
  }

  /** Some numbers within a region, as one of their own shape. */
  part(region: Region, start: number, shape: readonly number[]): Region {
    return new Region(shape, region, start);
  }

  /**
   * Lets an output lie where an input lies, if nothing needs that input after this operator. For elementwise work, which
   * is right either way; it spares a pass through fresh memory. @returns whether it does
   */
  overwrite(output: Region, input: Region): boolean {
    if (output.size !== input.size || output.root !== output || !this.#memory.mayOverwrite(output, input)) return false;
    output.moveInto(input, 0);
    return true;
  }

  /** Lets an output be a part of an input, unchanged: nothing is copied. */
  share(output: Region, input: Region, start = 0): void {
    output.moveInto(input, start);
  }

  /**
   * Puts an input into an output from `start` on: what makes the input then writes it there, or else it is copied.
   */
  gather(input: Region, output: Region, start: number): void {
    if (input.root === input && this.#memory.mayMove(input)) input.moveInto(output, start);
    else this.copy(input, new Region(input.shape, output, start));
  }

  /** What `make` writes into `results` is computed once, before the first run, where `inputs` are constants. */
  prepare(inputs: readonly Region[], results: readonly Region[], make: () => void): void {
    const first = this.calls.length;
    make();
    if (!inputs.every((input) => this.#memory.isConstant(input))) return;
    for (const result of results) this.#memory.keep(result);
    this.preparation.push(...this.calls.splice(first));
  }

  // ---- Matrix products ----

  /**
   * c = a·b, with a and b transposed on request; plus `bias`, one number for each column; plus c itself with
   * `accumulate`. Pack b ahead where it is multiplied several times.
   */
  gemm(c: Operand, a: Operand, b: Operand | Packed, options: GemmOptions = {}): void {
    const { bias, accumulate = false, transposeA = false, transposeB = false } = options;
    const [A, C] = [matrix(a), matrix(c)];
    const [rows, inner] = transposeA ? [A.columns, A.rows] : [A.rows, A.columns];
    const B = isPacked(b) ? b : shapeOf(matrix(b), transposeB);
    if (rows !== C.rows || B.columns !== C.columns || inner !== B.inner || (bias && bias.size !== C.columns)) {
      throw new LearnError(
        `gemm cannot make [${C.rows}, ${C.columns}] of [${rows}, ${inner}]·[${B.inner}, ${B.columns}].`,
      );
    }
    if (transposeA && !isPacked(b) && !transposeB) {
      if (bias) throw new LearnError('gemm of a transposed matrix takes no bias.');
      this.#gemmTransposed(C, A, matrix(b), 1, 0, accumulate);
      return;
    }
    if (transposeA) throw new LearnError('gemm transposes a only beside a b that is neither packed nor transposed.');
    if (C.rows === 1 && !isPacked(b) && !transposeB && this.#memory.isConstant(matrix(b).region)) {
      this.call(
        'gemv',
        C.columns,
        inner,
        place(A)[0],
        this.#packStrips(matrix(b)),
        place(C)[0],
        bias ?? 0,
        accumulate ? 1 : 0,
        this.room(inner + 1),
      );
      return;
    }
    const packed = isPacked(b) ? b : this.pack(b, { transpose: transposeB });
    this.gemmTaps(c, a, packed, { taps: 1, tapRows: 0, firstTap: 0, bias, accumulate });
  }

  /**
   * c[r] = Σₖ a[r + k·tapRows]·b[k] over `taps` blocks of equally many rows of b, from block `firstTap` on: a convolution.
   * `a` has as many rows as c; those that the later taps reach must lie in its region.
   */
  gemmTaps(c: Operand, a: Operand, b: Packed, options: TapOptions): void {
    const { taps, tapRows, firstTap, bias, accumulate = false } = options;
    const [A, C] = [matrix(a), matrix(c)];
    if (C.rows === 0) return;
    const panel = b.inner * PANEL;
    const at = new Region([b.region.size - firstTap * A.columns * PANEL], b.region, firstTap * A.columns * PANEL);
    this.call(
      'gemm',
      C.rows,
      C.columns,
      A.columns,
      taps,
      ...place(A),
      tapRows * A.stride,
      at,
      panel,
      ...place(C),
      bias ?? 0,
      accumulate ? 1 : 0,
    );
  }

  /**
   * c[k] = Σᵣ a[r + k·tapRows]ᵀ·b[r], for `taps` blocks of rows of c: the derivative of `gemmTaps` by its b.
   */
  gemmTransposedTaps(
    c: Operand,
    a: Operand,
    b: Operand,
    options: { taps: number; tapRows: number; accumulate?: boolean },
  ): void {
    this.#gemmTransposed(matrix(c), matrix(a), matrix(b), options.taps, options.tapRows, options.accumulate ?? false);
  }

  /** Brings the right side of products into the order in which the kernel reads it; once, where it is constant. */
  pack(b: Operand, options: { transpose?: boolean } = {}): Packed {
    const B = matrix(b);
    const { inner, columns } = shapeOf(B, options.transpose ?? false);
    const packed = this.makePacked(inner, columns);
    this.packRows(packed, 0, b, options);
    return packed;
  }

  /** The form in which b is best multiplied many times by so many rows. */
  rightOf(rows: number, b: Region): Region | Packed {
    return rows === 1 && this.#memory.isConstant(b) ? b : this.pack(b);
  }

  /** An empty right side of products, to be filled by `packRows`. */
  makePacked(inner: number, columns: number): Packed {
    return { region: this.room(Math.ceil(columns / PANEL), inner, PANEL), inner, columns };
  }

  /** Fills the rows from `row` on. */
  packRows(packed: Packed, row: number, b: Operand, options: { transpose?: boolean } = {}): void {
    const B = matrix(b);
    const { inner, columns } = shapeOf(B, options.transpose ?? false);
    const target = new Region([packed.region.size - row * PANEL], packed.region, row * PANEL);
    const args = [inner, columns, ...place(B), target, packed.inner * PANEL] as const;
    const kernel = options.transpose ? 'packTransposed' : 'pack';
    if (this.#memory.isConstant(B.region)) {
      this.#memory.keep(packed.region);
      this.preparation.push({ kernel, args });
    } else this.call(kernel, ...args);
  }

  /** The order in which the product of a single row reads a constant; made once for each. */
  #packStrips(B: Matrix): Region {
    const key = `${B.start} ${B.rows} ${B.columns} ${B.stride}`;
    const known = this.#strips.get(B.region)?.get(key);
    if (known) return known;
    const strips = this.room(B.rows * 4 * Math.ceil(B.columns / 4));
    this.#memory.keep(strips);
    this.preparation.push({ kernel: 'packStrips', args: [B.rows, B.columns, ...place(B), strips] });
    this.#strips.set(B.region, new Map([...(this.#strips.get(B.region) ?? []), [key, strips]]));
    return strips;
  }

  #gemmTransposed(C: Matrix, A: Matrix, B: Matrix, taps: number, tapRows: number, accumulate: boolean): void {
    if (A.rows === 0) {
      if (!accumulate) this.fill(C, 0);
      return;
    }
    const block = Math.min(A.rows, TRANSPOSED_BLOCK);
    const room = this.room(block * (4 * Math.ceil((taps * A.columns) / 4) + PANEL * Math.ceil(B.columns / PANEL)));
    this.call(
      'gemmTransposed',
      A.columns,
      B.columns,
      A.rows,
      taps,
      ...place(A),
      tapRows * A.stride,
      ...place(B),
      ...place(C),
      accumulate ? 1 : 0,
      room,
      block,
    );
  }

  // ---- Elementwise ----

  /** y = f(x). */
  unary(f: UnaryName, x: Operand, y: Operand): void {
    const [X, Y] = flatten(matrix(x), matrix(y));
    this.#expect(f, X.rows === Y.rows && X.columns === Y.columns, X, Y);
    this.call(f, Y.rows, Y.columns, ...place(X), ...place(Y));
  }

  /**
   * y = f(a, b). An operand of one row is repeated for each row of y, one of a single column for each column of y, a
   * single number for all. `gate` is a where b > 0, else 0; `multiplyAdd` adds a·b to y; the gradients take a as the
   * gradient of a result b.
   */
  binary(f: BinaryName, a: Operand, b: Operand, y: Operand): void {
    const [A, B, Y] = flatten(matrix(a), matrix(b), matrix(y));
    this.#expect(f, repeats(A, Y) && repeats(B, Y), A, B, Y);
    this.call(f, Y.rows, Y.columns, ...placeRepeated(A, Y), ...placeRepeated(B, Y), ...place(Y));
  }

  /** y = scale·x + shift, for two plain numbers. */
  affine(x: Operand, scale: number, shift: number, y: Operand): void {
    const [X, Y] = flatten(matrix(x), matrix(y));
    this.#expect('affine', X.rows === Y.rows && X.columns === Y.columns, X, Y);
    this.call('affine', Y.rows, Y.columns, ...place(X), scale, shift, ...place(Y));
  }

  /** y = x·scale + shift, with one scale and one shift for each column. */
  scaleAndShift(x: Operand, scale: Region, shift: Region, y: Operand): void {
    const [X, Y] = [matrix(x), matrix(y)];
    this.call('scaleAndShift', Y.rows, Y.columns, ...place(X), scale, shift, ...place(Y));
  }

  // ---- Reductions. Over 'rows': one number for each column. Over 'columns': one number for each row. ----

  sum(over: 'rows' | 'columns', x: Operand, y: Region): void {
    const X = matrix(x);
    this.#expect('sum', y.size === (over === 'rows' ? X.columns : X.rows), X, matrix(y));
    this.call(over === 'rows' ? 'sumRows' : 'sumColumns', X.rows, X.columns, ...place(X), y);
  }

  /** Σ a·b, of two operands of one size. */
  dot(over: 'rows' | 'columns', a: Operand, b: Operand, y: Region): void {
    const [A, B] = [matrix(a), matrix(b)];
    const fits = B.columns === A.columns && (B.rows === A.rows || B.rows === 1);
    this.#expect('dot', fits && y.size === (over === 'rows' ? A.columns : A.rows), A, B, matrix(y));
    const name = over === 'rows' ? 'dotRows' : 'dotColumns';
    this.call(name, A.rows, A.columns, ...place(A), ...placeRepeated(B, A).slice(0, 2), y);
  }

  /** All numbers of a region to one. */
  total(x: Region, y: Region): void {
    this.sum('columns', { region: x, start: 0, rows: 1, columns: x.size, stride: x.size }, y);
  }

  /** Greatest of each row. */
  greatest(x: Operand, y: Region): void {
    const X = matrix(x);
    this.#expect('greatest', y.size === X.rows, X, matrix(y));
    this.call('greatest', X.rows, X.columns, ...place(X), y);
  }

  /** Softmax over the rows, each column by itself, or over the columns, each row by itself. */
  softmax(over: 'rows' | 'columns', x: Operand, y: Operand): void {
    const [X, Y] = [matrix(x), matrix(y)];
    this.#expect('softmax', X.rows === Y.rows && X.columns === Y.columns, X, Y);
    this.call(over === 'rows' ? 'softmaxRows' : 'softmaxColumns', X.rows, X.columns, ...place(X), ...place(Y));
  }

  /** dx = y∘(g − Σ y∘g), the derivative of softmax by its result y. */
  softmaxGradient(over: 'rows' | 'columns', y: Operand, g: Operand, dx: Operand): void {
    const [Y, G, X] = [matrix(y), matrix(g), matrix(dx)];
    this.#expect('softmax gradient', Y.rows === X.rows && Y.columns === X.columns, Y, G, X);
    const name = over === 'rows' ? 'softmaxRowsGradient' : 'softmaxColumnsGradient';
    this.call(name, Y.rows, Y.columns, ...place(Y), ...place(G), ...place(X));
  }

  // ---- Moves ----

  fill(y: Operand, value: number): void {
    const Y = matrix(y);
    this.call('fill', Y.rows, Y.columns, value, ...place(Y));
  }

  copy(x: Operand, y: Operand): void {
    const [X, Y] = flatten(matrix(x), matrix(y));
    this.#expect('copy', repeats(X, Y), X, Y);
    const [at, stride, step] = placeRepeated(X, Y);
    this.copyAxes([1, Y.rows, Y.columns], at as Region, [0, stride as number, step as number], ...placeAxes(Y));
  }

  /** Axes in another order: axis k of y is axis `order[k]` of x. Up to three axes. */
  permute(x: Region, order: readonly number[], y: Region): void {
    const steps = x.shape.map((_, axis) => x.shape.slice(axis + 1).reduce((product, length) => product * length, 1));
    const lengths = order.map((axis) => x.shape[axis]);
    const from = order.map((axis) => steps[axis]);
    const to = lengths.map((_, axis) => lengths.slice(axis + 1).reduce((product, length) => product * length, 1));
    this.#expect('permute', order.length <= 3 && y.size === x.size, matrix(x), matrix(y));
    const pad = (list: readonly number[], value: number) => [...new Array(3 - list.length).fill(value), ...list];
    this.copyAxes(pad(lengths, 1), x, pad(from, 0), y, pad(to, 0));
  }

  /** y[i·to₀ + j·to₁ + k·to₂] = x[i·from₀ + j·from₁ + k·from₂], in numbers. */
  copyAxes(lengths: readonly number[], x: Region, from: readonly number[], y: Region, to: readonly number[]): void {
    this.call('copy', ...lengths, x, ...from, y, ...to);
  }

  // ---- Anything else ----

  /**
   * Calls a kernel. Regions become addresses; all lengths and strides of kernels are in numbers. An argument that may be
   * absent is 0 instead of a region.
   */
  call(kernel: KernelName, ...args: readonly (number | Region)[]): void {
    this.calls.push({ kernel, args });
  }

  #expect(what: string, fits: boolean, ...operands: readonly Matrix[]): void {
    if (fits) return;
    const shapes = operands.map(({ rows, columns }) => `[${rows}, ${columns}]`).join(', ');
    throw new LearnError(`${what} cannot work on ${shapes}.`);
  }
}

/** Columns of a panel of a packed matrix: two vectors. */
export const PANEL = 8;
/** Rows that the product with a transposed matrix takes at a time. */
const TRANSPOSED_BLOCK = 256;

const isPacked = (b: Operand | Packed): b is Packed => 'inner' in b;

const shapeOf = ({ rows, columns }: Matrix, transpose: boolean) =>
  transpose ? { inner: columns, columns: rows } : { inner: rows, columns };

/** Address and distance of rows, as kernels take them. */
const place = (m: Matrix): [Region, number] => [addressOf(m), m.stride];

/** Address, distance of rows and distance of columns of an operand that may be repeated over y. */
const placeRepeated = (m: Matrix, y: Matrix): [Region, number, number] => [
  addressOf(m),
  m.rows === 1 ? 0 : m.stride,
  m.columns === 1 && y.columns !== 1 ? 0 : 1,
];

const placeAxes = (m: Matrix): [Region, readonly number[]] => [addressOf(m), [0, m.stride, 1]];

const addressOf = ({ region, start }: Matrix): Region =>
  start === 0 ? region : new Region([region.size - start], region, start);

const repeats = (m: Matrix, y: Matrix): boolean =>
  (m.rows === y.rows || m.rows === 1) && (m.columns === y.columns || m.columns === 1);

/** Operands of one size without gaps become one long row. */
function flatten(...operands: Matrix[]): Matrix[] {
  const { rows, columns } = operands[0];
  if (!operands.every((m) => m.rows === rows && m.columns === columns && isDense(m))) return operands;
  const size = rows * columns;
  return operands.map(({ region, start }) => ({ region, start, rows: 1, columns: size, stride: size }));
}
