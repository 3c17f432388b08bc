import { type InferenceSession, Tensor } from 'onnxruntime-common';
import { LearnError } from '../errors.js';
import type { CompileOptions, Executor, Program } from '../executor.js';
import { emitOnnx } from '../graph/emit.js';
import type { Graph, Shape, Tensor as Value } from '../graph/graph.js';
import { bindShapes } from './feeds.js';

/** A loaded model. The sessions of onnxruntime-node and onnxruntime-web are of this form. */
export interface OnnxSession {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * What makes sessions. An adapter is two lines:
 * `import { InferenceSession } from 'onnxruntime-node';`
 * `const factory = { create: (onnx, options) => InferenceSession.create(onnx, options) };`
 */
export interface OnnxSessionFactory {
  create(onnx: Uint8Array, options: InferenceSession.SessionOptions): Promise<OnnxSession>;
}

/** One thread: folds and seeds run side by side instead, and results repeat bit for bit. */
export const ONE_THREAD: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/**
 * For training steps, whose thousands of nodes are emitted as they are to run: rewriting them takes longer than making
 * the rest of the session, and the step is no faster for it.
 */
const AS_EMITTED: InferenceSession.SessionOptions = { graphOptimizationLevel: 'disabled' };

/**
 * Runs graphs as ONNX models in ONNX Runtime.
 * @param options of every session, e.g. `{ executionProviders: ['cuda'] }`
 */
export function makeOnnxRuntimeExecutor(
  factory: OnnxSessionFactory,
  description = 'ONNX Runtime, one thread',
  options: InferenceSession.SessionOptions = {},
): Executor {
  return {
    name: 'onnxruntime',
    description,
    compile: async (graph, outputs, compileOptions = {}) =>
      new OnnxProgram(
        await factory.create(emitOnnx(graph, outputs), {
          ...ONE_THREAD,
          ...(compileOptions.carry ? AS_EMITTED : {}),
          ...options,
        }),
        graph,
        outputs,
        compileOptions,
      ),
  };
}

class OnnxProgram implements Program {
  readonly #session: OnnxSession;
  readonly #carry: Readonly<Record<string, string>>;
  readonly #shapes: ReadonlyMap<string, Shape>;
  /** Values of carried and held inputs; they stay tensors of the runtime between runs. */
  readonly #kept = new Map<string, Tensor>();
  readonly #keptNames: ReadonlySet<string>;

  constructor(
    session: OnnxSession,
    graph: Graph,
    outputs: Readonly<Record<string, Value>>,
    { carry = {}, held = [] }: CompileOptions,
  ) {
    this.#session = session;
    this.#carry = carry;
    this.#keptNames = new Set([...Object.values(carry), ...held]);
    this.#shapes = new Map(
      [...graph.findNeededInputs(Object.values(outputs))].map(([name, { shape }]) => [name, shape]),
    );
  }

  async run(feeds: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>> {
    const shapes = bindShapes(this.#shapes, feeds, this.#kept);
    const tensors: Record<string, Tensor> = Object.fromEntries(this.#kept);
    for (const [name, shape] of shapes) tensors[name] = new Tensor('float32', feeds[name], shape);
    const results = await this.#session.run(tensors);
    const answer: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(results)) {
      const input = this.#carry[name];
      if (input === undefined) answer[name] = tensor.data as Float32Array;
      else this.#kept.set(input, tensor);
    }
    return answer;
  }

  set(input: string, values: Float32Array): void {
    const shape = this.#shapes.get(input);
    // An input that no output needs may be set in vain.
    if (!shape) return;
    if (!this.#keptNames.has(input)) throw new LearnError('is neither carried nor held.', { where: `input ${input}` });
    bindShapes(new Map([[input, shape]]), { [input]: values });
    this.#kept.set(input, new Tensor('float32', values.slice(), shape as readonly number[]));
  }

  get(input: string): Float32Array {
    const tensor = this.#kept.get(input);
    if (!tensor) throw new LearnError('has no value yet.', { where: `input ${input}` });
    return (tensor.data as Float32Array).slice();
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
