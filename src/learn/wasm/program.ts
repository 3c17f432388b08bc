import { LearnError } from '../errors.js';
import type { CompileOptions, Program } from '../executor.js';
import { bindShapes } from '../executors/feeds.js';
import type { Graph, Shape, Tensor } from '../graph/graph.js';
import { align } from './arena.js';
import { makeDriver } from './driver.js';
import { type KernelModule, type Kernels, makeKernels } from './kernels.js';
import { type Plan, planProgram } from './planner.js';

/** The first bytes belong to the kernels. */
const START = 4096;
/** Plans of different batch sizes that are kept. */
const PLANS = 4;

interface Fixed {
  readonly tensor: Tensor;
  readonly address: number;
  readonly size: number;
  isSet: boolean;
}

type Step = readonly [run: (...args: readonly number[]) => void, args: readonly number[]];

interface ReadyPlan extends Plan {
  readonly steps: readonly Step[];
}

/** What one operator took, in a run that was measured. */
export interface NodeTime {
  readonly operator: string;
  readonly layer: string;
  readonly milliseconds: number;
}

/** See `WasmProgram.open`. */
export interface OpenProgram {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly outputs: Readonly<Record<string, Float32Array>>;
  readonly run: () => void;
}

/** A graph as calls of kernels on a memory of its own. */
export class WasmProgram implements Program {
  readonly #graph: Graph;
  readonly #outputs: Readonly<Record<string, Tensor>>;
  readonly #carry: Readonly<Record<string, string>>;
  readonly #shapes: ReadonlyMap<string, Shape>;
  /** Carried and held inputs. */
  readonly #fixed: ReadonlyMap<string, Fixed>;
  readonly #addresses: ReadonlyMap<Tensor, number>;
  readonly #held: ReadonlySet<string>;
  readonly #start: number;
  readonly #plans = new Map<number | undefined, ReadyPlan>();
  /** Given up by `release`. */
  #engine:
    | { readonly module: KernelModule; readonly memory: WebAssembly.Memory; readonly kernels: Kernels }
    | undefined;
  /** The plan whose constants lie prepared in memory. */
  #prepared: ReadyPlan | undefined;

  constructor(
    module: KernelModule,
    graph: Graph,
    outputs: Readonly<Record<string, Tensor>>,
    { carry = {}, held = [] }: CompileOptions,
  ) {
    this.#graph = graph;
    this.#outputs = outputs;
    this.#carry = carry;
    this.#held = new Set(held);
    const needed = graph.findNeeded(Object.values(outputs)).tensors;
    const inputs = graph.findNeededInputs(Object.values(outputs));
    this.#shapes = new Map([...inputs].map(([name, { shape }]) => [name, shape]));

    let end = START;
    const addresses = new Map<Tensor, number>();
    const give = (tensor: Tensor, where: string): Fixed => {
      const size = tensor.shape.reduce<number>((product, axis) => {
        if (axis === 'batch') throw new LearnError('is kept between runs and so cannot have an open batch.', { where });
        return product * axis;
      }, 1);
      const own = { tensor, address: end, size, isSet: false };
      addresses.set(tensor, end);
      end = align(end + 4 * size);
      return own;
    };
    const fixed = new Map<string, Fixed>();
    for (const [from, to] of Object.entries(carry)) {
      const tensor = graph.inputs.get(to);
      if (!tensor || !outputs[from]) throw new LearnError(`there is no output ${from} to carry to an input ${to}.`);
      fixed.set(to, give(tensor, `input ${to}`));
    }
    for (const name of held) {
      const tensor = inputs.get(name);
      if (tensor && !fixed.has(name)) fixed.set(name, give(tensor, `input ${name}`));
    }
    const constants = [...graph.constants].filter(([tensor]) => needed.has(tensor));
    for (const [tensor] of constants) give(tensor, 'a constant');
    this.#fixed = fixed;
    this.#addresses = addresses;
    this.#start = end;

    const memory = new WebAssembly.Memory({ initial: pages(end) });
    this.#engine = { module, memory, kernels: makeKernels(module, memory) };
    for (const [tensor, values] of constants) this.#numbers(addresses.get(tensor)!, values.length).set(values);
    // Planned ahead, so that an operator without a WASM form is known before the first run.
    if (![...this.#shapes.values()].some((shape) => shape.includes('batch'))) this.#plan(undefined);
    else planProgram(this.#request(1));
  }

  async run(feeds: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>> {
    return this.runSync(feeds);
  }

  /** `run` at once, for live use. */
  runSync(feeds: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
    const plan = this.#load(feeds);
    for (const [kernel, args] of plan.steps) kernel(...args);
    return this.#read(plan);
  }

  /**
   * For streams: the fed inputs and the outputs as they lie in the program's memory, and a run from these to those that
   * allocates nothing. Of a graph without an open batch, once its carried and held inputs have their values.
   */
  async open(): Promise<OpenProgram> {
    const plan = this.#plan(undefined);
    this.#prepare(plan);
    const view = (places: Plan['inputs']) =>
      Object.fromEntries([...places].map(([name, { address, size }]) => [name, this.#numbers(address, size)]));
    const run = await makeDriver(plan.calls, this.#running.kernels, this.#running.module.binary);
    return { inputs: view(plan.inputs), outputs: view(plan.outputs), run };
  }

  /** `run` with the time of every operator, for those who make it faster. */
  measure(feeds: Readonly<Record<string, Float32Array>>): NodeTime[] {
    const plan = this.#load(feeds);
    let at = 0;
    const run = (end: number): number => {
      const started = performance.now();
      for (; at < end; at++) plan.steps[at][0](...plan.steps[at][1]);
      return performance.now() - started;
    };
    const times = plan.nodes.map(({ node: { operator, layer }, end }) => ({
      operator: operator.name,
      layer,
      milliseconds: run(end),
    }));
    return [...times, { operator: 'carry', layer: '', milliseconds: run(plan.steps.length) }];
  }

  set(input: string, values: Float32Array): void {
    const fixed = this.#fixed.get(input);
    if (!fixed) {
      // An input that no output needs may be set in vain.
      if (!this.#shapes.has(input)) return;
      throw new LearnError('is neither carried nor held.', { where: `input ${input}` });
    }
    bindShapes(new Map([[input, fixed.tensor.shape]]), { [input]: values });
    this.#numbers(fixed.address, fixed.size).set(values);
    fixed.isSet = true;
    if (this.#held.has(input)) this.#prepared = undefined;
  }

  get(input: string): Float32Array {
    const fixed = this.#fixed.get(input);
    if (!fixed?.isSet) throw new LearnError('has no value yet.', { where: `input ${input}` });
    return this.#numbers(fixed.address, fixed.size).slice();
  }

  async release(): Promise<void> {
    this.#engine = undefined;
    this.#plans.clear();
    this.#prepared = undefined;
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.#running.memory.buffer.byteLength;
  }

  #load(feeds: Readonly<Record<string, Float32Array>>): ReadyPlan {
    const kept = { has: (name: string) => this.#fixed.get(name)?.isSet ?? false };
    const bound = bindShapes(this.#shapes, feeds, kept);
    let batch: number | undefined;
    for (const [name, shape] of bound) {
      const at = this.#shapes.get(name)!.indexOf('batch');
      if (at >= 0) batch = shape[at];
    }
    for (const [name] of bound) if (this.#fixed.has(name)) this.set(name, feeds[name]);
    const plan = this.#plan(batch);
    this.#prepare(plan);
    for (const [name, { address, size }] of plan.inputs) this.#numbers(address, size).set(feeds[name]);
    return plan;
  }

  #prepare(plan: ReadyPlan): void {
    if (this.#prepared === plan) return;
    for (const { place, values } of plan.constants) this.#numbers(place.address, place.size).set(values);
    for (const { kernel, args } of plan.preparation) this.#running.kernels[kernel](...args);
    this.#prepared = plan;
  }

  #read(plan: ReadyPlan): Record<string, Float32Array> {
    const results: Record<string, Float32Array> = {};
    for (const [name, { address, size }] of plan.outputs) results[name] = this.#numbers(address, size).slice();
    return results;
  }

  #plan(batch: number | undefined): ReadyPlan {
    const known = this.#plans.get(batch);
    if (known) {
      // The latest is last, so that the first is the one to go.
      this.#plans.delete(batch);
      this.#plans.set(batch, known);
      return known;
    }
    const plan = planProgram(this.#request(batch));
    const { memory, kernels } = this.#running;
    const ready = { ...plan, steps: plan.calls.map(({ kernel, args }): Step => [kernels[kernel], args]) };
    const missing = pages(plan.end) - memory.buffer.byteLength / PAGE;
    if (missing > 0) grow(memory, missing);
    this.#plans.set(batch, ready);
    if (this.#plans.size > PLANS) this.#plans.delete(this.#plans.keys().next().value);
    return ready;
  }

  #request(batch: number | undefined) {
    return {
      graph: this.#graph,
      outputs: this.#outputs,
      batch,
      carry: this.#carry,
      fixed: this.#addresses,
      start: this.#start,
    };
  }

  #numbers(address: number, size: number): Float32Array {
    return new Float32Array(this.#running.memory.buffer, address, size);
  }

  get #running() {
    if (!this.#engine) throw new LearnError('the program was released.');
    return this.#engine;
  }
}

const PAGE = 65536;
const pages = (bytes: number): number => Math.ceil(bytes / PAGE);

function grow(memory: WebAssembly.Memory, more: number): void {
  try {
    memory.grow(more);
  } catch {
    const megabytes = Math.ceil((memory.buffer.byteLength + more * PAGE) / 1e6);
    throw new LearnError(`the program needs ${megabytes} MB of memory, more than there is (at most 4 GB).`, {
      mend: 'Take a smaller batch or network.',
    });
  }
}
