// The rooms of src/ and what each may import: the one table that the linter, the architecture test and ARCHITECTURE.md share.
// `libraries` names the packages a room may use; `node: true` allows Node built-ins.
export const rooms = {
  data: { imports: [], libraries: [] },
  math: { imports: [], libraries: [] },
  io: { imports: ['data'], libraries: ['fast-xml-parser', 'fflate', 'saxen', 'csv-parse'] },
  signal: { imports: ['data', 'math'], libraries: [] },
  body: { imports: ['data', 'math'], libraries: [] },
  nms: { imports: ['data', 'math'], libraries: [] },
  learn: { imports: ['math'], libraries: ['onnxruntime-common'] },
  virtual: { imports: ['data', 'math', 'signal', 'body', 'nms'], libraries: [] },
  estimator: {
    imports: ['data', 'math', 'signal', 'body', 'nms', 'learn'],
    libraries: ['fflate', '@noble/hashes'],
  },
  study: { imports: ['data', 'math', 'signal', 'estimator', 'learn'], libraries: ['zod', '@noble/hashes'] },
  live: { imports: ['data', 'signal', 'estimator'], libraries: [] },
  cli: {
    imports: ['data', 'math', 'io', 'signal', 'body', 'nms', 'learn', 'virtual', 'estimator', 'study', 'live'],
    libraries: ['commander', 'yaml', 'piscina', 'onnxruntime-node', '@noble/hashes', '@resvg/resvg-wasm'],
    node: true,
  },
};
