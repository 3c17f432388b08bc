import type { InputTable } from '../estimator/index.js';

/**
 * The newest rows of inputs. Every row is written twice, a capacity apart, so that any run of rows up to the capacity lies in one piece.
 */
export interface WindowState {
  readonly values: Float32Array;
  readonly complete: Uint8Array;
  /** Rows since the start. */
  written: number;
}

/** Memory for runs of up to `capacity` rows of `width` inputs. */
export function makeWindowState(capacity: number, width: number): WindowState {
  return { values: new Float32Array(2 * capacity * width), complete: new Uint8Array(2 * capacity), written: 0 };
}

/** Adds a row; missing values are 0 and make it incomplete, as in `makeInputTable`. */
export function pushRow(state: WindowState, row: Float64Array): void {
  const { values, complete } = state;
  const width = row.length;
  const capacity = complete.length / 2;
  const at = state.written % capacity;
  complete[at] = 1;
  for (let c = 0; c < width; c++) {
    if (!Number.isFinite(row[c])) complete[at] = 0;
    values[at * width + c] = Number.isFinite(row[c]) ? row[c] : 0;
  }
  values.copyWithin((at + capacity) * width, at * width, (at + 1) * width);
  complete[at + capacity] = complete[at];
  state.written++;
}

/** The newest `frames` rows as a table over, not a copy of, the state. */
export function viewTable(state: WindowState, names: readonly string[], frames: number): InputTable {
  const capacity = state.complete.length / 2;
  const end = ((state.written - 1) % capacity) + 1 + capacity;
  return {
    names,
    frames,
    values: state.values.subarray((end - frames) * names.length, end * names.length),
    complete: state.complete.subarray(end - frames, end),
  };
}
