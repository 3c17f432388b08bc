import { fixedSize, type Graph, type Operator, refuse, sameShape, sequenceShape, type Tensor } from '../graph/graph.js';
import { matrix, reshaped, strided } from '../wasm/region.js';

/** Operators on the frames of a sequence x [time, batch, channels]. */

/** factor · Σₜ x[t]: to [batch, channels]. */
const sum: Operator = {
  name: 'sum over frames',
  shapes: ([x]) => {
    const { batch, channels } = sequenceShape(x);
    return [[batch, channels]];
  },
  emit: (onnx, [x], { attributes }) => {
    const total = onnx.sum(x, 0);
    return [attributes.factor === 1 ? total : onnx.op('Mul', [total, onnx.real(attributes.factor as number)])];
  },
  compute: (program, [x], [y], { attributes }) => {
    program.sum('rows', reshaped(x, y.size), y);
    if (attributes.factor !== 1) program.affine(y, attributes.factor as number, 0, y);
  },
  gradient: ({ graph, node: { inputs, attributes }, outputGradients: [g] }) =>
    graph.apply(repeat, [g!], { ...attributes, time: fixedSize(inputs[0].shape, 0) }),
};

/** The derivative of `sum`: factor · g for each frame. */
const repeat: Operator = {
  name: 'repetition over frames',
  shapes: ([g], { time }) => [[time as number, ...g]],
  emit: (onnx, [g], { attributes }) => {
    const time = attributes.time as number;
    const factors = new Array(time).fill(attributes.factor);
    return [onnx.op('Mul', [onnx.op('Unsqueeze', [g, onnx.whole([0])]), onnx.real(factors, [time, 1, 1])])];
  },
  compute: (program, [g], [y], { attributes }) => {
    program.binary('multiply', reshaped(g, g.size), program.number(attributes.factor as number), reshaped(y, g.size));
  },
};

/** x[t]∘m with one m [batch, channels] for all frames. */
const mask: Operator = {
  name: 'mask',
  shapes: ([x, m]) => {
    const { batch, channels } = sequenceShape(x);
    return [sameShape(m, [batch, channels]) ? x : refuse('a mask [batch, channels]')];
  },
  emit: (onnx, inputs) => [onnx.op('Mul', inputs)],
  compute: (program, [x, m], [y]) => {
    program.overwrite(y, x);
    program.binary('multiply', reshaped(x, m.size), reshaped(m, m.size), reshaped(y, m.size));
  },
  gradient: ({ graph, node, outputGradients: [g] }) => [graph.apply(mask, [g!, node.inputs[1]])[0], undefined],
};

/** w[t]·x[t] with one number w [time, batch, 1] for each frame. */
const weighting: Operator = {
  name: 'weighting of frames',
  shapes: ([x, w]) => {
    const { time, batch } = sequenceShape(x);
    return [sameShape(w, [time, batch, 1]) ? x : refuse('one weight for each frame')];
  },
  emit: (onnx, inputs) => [onnx.op('Mul', inputs)],
  compute: (program, [x, w], [y]) => {
    program.overwrite(y, x);
    program.binary('multiply', x, w, y);
  },
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const [x, w] = node.inputs;
    return [
      wanted[0] ? graph.apply(weighting, [g!, w])[0] : undefined,
      wanted[1] ? graph.apply(channelProduct, [x, g!])[0] : undefined,
    ];
  },
};

/** Σ over the channels of x∘g: the derivative of `weighting` by its weights. */
const channelProduct: Operator = {
  name: 'weighting gradient',
  shapes: ([x]) => [[...x.slice(0, -1), 1]],
  emit: (onnx, inputs) => [onnx.sum(onnx.op('Mul', inputs), 2, true)],
  compute: (program, [x, g], [y]) => program.dot('columns', x, g, y),
};

/** x[t] / w[t] with one number w [time, batch, 1] for each frame; not defined where it is zero. */
const division: Operator = {
  name: 'division of frames',
  shapes: weighting.shapes,
  emit: (onnx, inputs) => [onnx.op('Div', inputs)],
  compute: (program, [x, w], [y]) => {
    program.overwrite(y, x);
    program.binary('divide', x, w, y);
  },
  gradient: ({ graph, node, outputGradients: [g], wanted }) => {
    const w = node.inputs[1];
    return [
      wanted[0] ? graph.apply(division, [g!, w])[0] : undefined,
      wanted[1] ? graph.apply(divisorGradient, [node.outputs[0], w, g!])[0] : undefined,
    ];
  },
};

/** −Σ over the channels of y∘g, over w. */
const divisorGradient: Operator = {
  name: 'division gradient',
  shapes: ([, w]) => [w],
  emit: (onnx, [y, w, g]) => [onnx.op('Neg', [onnx.op('Div', [onnx.sum(onnx.op('Mul', [y, g]), 2, true), w])])],
  compute: (program, [y, w, g], [dw]) => {
    program.dot('columns', y, g, dw);
    program.binary('divide', dw, w, dw);
    program.unary('negate', dw, dw);
  },
};

/** x[t] + p[t] with one p [time, channels] for all windows of the batch. */
const offset: Operator = {
  name: 'offset of frames',
  shapes: ([x, p]) => {
    const { time, channels } = sequenceShape(x);
    return [sameShape(p, [time, channels]) ? x : refuse('one offset [time, channels] for each frame')];
  },
  emit: (onnx, [x, p]) => [onnx.op('Add', [x, onnx.op('Unsqueeze', [p, onnx.whole([1])])])],
  compute: (program, [x, p], [y]) => {
    const [time, batch] = x.shape;
    program.overwrite(y, x);
    for (let t = 0; t < time; t++) {
      const rows = (region: typeof x, count: number) =>
        strided(region, { ...matrix(region), start: t * count * p.shape[1], rows: count });
      program.binary('add', rows(x, batch), rows(p, 1), rows(y, batch));
    }
  },
  gradient: ({ graph, outputGradients: [g], wanted }) => [
    g,
    wanted[1] ? graph.apply(offsetGradient, [g!])[0] : undefined,
  ],
};

const offsetGradient: Operator = {
  name: 'offset gradient',
  shapes: ([g]) => [[g[0], g[2]]],
  emit: (onnx, [g]) => [onnx.sum(g, 1)],
  compute: (program, [g], [y]) => {
    const [time, batch, channels] = g.shape;
    for (let t = 0; t < time; t++) {
      const rows = strided(g, { ...matrix(g), start: t * batch * channels, rows: batch });
      program.sum('rows', rows, program.part(y, t * channels, [channels]));
    }
  },
};

/** The frames in reverse order; its own derivative. */
const reversal: Operator = {
  name: 'time reversal',
  shapes: ([x]) => {
    sequenceShape(x);
    return [x];
  },
  emit: (onnx, [x], { inputs }) => {
    const time = fixedSize(inputs[0].shape, 0);
    const [start, end, axis, step] = [[-1], [-time - 1], [0], [-1]].map((list) => onnx.whole(list));
    return [onnx.op('Slice', [x, start, end, axis, step])];
  },
  compute: (program, [x], [y]) => {
    const [time] = x.shape;
    const length = x.size / time;
    for (let t = 0; t < time; t++) {
      program.copy(program.part(x, t * length, [length]), program.part(y, (time - 1 - t) * length, [length]));
    }
  },
  gradient: ({ graph, outputGradients: [g] }) => graph.apply(reversal, [g!]),
};

/** All frames of a window one after the other: to [batch, time·channels]. */
const flattening: Operator = {
  name: 'flattening',
  shapes: ([x]) => {
    const { time, batch, channels } = sequenceShape(x);
    return [[batch, time * channels]];
  },
  emit: (onnx, [x], { outputs }) => [
    onnx.rows(onnx.op('Transpose', [x], { perm: [1, 0, 2] }), fixedSize(outputs[0].shape, 1)),
  ],
  compute: (program, [x], [y]) => {
    const [time, batch, channels] = x.shape;
    program.copyAxes([batch, time, channels], x, [channels, batch * channels, 1], y, [time * channels, channels, 1]);
  },
  gradient: ({ graph, node, outputGradients: [g] }) =>
    graph.apply(unflattening, [g!], { time: fixedSize(node.inputs[0].shape, 0) }),
};

const unflattening: Operator = {
  name: 'flattening gradient',
  shapes: ([g], { time }) => [[time as number, g[0], fixedSize(g, 1) / (time as number)]],
  emit: (onnx, [g], { outputs }) => {
    const [time, , channels] = outputs[0].shape as readonly number[];
    return [onnx.op('Transpose', [onnx.reshape(g, [-1, time, channels])], { perm: [1, 0, 2] })];
  },
  compute: (program, [g], [y]) => {
    const [time, batch, channels] = y.shape;
    program.copyAxes([batch, time, channels], g, [time * channels, channels, 1], y, [channels, batch * channels, 1]);
  },
};

/** Mean over time: [time, batch, channels] to [batch, channels]. */
export const averageOverTime = (graph: Graph, x: Tensor): Tensor =>
  graph.apply(sum, [x], { factor: 1 / sequenceShape(x.shape).time })[0];

/** x[t]∘mask with one mask [batch, channels] for all frames; without a derivative by the mask. */
export const maskFrames = (graph: Graph, x: Tensor, m: Tensor): Tensor => graph.apply(mask, [x, m])[0];

/** x[t]·w[t] with one number w [time, batch, 1] for each frame. */
export const weightFrames = (graph: Graph, x: Tensor, w: Tensor): Tensor => graph.apply(weighting, [x, w])[0];

/** x[t] / w[t] with one number w [time, batch, 1] for each frame. */
export const divideFrames = (graph: Graph, x: Tensor, w: Tensor): Tensor => graph.apply(division, [x, w])[0];

/** x[t] + p[t] with one p [time, channels] for the whole batch. */
export const offsetFrames = (graph: Graph, x: Tensor, p: Tensor): Tensor => graph.apply(offset, [x, p])[0];

export const reverseTime = (graph: Graph, x: Tensor): Tensor => graph.apply(reversal, [x])[0];

/** [time, batch, channels] to [batch, time·channels]. */
export const flattenFrames = (graph: Graph, x: Tensor): Tensor => graph.apply(flattening, [x])[0];
