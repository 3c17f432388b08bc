import { calcCorrelation, calcQuantile } from '../../../signal/index.js';
import type { Draft, PersonCheck } from '../draft.js';
import { placeOf } from '../draft.js';
import type { EmgSignal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';

/**
 * Two channels are exchanged where muscles of one group are alike by so much more with them the other way round: sum of correlations
 * between envelopes within groups. Of sound recordings the best exchange of all loses 0.3 or more (simulated people with and without
 * maximal efforts, and an adult on a treadmill), and gains 0.1 at most (one stride of one adult); after an exchange, taking it back gains
 * what it lost.
 */
const GAIN = 0.2;
/** One trial tells something by itself when it has several cycles. */
const LONG_s = 8;

/** EMG channels under each other's names: over all trials of a person, and in single ones. */
export const checkEmgSwaps: PersonCheck = (views) => {
  const usable = views.filter(({ trial }) => trial.use !== 'static');
  const everywhere = findSwap(usable);
  if (everywhere) return [saySwap(everywhere, usable)];
  return usable
    .filter(({ trial, times_s, rate_Hz }) => trial.use === 'study' && times_s.length > LONG_s * rate_Hz)
    .flatMap((view) => {
      const swap = usable.length > 1 && findSwap([view]);
      return swap ? [saySwap(swap, [view])] : [];
    });
};

interface Swap {
  readonly one: EmgSignal;
  readonly other: EmgSignal;
  readonly gain: number;
  /** Mean correlation with the muscles of the group that each is called to be of, and with those of the other one's. */
  readonly own: number;
  readonly crossed: number;
}

/** The exchange that makes muscles of one group most alike; undefined where none gains enough, or no group has two channels. */
function findSwap(views: readonly TrialView[]): Swap | undefined {
  const frames = views.reduce((sum, { times_s, rate_Hz }) => sum + times_s.length / rate_Hz, 0);
  if (frames < LONG_s) return undefined;
  const { signals, alike } = compareMuscles(views);
  const groups = signals.map(({ group }) => group);
  if (new Set(groups).size < 2 || new Set(groups).size === groups.length) return undefined;
  const sum = (of: readonly unknown[]) => {
    let total = 0;
    for (let i = 0; i < of.length; i++) for (let j = 0; j < i; j++) if (of[i] === of[j]) total += alike[i][j];
    return total;
  };
  const given = sum(groups);
  let best: Swap | undefined;
  for (let a = 0; a < groups.length; a++) {
    for (let b = 0; b < a; b++) {
      if (groups[a] === groups[b]) continue;
      const turned = groups.map((group, i) => (i === a ? groups[b] : i === b ? groups[a] : group));
      const gain = sum(turned) - given;
      if (!(gain > Math.max(GAIN, best?.gain ?? 0))) continue;
      const [own, crossed] = [groups, turned].map((of) =>
        calcMean([...listPeers(alike, of, a), ...listPeers(alike, of, b)]),
      );
      best = { one: signals[b], other: signals[a], gain, own, crossed };
    }
  }
  return best;
}

/** Muscles of one leg that all trials have, and how alike their envelopes are over all trials (correlation). */
function compareMuscles(views: readonly TrialView[]): { signals: EmgSignal[]; alike: number[][] } {
  const [first] = views;
  const bare = findBareLegs(first);
  const isSound = (signal: EmgSignal) =>
    signal.used && signal.group !== undefined && !(signal.side && bare.has(signal.side));
  const sides = new Set(first.emg.filter(isSound).map(({ side }) => side));
  // Left and right are no exchange that this can tell: both legs do the same, half a cycle apart.
  const side = first.side ?? (sides.size === 1 ? [...sides][0] : 'right');
  const find = (view: TrialView, { channel }: EmgSignal) =>
    view.emg.find((candidate) => candidate.channel.name === channel.name && isSound(candidate));
  const joined = first.emg
    .filter((signal) => isSound(signal) && (signal.side ?? side) === side)
    .flatMap((signal) => {
      const envelopes = views.map((view) => {
        const own = find(view, signal);
        return own && view.envelope(own);
      });
      if (!envelopes.every((envelope) => envelope !== undefined)) return [];
      // Square roots: a maximal effort would else drown all that walking shows.
      const values = envelopes.flatMap((envelope) => Array.from(envelope, (value) => Math.sqrt(Math.max(0, value))));
      // A dead channel is like nothing.
      return Number.isFinite(calcCorrelation(values, values)) ? [{ signal, values }] : [];
    });
  return {
    signals: joined.map(({ signal }) => signal),
    alike: joined.map((a) => joined.map((b) => calcCorrelation(a.values, b.values) || 0)),
  };
}

/** Correlations of one channel with the others of its group. */
const listPeers = (alike: readonly number[][], groups: readonly unknown[], i: number) =>
  alike[i].filter((_, j) => j !== i && groups[j] === groups[i]);

const calcMean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function saySwap({ one, other, own, crossed }: Swap, views: readonly TrialView[]): Draft {
  const [a, b] = [one.channel.name, other.channel.name];
  const view = views.find(({ trial }) => trial.use === 'study') ?? views[0];
  const { trial: _, ...person } = placeOf(view.trial, undefined, `${a}, ${b}`);
  return {
    id: 'emg-swapped',
    severity: 'warning',
    where: views.length > 1 ? person : placeOf(view.trial, one.file, `${a}, ${b}`),
    what: `${a} and ${b} may be exchanged: their envelopes have a correlation of ${own.toFixed(2)} with those of the muscles that they are called to work with, and of ${crossed.toFixed(2)} the other way round (${views.length > 1 ? `over ${views.length} trials` : 'in this trial'}).`,
    cause: "Electrodes were plugged into each other's inputs, or two names were exchanged in the channel list.",
    mend: 'Make sure with a trial in which only one of the two works (a kick, a heel raise); then exchange the names.',
    ...(one.muscle && other.muscle
      ? {
          yaml: `emg:\n  channels:\n    ${one.muscle}: ${JSON.stringify(b)}\n    ${other.muscle}: ${JSON.stringify(a)}`,
        }
      : {}),
    picture: () => {
      const end = Math.min(view.times_s.length, 400);
      const draw = (name: string) => {
        const signal = view.emg.find(({ channel }) => channel.name === name);
        const envelope = (signal && view.envelope(signal)) ?? new Float64Array(0);
        return envelope.subarray(0, end).map((value) => value / calcQuantile(envelope, 0.99));
      };
      const peers = view.emg.filter(({ group, used, channel }) => used && group === one.group && channel.name !== a);
      const x = view.times_s.subarray(0, end);
      return {
        title: `${a}, ${b} and the muscles that ${a} should be like`,
        x: 'time (s)',
        y: 'of their largest',
        lines: [
          { label: a, x, y: draw(a), tone: 'bad' },
          { label: b, x, y: draw(b), tone: 'good' },
          ...peers
            .slice(0, 1)
            .map(({ channel }) => ({ label: channel.name, x, y: draw(channel.name), tone: 'pale' as const })),
        ],
      };
    },
  };
}
