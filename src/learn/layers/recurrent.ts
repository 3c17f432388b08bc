import { fixedSize, type Tensor } from '../graph/graph.js';
import { reverseTime } from '../operators/frames.js';
import { gru } from '../operators/gru.js';
import { gruStep } from '../operators/gru-frame.js';
import { lstm } from '../operators/lstm.js';
import { lstmStep } from '../operators/lstm-frame.js';
import { concatenate } from '../operators/selection.js';
import type { Scope } from './scope.js';

/** Recurrent layers: sequences [time, batch, features] to their hidden states [time, batch, units]. */
export type RecurrentLayer = (scope: Scope, name: string, x: Tensor, units: number) => Tensor;

/** Gated recurrent layer; returns all hidden states. */
export const gruLayer: RecurrentLayer = (scope, name, x, units) =>
  scope.layer(name, () => {
    const { input, recurrent, bias } = makeParts(scope, x, units);
    const weights = {
      inputReset: input('inputReset'),
      inputUpdate: input('inputUpdate'),
      inputCandidate: input('inputCandidate'),
      recurrentReset: recurrent('recurrentReset'),
      recurrentUpdate: recurrent('recurrentUpdate'),
      recurrentCandidate: recurrent('recurrentCandidate'),
      biasReset: bias('biasReset'),
      biasUpdate: bias('biasUpdate'),
      biasCandidate: bias('biasCandidate'),
      biasRecurrentCandidate: bias('biasRecurrentCandidate'),
    };
    if (!scope.streaming) return gru(scope.graph, x, weights, scope.training);
    const state = gruStep(scope.graph, x, scope.state('state', stateShape(x, units)), weights);
    scope.keepState('state', state);
    return state;
  });

/**
 * Long short-term memory; returns all hidden states. Forget gates start open, with a bias of 1 (Gers et al. 2000;
 * Jozefowicz, Zaremba & Sutskever 2015, ICML).
 */
export const lstmLayer: RecurrentLayer = (scope, name, x, units) =>
  scope.layer(name, () => {
    const { input, recurrent, bias } = makeParts(scope, x, units);
    const weights = {
      inputInput: input('inputInput'),
      inputForget: input('inputForget'),
      inputCandidate: input('inputCandidate'),
      inputOutput: input('inputOutput'),
      recurrentInput: recurrent('recurrentInput'),
      recurrentForget: recurrent('recurrentForget'),
      recurrentCandidate: recurrent('recurrentCandidate'),
      recurrentOutput: recurrent('recurrentOutput'),
      biasInput: bias('biasInput'),
      biasForget: scope.weight('biasForget', [units], { fill: 1 }),
      biasCandidate: bias('biasCandidate'),
      biasOutput: bias('biasOutput'),
    };
    if (!scope.streaming) return lstm(scope.graph, x, weights, scope.training);
    const shape = stateShape(x, units);
    const { h, c } = lstmStep(
      scope.graph,
      x,
      { h: scope.state('state', shape), c: scope.state('cell', shape) },
      weights,
    );
    scope.keepState('state', h);
    scope.keepState('cell', c);
    return h;
  });

const stateShape = (x: Tensor, units: number) => [1, fixedSize(x.shape, 1), units];

function makeParts(scope: Scope, x: Tensor, units: number) {
  const features = fixedSize(x.shape, -1);
  const initial = { bound: 1 / Math.sqrt(units) };
  return {
    input: (part: string) => scope.weight(part, [features, units], initial),
    recurrent: (part: string) => scope.weight(part, [units, units], initial),
    bias: (part: string) => scope.weight(part, [units], initial),
  };
}

/**
 * A recurrent layer once forwards and once backwards in time (Schuster & Paliwal 1997, IEEE Trans. Signal Process.
 * 45:2673), as layers `nameForward` and `nameBackward`. The states of both stand in the order of time.
 */
export function bidirectional(layer: RecurrentLayer, scope: Scope, name: string, x: Tensor, units: number) {
  const forward = layer(scope, `${name}Forward`, x, units);
  const reversed = layer(scope, `${name}Backward`, reverseTime(scope.graph, x), units);
  return scope.graph.within(name, () => {
    const backward = reverseTime(scope.graph, reversed);
    return { forward, reversed, states: concatenate(scope.graph, [forward, backward]) };
  });
}
