import { calcDerivative, calcQuantile } from '../../../signal/index.js';
import { findCrossSteps } from '../../mask.js';
import type { Draft, TrialCheck } from '../draft.js';
import { makeMendable, placeOf, print, printPercent } from '../draft.js';
import { smooth } from '../knee.js';
import { calcPeak } from '../units.js';
import type { TrialView } from '../view.js';

/** Residual forces above this show in the moments; of a person of 70 kg it is 15 % of the weight (Hicks et al. 2015, J. Biomech. Eng. 137:020905, doi 10.1115/1.4029304, ask for 5 % of the ground reaction). */
const RESIDUAL_N = 100;
const OFTEN = 0.05;
/** A belt is loaded above this force. */
const BELT_N = 20;
/** Share of time on the other belt that is worth a word. */
const CROSSED = 0.01;
/** The beginning, s, and the speed of a knee that moves in it: share of the usual speed, and at least. */
const START_s = 0.1;
const MOVING = 0.25;
const MOVING_rad_per_s = 0.3;
/** Trials shorter than this have no usual course of steps. */
const LONG_s = 12;

/** What inverse dynamics itself shows: residuals, steps on the other belt of a treadmill, a start before filters have settled. */
export const checkInverseDynamics: TrialCheck = (view, context) => [
  ...checkResiduals(view, context),
  ...checkCrossSteps(view, context),
  ...checkStart(view, context),
];

function checkResiduals(view: TrialView, { study }: Parameters<TrialCheck>[1]): Draft[] {
  const axes = view.trial.files.flatMap((file) =>
    (file.recording?.channels ?? [])
      .filter(({ name }) => /^pelvis_t[xyz]_force$/.test(name))
      .map((channel) => ({ file, channel })),
  );
  if (axes.length === 0) return [];
  const share = (values: ArrayLike<number>) => {
    let above = 0;
    for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= RESIDUAL_N)) above++;
    return above / values.length;
  };
  const shares = axes.map(({ channel }) => share(channel.values));
  const length = axes[0].channel.values.map((_, i) => Math.hypot(...axes.map(({ channel }) => channel.values[i])));
  if (!(share(length) > OFTEN)) return [];
  const names = axes.map(({ channel }) => channel.name);
  const { residual } = study?.mask ?? {};
  const [{ file, channel }] = axes;
  return [
    makeMendable(
      {
        id: 'residuals',
        severity: 'warning',
        where: placeOf(view.trial, file),
        what: `Residual forces at the pelvis exceed ${RESIDUAL_N} N in ${names.map((name, i) => `${printPercent(shares[i])} of the frames along ${name}`).join(', ')}; as a vector in ${printPercent(share(length))}.`,
        cause:
          'Forces and movement do not fit: steps over two plates or belts, soft tissue, wrong masses, filters that differ.',
        mend: 'Mask the frames in which inverse dynamics is off.',
        yaml: `mask:\n  residual: { channels: [${names.includes('pelvis_tx_force') ? 'pelvis_tx_force' : names[0]}], above_N: ${RESIDUAL_N} }`,
        picture: () => ({
          title: 'Residual force at the pelvis',
          x: 'time (s)',
          y: 'N',
          lines: [{ label: 'length of the vector', x: channel.clock.times_s, y: length, tone: 'bad' }],
          rules: [{ y: RESIDUAL_N, label: `${RESIDUAL_N} N` }],
        }),
      },
      residual ? `mask.residual: [${residual.channels.join(', ')}] above ${residual.above_N} N` : undefined,
    ),
  ];
}

function checkCrossSteps(view: TrialView, { study }: Parameters<TrialCheck>[1]): Draft[] {
  const { left, right } = view.legs;
  if (!left.load || !right.load || left.load.channel.unit === '?') return [];
  const loads = [view.sample(left.load), view.sample(right.load)];
  // Plates in the floor carry both feet only while somebody crosses them; a treadmill carries them all the time.
  const carried = loads[0].reduce((sum, force, i) => sum + (force > BELT_N || loads[1][i] > BELT_N ? 1 : 0), 0);
  if (!(carried > 0.5 * loads[0].length) || view.times_s.length < LONG_s * view.rate_Hz) return [];
  const spans = findCrossSteps(loads[0], loads[1], BELT_N);
  const frames = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  if (!(frames > CROSSED * loads[0].length)) return [];
  const { cross_steps } = study?.mask ?? {};
  const [l, r] = [left.load.channel.name, right.load.channel.name];
  const first = spans.reduce((longest, span) => (span.end - span.start > longest.end - longest.start ? span : longest));
  return [
    makeMendable(
      {
        id: 'cross-steps',
        severity: 'warning',
        where: placeOf(view.trial, left.load.file),
        what: `Both belts are loaded for longer than a double support lasts ${spans.length} times, in ${printPercent(frames / loads[0].length)} of the time.`,
        cause: 'A foot landed on the other belt, whose force is then given to the wrong leg.',
        mend: 'Mask these steps.',
        yaml: `mask:\n  cross_steps: { left: ${l}, right: ${r} }`,
        picture: () => {
          const [from, to] = [Math.max(0, first.start - 150), Math.min(view.times_s.length, first.end + 150)];
          const x = view.times_s.subarray(from, to);
          return {
            title: 'A step on the other belt',
            x: 'time (s)',
            y: 'N',
            lines: [
              { label: l, x, y: loads[0].subarray(from, to), tone: 'good' },
              { label: r, x, y: loads[1].subarray(from, to), tone: 'bad' },
            ],
            strips: spans
              .filter(({ start, end }) => start >= from && end <= to)
              .map(({ start, end }) => ({ start: view.times_s[start], end: view.times_s[end - 1] })),
          };
        },
      },
      cross_steps ? `mask.cross_steps: ${cross_steps.left}, ${cross_steps.right}` : undefined,
    ),
  ];
}

/**
 * Signals that somebody filtered before, of a trial that begins in mid-movement: a filter knows nothing of what was before the first sample,
 * and needs about one period of its cutoff, or one cycle where cycles were matched, to settle.
 */
function checkStart(view: TrialView, { study }: Parameters<TrialCheck>[1]): Draft[] {
  const filtered = view.emg.filter(({ form, used }) => used && form === 'envelope');
  const knee = Object.values(view.legs).flatMap((leg) => (leg.knee ? [leg.knee] : []))[0];
  if (filtered.length === 0 || !knee || view.trial.use !== 'study' || view.times_s.length < 2 * view.rate_Hz) return [];
  const angle = smooth(view.sample(knee), view.rate_Hz);
  const speed = calcDerivative(angle, view.rate_Hz, 'central').map(Math.abs);
  const [begins, usual] = [
    calcQuantile(speed.subarray(0, Math.round(START_s * view.rate_Hz)), 0.5),
    calcQuantile(speed, 0.5),
  ];
  if (!(begins > MOVING * usual) || !(usual > MOVING_rad_per_s)) return [];
  const { skip_start_s = 0 } = study?.mask ?? {};
  const [{ channel, file }] = filtered;
  const end = Math.round(3 * view.rate_Hz);
  const envelope = view.sample(filtered[0]);
  return [
    makeMendable(
      {
        id: 'start-unsettled',
        severity: 'warning',
        where: placeOf(view.trial, file),
        what: `The trial begins in mid-movement (the knee turns at ${print((180 / Math.PI) * begins)}°/s, ${print((180 / Math.PI) * usual)}°/s is usual), and its ${filtered.length} EMG channels were filtered before: their first second is not to be trusted.`,
        cause:
          'A filter knows nothing of what was before the first sample, and takes a while to settle. The recorders may not have started together either.',
        mend: 'Leave the first second out.',
        yaml: 'mask:\n  skip_start_s: 1',
        picture: () => ({
          title: 'The beginning, each over its largest',
          x: 'time (s)',
          y: '',
          lines: [
            {
              label: channel.name,
              x: view.times_s.subarray(0, end),
              y: envelope.subarray(0, end).map((value) => value / calcQuantile(envelope, 0.99)),
              tone: 'bad',
            },
            {
              label: 'knee',
              x: view.times_s.subarray(0, end),
              y: angle.subarray(0, end).map((value) => value / calcPeak(angle)),
              tone: 'good',
            },
          ],
          strips: [{ start: view.times_s[0], end: view.times_s[0] + 1 }],
        }),
      },
      skip_start_s >= 1 ? `mask.skip_start_s: ${skip_start_s}` : undefined,
    ),
  ];
}
