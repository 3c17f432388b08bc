import { makeRandom } from '../math/index.js';
import { testSpec } from './bundle.fixture.js';
import type { PreparedTrial } from './prepare.js';
import type { EstimatorSpec } from './spec.js';
import { splitFrames, type TrainingPart } from './training.js';
import { type InputTable, makeInputTable } from './windows.js';

export const spec: EstimatorSpec = { ...testSpec, window: { past: 20, future: 0, step: 2 } };
const names = ['a', 'b', 'c'];

/** White noise in every input; `label` says what the torque is from it. */
export function makePart(
  frames: number,
  seed: number,
  { activity = 'walking', label = (_: InputTable, i: number) => Math.sin(i / 9), gap = -1 } = {},
): { part: TrainingPart; table: InputTable } {
  const random = makeRandom(seed);
  const series = names.map(() => Float64Array.from({ length: frames }, () => random.normal()));
  if (gap >= 0 && gap < frames) series[1][gap] = Number.NaN;
  const table = makeInputTable(names, series);
  const part: TrainingPart = {
    participant: 'p1',
    activity,
    prepared: { id: `part ${seed}` } as PreparedTrial,
    label: Float64Array.from({ length: frames }, (_, i) => label(table, i)),
    usable: new Uint8Array(frames).fill(1),
  };
  return { part, table };
}

export const split = (made: readonly ReturnType<typeof makePart>[], window = spec.window, share = 0.25) =>
  splitFrames(
    made.map(({ part }) => part),
    made.map(({ table }) => table),
    window,
    share,
  );
