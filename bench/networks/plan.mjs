// What is compared: every kind of network with the same search, and for the default kind the other inputs and the residuals.

import { networks } from '../../dist/learn/index.js';
import { drawCandidate } from '../../dist/learn/search/random.js';
import { makeRandom } from '../../dist/math/index.js';
import { describeNetwork, listSizes } from '../../dist/study/index.js';

/** Settings that are drawn; the same candidates for every entrant. */
export const space = {
  learning_rate: { kind: 'log-uniform', low: 5e-4, high: 1e-2 },
  dropout: { kind: 'uniform', low: 0, high: 0.4 },
  weight_decay: { kind: 'log-uniform', low: 1e-5, high: 1e-1 },
  width: { kind: 'choice', values: [0.5, 0.75, 1, 1.5, 2] },
};

/** The study's own settings come first, so that every entrant has them in the running. */
export function listCandidates(study, trials) {
  const { learning_rate, weight_decay } = study.training;
  const own = { learning_rate, weight_decay, dropout: 0.1, width: 1 };
  const random = makeRandom(study.seed).fork('networks');
  return Array.from({ length: trials }, (_, k) =>
    k === 0 ? own : drawCandidate(space, random.fork(`candidate ${k}`)),
  );
}

/** Pairs of a kind of network and the model whose inputs and labels it gets. */
export function listEntrants(kinds) {
  const [standard] = networks;
  const chosen = networks.map(({ kind }) => kind).filter((kind) => kinds === undefined || kinds.includes(kind));
  return chosen.flatMap((kind) =>
    (kind === standard.kind ? ['hybrid', 'network', 'residual_ridge', 'residual_nms'] : ['hybrid']).map((model) => ({
      name: model === 'hybrid' ? kind : `${kind}, ${model}`,
      kind,
      model,
    })),
  );
}

const isWidth = (name) => /(units|filters)$/i.test(name);

/**
 * The network of an entrant at the settings of a candidate. The convolutions in front of recurrent layers are those of the study for every
 * kind that has them (no normalisation, no pooling: found better on these recordings, docs/method.md); other sizes are the kind's own.
 */
export function makeEntrantNetwork(study, spec, { kind }, { dropout, width }, inputs) {
  const { conv_layers, conv_channels, kernel, normalisation, pool } = study.network;
  const isOwn = study.network.kind === kind;
  const convolutions = { conv_layers, conv_channels, kernel, normalisation, pool };
  const isConvolved = listSizes(kind).includes('convolutionLayers');
  const given = isOwn ? study.network : { kind, ...(isConvolved ? convolutions : {}) };
  const defaults = networks.find((definition) => definition.kind === kind).defaults;
  const network = { ...defaults, ...describeNetwork(given, inputs, spec), dropout };
  // Multiples of 4, which attention heads can share; 0 stands for no layer.
  const widen = (size) => (size === 0 ? 0 : Math.max(4, 4 * Math.round((width * size) / 4)));
  return Object.fromEntries(
    Object.entries(network).map(([name, value]) => [name, isWidth(name) ? widen(value) : value]),
  );
}
