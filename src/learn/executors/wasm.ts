import type { CompileOptions, Executor } from '../executor.js';
import type { Graph, Tensor } from '../graph/graph.js';
import { compileKernels, findKernelVariant, type KernelVariant } from '../wasm/kernels.js';
import { WasmProgram } from '../wasm/program.js';

export interface WasmExecutor extends Executor {
  readonly name: 'wasm' | 'wasm-fused';
  compile(graph: Graph, outputs: Readonly<Record<string, Tensor>>, options?: CompileOptions): Promise<WasmProgram>;
}

/**
 * Runs graphs on genu's own WebAssembly kernels: the same in Node and in a browser, without a library. Each program has
 * a memory of its own; programs may stand side by side.
 * @param options.kernels which kernels: `plain` gives the same bits on every machine, `fused` is faster; by default the
 * fused ones where the runtime has them
 */
export function makeWasmExecutor({ kernels = findKernelVariant() }: { kernels?: KernelVariant } = {}): WasmExecutor {
  return {
    name: kernels === 'fused' ? 'wasm-fused' : 'wasm',
    description: `WebAssembly kernels, 128-bit vectors, ${SAYS[kernels]}, one thread`,
    compile: async (graph, outputs, options = {}) =>
      new WasmProgram(await compileKernels(kernels), graph, outputs, options),
  };
}

const SAYS: Readonly<Record<KernelVariant, string>> = {
  plain: 'plain multiplication and addition',
  fused: 'fused multiplication and addition (relaxed SIMD)',
};
