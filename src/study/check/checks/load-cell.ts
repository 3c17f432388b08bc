import { calcQuantile } from '../../../signal/index.js';
import type { Draft, TrialCheck } from '../draft.js';
import { makeMendable, placeOf, print, printPercent } from '../draft.js';

/** Newtons in one kilogram-force (3rd CGPM, 1901). */
const N_PER_kgf = 9.80665;
/** A load cell that is not pulled shows less than this share of the largest pull. */
const PRELOADED = 0.1;
/** How long the beginning is, s. */
const START_s = 0.2;
/** A muscle is at work above this share of its largest half second. */
const AT_WORK = 0.4;

/** Forces of a load cell: what they begin with. */
export const checkLoadCell: TrialCheck = (view, { study }) => {
  const unit = study?.torque.unit;
  const moment = view.side && view.legs[view.side].moment;
  if (!moment || view.trial.use === 'static' || (unit !== 'N' && unit !== 'kgf')) return [];
  const { values, clock, name } = moment.channel;
  const begin = values.filter((_, i) => clock.times_s[i] < clock.times_s[0] + START_s);
  const rest = calcQuantile(begin, 0.5);
  const largest = calcQuantile(values, 0.99);
  if (!(Math.abs(rest) > PRELOADED * Math.abs(largest))) return [];
  const in_kgf = (value: number) => (moment.channel.unit === 'N' ? value / N_PER_kgf : value);
  const group = study!.torque.positive === 'extension' ? 'quadriceps' : 'hamstrings';
  const working = view.emg
    .filter((signal) => signal.used && signal.group === group)
    .flatMap((signal) => {
      const envelope = view.envelope(signal);
      if (!envelope) return [];
      const width = Math.round(0.5 * view.rate_Hz);
      const mean = (from: number) =>
        envelope.subarray(from, from + width).reduce((sum, value) => sum + value, 0) / width;
      const means = Array.from({ length: Math.max(1, Math.floor(envelope.length / width)) }, (_, k) => mean(k * width));
      return [mean(0) / Math.max(...means)];
    });
  const at_work = working.length > 0 && Math.max(...working) > AT_WORK;
  const { baseline_s } = study!.torque;
  const draft: Draft = {
    id: 'force-baseline',
    severity: 'warning',
    where: placeOf(view.trial, moment.file, name),
    what: `${name} begins at ${print(in_kgf(rest))} kgf (${print(in_kgf(rest) * N_PER_kgf)} N), ${printPercent(rest / largest)} of its largest value${working.length > 0 ? `; the ${group} are at ${print(100 * Math.max(...working))} % of their largest half second` : ''}.`,
    cause: at_work
      ? 'The muscle is at work already when the recording begins; a preload of the cell may be in it.'
      : 'The load cell was preloaded, not set to zero, or carries the weight of the leg.',
    mend: at_work
      ? 'Take nothing off unless the cell is known to show something at rest: there is no stretch at rest to measure it by.'
      : 'Take the mean of a stretch at rest off the label.',
    ...(at_work ? {} : { yaml: `torque:\n  baseline_s: [0, ${START_s}]` }),
    picture: () => ({
      title: `${name} begins at ${print(in_kgf(rest))} kgf`,
      x: 'time (s)',
      y: moment.channel.unit === 'N' ? 'N' : 'as in the file',
      lines: [{ label: name, x: clock.times_s, y: values, tone: 'bad' }],
      rules: [{ y: rest, label: 'begins' }],
    }),
  };
  return [makeMendable(draft, baseline_s ? `torque.baseline_s: [${baseline_s.join(', ')}]` : undefined)];
};
