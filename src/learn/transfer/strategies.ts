import { LearnError } from '../errors.js';
import type { LayerGroup } from './depth.js';

/** How a network of previous participants is adapted to a new one. Plain data, so that studies can list and compare them. */
export interface TransferStrategy {
  readonly name: string;
  /** For tables. */
  readonly title: string;
  /**
   * What is done: nothing; statistics measured anew; training on labelled windows of the target; training on those of the
   * source, made alike to the target's.
   */
  readonly action: 'nothing' | 'statistics' | 'train' | 'train-aligned';
  /** Whether training starts from the source's weights, or from random ones. */
  readonly starts: 'source' | 'random';
  /** The lowest group of layers that is trained; what lies below is frozen. */
  readonly from: LayerGroup;
  /** Factor by which the learning rate falls from each layer to the one below. */
  readonly falling?: number;
  /** Strength of the pull towards the source's weights (`operators/adam.ts`). */
  readonly pull?: number;
  /** Keys of references.bib. */
  readonly references: readonly string[];
}

const training = { action: 'train', starts: 'source', from: 'features', references: [] } as const;

/**
 * Pre-training on simulated participants is any of these with a source that was trained on them.
 * Xie et al. 2025 froze layers of a network of previous participants; which, is what the first policies vary.
 */
export const transferStrategies = {
  'from-scratch': { ...training, title: 'trained from scratch', starts: 'random' },
  none: { ...training, title: 'not adapted', action: 'nothing' },
  statistics: {
    ...training,
    title: 'statistics measured anew',
    action: 'statistics',
    references: ['Li2018', 'Schneider2020'],
  },
  coral: { ...training, title: 'CORAL', action: 'train-aligned', references: ['Sun2016'] },
  head: { ...training, title: 'head trained', from: 'head', references: ['Xie2025'] },
  'attention-and-head': {
    ...training,
    title: 'attention and head trained',
    from: 'attention',
    references: ['Xie2025'],
  },
  'recurrent-and-up': {
    ...training,
    title: 'recurrent layers and up trained',
    from: 'recurrent',
    references: ['Xie2025'],
  },
  all: { ...training, title: 'all trained' },
  // 2.6 is Howard & Ruder's factor, arXiv 1801.06146, section 3.2.
  discriminative: { ...training, title: 'rates that fall with depth', falling: 2.6, references: ['Howard2018'] },
  'l2-sp': { ...training, title: 'L2-SP', pull: 1, references: ['Li2018L2SP'] },
} as const satisfies Record<string, Omit<TransferStrategy, 'name'>>;

export type TransferStrategyName = keyof typeof transferStrategies;

export const transferStrategyNames = Object.keys(transferStrategies) as TransferStrategyName[];

/** @throws LearnError where there is no such strategy */
export function findStrategy(name: string): TransferStrategy {
  if (Object.hasOwn(transferStrategies, name)) return { name, ...transferStrategies[name as TransferStrategyName] };
  throw new LearnError(`is ${JSON.stringify(name)}.`, {
    where: 'transfer strategy',
    mend: `There are ${transferStrategyNames.join(', ')}.`,
  });
}
