import { findRuns, GenuError, type Run } from '../data/index.js';
import { designButterworth, type Section } from './butterworth.js';

/** What a causal filter remembers: two numbers per section. Plain data: copy it, store it, go on from it. */
export interface FilterState {
  readonly memory: Float64Array;
  /** Whether a sample has been seen since the start or the last gap. */
  started: boolean;
}

/** State of a filter that has seen nothing yet. */
export function makeFilterState(sections: readonly Section[]): FilterState {
  return { memory: new Float64Array(2 * sections.length), started: false };
}

/**
 * Filters one sample and moves `state` on. The first sample, and the first after a gap, is taken to have been there for ever, so there is
 * no start transient. A missing sample (NaN) gives NaN and makes the filter start anew.
 */
export function stepFilter(sections: readonly Section[], state: FilterState, value: number): number {
  if (Number.isNaN(value)) {
    state.started = false;
    return Number.NaN;
  }
  if (!state.started) settle(sections, state.memory, value);
  state.started = true;
  return advance(sections, state.memory, value);
}

/**
 * Filters a signal in one direction, as a real-time system would.
 * @param state from the call before, for the next piece of a stream; it is not changed
 * @returns the filtered samples, and the state after the last one
 */
export function filterCausal(
  sections: readonly Section[],
  values: Float64Array,
  state: FilterState = makeFilterState(sections),
): { readonly values: Float64Array; readonly state: FilterState } {
  const next: FilterState = { memory: state.memory.slice(), started: state.started };
  const filtered = values.map((value) => stepFilter(sections, next, value));
  return { values: filtered, state: next };
}

/** Direct form II transposed. */
function advance(sections: readonly Section[], memory: Float64Array, value: number): number {
  let x = value;
  for (let k = 0; k < sections.length; k++) {
    const { b0, b1, b2, a1, a2 } = sections[k];
    const y = b0 * x + memory[2 * k];
    memory[2 * k] = b1 * x - a1 * y + memory[2 * k + 1];
    memory[2 * k + 1] = b2 * x - a2 * y;
    x = y;
  }
  return x;
}

/** Sets the memory to that of a filter whose input has always been `value`. */
function settle(sections: readonly Section[], memory: Float64Array, value: number): void {
  let x = value;
  for (let k = 0; k < sections.length; k++) {
    const { b0, b1, b2, a1, a2 } = sections[k];
    const y = (x * (b0 + b1 + b2)) / (1 + a1 + a2);
    memory[2 * k + 1] = b2 * x - a2 * y;
    memory[2 * k] = b1 * x - a1 * y + memory[2 * k + 1];
    x = y;
  }
}

/** Samples by which each end is extended: SciPy's default, three times the filter's length. */
function calcPadding(sections: readonly Section[]): number {
  const first_order = sections.filter(({ b2, a2 }) => b2 === 0 && a2 === 0).length;
  return 3 * (2 * sections.length + 1 - first_order);
}

/**
 * Filters forwards and backwards: no phase shift, the gain of one pass squared, the order doubled. Ends are extended by odd reflection.
 * Equals SciPy's `sosfiltfilt` with its defaults. Gaps (NaN) stay where they are: each stretch between them is filtered by itself, and a
 * stretch too short for the extension is extended by all it has, so its ends are less certain.
 * @throws GenuError when no stretch is longer than the extension (3 × the filter's length)
 */
export function filterZeroPhase(sections: readonly Section[], values: Float64Array): Float64Array {
  const filtered = new Float64Array(values.length).fill(Number.NaN);
  const stretches = findStretches(values);
  const padding = calcPadding(sections);
  const longest = stretches.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  if (longest <= padding) {
    throw new GenuError(
      `the signal has ${longest} samples in a row; this filter needs more than ${padding}, or its result is all edge effect.`,
      { mend: 'Record longer, fill the gaps, or lower the order.' },
    );
  }
  for (const { start, end } of stretches) {
    filterStretchInto(filtered, sections, values, start, end, Math.min(padding, end - start - 1));
  }
  return filtered;
}

/** Runs of samples that are there. */
export function findStretches(values: Float64Array): Run[] {
  return findRuns(values.length, (i) => !Number.isNaN(values[i]));
}

function filterStretchInto(
  out: Float64Array,
  sections: readonly Section[],
  values: Float64Array,
  start: number,
  end: number,
  padding: number,
): void {
  const count = end - start;
  const padded = new Float64Array(count + 2 * padding);
  padded.set(values.subarray(start, end), padding);
  for (let i = 1; i <= padding; i++) {
    padded[padding - i] = 2 * values[start] - values[start + i];
    padded[padding + count - 1 + i] = 2 * values[end - 1] - values[end - 1 - i];
  }
  const memory = new Float64Array(2 * sections.length);
  settle(sections, memory, padded[0]);
  for (let i = 0; i < padded.length; i++) padded[i] = advance(sections, memory, padded[i]);
  settle(sections, memory, padded[padded.length - 1]);
  for (let i = padded.length - 1; i >= 0; i--) padded[i] = advance(sections, memory, padded[i]);
  out.set(padded.subarray(padding, padding + count), start);
}

export interface ZeroPhaseLowpass {
  /** Order of the result, an even number: 4 is the field's "4th-order zero-lag" filter. */
  readonly order: number;
  readonly cutoff_Hz: number;
  readonly rate_Hz: number;
}

/**
 * The field's zero-lag low-pass. "4th order" means a 2nd-order design run forwards and backwards; its gain at the cutoff is 1/2 (−6 dB), not
 * 1/√2, because the cutoff is not corrected for the second pass (Winter 2009, Biomechanics and Motor Control of Human Movement, 3.4.4, gives
 * the correction; EMG and OpenSim practice leaves it out).
 * @throws GenuError for an odd order, and as `designButterworth` and `filterZeroPhase`
 */
export function filterLowpassZeroPhase(
  values: Float64Array,
  { order, cutoff_Hz, rate_Hz }: ZeroPhaseLowpass,
): Float64Array {
  return filterZeroPhase(designButterworth({ order: halve(order), type: 'lowpass', cutoff_Hz, rate_Hz }), values);
}

/**
 * Order of the design that, run forwards and backwards, has the given order.
 * @throws GenuError for an odd order
 */
export function halve(order: number): number {
  if (Number.isInteger(order) && order >= 2 && order % 2 === 0) return order / 2;
  throw new GenuError(`a zero-lag filter cannot have order ${order}.`, {
    mend: 'It is run forwards and backwards, so its order is even: 2, 4, 6, …',
  });
}
