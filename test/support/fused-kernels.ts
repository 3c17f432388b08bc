import { setFlagsFromString } from 'node:v8';
import { hasFusedKernels } from '../../src/learn/wasm/kernels.js';

// Node 20 has relaxed SIMD behind a flag of V8; with it both variants of the WebAssembly kernels are tested.
if (!hasFusedKernels()) setFlagsFromString('--experimental-wasm-relaxed-simd');
