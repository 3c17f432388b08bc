import type { OnnxAttribute, OnnxInitialiser, OnnxNode, OnnxValue, RealType } from './model.js';
import { elementType, writeOnnx } from './model.js';

/** Collects ONNX nodes; operators emit themselves through it. Values are named by plain texts. */
export class OnnxBuilder {
  readonly realType: RealType;
  readonly #nodes: OnnxNode[] = [];
  readonly #initialisers: OnnxInitialiser[] = [];
  readonly #shared = new Map<string, string>();
  readonly #computed = new Map<string, readonly string[]>();
  readonly #frames = new Map<string, readonly string[]>();
  #count = 0;

  constructor(realType: RealType) {
    this.realType = realType;
  }

  /** Emits an operator with one output and returns the output's name. */
  op(type: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    return this.ops(type, inputs, 1, attributes)[0];
  }

  /** Emits an operator with several outputs; what is asked for twice is computed once. */
  ops(
    type: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: Record<string, OnnxAttribute> = {},
  ): readonly string[] {
    const key = JSON.stringify([type, inputs, outputCount, attributes]);
    const known = this.#computed.get(key);
    if (known) return known;
    const outputs = Array.from({ length: outputCount }, () => this.#name());
    this.#nodes.push({ type, inputs, outputs, attributes });
    this.#computed.set(key, outputs);
    return outputs;
  }

  /**
   * Constant of the model's real type; equal numbers are kept once.
   * @param name its name in the file, where it is to have one: not of the form v1, v2, … that other values get
   */
  real(values: number | ArrayLike<number>, shape: readonly number[] = [], name?: string): string {
    const make = (list: ArrayLike<number>) =>
      this.#initialise(shape, this.realType === 'float32' ? Float32Array.from(list) : Float64Array.from(list), name);
    return typeof values === 'number' ? this.#share(`real ${values}`, () => make([values])) : make(values);
  }

  /** Constant list of whole numbers: shapes, axes, positions. */
  whole(values: readonly number[]): string {
    return this.#share(`whole ${values}`, () =>
      this.#initialise(
        [values.length],
        BigInt64Array.from(values, (value) => BigInt(value)),
      ),
    );
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.op('Reshape', [x, this.whole(shape)]);
  }

  /** All leading axes made one: [..., features] becomes [rows, features]. */
  rows(x: string, features: number): string {
    return this.reshape(x, [-1, features]);
  }

  /** Joins frames [batch, channels] to a sequence [time, batch, channels]. */
  joinFrames(frames: readonly string[], channels: number): string {
    const sequence = this.reshape(this.op('Concat', frames, { axis: 0 }), [frames.length, -1, channels]);
    this.#frames.set(sequence, frames);
    return sequence;
  }

  /** The frames [batch, channels] of a sequence. One that was joined from frames is not copied apart again. */
  frames(sequence: string, time: number, channels: number): readonly string[] {
    const known = this.#frames.get(sequence);
    if (known) return known;
    const rows = this.rows(sequence, channels);
    return time === 1 ? [rows] : this.ops('Split', [rows], time, { axis: 0 });
  }

  /** a·b (+ c), either matrix transposed on request. */
  gemm(a: string, b: string, c?: string, transpose: { a?: boolean; b?: boolean } = {}): string {
    return this.op('Gemm', c === undefined ? [a, b] : [a, b, c], {
      ...(transpose.a ? { transA: 1 } : {}),
      ...(transpose.b ? { transB: 1 } : {}),
    });
  }

  sum(x: string, axis: number, keepAxis = false): string {
    return this.op('ReduceSum', [x, this.whole([axis])], { keepdims: keepAxis ? 1 : 0 });
  }

  slice(x: string, axis: number, start: number, end: number): string {
    return this.op('Slice', [x, this.whole([start]), this.whole([end]), this.whole([axis])]);
  }

  /** Truth values as zeros and ones of the model's real type. */
  toReal(truth: string): string {
    return this.op('Cast', [truth], { to: elementType(this.realType) });
  }

  /** Gives a value a second name, for the outputs of the model. */
  rename(value: string, name: string): void {
    this.#nodes.push({ type: 'Identity', inputs: [value], outputs: [name], attributes: {} });
  }

  /** Bytes of the model. Nodes that no output needs are left out. */
  write(
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    metadata: Readonly<Record<string, string>> = {},
  ): Uint8Array {
    const needed = new Set(outputs.map((output) => output.name));
    const nodes: OnnxNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((name) => needed.has(name))) continue;
      nodes.push(node);
      for (const name of node.inputs) needed.add(name);
    }
    return writeOnnx({
      nodes: nodes.reverse(),
      inputs,
      outputs,
      initialisers: this.#initialisers.filter(({ name }) => needed.has(name)),
      realType: this.realType,
      metadata,
    });
  }

  #name(): string {
    return `v${this.#count++}`;
  }

  #initialise(shape: readonly number[], data: OnnxInitialiser['data'], name = this.#name()): string {
    this.#initialisers.push({ name, shape, data });
    return name;
  }

  #share(key: string, make: () => string): string {
    const known = this.#shared.get(key) ?? make();
    this.#shared.set(key, known);
    return known;
  }
}
