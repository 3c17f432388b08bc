import { hasFusedKernels, kernelVariants } from '../wasm/kernels.js';
import { makeWasmExecutor } from './wasm.js';

/** The kernel variants that run here, both if test/support/fused-kernels.ts could switch the fused ones on. */
export const testedVariants = kernelVariants.filter((variant) => variant === 'plain' || hasFusedKernels());
if (!hasFusedKernels()) console.warn('This runtime has no relaxed SIMD: the fused WebAssembly kernels are not tested.');

export const wasmExecutors = testedVariants.map((kernels) => makeWasmExecutor({ kernels }));
