import { type Channel, GenuError, type Side } from '../data/index.js';
import { findPeak } from '../math/index.js';
import { designButterworth } from './butterworth.js';
import { filterCausal, makeFilterState } from './filter.js';

/** EMG of one trial, by side; both sides name the same muscles in the same order. */
export type EmgOfSides = Readonly<Record<Side, readonly Channel[]>>;

/** Why a channel cannot come from electrodes on a muscle. */
export type EmgDefect = 'quiet' | 'saturated' | 'drifting' | 'too fast';

export interface SideVerdict {
  readonly side: Side;
  /** Share of each side's channels that look like surface EMG, over all trials. */
  readonly share: Readonly<Record<Side, number>>;
  /** Plain sentence. */
  readonly note: string;
}

/** An amplifier whose input is open shows less than this (standard deviation). */
const QUIET_V = 1e-3;
/** A sample is at the rail when it is this close to the largest one. EMG touches it in few samples, an open input stays there. */
const RAIL = 0.98;
const MOST_AT_RAIL = 0.01;
/** Power of surface EMG lies between about 20 and 250 Hz (De Luca 1997, J. Appl. Biomech. 13:135–163, doi 10.1123/jab.13.2.135). */
const SLOW_Hz = 10;
const MOST_SLOW = 0.5;
const FAST_Hz = 250;
const MOST_FAST = 0.22;
/** The instrumented leg has at least, the other one at most, this share of channels that look like EMG. */
const INSTRUMENTED = 0.75;
const BARE = 0.5;

/**
 * What is wrong with a raw EMG channel as recorded by electrodes on a working muscle; undefined where nothing is.
 * The limits are ours, chosen between the two legs of seven children of whom one leg had electrodes: quiet below 1 mV, over 1 % of samples
 * at the rail, over half of the power below 10 Hz, or over 22 % above 250 Hz (16 % at most in the instrumented legs).
 * @param rail_V the largest value that the recording system gives
 */
export function findEmgDefect({ values, clock }: Channel, rail_V: number): EmgDefect | undefined {
  const known = values.filter(Number.isFinite);
  const mean = known.reduce((a, b) => a + b, 0) / Math.max(1, known.length);
  const centred = known.map((value) => value - mean);
  const power = calcPower(centred);
  // A channel that is missing altogether is as quiet as can be.
  if (!(Math.sqrt(power) >= QUIET_V)) return 'quiet';
  const at_rail = known.reduce((count, value) => count + (Math.abs(value) >= RAIL * rail_V ? 1 : 0), 0);
  if (at_rail > MOST_AT_RAIL * known.length) return 'saturated';
  const rate_Hz = clock.rate_Hz;
  if (rate_Hz === undefined) return undefined;
  // From rest: the first sample may be any.
  const share = (type: 'lowpass' | 'highpass', cutoff_Hz: number) => {
    const sections = designButterworth({ order: 4, type, cutoff_Hz, rate_Hz });
    return calcPower(filterCausal(sections, centred, { ...makeFilterState(sections), started: true }).values) / power;
  };
  if (rate_Hz > 2 * SLOW_Hz && share('lowpass', SLOW_Hz) > MOST_SLOW) return 'drifting';
  if (rate_Hz > 2.4 * FAST_Hz && share('highpass', FAST_Hz) > MOST_FAST) return 'too fast';
  return undefined;
}

/**
 * Finds the leg that carries the electrodes. Open inputs give noise, stay at the rail, drift, or are too fast for a muscle.
 * @param trials at least one, in which the muscles work: in quiet standing both legs look alike
 * @throws GenuError when both legs, or neither, look instrumented
 */
export function findInstrumentedSide(trials: readonly EmgOfSides[], where?: string): SideVerdict {
  const share = { left: 0, right: 0 };
  const defects: Record<Side, Set<string>> = { left: new Set(), right: new Set() };
  for (const side of ['left', 'right'] as const) {
    const found = trials.flatMap((trial) => {
      const rail_V = Math.max(...[...trial.left, ...trial.right].map(({ values }) => findPeak(values)));
      return trial[side].map((channel) => findEmgDefect(channel, rail_V));
    });
    share[side] = found.filter((defect) => defect === undefined).length / Math.max(1, found.length);
    for (const defect of found) if (defect) defects[side].add(defect);
  }
  const side = share.left > share.right ? 'left' : 'right';
  const other = side === 'left' ? 'right' : 'left';
  const say = (leg: Side) => `${Math.round(100 * share[leg])} % of the ${leg}`;
  if (share[side] < INSTRUMENTED || share[other] > BARE) {
    throw new GenuError(
      `the EMG does not tell which leg has the electrodes: ${say('left')} and ${say('right')} channels look like EMG of a working muscle.`,
      { where, mend: 'Say side: left or side: right for this participant.' },
    );
  }
  return {
    side,
    share,
    note: `the ${side} leg has the electrodes: ${say(side)} channels look like EMG, ${say(other)} do${defects[other].size > 0 ? ` (${[...defects[other]].join(', ')})` : ''}.`,
  };
}

function calcPower(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
