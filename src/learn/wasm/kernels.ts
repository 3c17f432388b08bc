import { LearnError } from '../errors.js';
import { binary, type KernelName } from './binary.generated.js';

/** The kernels on a memory: addresses in bytes, lengths and distances in numbers. */
export type Kernels = Readonly<Record<KernelName, (...args: readonly number[]) => void>>;

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The module of all kernels, compiled once.
 * @throws LearnError where the runtime knows no 128-bit vectors
 */
export function compileKernels(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(kernelBinary()).catch((error) => {
    throw new LearnError(`the WebAssembly kernels do not load: ${error instanceof Error ? error.message : error}.`, {
      mend: 'They need WebAssembly with SIMD: Node 20 or a browser of 2023 or later.',
    });
  });
  return compiled;
}

export const kernelBinary = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0));

export const makeKernels = (module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
