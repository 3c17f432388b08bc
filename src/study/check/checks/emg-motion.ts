import type { Side } from '../../../data/index.js';
import { calcCorrelation, calcQuantile, findLag, fitSigned } from '../../../signal/index.js';
import type { CheckContext, Draft, TrialCheck } from '../draft.js';
import { listSome, placeOf, print } from '../draft.js';
import { findMomentSense, smooth } from '../knee.js';
import type { EmgSignal, Leg, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';
import { isLooked } from './moments.js';

/** Torque follows EMG by 0.03 to 0.15 s (Cavanagh & Komi 1979, doi 10.1007/BF00431022); envelopes and filters add to both sides. */
const PLAUSIBLE_s = [-0.1, 0.25] as const;
const SEARCHED_s = 0.6;
const STEP_s = 0.02;
/** A lag tells something where the muscles explain this much of the torque there, and this much more than at any plausible one. */
const EXPLAINED = 0.5;
const BETTER = 0.12;
/** A few cycles fit any lag. */
const LONG_s = 8;
/** Below this correlation an envelope explains less than a tenth of the variance of the force that its muscle makes. */
const UNRELATED = 0.32;
/** Muscles of the calf work while the foot stands. Difference of mean envelopes over their sum. */
const OTHER_LEG = 0.25;

/** EMG beside what it makes: in time with it, related to it, and of the right leg. */
export const checkEmgMotion: TrialCheck = (view, context) => {
  if (view.trial.use === 'static') return [];
  const bare = findBareLegs(view);
  return [
    ...Object.values(view.legs).flatMap((leg) =>
      isLooked(view, leg, context) && !bare.has(leg.side) ? checkLag(view, leg, context) : [],
    ),
    ...checkForce(view, context),
    ...checkOtherLeg(view, bare, context),
  ];
};

/** Envelopes of muscles that flex or extend the knee, with the sign of what they do. */
function listKneeMuscles(
  view: TrialView,
  side: Side,
): { readonly signal: EmgSignal; readonly envelope: Float64Array; readonly extends: boolean }[] {
  return view.emg.flatMap((signal) => {
    const crosses =
      signal.group === 'quadriceps' || signal.group === 'hamstrings' || (signal.group === 'calf' && !isSoleus(signal));
    if (!crosses || !signal.used || (signal.side ?? side) !== side) return [];
    const envelope = view.envelope(signal);
    return envelope ? [{ signal, envelope, extends: signal.group === 'quadriceps' }] : [];
  });
}

const isSoleus = ({ muscle, channel }: EmgSignal) => /sol/i.test(muscle ?? channel.name);

/** Share of an extension moment that the muscles explain when it follows them by `lag_s`. */
function explainMoment(
  extension: Float64Array,
  muscles: readonly { readonly envelope: Float64Array; readonly extends: boolean }[],
  lag_s: number,
  rate_Hz: number,
): number {
  const lag = Math.round(lag_s * rate_Hz);
  const count = extension.length;
  const target = lag >= 0 ? extension.subarray(lag) : extension.subarray(0, count + lag);
  const inputs = muscles.map(({ envelope, extends: up }) => {
    const part = lag >= 0 ? envelope.subarray(0, count - lag) : envelope.subarray(-lag);
    return up ? part : part.map((value) => -value);
  });
  return fitSigned(target, inputs)?.r2 ?? 0;
}

function checkLag(view: TrialView, leg: Leg, { study }: CheckContext): Draft[] {
  if (!leg.moment || view.times_s.length < LONG_s * view.rate_Hz) return [];
  const muscles = listKneeMuscles(view, leg.side);
  if (muscles.length < 2) return [];
  const moment = smooth(view.sample(leg.moment), view.rate_Hz);
  const positive = study?.torque.positive ?? leg.moment.channel.positive;
  // With the wrong sign nothing fits; that is said by the check of signs.
  const seen = findMomentSense(view, leg, undefined, findBareLegs(view)).reduce((sum, { weight }) => sum + weight, 0);
  if (positive !== undefined && seen !== 0 && seen > 0 !== (positive === 'extension')) return [];
  // Where nobody says the sign, the one that the muscles explain better.
  const signs = positive === 'extension' ? [1] : positive === 'flexion' ? [-1] : [1, -1];
  const lags = Array.from({ length: Math.round((2 * SEARCHED_s) / STEP_s) + 1 }, (_, i) => -SEARCHED_s + i * STEP_s);
  const scans = signs.map((sign) => {
    const turned = sign > 0 ? moment : moment.map((value) => -value);
    return lags.map((lag) => explainMoment(turned, muscles, lag, view.rate_Hz));
  });
  const highest = scans.map((scan) => Math.max(...scan));
  const curve = scans[highest.indexOf(Math.max(...highest))];
  const at = curve.indexOf(Math.max(...curve));
  const plausible = Math.max(...curve.filter((_, i) => lags[i] >= PLAUSIBLE_s[0] && lags[i] <= PLAUSIBLE_s[1]));
  const lag_s = lags[at];
  const inside = lag_s >= PLAUSIBLE_s[0] && lag_s <= PLAUSIBLE_s[1];
  if (inside || !(curve[at] > EXPLAINED) || !(curve[at] - plausible > BETTER)) return [];
  const late = lag_s > 0;
  return [
    {
      id: 'emg-lag',
      severity: 'warning',
      where: placeOf(view.trial, muscles[0].signal.file),
      what: `The knee moment ${late ? 'follows' : 'comes before'} the EMG by ${print(Math.abs(lag_s))} s: there the muscles explain ${print(100 * curve[at])} % of it, and ${print(100 * plausible)} % at the best lag between ${PLAUSIBLE_s[0]} and ${PLAUSIBLE_s[1]} s.`,
      cause: late
        ? 'EMG and motion did not start together, or one of them was cut.'
        : 'EMG came late: a wireless system delays it, or it did not start together with motion.',
      mend: 'Find the delay with an event that both systems see (a tap, a jump), and shift the EMG before genu reads it.',
      picture: () => ({
        title: 'What the muscles explain of the moment, by lag',
        x: 'lag of the moment behind EMG (s)',
        y: 'R²',
        lines: [{ label: 'explained', x: lags, y: curve, tone: 'bad' }],
        marks: [
          { x: PLAUSIBLE_s[0], label: 'plausible' },
          { x: PLAUSIBLE_s[1], label: '' },
        ],
      }),
    },
  ];
}

/** A load cell beside EMG: the muscle that the task is about has to do with the force. */
function checkForce(view: TrialView, { study }: CheckContext): Draft[] {
  const leg = view.side && view.legs[view.side];
  const unit = study?.torque.unit;
  if (!leg?.moment || view.trial.use !== 'study' || (unit !== 'N' && unit !== 'kgf')) return [];
  const wanted = study!.torque.positive === 'extension' ? 'quadriceps' : 'hamstrings';
  const force = view.sample(leg.moment);
  const agonists = view.emg.filter((signal) => signal.used && signal.group === wanted);
  const related = agonists.flatMap((signal) => {
    const envelope = view.envelope(signal);
    const lag = envelope && findLag(envelope, force, view.rate_Hz, [0, PLAUSIBLE_s[1]]);
    return envelope && lag ? [{ signal, envelope, r: calcCorrelation(envelope, force), best: lag.correlation }] : [];
  });
  if (related.length === 0) return [];
  const best = related.reduce((most, one) => (one.r > most.r ? one : most));
  if (best.r >= UNRELATED) return [];
  const { name } = best.signal.channel;
  return [
    {
      id: 'emg-force-unrelated',
      severity: 'warning',
      where: placeOf(view.trial, best.signal.file, name),
      what: `The envelope of ${name} has a correlation of ${best.r.toFixed(2)} with the force (${best.best.toFixed(2)} at the best lag), though this muscle makes it.`,
      cause:
        'The effort was held at one level, other muscles did the work, electrodes were misplaced, or EMG and force are of different moments.',
      mend: 'Keep the recording: who is left out because of the result spoils the study. Say how many there are.',
      picture: () => {
        const share = (values: Float64Array) => values.map((value) => value / calcQuantile(values, 0.98));
        return {
          title: `${name} and the force, each over its largest`,
          x: 'time (s)',
          y: '',
          lines: [
            { label: `envelope of ${name}`, x: view.times_s, y: share(best.envelope), tone: 'bad' },
            { label: 'force', x: view.times_s, y: share(force), tone: 'good' },
          ],
        };
      },
    },
  ];
}

/** EMG of the calf has to follow the stance of its own foot. */
function checkOtherLeg(view: TrialView, bare: ReadonlySet<Side>, { study }: CheckContext): Draft[] {
  const { left, right } = view.legs;
  if (!left.load || !right.load || view.times_s.length < LONG_s * view.rate_Hz) return [];
  const loads = { left: view.sample(left.load), right: view.sample(right.load) };
  const floor = { left: 0.3 * calcQuantile(loads.left, 0.95), right: 0.3 * calcQuantile(loads.right, 0.95) };
  const alone = (side: Side, i: number) => {
    const other = side === 'left' ? 'right' : 'left';
    return loads[side][i] > floor[side] && !(loads[other][i] > floor[other]);
  };
  const calves = view.emg.filter(({ group, used, side }) => used && group === 'calf' && side && !bare.has(side));
  const verdicts = calves.flatMap((signal) => {
    const envelope = view.envelope(signal);
    if (!envelope) return [];
    const side = signal.side!;
    const mean = (leg: Side) => {
      const chosen = envelope.filter((value, i) => Number.isFinite(value) && alone(leg, i));
      return chosen.length > 20 ? chosen.reduce((sum, value) => sum + value, 0) / chosen.length : Number.NaN;
    };
    const [own, other] = [mean(side), mean(side === 'left' ? 'right' : 'left')];
    return [{ signal, side, difference: (own - other) / (own + other) }];
  });
  const wrong = verdicts.filter(({ difference }) => difference < -OTHER_LEG);
  if (wrong.length === 0 || wrong.length < verdicts.length) return [];
  const { side } = wrong[0];
  const names = listSome(wrong.map(({ signal }) => signal.channel.name));
  const other = side === 'left' ? 'right' : 'left';
  return [
    {
      id: 'emg-other-leg',
      severity: 'error',
      where: placeOf(view.trial, wrong[0].signal.file, names),
      what: `${names}: called ${side}, but at work while the ${other} foot stands alone (difference of mean envelopes over their sum ${wrong.map(({ difference }) => difference.toFixed(2)).join(', ')}).`,
      cause:
        'The electrodes were on the other leg, or left and right were exchanged in the channel list or the force plates.',
      mend: `Study the ${other} leg, or correct the names.`,
      yaml: study ? `side: ${other}` : undefined,
      picture: () => {
        const end = Math.min(view.times_s.length, 300);
        const cut = (values: Float64Array) =>
          values.subarray(0, end).map((value) => value / calcQuantile(values, 0.98));
        const x = view.times_s.subarray(0, end);
        return {
          title: `${wrong[0].signal.channel.name} and the loads`,
          x: 'time (s)',
          y: 'of their largest',
          lines: [
            { label: wrong[0].signal.channel.name, x, y: cut(view.envelope(wrong[0].signal)!), tone: 'bad' },
            { label: `load of the ${side} foot`, x, y: cut(loads[side]), tone: 'good' },
            { label: `load of the ${other} foot`, x, y: cut(loads[other]), tone: 'pale' },
          ],
        };
      },
    },
  ];
}
