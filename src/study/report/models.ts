import { modelKinds } from '../../estimator/index.js';
import type { ModelName } from './types.js';

/** How a line and its marker look. Colours are those of Okabe and Ito (2008), Color Universal Design; dashes and markers tell lines apart in grey. */
export interface Look {
  readonly label: string;
  readonly colour: string;
  readonly width: number;
  /** SVG stroke-dasharray; undefined for a solid line. */
  readonly dash: string | undefined;
  readonly marker: 'circle' | 'square' | 'diamond' | 'triangle' | 'cross';
}

/** The order of the models everywhere in a report. */
export const modelOrder: readonly ModelName[] = modelKinds;

/** Which model a report speaks of first: the fullest there is, and of those that see the muscles the plainest. */
const mainOrder: readonly ModelName[] = [
  'blend',
  'hybrid',
  'residual_ridge',
  'residual_nms',
  'network',
  'nms',
  'quadratic',
  'forest',
  'svr',
  'ridge',
  'mean',
];

/** The model that stands for a study; undefined where none is present. */
export const findMainModel = (isPresent: (model: ModelName) => boolean): ModelName | undefined =>
  mainOrder.find(isPresent);

export const modelLooks: { readonly [model in ModelName]: Look } = {
  mean: { label: 'mean', colour: '#757575', width: 1.3, dash: '1 3', marker: 'cross' },
  ridge: { label: 'ridge', colour: '#E69F00', width: 1.6, dash: '2 2', marker: 'square' },
  svr: { label: 'SVR', colour: '#CC79A7', width: 1.4, dash: '5 2', marker: 'triangle' },
  forest: { label: 'forest', colour: '#7F6000', width: 1.4, dash: '4 2 1 2', marker: 'square' },
  quadratic: { label: 'ridge + products', colour: '#A05A00', width: 1.5, dash: '6 2 1 2', marker: 'cross' },
  nms: { label: 'NMS', colour: '#D55E00', width: 1.4, dash: '7 3', marker: 'diamond' },
  network: { label: 'network', colour: '#009E73', width: 1.4, dash: '7 3 1.5 3', marker: 'triangle' },
  hybrid: { label: 'hybrid', colour: '#0072B2', width: 1.6, dash: undefined, marker: 'circle' },
  residual_ridge: { label: 'ridge + network', colour: '#56B4E9', width: 1.5, dash: '9 2', marker: 'square' },
  residual_nms: { label: 'NMS + network', colour: '#332288', width: 1.5, dash: '9 2 2 2', marker: 'diamond' },
  blend: { label: 'blend', colour: '#0B5345', width: 1.6, dash: undefined, marker: 'diamond' },
};

export const measuredLook: Look = {
  label: 'measured',
  colour: '#1a1a1a',
  width: 2.6,
  dash: undefined,
  marker: 'circle',
};

/** The models that lines are drawn for: ridge, NMS and the main model, backmost first. */
export function listDrawnModels(present: readonly ModelName[]): ModelName[] {
  const main = findMainModel((model) => present.includes(model));
  const wanted = new Set<ModelName | undefined>(['ridge', 'nms', main === 'mean' ? undefined : main]);
  return modelOrder.filter((model) => wanted.has(model) && present.includes(model));
}
