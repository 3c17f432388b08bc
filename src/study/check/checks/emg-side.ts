import { GenuError, type Side } from '../../../data/index.js';
import { calcSpread, findInstrumentedSide, type SideVerdict } from '../../../signal/index.js';
import type { PersonCheck } from '../draft.js';
import { makeMendable, placeOf } from '../draft.js';
import type { EmgSignal, TrialView } from '../view.js';

/** Raw EMG of the same muscles on both legs, in one order; undefined where one leg has no channel of its own. */
function pairSides({ emg }: TrialView): Record<Side, EmgSignal[]> | undefined {
  const plain = (name: string) =>
    name.replace(/(^|[ _.])([LRlr]|left|right)(?=[ _.]|$)/i, '$1').replace(/^[LR](?=[A-Z])/, '');
  const named = emg.filter(({ channel, group }) => group !== undefined && channel.kind === 'emg');
  const left = named.filter(({ side }) => side === 'left');
  const pairs = left.flatMap((signal) => {
    const twin = named.find(
      ({ side, channel }) => side === 'right' && plain(channel.name) === plain(signal.channel.name),
    );
    return twin ? [[signal, twin] as const] : [];
  });
  if (pairs.length < 2) return undefined;
  return { left: pairs.map(([signal]) => signal), right: pairs.map(([, signal]) => signal) };
}

/** Channels of unamplified EMG are too small for the limits that tell an open input (V, standard deviation of the largest). */
const AMPLIFIED_V = 5e-3;

type Verdict = SideVerdict | 'unclear' | undefined;

/** @returns undefined where there is nothing to tell: EMG of one leg only, quiet standing, or signals that were not amplified */
function findVerdict(views: readonly TrialView[]): Verdict {
  const trials = views.flatMap((view) => {
    const pairs = view.trial.use === 'study' ? pairSides(view) : undefined;
    return pairs
      ? [{ left: pairs.left.map(({ channel }) => channel), right: pairs.right.map(({ channel }) => channel) }]
      : [];
  });
  const levels = trials.flatMap(({ left, right }) =>
    [...left, ...right].map(({ values }) => calcSpread(values).deviation),
  );
  if (!(Math.max(0, ...levels) > AMPLIFIED_V)) return undefined;
  try {
    return findInstrumentedSide(trials);
  } catch (error) {
    if (error instanceof GenuError) return 'unclear'; // Both legs look instrumented, or neither.
    throw error;
  }
}

/** Legs that have EMG channels but no electrodes, as far as this trial tells; with a study, the leg that is not studied. */
export function findBareLegs(view: TrialView): ReadonlySet<Side> {
  const verdict = findVerdict([view]);
  const worn = verdict === undefined || verdict === 'unclear' ? undefined : verdict.side;
  return new Set(worn ? [worn === 'left' ? ('right' as const) : ('left' as const)] : []);
}

/** Which leg carries the electrodes, where there are channels of both: over all trials of a person. */
export const checkEmgSide: PersonCheck = (views, { study }) => {
  const verdict = findVerdict(views);
  const view = views.find((candidate) => candidate.trial.use === 'study' && pairSides(candidate));
  if (verdict === undefined || !view) return [];
  const pairs = pairSides(view)!;
  const where = study
    ? { ...placeOf(view.trial, undefined), trial: undefined }
    : placeOf(view.trial, pairs.left[0].file);
  const declared = view.trial.side;
  if (verdict === 'unclear') {
    return [
      makeMendable(
        {
          id: 'emg-side',
          severity: 'note',
          where,
          what: 'There are EMG channels of both legs, and by their looks both carry electrodes, or neither.',
          cause: 'Electrodes on both legs; or open inputs that pick up as much as a muscle gives.',
          mend: 'Say which leg is studied.',
          yaml: 'side: right   # or left',
        },
        declared && `side: ${declared}`,
      ),
    ];
  }
  const { side, note } = verdict;
  const wrong = declared !== undefined && declared !== side;
  const [bare, worn] = [pairs[side === 'left' ? 'right' : 'left'][0], pairs[side][0]];
  return [
    {
      id: 'emg-side',
      severity: wrong ? 'error' : study ? 'note' : 'warning',
      where,
      what: wrong ? `The study says the ${declared} leg, but ${note}` : `${note[0].toUpperCase()}${note.slice(1)}`,
      cause: 'Electrodes were put on one leg; the inputs of the other one are open.',
      mend: 'Study the leg with the electrodes. side: emg finds it for every participant.',
      ...(declared === side ? { mended_by: `side: ${side}, said or found` } : { yaml: 'side: emg' }),
      picture: () => {
        const scaled = ({ channel }: EmgSignal) =>
          channel.values.map((value) => value / (6 * calcSpread(channel.values).deviation));
        const draw = (signal: EmgSignal, level: number, tone: 'good' | 'bad') => ({
          label: signal.channel.name,
          x: signal.channel.clock.times_s,
          y: scaled(signal).map((value) => value + level),
          tone,
        });
        return {
          title: `Each channel to its own scale: the ${side} leg is EMG`,
          x: 'time (s)',
          y: '',
          lines: [draw(worn, 1, 'good'), draw(bare, -1, 'bad')],
        };
      },
    },
  ];
};
