// The kernels as one WebAssembly module, in AssemblyScript. They take addresses, and lengths and distances in numbers.
export { adam } from './adam';
export {
  add,
  divide,
  gate,
  maximum,
  minimum,
  multiply,
  multiplyAdd,
  reciprocalGradient,
  sigmoidGradient,
  subtract,
  tanhGradient,
} from './binary';
export {
  absolute,
  affine,
  copy,
  exponentials as exponential,
  fill,
  logarithms as logarithm,
  negate,
  reciprocal,
  relu,
  sigmoid,
  sign,
  square,
  squareRoot,
  tanh,
} from './elementwise';
export { gemm, gemmTransposed, pack, packTransposed } from './gemm';
export { gemv, packStrips } from './gemv';
export { combine, layerNormalise, layerNormaliseGradient, scaleAndShift } from './normalise';
export { maxPoolGradient } from './pool';
export { gruStep, gruStepGradient } from './recurrent';
export { advance, putFrame } from './ring';
export { dotColumns, dotRows, greatest, sumColumns, sumRows } from './reduce';
export { softmaxColumns, softmaxColumnsGradient, softmaxRows, softmaxRowsGradient } from './softmax';
