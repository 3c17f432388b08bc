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
export const modelOrder: readonly ModelName[] = ['mean', 'ridge', 'nms', 'network', 'hybrid'];

export const modelLooks: { readonly [model in ModelName]: Look } = {
  mean: { label: 'mean', colour: '#757575', width: 1.3, dash: '1 3', marker: 'cross' },
  ridge: { label: 'ridge', colour: '#E69F00', width: 1.6, dash: '2 2', marker: 'square' },
  nms: { label: 'NMS', colour: '#D55E00', width: 1.4, dash: '7 3', marker: 'diamond' },
  network: { label: 'network', colour: '#009E73', width: 1.4, dash: '7 3 1.5 3', marker: 'triangle' },
  hybrid: { label: 'hybrid', colour: '#0072B2', width: 1.6, dash: undefined, marker: 'circle' },
};

export const measuredLook: Look = {
  label: 'measured',
  colour: '#1a1a1a',
  width: 2.6,
  dash: undefined,
  marker: 'circle',
};

/** The models that lines are drawn for: ridge, NMS and the hybrid (the network where there is no hybrid), backmost first. */
export function listDrawnModels(present: readonly ModelName[]): ModelName[] {
  const wanted: ModelName[] = ['ridge', 'nms', present.includes('hybrid') ? 'hybrid' : 'network'];
  return wanted.filter((model) => present.includes(model));
}
