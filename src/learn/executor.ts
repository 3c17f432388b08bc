import type { Graph, Tensor } from './graph/graph.js';

export const executorNames = ['onnxruntime', 'wasm'] as const;
/** Executors whose figures differ in the last digits have different names; `wasm-fused` is `wasm` with fused kernels. */
export type ExecutorName = (typeof executorNames)[number] | 'wasm-fused';

/**
 * What runs graphs. Two stand side by side: ONNX Runtime, to which a graph is handed as an ONNX model, and genu's own
 * WebAssembly kernels. Both compute in single precision on one thread, and repeat bit for bit on one machine.
 */
export interface Executor {
  readonly name: ExecutorName;
  /** What it is and runs on, for people, e.g. `ONNX Runtime 1.30.0, one thread`. */
  readonly description: string;
  /**
   * Makes the part of a graph that the outputs need ready to run.
   * @throws LearnError where an operator has no form for this executor
   */
  compile(graph: Graph, outputs: Readonly<Record<string, Tensor>>, options?: CompileOptions): Promise<Program>;
}

export interface CompileOptions {
  /**
   * Output name to input name: after each run the output becomes that input's value for the next one, and stays inside
   * the program. Both have one shape. Such an input is given by `set` once, and its output is not returned by `run`.
   */
  readonly carry?: Readonly<Record<string, string>>;
  /** Inputs that keep the value they were given by `set` until they are set again, and are not fed. */
  readonly held?: readonly string[];
}

/** A graph ready to run. Numbers are row-major; the size of an open batch follows from the lengths that are fed. */
export interface Program {
  /**
   * Runs once. @param feeds every input but the carried and held ones, by name
   * @returns the outputs, by name; the arrays are the caller's
   * @throws LearnError where an input is missing or of a length that does not fit its shape
   */
  run(feeds: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>>;
  /** Gives a carried or held input its value. */
  set(input: string, values: Float32Array): void;
  /** A copy of a carried or held input as it stands. */
  get(input: string): Float32Array;
  release(): Promise<void>;
}
