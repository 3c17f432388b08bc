import { fixedSize, type Tensor } from '../graph/graph.js';
import { appendFrame } from '../operators/history.js';
import { nextPosition, putFrame } from '../operators/ring.js';
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

/**
 * In a stream: the newest `span` frames of each of some sequences, those of now among them, in any order, but one for
 * all of them; zeros where there were none yet. Kept under their names in the layer under way.
 * @param sequences [1, batch, channels] each
 * @returns [span, batch, channels] each
 */
export function newestInAnyOrder<Part extends string>(
  scope: Scope,
  sequences: Readonly<Record<Part, Tensor>>,
  span: number,
): Record<Part, Tensor> {
  if (span === 1) return { ...sequences };
  const position = scope.state('position', [1]);
  const rings = Object.entries<Tensor>(sequences).map(([part, x]) => {
    const ring = scope.state(part, [span, fixedSize(x.shape, 1), fixedSize(x.shape, 2)]);
    const filled = putFrame(scope.graph, ring, x, position);
    scope.keepState(part, filled);
    return [part, filled] as const;
  });
  scope.keepState('position', nextPosition(scope.graph, position, span));
  return Object.fromEntries(rings) as Record<Part, Tensor>;
}
