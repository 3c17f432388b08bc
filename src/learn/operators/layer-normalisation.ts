import { fixedSize, type Graph, type Operator, refuse, sameShape, type Tensor } from '../graph/graph.js';
import { EPSILON } from './batch-normalisation.js';

/** Layer normalisation (Ba, Kiros & Hinton 2016, arXiv 1607.06450) over the last axis; also keeps (x − mean)/σ and 1/σ. */
const forward: Operator = {
  name: 'layer normalisation',
  shapes: ([x, gain, shift]) => {
    const channels = [fixedSize(x, -1)];
    if (!sameShape(gain, channels) || !sameShape(shift, channels)) refuse('one gain and one shift for each channel');
    return [x, x, [...x.slice(0, -1), 1]];
  },
  emit: (onnx, [x, gain, shift]) => {
    const mean = (value: string) => onnx.op('ReduceMean', [value], { axes: [-1], keepdims: 1 });
    const centred = onnx.op('Sub', [x, mean(x)]);
    const variance = mean(onnx.op('Mul', [centred, centred]));
    const inverse = onnx.op('Reciprocal', [onnx.op('Sqrt', [onnx.op('Add', [variance, onnx.real(EPSILON)])])]);
    const normalised = onnx.op('Mul', [centred, inverse]);
    return [onnx.op('Add', [onnx.op('Mul', [normalised, gain]), shift]), normalised, inverse];
  },
  compute: (program, [x, gain, shift], [y, normalised, inverse]) =>
    program.call('layerNormalise', inverse.size, gain.size, x, gain, shift, EPSILON, y, normalised, inverse),
  gradient: ({ graph, node, outputGradients: [g] }) => {
    const [, normalised, inverse] = node.outputs;
    return graph.apply(backward, [g!, normalised, inverse, node.inputs[1]]);
  },
};

/** dx = (g·γ − mean(g·γ) − x̂ · mean(g·γ·x̂)) / σ, means over the channels; dγ = Σ g·x̂; dβ = Σ g. */
const backward: Operator = {
  name: 'layer normalisation gradient',
  shapes: ([g, , , gain]) => [g, gain, gain],
  emit: (onnx, [g, normalised, inverse, gain], { inputs }) => {
    const mean = (value: string) => onnx.op('ReduceMean', [value], { axes: [-1], keepdims: 1 });
    const leading = onnx.whole(Array.from({ length: inputs[0].shape.length - 1 }, (_, axis) => axis));
    const sum = (value: string) => onnx.op('ReduceSum', [value, leading], { keepdims: 0 });
    const scaled = onnx.op('Mul', [g, gain]);
    const centred = onnx.op('Sub', [scaled, mean(scaled)]);
    const along = onnx.op('Mul', [normalised, mean(onnx.op('Mul', [scaled, normalised]))]);
    return [onnx.op('Mul', [onnx.op('Sub', [centred, along]), inverse]), sum(onnx.op('Mul', [g, normalised])), sum(g)];
  },
  compute: (program, [g, normalised, inverse, gain], [dx, dGain, dShift]) => {
    program.dot('rows', g, normalised, dGain);
    program.sum('rows', g, dShift);
    program.overwrite(dx, g);
    program.call('layerNormaliseGradient', inverse.size, gain.size, g, normalised, inverse, gain, dx);
  },
};

/** Normalises over the channels of each frame. */
export const layerNormalisation = (graph: Graph, x: Tensor, gain: Tensor, shift: Tensor): Tensor =>
  graph.apply(forward, [x, gain, shift])[0];
