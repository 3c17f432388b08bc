import { calcQuantile, fitSigned } from '../../../signal/index.js';
import type { CheckContext, Draft, PersonCheck } from '../draft.js';
import { placeOf, print } from '../draft.js';
import { smooth } from '../knee.js';
import { calcPeak } from '../units.js';
import type { EmgSignal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';
import { listKneeMuscles } from './emg-motion.js';

/** Activities differ in size by a factor of 30 at most (slow walking and a maximal effort); a unit differs by 1000. */
const OTHER_SCALE = 60;
/** Two channels are exchanged where the muscles explain this much more of the moment the other way round, and this much at all. */
const SWAP_GAIN = 0.08;
const SWAP_EXPLAINED = 0.4;
const FOLLOWS_s = 0.05;

/** Trials of one person beside each other: the same units, and channels that are what they are called. */
export const checkPerson: PersonCheck = (views, context) => [
  ...checkScales(views, context),
  ...checkSwaps(views, context),
];

function checkScales(views: readonly TrialView[], { study }: CheckContext): Draft[] {
  const trials = views.filter(({ trial }) => trial.use !== 'static');
  if (trials.length < 2) return [];
  const found: Draft[] = [];
  const emg = trials.flatMap((view) => {
    const bare = findBareLegs(view);
    const peaks = view.emg
      .filter(({ used, side, channel }) => used && !(side && bare.has(side)) && channel.clock.times_s.length > 0)
      .map(({ channel }) => calcQuantile(channel.values.map(Math.abs), 0.99));
    return peaks.length > 0 ? [{ view, peak: calcQuantile(peaks, 0.5) }] : [];
  });
  const moments = trials.flatMap((view) => {
    const moment = view.side && view.legs[view.side].moment;
    return moment ? [{ view, peak: calcPeak(moment.channel.values) }] : [];
  });
  const compare = (sizes: typeof emg, id: string, what: string, say: (ratio: number) => Partial<Draft>) => {
    for (const { view, peak } of sizes) {
      const others = sizes.filter((other) => other.view !== view).map((other) => other.peak);
      const ratio = peak / calcQuantile(others, 0.5);
      if (others.length === 0 || !(peak > 0) || (ratio < OTHER_SCALE && ratio > 1 / OTHER_SCALE)) continue;
      // Of two trials either may be the odd one.
      found.push({
        id,
        severity: 'error',
        where: placeOf(view.trial, view.trial.files[0]),
        what: `${what} of this trial ${what.endsWith('s') ? 'are' : 'is'} ${ratio > 1 ? `${print(ratio)} times as large` : `${print(1 / ratio)} times smaller`} than in the person's other ${others.length === 1 ? 'trial' : `${others.length} trials`}.`,
        cause: 'One export is in another unit (V, mV, µV; N·m, N·mm), or the gain was changed.',
        mend: 'Export the trial again like the others.',
        picture: () => ({
          title: `${what}: size by trial`,
          x: 'trial',
          y: 'log10 of the size',
          lines: [
            {
              label: 'size',
              x: sizes.map((_, i) => i + 1),
              y: sizes.map((size) => Math.log10(size.peak)),
              tone: 'bad',
            },
          ],
          marks: [{ x: sizes.findIndex((size) => size.view === view) + 1, label: view.trial.trial ?? '' }],
        }),
        ...say(ratio),
      });
    }
  };
  compare(emg, 'emg-scale', 'The EMG', () => ({}));
  if (study?.torque.unit !== undefined) compare(moments, 'moment-scale', 'The knee moments', () => ({}));
  return found;
}

/** Exchanged channels: over all trials, the moment that knee muscles explain as they are called, and with two of them exchanged. */
function checkSwaps(views: readonly TrialView[], { study }: CheckContext): Draft[] {
  const pooled = pool(views, study?.torque.positive);
  if (!pooled) return [];
  const { names, groups, explain } = pooled;
  const given = explain(names.map((_, i) => i));
  let best = { gain: 0, a: -1, b: -1 };
  for (let a = 0; a < names.length; a++) {
    for (let b = a + 1; b < names.length; b++) {
      if (groups[a] === groups[b]) continue;
      const order = names.map((_, i) => (i === a ? b : i === b ? a : i));
      const gain = explain(order) - given;
      if (gain > best.gain) best = { gain, a, b };
    }
  }
  if (!(best.gain > SWAP_GAIN) || !(given + best.gain > SWAP_EXPLAINED)) return [];
  const [one, other] = [names[best.a], names[best.b]];
  const [first] = views;
  return [
    {
      id: 'emg-swapped',
      severity: 'warning',
      where: { ...placeOf(first.trial, pooled.signals[best.a].file, `${one}, ${other}`), trial: undefined },
      what: `${one} and ${other} may be exchanged: over ${views.length} trials the muscles explain ${print(100 * given)} % of the knee moment as they are called, and ${print(100 * (given + best.gain))} % with these two the other way round.`,
      cause: 'Electrodes were plugged into each other\'s inputs, or two names were exchanged in the channel list.',
      mend: 'Check with a trial in which only one of the two works (a kick, a heel raise). If they are exchanged, exchange them in the study.',
      ...(pooled.signals[best.a].muscle
        ? { yaml: `emg:\n  channels:\n    ${pooled.signals[best.a].muscle}: ${JSON.stringify(other)}\n    ${pooled.signals[best.b].muscle}: ${JSON.stringify(one)}` }
        : {}),
      picture: () => {
        const view = views.find(({ trial }) => trial.use === 'study') ?? first;
        const end = Math.min(view.times_s.length, 400);
        const muscles = listKneeMuscles(view, view.side ?? 'right');
        const draw = (name: string) => muscles.find(({ signal }) => signal.channel.name === name)?.envelope ?? new Float64Array(0);
        const share = (values: Float64Array) => values.subarray(0, end).map((value) => value / calcQuantile(values, 0.99));
        return {
          title: `${one} and ${other}, each over its largest`,
          x: 'time (s)',
          y: '',
          lines: [
            { label: one, x: view.times_s.subarray(0, end), y: share(draw(one)), tone: 'bad' },
            { label: other, x: view.times_s.subarray(0, end), y: share(draw(other)), tone: 'good' },
          ],
        };
      },
    },
  ];
}

interface Pool {
  readonly names: readonly string[];
  readonly groups: readonly (string | undefined)[];
  readonly signals: readonly EmgSignal[];
  /** Share explained when channel i is taken for muscle order[i]. */
  readonly explain: (order: readonly number[]) => number;
}

/** The trials of a person joined, with the muscles that all of them have. */
function pool(views: readonly TrialView[], positive: 'extension' | 'flexion' | undefined): Pool | undefined {
  const usable = views.flatMap((view) => {
    const leg = view.side && view.legs[view.side];
    if (!leg?.moment || view.trial.use === 'static' || findBareLegs(view).has(leg.side)) return [];
    const sign = (positive ?? leg.moment.channel.positive) === 'flexion' ? -1 : 1;
    const moment = smooth(view.sample(leg.moment), view.rate_Hz).map((value) => sign * value);
    return [{ view, moment, muscles: listKneeMuscles(view, leg.side) }];
  });
  if (usable.length === 0) return undefined;
  const names = usable[0].muscles
    .map(({ signal }) => signal.channel.name)
    .filter((name) => usable.every(({ muscles }) => muscles.some(({ signal }) => signal.channel.name === name)));
  const find = (muscles: (typeof usable)[number]['muscles'], name: string) => muscles.find(({ signal }) => signal.channel.name === name)!;
  const groups = names.map((name) => find(usable[0].muscles, name).signal.group);
  if (new Set(groups.filter((group) => group === 'quadriceps' || group === 'hamstrings')).size < 2) return undefined;
  const lag = Math.round(FOLLOWS_s * usable[0].view.rate_Hz);
  const join = (parts: Float64Array[]) => Float64Array.from(parts.flatMap((part) => Array.from(part)));
  const moment = join(usable.map((one) => one.moment.subarray(lag)));
  const envelopes = names.map((name) =>
    join(usable.map(({ muscles }) => find(muscles, name).envelope).map((values) => values.subarray(0, values.length - lag))),
  );
  return {
    names,
    groups,
    signals: names.map((name) => find(usable[0].muscles, name).signal),
    explain: (order) => {
      const inputs = envelopes.map((values, i) => (groups[order[i]] === 'quadriceps' ? values : values.map((value) => -value)));
      return fitSigned(moment, inputs)?.r2 ?? 0;
    },
  };
}

