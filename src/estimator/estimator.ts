import type { ForwardNetwork } from '../learn/index.js';
import type { Bundle } from './bundle.js';
import type { KneeBody } from './knee.js';

/** A bundle made ready to run. */
export interface Estimator {
  readonly bundle: Bundle;
  readonly knees: ReadonlyMap<string, KneeBody>;
  readonly networks: readonly ForwardNetwork[];
}
