import {
  type Channel,
  calcMeanRate_Hz,
  findChannel,
  findRuns,
  GenuError,
  type Recording,
  type Run,
} from '../data/index.js';
import { calcDerivative } from '../signal/index.js';
import type { Study } from './schema.js';

type Rule = NonNullable<Study['mask']['stance']>;

/** What one foot does, over time: spans of seconds. */
export interface FootSpans {
  /** Whole steps on a force plate, trimmed. */
  readonly stance: readonly Span[];
  /** Contacts of a foot that was only partly on a plate. */
  readonly partial: readonly Span[];
  /** The foot moves and touches nothing. Empty unless the rule trains on swing. */
  readonly swing: readonly Span[];
}

export interface Span {
  readonly start_s: number;
  /** Time of the last sample. */
  readonly end_s: number;
}

/**
 * Finds when a foot is on a force plate, and when it swings.
 *
 * A contact is a run of samples above the rule's force; a missing sample is no contact, and neither is a channel that is not there: gait
 * programs leave it out of files in which the foot met no plate. A foot that is partly beside the plate gives its force away for a while:
 * the vertical force of a whole step has one maximum near or above body weight in each half (Perry & Burnfield 2010, Gait Analysis),
 * so one in which a half stays below `both_halves_above` is partial.
 * Swing is where the slowest of the foot's markers moves faster than the rule's speed: some part of the foot rests on the floor in stance
 * (O'Connor et al. 2007, Gait & Posture 25:469–474, doi 10.1016/j.gaitpost.2006.05.016, tell gait events from such speeds).
 * @throws GenuError when swing is asked for and a marker is missing
 */
export function findFootSpans(ground: Recording, rule: Rule, where: string): FootSpans {
  const force = findChannel(ground, rule.channel);
  const contacts = force ? findRuns(force.values.length, (i) => force.values[i] > rule.above) : [];
  const whole = contacts.filter((run) => isWhole(force!, run, rule.both_halves_above));
  const trim = (span: Span) => ({ start_s: span.start_s + rule.trim_s, end_s: span.end_s - rule.trim_s });
  const touching = contacts.map((run) => toSpan(force!, run));
  return {
    stance: whole.map((run) => trim(toSpan(force!, run))).filter(({ start_s, end_s }) => end_s >= start_s),
    partial: contacts.filter((run) => !whole.includes(run)).map((run) => toSpan(force!, run)),
    swing: rule.swing === 'train' ? findSwing(ground, rule, touching, where) : [],
  };
}

function isWhole({ values }: Channel, { start, end }: Run, least: number | undefined): boolean {
  if (least === undefined) return true;
  const middle = (start + end) / 2;
  const halves = [values.subarray(start, Math.ceil(middle)), values.subarray(Math.floor(middle), end)];
  return halves.every((half) => half.some((value) => value > least));
}

const toSpan = ({ clock: { times_s } }: Channel, { start, end }: Run): Span => ({
  start_s: times_s[start],
  end_s: times_s[end - 1],
});

function findSwing(ground: Recording, rule: Rule, touching: readonly Span[], where: string): Span[] {
  const markers = rule.swing_markers.map((marker) =>
    ['x', 'y', 'z'].map((axis) => {
      const channel = findChannel(ground, `${marker}.${axis}`);
      if (channel) return channel;
      throw new GenuError(`there is no marker "${marker}" to tell swing by.`, {
        where,
        mend: 'Name markers of the foot under mask.stance.swing_markers, or say mask.stance.swing: mask.',
      });
    }),
  );
  const [[{ clock }]] = markers;
  const rate_Hz = calcMeanRate_Hz(clock.times_s);
  const speeds = markers.map((axes) => {
    const [x, y, z] = axes.map(({ values }) => calcDerivative(values, rate_Hz, 'central'));
    return x.map((value, i) => Math.hypot(value, y[i], z[i]));
  });
  const isTouching = (time_s: number) => touching.some(({ start_s, end_s }) => time_s >= start_s && time_s <= end_s);
  // A marker that is not seen tells nothing, and such a frame is no swing.
  const runs = findRuns(
    clock.times_s.length,
    (i) => speeds.every((speed) => speed[i] > rule.swing_above_m_per_s) && !isTouching(clock.times_s[i]),
  );
  return runs.map(({ start, end }) => ({ start_s: clock.times_s[start], end_s: clock.times_s[end - 1] }));
}
