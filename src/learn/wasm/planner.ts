import { LearnError } from '../errors.js';
import type { Graph, Node, Shape, Tensor } from '../graph/graph.js';
import { arrange } from './arena.js';
import { ProgramBuilder } from './builder.js';
import type { Call } from './calls.js';
import type { KernelName } from './plain.generated.js';
import { Region } from './region.js';

/** Where some numbers lie in the memory of a program. */
export interface Place {
  /** In bytes. */
  readonly address: number;
  /** In numbers. */
  readonly size: number;
}

export interface PlannedCall {
  readonly kernel: KernelName;
  readonly args: readonly number[];
}

/** A program for one size of the batch. */
export interface Plan {
  readonly calls: readonly PlannedCall[];
  /** Calls that run once the constants and held inputs have their values. */
  readonly preparation: readonly PlannedCall[];
  /** For each node, where its calls end; the calls behind the last carry outputs to inputs. */
  readonly nodes: readonly { readonly node: Node; readonly end: number }[];
  /** The inputs that are fed. */
  readonly inputs: ReadonlyMap<string, Place>;
  /** The outputs that are not carried. */
  readonly outputs: ReadonlyMap<string, Place>;
  readonly constants: readonly { readonly place: Place; readonly values: ArrayLike<number> }[];
  /** Bytes of memory that it needs. */
  readonly end: number;
}

export interface PlanRequest {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly batch: number | undefined;
  /** Output name to input name. */
  readonly carry: Readonly<Record<string, string>>;
  /** Addresses of what keeps its numbers over all plans: constants, held and carried inputs. */
  readonly fixed: ReadonlyMap<Tensor, number>;
  /** Where memory of the plan's own begins. */
  readonly start: number;
}

/**
 * Turns a graph into calls of kernels and gives every value its place in memory.
 * @throws LearnError where an operator has no WASM form
 */
export function planProgram(request: PlanRequest): Plan {
  const { graph, outputs, carry, fixed } = request;
  const { nodes, tensors } = graph.findNeeded(Object.values(outputs));
  const bound = (shape: Shape) => shape.map((axis) => (axis === 'batch' ? request.batch! : axis));
  const regions = new Map<Tensor, Region>();
  const regionOf = (tensor: Tensor): Region => {
    const region = regions.get(tensor) ?? new Region(bound(tensor.shape));
    regions.set(tensor, region);
    return region;
  };

  const lastUse = new Map<Tensor, number>();
  for (const [index, node] of nodes.entries()) for (const input of node.inputs) lastUse.set(input, index);
  for (const tensor of Object.values(outputs)) lastUse.set(tensor, Number.POSITIVE_INFINITY);

  const carriedInput = new Map(Object.entries(carry).map(([from, to]) => [outputs[from], graph.inputs.get(to)!]));
  const carried = new Set(carriedInput.values());
  for (const tensor of fixed.keys()) regionOf(tensor);
  const fixedRoots = new Map([...fixed].map(([tensor, address]) => [regionOf(tensor), { tensor, address }]));
  const kept = new Set<Region>();
  let now = 0;

  const builder: ProgramBuilder = new ProgramBuilder({
    mayOverwrite: (output, input) => {
      const root = input.root;
      if (kept.has(root) || builder.constants.has(root)) return false;
      const owner = fixedRoots.get(root)?.tensor;
      // A carried input may be written by the output that becomes its next value.
      if (owner && !nodes[now].outputs.some((o) => regionOf(o) === output && carriedInput.get(o) === owner))
        return false;
      for (const [tensor, region] of regions) {
        if (region.root === root && (lastUse.get(tensor) ?? -1) > now) return false;
      }
      return true;
    },
    mayMove: (region) => !fixedRoots.has(region) && !kept.has(region) && !builder.constants.has(region),
    isConstant: ({ root }) => {
      const owner = fixedRoots.get(root)?.tensor;
      return builder.constants.has(root) || (owner !== undefined && !carried.has(owner));
    },
    keep: (region) => kept.add(region.root),
  });

  const ends: { node: Node; end: number }[] = [];
  for (const node of nodes) {
    const { compute, name } = node.operator;
    if (!compute) {
      throw new LearnError(`${name} has no WASM form.`, {
        where: `layer ${node.layer || '(none)'}`,
        mend: 'Use the executor onnxruntime, or give the operator a `compute`.',
      });
    }
    compute(builder, node.inputs.map(regionOf), node.outputs.map(regionOf), node);
    ends.push({ node, end: builder.calls.length });
    now++;
  }
  carryOver(
    builder,
    [...carriedInput].map(([from, to]) => [regionOf(from), regionOf(to)]),
    fixedRoots,
  );

  const inputs = [...graph.inputs].filter(([, tensor]) => tensors.has(tensor) && !fixed.has(tensor));
  const results = Object.entries(outputs).filter(([name]) => !(name in carry));
  const { addresses, end } = layOut(request.start, builder, kept, fixedRoots, {
    inputs: inputs.map(([, tensor]) => regionOf(tensor)),
    outputs: results.map(([, tensor]) => regionOf(tensor)),
  });
  const addressOf = (region: Region): number => addresses.get(region.root)! + 4 * region.offset;
  const placeOf = (region: Region): Place => ({ address: addressOf(region), size: region.size });
  const bind = ({ kernel, args }: Call): PlannedCall => ({
    kernel,
    args: args.map((arg) => (typeof arg === 'number' ? arg : addressOf(arg))),
  });
  return {
    calls: builder.calls.map(bind),
    preparation: builder.preparation.map(bind),
    nodes: ends,
    inputs: new Map(inputs.map(([name, tensor]) => [name, placeOf(regionOf(tensor))])),
    outputs: new Map(results.map(([name, tensor]) => [name, placeOf(regionOf(tensor))])),
    constants: [...builder.constants].map(([region, values]) => ({ place: placeOf(region), values })),
    end,
  };
}

/** Copies outputs to the inputs they become, those first aside that lie in an input which is itself written. */
function carryOver(
  builder: ProgramBuilder,
  pairs: readonly (readonly [Region, Region])[],
  fixedRoots: ReadonlyMap<Region, unknown>,
): void {
  const moved = pairs.filter(([from, to]) => from.root !== to || from.offset !== 0);
  const sources = moved.map(([from]) => {
    if (!fixedRoots.has(from.root)) return from;
    const aside = builder.room(from.size);
    builder.copyAxes([1, 1, from.size], from, [0, 0, 1], aside, [0, 0, 1]);
    return aside;
  });
  for (const [index, [, to]] of moved.entries()) {
    builder.copyAxes([1, 1, to.size], sources[index], [0, 0, 1], to, [0, 0, 1]);
  }
}

/** Addresses of all regions that own memory. */
function layOut(
  start: number,
  { calls, preparation, constants }: ProgramBuilder,
  kept: ReadonlySet<Region>,
  fixedRoots: ReadonlyMap<Region, { address: number }>,
  ends: { inputs: readonly Region[]; outputs: readonly Region[] },
): { addresses: Map<Region, number>; end: number } {
  const lives = new Map<Region, { first: number; last: number }>();
  const use = ({ root }: Region, at: number) => {
    const life = lives.get(root);
    lives.set(root, { first: Math.min(life?.first ?? at, at), last: Math.max(life?.last ?? at, at) });
  };
  for (const input of ends.inputs) use(input, -1);
  for (const [at, { args }] of calls.entries()) for (const arg of args) if (arg instanceof Region) use(arg, at);
  for (const output of ends.outputs) use(output, calls.length);
  for (const { args } of preparation) for (const arg of args) if (arg instanceof Region) use(arg, -1);
  for (const region of [...kept, ...constants.keys()]) {
    use(region, -1);
    use(region, calls.length);
  }
  const own = [...lives].filter(([root]) => !fixedRoots.has(root));
  const { starts, end } = arrange(own.map(([root, life]) => ({ bytes: 4 * root.size, ...life })));
  const addresses = new Map(own.map(([root], index) => [root, start + starts[index]]));
  for (const [root, { address }] of fixedRoots) addresses.set(root, address);
  return { addresses, end: start + end };
}
