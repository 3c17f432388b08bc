import type { NetworkConfig } from '../networks/network.js';
import { findCovered, type WindowSet } from './windows.js';

/** What is odd about a training set without being wrong, for people. @param batch windows per step as asked for */
export function makeNotes(set: WindowSet, { inputs, window, outputs }: NetworkConfig, batch: number): string[] {
  const notes: string[] = [];
  const covered = findCovered(set, window, inputs.length);
  for (const [channel, name] of inputs.entries()) {
    const value = findConstant(
      set.sequences,
      inputs.length,
      channel,
      (position, frame) => covered[position][frame] > 0,
    );
    if (value !== undefined)
      notes.push(`Channel ${name} is ${value} throughout the training windows: it tells nothing.`);
  }
  for (let output = 0; output < outputs; output++) {
    const value = findConstant([set.labels], outputs, output, () => true);
    const name = outputs > 1 ? `Label ${output + 1}` : 'The label';
    if (value !== undefined) notes.push(`${name} is ${value} in all training windows: there is nothing to learn.`);
  }
  const count = set.end.length;
  if (count < batch) notes.push(`The training set has ${count} windows: so have its batches, instead of ${batch}.`);
  return notes;
}

/** The one value of a column where `counts` holds, or undefined where there are several. */
function findConstant(
  tables: readonly Float32Array[],
  columns: number,
  column: number,
  counts: (table: number, row: number) => boolean,
): number | undefined {
  let found: number | undefined;
  for (const [position, table] of tables.entries()) {
    for (let row = 0; row * columns < table.length; row++) {
      if (!counts(position, row)) continue;
      const value = table[row * columns + column];
      if (found !== undefined && value !== found) return undefined;
      found = value;
    }
  }
  return found;
}
