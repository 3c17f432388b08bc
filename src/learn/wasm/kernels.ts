import { LearnError } from '../errors.js';
import type { KernelName } from './plain.generated.js';

/**
 * The kernels are there twice, built from one source: `plain` rounds a product before something is added to it and gives
 * the same bits on every machine; `fused` multiplies and adds in one instruction (relaxed SIMD) where the processor can,
 * which is faster and differs in the last digits from machine to machine.
 */
export const kernelVariants = ['plain', 'fused'] as const;
export type KernelVariant = (typeof kernelVariants)[number];

/** The kernels on a memory: addresses in bytes, lengths and distances in numbers. */
export type Kernels = Readonly<Record<KernelName, (...args: readonly number[]) => void>>;

/** All kernels, ready to be put on memories. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  readonly binary: Uint8Array<ArrayBuffer>;
}

/** One function that uses relaxed SIMD: f32x4.relaxed_madd of three zeros. */
const PROBE = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
]);

/** Whether this runtime knows the instructions of the fused kernels. */
export const hasFusedKernels = (): boolean => WebAssembly.validate(PROBE);

/** The variant that is taken where none is asked for: the fused one where it runs. */
export const findKernelVariant = (): KernelVariant => (hasFusedKernels() ? 'fused' : 'plain');

const compiled = new Map<KernelVariant, Promise<KernelModule>>();

/**
 * The module of all kernels, compiled once.
 * @throws LearnError where the runtime does not know their instructions
 */
export function compileKernels(variant: KernelVariant = findKernelVariant()): Promise<KernelModule> {
  const known = compiled.get(variant);
  if (known) return known;
  const made = compile(variant);
  compiled.set(variant, made);
  return made;
}

async function compile(variant: KernelVariant): Promise<KernelModule> {
  const { binary: text } = await (variant === 'fused'
    ? import('./fused.generated.js')
    : import('./plain.generated.js'));
  const binary = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  try {
    return { module: await WebAssembly.compile(binary), binary };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LearnError(`the WebAssembly kernels do not load: ${reason}.`, {
      where: `kernels ${variant}`,
      mend:
        variant === 'fused'
          ? 'They need WebAssembly with relaxed SIMD: Node 22 or a browser of 2024 or later; take the plain ones.'
          : 'They need WebAssembly with SIMD: Node 20 or a browser of 2023 or later.',
    });
  }
}

export const makeKernels = ({ module }: KernelModule, memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
