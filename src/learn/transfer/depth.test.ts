import { describe, expect, test } from 'vitest';
import { makeNetwork, networks } from '../networks/registry.js';
import { listWeights, makeWeights } from '../networks/weights.js';
import { groupWeights } from '../training/groups.js';
import { buildTrainingGraph } from '../training/step.js';
import { listBelow, listDepths } from './depth.js';

const inputs = ['a', 'b', 'c'];

describe.each(networks)('$kind', (definition) => {
  const config = makeNetwork({ kind: definition.kind, inputs, window: 16 });
  const layers = listDepths(config);

  test('has its output on top, and every step below one further down', () => {
    expect(layers.at(-1)).toEqual({ name: 'output', group: 'head', depth: 0 });
    for (const [k, { depth }] of layers.entries()) {
      if (k > 0) expect([depth, depth + 1]).toContain(layers[k - 1].depth);
    }
  });

  test('has its groups in order, from features to head', () => {
    const order = layers.map(({ group }) => ['features', 'recurrent', 'attention', 'head'].indexOf(group));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const groups = definition.groups ?? { head: [], attention: [], recurrent: [] };
    for (const group of ['head', 'attention', 'recurrent'] as const) {
      expect(layers.some((layer) => layer.group === group)).toBe(groups[group].length > 0);
    }
  });

  test('costs the less in the backward pass the more is frozen', () => {
    const specs = listWeights(config);
    const weights = makeWeights(specs, 1);
    const names = layers.map(({ name }) => name);
    const count = (frozen: readonly string[]) => {
      const options = { batch: 4, clip: Number.POSITIVE_INFINITY, average: false };
      return buildTrainingGraph(config, groupWeights(specs, frozen), weights, options).graph.nodes.length;
    };
    const below = listBelow(config, 'head');
    if (below.length > 0) expect(count(below)).toBeLessThan(count([]));
    const counts = names.map((_, k) => count(names.slice(0, k)));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });
});

test('the layers of the default network, from the input up', () => {
  const config = makeNetwork({ inputs, window: 16 });
  expect(listDepths(config)).toEqual([
    { name: 'convolution1', group: 'features', depth: 5 },
    { name: 'normalisation1', group: 'features', depth: 5 },
    { name: 'convolution2', group: 'features', depth: 4 },
    { name: 'normalisation2', group: 'features', depth: 4 },
    { name: 'gru', group: 'recurrent', depth: 3 },
    { name: 'attentionHidden', group: 'attention', depth: 2 },
    { name: 'attentionScore', group: 'attention', depth: 2 },
    { name: 'dense', group: 'head', depth: 1 },
    { name: 'output', group: 'head', depth: 0 },
  ]);
  expect(listBelow(config, 'features')).toEqual([]);
  expect(listBelow(config, 'recurrent')).toEqual(['convolution1', 'normalisation1', 'convolution2', 'normalisation2']);
  expect(listBelow(config, 'attention').at(-1)).toBe('gru');
});

test('frozen layers have no node in the backward pass', () => {
  const config = makeNetwork({ inputs, window: 16 });
  const specs = listWeights(config);
  const weights = makeWeights(specs, 1);
  const options = { batch: 4, clip: Number.POSITIVE_INFINITY, average: false };
  const backwardOf = (frozen: readonly string[]) => {
    const { nodes } = buildTrainingGraph(config, groupWeights(specs, frozen), weights, options).graph;
    // Operators of the backward pass have no derivative of their own, and stand after the loss.
    const loss = nodes.findIndex((node) => node.operator.name === 'loss');
    return new Set(nodes.slice(loss + 1).map((node) => node.layer));
  };
  expect(backwardOf([]).has('convolution1')).toBe(true);
  for (const group of ['recurrent', 'attention', 'head'] as const) {
    const frozen = listBelow(config, group);
    const layers = backwardOf(frozen);
    for (const { name } of listDepths(config)) expect(layers.has(name), name).toBe(!frozen.includes(name));
  }
});

test('a group that is not there is named', () => {
  const config = makeNetwork({ kind: 'cnn', inputs, window: 16 });
  expect(() => listBelow(config, 'recurrent')).toThrow(
    /network cnn: has no recurrent layers.*Its layers: convolution1/,
  );
});
