import type { WindowSpec } from './spec.js';

/** The inputs of ridge and network over one trial. */
export interface InputTable {
  readonly names: readonly string[];
  readonly frames: number;
  /** Frame-major: frames × names. Where a value is missing it is 0 and the frame is not `complete`. */
  readonly values: Float32Array;
  readonly complete: Uint8Array;
}

/** Puts channel-major series (NaN where missing) side by side. */
export function makeInputTable(names: readonly string[], series: readonly Float64Array[]): InputTable {
  const frames = series[0].length;
  const values = new Float32Array(frames * series.length);
  const complete = new Uint8Array(frames).fill(1);
  series.forEach((channel, c) => {
    for (let i = 0; i < frames; i++) {
      if (Number.isFinite(channel[i])) values[i * series.length + c] = channel[i];
      else complete[i] = 0;
    }
  });
  return { names, frames, values, complete };
}

/** Frames in [from, to) whose whole window lies in [from, to) and is complete. */
export function listWindowFrames(table: InputTable, window: WindowSpec, from = 0, to = table.frames): number[] {
  const frames: number[] = [];
  let complete = 0;
  for (let end = from; end < to; end++) {
    complete = table.complete[end] ? complete + 1 : 0;
    if (complete > window.past + window.future) frames.push(end - window.future);
  }
  return frames;
}

/** A table's frames at the step of a window: `step` sequences, each a frame later than the one before. */
export function listSequences({ frames, names, values }: InputTable, step: number): Float32Array[] {
  const width = names.length;
  return Array.from({ length: step }, (_, phase) => {
    const count = Math.max(0, Math.ceil((frames - phase) / step));
    const sequence = new Float32Array(count * width);
    for (let k = 0; k < count; k++)
      sequence.set(values.subarray((phase + k * step) * width, (phase + k * step + 1) * width), k * width);
    return sequence;
  });
}

/** Where the window of a frame ends: which of `listSequences`, and at which of its frames. */
export function locateWindow(frame: number, { future, step }: WindowSpec): { sequence: number; end: number } {
  const last = frame + future;
  return { sequence: last % step, end: Math.floor(last / step) };
}

/** Offsets of the lags that ridge sees: about every 50 ms of the window, so that its problem stays well posed. */
export function listRidgeOffsets(window: WindowSpec, rate_Hz: number): number[] {
  const every = Math.max(1, Math.round(0.05 * rate_Hz));
  const offsets: number[] = [];
  // Counted back from the newest sample, which is always among them.
  for (let offset = window.future; offset >= -window.past; offset -= every) offsets.unshift(offset);
  return offsets;
}

/** Copies the lagged inputs of one frame into `row` (offset-major). */
export function fillLagsInto(
  row: Float64Array,
  table: InputTable,
  frame: number,
  offsets: readonly number[],
  channels: number,
): void {
  const width = table.names.length;
  let at = 0;
  for (const offset of offsets) {
    const start = (frame + offset) * width;
    for (let c = 0; c < channels; c++) row[at++] = table.values[start + c];
  }
}
