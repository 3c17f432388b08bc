import { fixedSize, type Tensor } from '../graph/graph.js';
import { appendFrame } from '../operators/history.js';
import type { Scope } from './scope.js';

/**
 * In a stream: the newest `count` frames of x, that of now last; zeros where there were none yet. Kept under a name of
 * the layer under way.
 * @param x [1, batch, channels]
 * @returns [count, batch, channels]
 */
export function newestFrames(scope: Scope, part: string, x: Tensor, count: number): Tensor {
  if (count === 1) return x;
  const past = scope.state(part, [count, fixedSize(x.shape, 1), fixedSize(x.shape, 2)]);
  const frames = appendFrame(scope.graph, past, x);
  scope.keepState(part, frames);
  return frames;
}
