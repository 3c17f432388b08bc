import type { Side } from '../../data/index.js';
import { calcCorrelation, calcDerivative, calcQuantile, filterLowpassZeroPhase, findLag } from '../../signal/index.js';
import type { MuscleGroup } from './names.js';
import type { Leg, TrialView } from './view.js';

/** What one observation says of a sign: above 0 for the one that is asked about. */
export interface Vote {
  readonly weight: number;
  /** Plain words with the figure seen. */
  readonly says: string;
}

/** Angles are low-passed like this before they are differentiated twice. */
const LOWPASS_Hz = 6;
/** A foot is on the ground above this part of the largest vertical force, and off it below the other. */
const LOADED = 0.2;
const UNLOADED = 0.03;
/** An angle with less range is held still, and tells nothing by its course (rad). */
export const STILL_rad = 0.17;

/** A signal without what is faster than movement; unchanged where it is too short. */
export function smooth(values: Float64Array, rate_Hz: number): Float64Array {
  try {
    return filterLowpassZeroPhase(values, { order: 4, cutoff_Hz: LOWPASS_Hz, rate_Hz });
  } catch {
    return values;
  }
}

/**
 * What the angle of the knee counts positive, by its range: knees flex by 60° and more, and hardly extend past straight.
 * @returns undefined where it does not move, or stays to one side too little
 */
export function findKneeSense(values: Float64Array): 'flexion' | 'extension' | undefined {
  const [low, high] = [calcQuantile(values, 0.01), calcQuantile(values, 0.99)];
  if (!(high - low > STILL_rad)) return undefined;
  // The larger excursion from straight is flexion; a knee that is hyperextended by a few degrees does not change that.
  if (Math.max(Math.abs(low), Math.abs(high)) < 2 * Math.min(Math.abs(low), Math.abs(high))) {
    return Math.sign(low) === Math.sign(high) ? (high > 0 ? 'flexion' : 'extension') : undefined;
  }
  return Math.abs(high) > Math.abs(low) ? 'flexion' : 'extension';
}

/** Mean of the envelopes of a group on one leg, each divided by its own 98th percentile. */
export function calcGroupEnvelope(view: TrialView, group: MuscleGroup, side: Side): Float64Array | undefined {
  const envelopes = view.emg
    .filter((signal) => signal.group === group && signal.side === side && (signal.used || signal.form !== undefined))
    .flatMap((signal) => {
      const envelope = view.envelope(signal);
      const most = envelope ? calcQuantile(envelope, 0.98) : 0;
      return envelope && most > 0 ? [envelope.map((value) => value / most)] : [];
    });
  if (envelopes.length === 0) return undefined;
  return envelopes[0].map((_, i) => envelopes.reduce((sum, values) => sum + values[i], 0) / envelopes.length);
}

/** The least difference between correlations, and the least correlation, that tells anything. */
const TELLS = { swing: 0.4, everywhere: 0.35, stance: 0.5, peak: 0.8, emg: 0.25, emg_alone: 0.45 };
/** A flexion moment never reaches this in gait; what does is extension (N·m/kg). */
const LARGE_Nm_per_kg = 0.9;
/** Torque follows EMG by 0.03 to 0.15 s (Cavanagh & Komi 1979, Eur. J. Appl. Physiol. 42:159–163, doi 10.1007/BF00431022). */
const FOLLOWS_s = [0, 0.2] as const;

/**
 * Whether a knee moment counts extension positive. Four observations, none of which believes a label:
 * in swing the moment is what accelerates the shank (M = I·α for a shank that hangs from the knee); in loaded stance a bent knee takes an
 * extension moment (Winter 2009, Biomechanics and Motor Control of Human Movement, ch. 5); a large moment is extension;
 * and the moment follows the vasti and goes against the hamstrings.
 * @param moment_per_kg on the view's grid; undefined where no unit or mass is known: size then tells nothing
 * @param bare legs without electrodes, whose EMG is noise
 * @returns votes for extension positive
 */
export function findMomentSense(
  view: TrialView,
  leg: Leg,
  peak_Nm_per_kg: number | undefined,
  bare: ReadonlySet<Side>,
): Vote[] {
  if (!leg.moment) return [];
  const { rate_Hz } = view;
  const moment = smooth(view.sample(leg.moment), rate_Hz);
  const votes: Vote[] = [];
  const say = (weight: number, says: string) => votes.push({ weight, says });
  const knee = leg.knee && view.sample(leg.knee);
  const sense = knee && findKneeSense(knee);
  const load = leg.load && view.sample(leg.load);
  if (knee && sense) {
    const flexion = smooth(sense === 'flexion' ? knee : knee.map((value) => -value), rate_Hz);
    const acceleration = calcDerivative(calcDerivative(flexion, rate_Hz, 'central'), rate_Hz, 'central').map((a) => -a);
    if (load) {
      const most = calcQuantile(load, 0.95);
      const swing = calcCorrelation(moment, acceleration, (i) => !(load[i] > UNLOADED * most));
      if (Math.abs(swing) > TELLS.swing)
        say(
          2 * Math.sign(swing),
          `in swing its correlation with the shank's extending acceleration is ${swing.toFixed(2)}`,
        );
      const stance = calcCorrelation(moment, flexion, (i) => load[i] > LOADED * most);
      if (Math.abs(stance) > TELLS.stance)
        say(Math.sign(stance), `in stance its correlation with knee flexion is ${stance.toFixed(2)}`);
    } else {
      const everywhere = calcCorrelation(moment, acceleration);
      if (Math.abs(everywhere) > TELLS.everywhere)
        say(
          Math.sign(everywhere),
          `its correlation with the shank's extending acceleration is ${everywhere.toFixed(2)}`,
        );
    }
  }
  const cubes = moment.reduce((sum, value) => (Number.isFinite(value) ? sum + value ** 3 : sum), 0);
  const sizes = moment.reduce((sum, value) => (Number.isFinite(value) ? sum + Math.abs(value) ** 3 : sum), 0);
  if (
    knee &&
    sense &&
    peak_Nm_per_kg !== undefined &&
    peak_Nm_per_kg > LARGE_Nm_per_kg &&
    Math.abs(cubes) > TELLS.peak * sizes
  )
    say(
      Math.sign(cubes),
      `its largest values (${peak_Nm_per_kg.toFixed(2)} N·m/kg) are ${cubes > 0 ? 'positive' : 'negative'}`,
    );
  if (!bare.has(leg.side)) votes.push(...askEmg(view, leg, moment));
  return votes;
}

function askEmg(view: TrialView, leg: Leg, moment: Float64Array): Vote[] {
  const [vasti, hamstrings] = [
    calcGroupEnvelope(view, 'quadriceps', leg.side),
    calcGroupEnvelope(view, 'hamstrings', leg.side),
  ];
  const turned = moment.map((value) => -value);
  const correlate = (leader: Float64Array | undefined, follower: Float64Array) =>
    leader ? (findLag(leader, follower, view.rate_Hz, FOLLOWS_s)?.correlation ?? 0) : 0;
  const both = vasti && hamstrings && vasti.map((value, i) => value - hamstrings[i]);
  const difference = correlate(both, moment) - correlate(both, turned);
  if (Math.abs(difference) > TELLS.emg && Math.max(correlate(both, moment), correlate(both, turned)) > TELLS.emg_alone)
    return [
      {
        weight: Math.sign(difference),
        says: `it ${difference > 0 ? 'follows' : 'goes against'} the quadriceps minus the hamstrings (correlations ${correlate(both, moment).toFixed(2)} and ${correlate(both, turned).toFixed(2)} turned)`,
      },
    ];
  if (both || !vasti) return [];
  const alone = correlate(vasti, moment) - correlate(vasti, turned);
  return Math.abs(alone) > TELLS.emg_alone
    ? [{ weight: Math.sign(alone), says: `it ${alone > 0 ? 'follows' : 'goes against'} the quadriceps` }]
    : [];
}
