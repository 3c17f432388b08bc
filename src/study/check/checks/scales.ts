import { calcQuantile } from '../../../signal/index.js';
import type { Draft, PersonCheck } from '../draft.js';
import { placeOf, print } from '../draft.js';
import type { Picture } from '../picture.js';
import { calcPeak } from '../units.js';
import type { Signal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';

/** Activities differ in size by a factor of 30 at most (slow walking and a maximal effort); a unit differs by 1000. */
const OTHER_SCALE = 60;

/** Trials of one person beside each other: EMG and moments of the same size. */
export const checkScales: PersonCheck = (views, { study }) => {
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
  const compare = (sizes: typeof emg, id: string, what: string, pick: Pick) => {
    for (const { view, peak } of sizes) {
      const others = sizes.filter((other) => other.view !== view).map((other) => other.peak);
      const ratio = peak / calcQuantile(others, 0.5);
      if (others.length === 0 || !(peak > 0) || (ratio < OTHER_SCALE && ratio > 1 / OTHER_SCALE)) continue;
      // Of two trials either may be the odd one.
      found.push({
        id,
        severity: 'error',
        where: placeOf(view.trial, view.trial.files[0]),
        what: `${what} of this trial ${what.endsWith('s') ? 'are' : 'is'} ${ratio > 1 ? `${print(ratio)} times as large as` : `${print(1 / ratio)} times smaller than`} in the person's other ${others.length === 1 ? 'trial' : `${others.length} trials`}.`,
        cause: 'One export is in another unit (V, mV, µV; N·m, N·mm), or the gain was changed.',
        mend: 'Export the trial again like the others.',
        picture: () => drawBeside(what, view, sizes.find((other) => other.view !== view)!.view, pick),
      });
    }
  };
  compare(emg, 'emg-scale', 'The EMG', ({ emg: [first] }) => first);
  if (study?.torque.unit !== undefined)
    compare(moments, 'moment-scale', 'The knee moments', ({ side, legs }) => side && legs[side].moment);
  return found;
};

type Pick = (view: TrialView) => Signal | undefined;

/** Three seconds of a signal in two trials, on one axis. */
function drawBeside(title: string, odd: TrialView, other: TrialView, pick: Pick): Picture {
  const draw = (view: TrialView, tone: 'bad' | 'good') => {
    const channel = pick(view)?.channel;
    const start_s = channel?.clock.times_s[0] ?? 0;
    const shown = channel?.clock.times_s.filter((time) => time < start_s + 3) ?? new Float64Array(0);
    return {
      label: `${channel?.name ?? ''}, ${view.trial.trial ?? ''}`,
      x: shown.map((time) => time - start_s),
      y: channel?.values.subarray(0, shown.length) ?? [],
      tone,
    };
  };
  return {
    title: `${title} of two trials`,
    x: 'time (s)',
    y: 'as in the file',
    lines: [draw(odd, 'bad'), draw(other, 'good')],
  };
}
