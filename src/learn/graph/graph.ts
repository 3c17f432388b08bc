import { LearnError } from '../errors.js';
import type { OnnxBuilder } from '../onnx/builder.js';
import type { ProgramBuilder } from '../wasm/builder.js';
import type { Region } from '../wasm/region.js';

/** The size of an axis: a number, or the batch of a graph that is to run with any number of windows. */
export type Dimension = number | 'batch';
export type Shape = readonly Dimension[];

/** A value in a graph: no numbers, only a name and a shape. Sequences are time-major, [time, batch, channels]. */
export interface Tensor {
  readonly id: number;
  readonly shape: Shape;
}

export type Attributes = Readonly<Record<string, number | string | boolean | readonly number[]>>;

export interface Node {
  readonly operator: Operator;
  readonly attributes: Attributes;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The layer that asked for it, for messages. */
  readonly layer: string;
}

/** What an operator gets to build its derivative from. */
export interface GradientCall {
  readonly graph: Graph;
  readonly node: Node;
  /** d loss / d output, for each output; undefined where the loss does not depend on that output. */
  readonly outputGradients: readonly (Tensor | undefined)[];
  /** Which inputs need a gradient; the others cost nothing. */
  readonly wanted: readonly boolean[];
}

/**
 * Everything the engine knows of an operator: its shape rule, its derivative and its ONNX nodes.
 * The graph itself holds only names, attributes and shapes, so that another executor can stand beside ONNX Runtime.
 */
export interface Operator {
  readonly name: string;
  /** Output shapes. Refuses unfit inputs by `refuse`. */
  readonly shapes: (inputs: readonly Shape[], attributes: Attributes) => Shape[];
  /** Emits ONNX nodes for the named inputs; returns the names of the outputs. */
  readonly emit: (onnx: OnnxBuilder, inputs: readonly string[], node: Node) => readonly string[];
  /** Adds the calls of WASM kernels that write the outputs; see `wasm/builder.ts`. */
  readonly compute?: (
    program: ProgramBuilder,
    inputs: readonly Region[],
    outputs: readonly Region[],
    node: Node,
  ) => void;
  /** d loss / d input for each input, as more nodes of the graph. Operators of the backward pass have none. */
  readonly gradient?: (call: GradientCall) => readonly (Tensor | undefined)[];
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Tensor>();
  readonly constants = new Map<Tensor, ArrayLike<number>>();
  /** Constants that keep a name of their own in an exported file: weights and scaling. */
  readonly constantNames = new Map<Tensor, string>();
  readonly #layers: string[] = [];
  #count = 0;

  /** A value that is handed in at every run. */
  input(name: string, shape: Shape): Tensor {
    if (this.inputs.has(name)) throw new LearnError(`the graph already has an input named ${name}.`);
    const tensor = this.#tensor(shape);
    this.inputs.set(name, tensor);
    return tensor;
  }

  /**
   * Fixed numbers, row-major.
   * @param name under which an exported file shows them, so that they are found again when it is imported
   */
  constant(values: ArrayLike<number>, shape: readonly number[], name?: string): Tensor {
    const wanted = shape.reduce((product, size) => product * size, 1);
    if (values.length !== wanted) {
      throw new LearnError(`a constant of shape [${shape}] needs ${wanted} numbers, got ${values.length}.`);
    }
    const tensor = this.#tensor(shape);
    this.constants.set(tensor, values);
    if (name !== undefined) {
      if (this.inputs.has(name) || [...this.constantNames.values()].includes(name)) {
        throw new LearnError(`the graph already has a value named ${name}.`);
      }
      this.constantNames.set(tensor, name);
    }
    return tensor;
  }

  /**
   * Applies an operator; the outputs' shapes follow from its rule.
   * @throws LearnError that names the layer, the operator and the shapes where the inputs do not fit.
   */
  apply(operator: Operator, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor[] {
    const shapes = inputs.map((tensor) => tensor.shape);
    const layer = this.#layers.join('.');
    let outputs: Tensor[];
    try {
      outputs = operator.shapes(shapes, attributes).map((shape) => this.#tensor(shape));
    } catch (error) {
      if (!(error instanceof LearnError)) throw error;
      const got = shapes.map((shape) => `[${shape.join(', ')}]`).join(', ');
      throw new LearnError(`${operator.name} ${error.message} Got ${got}.`, { where: `layer ${layer || '(none)'}` });
    }
    this.nodes.push({ operator, attributes, inputs, outputs, layer });
    return outputs;
  }

  /** The nodes that some tensors depend on, in order, and all tensors among them. */
  findNeeded(outputs: Iterable<Tensor>): { nodes: Node[]; tensors: ReadonlySet<Tensor> } {
    const tensors = new Set(outputs);
    const nodes = this.nodes.toReversed().filter((node) => {
      const wanted = node.outputs.some((output) => tensors.has(output));
      if (wanted) for (const input of node.inputs) tensors.add(input);
      return wanted;
    });
    return { nodes: nodes.reverse(), tensors };
  }

  /** The inputs that some tensors depend on. */
  findNeededInputs(outputs: Iterable<Tensor>): Map<string, Tensor> {
    const { tensors } = this.findNeeded(outputs);
    return new Map([...this.inputs].filter(([, tensor]) => tensors.has(tensor)));
  }

  /** Runs `build` with a layer's name put into the messages of its operators. */
  within<T>(layer: string, build: () => T): T {
    this.#layers.push(layer);
    try {
      return build();
    } finally {
      this.#layers.pop();
    }
  }

  #tensor(shape: Shape): Tensor {
    return { id: this.#count++, shape };
  }
}

/** Refuses inputs from within a shape rule; `Graph.apply` adds the layer and the shapes. */
export function refuse(expectation: string): never {
  throw new LearnError(`expects ${expectation}.`);
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** Size of a fixed axis; refuses the batch axis, on which weights must not depend. */
export function fixedSize(shape: Shape, axis: number): number {
  const size = shape.at(axis);
  return typeof size === 'number' ? size : refuse(`a fixed size on axis ${axis}`);
}

/** [time, batch, channels] of a sequence. */
export function sequenceShape(shape: Shape): { time: number; batch: Dimension; channels: number } {
  if (shape.length !== 3) refuse('a sequence [time, batch, channels]');
  return { time: fixedSize(shape, 0), batch: shape[1], channels: fixedSize(shape, 2) };
}
