import type { CompileOptions, Executor } from '../executor.js';
import type { Graph, Tensor } from '../graph/graph.js';
import { compileKernels } from '../wasm/kernels.js';
import { WasmProgram } from '../wasm/program.js';

export interface WasmExecutor extends Executor {
  readonly name: 'wasm';
  compile(graph: Graph, outputs: Readonly<Record<string, Tensor>>, options?: CompileOptions): Promise<WasmProgram>;
}

/**
 * Runs graphs on genu's own WebAssembly kernels: the same in Node and in a browser, without a library. Each program has
 * a memory of its own; programs may stand side by side.
 */
export const makeWasmExecutor = (): WasmExecutor => ({
  name: 'wasm',
  description: 'WebAssembly kernels, 128-bit vectors, one thread',
  compile: async (graph, outputs, options = {}) => new WasmProgram(await compileKernels(), graph, outputs, options),
});
