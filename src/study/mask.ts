import {
  type Channel,
  calcMeanRate_Hz,
  findFirst,
  findRuns,
  GenuError,
  getChannel,
  type Recording,
  type Run,
} from '../data/index.js';
import { findFootSpans, type Span } from './mask-stance.js';
import type { Study } from './schema.js';

/** Which frames of a trial may be trained and tested on, and why the others may not. */
export interface FrameMask {
  /** 1 where the label holds: frames that may be trained on. */
  readonly usable: Uint8Array;
  /** 1 where it may be tested on too; a part of `usable`. Swing can be trained on but is not tested on. */
  readonly comparable: Uint8Array;
  /** Frames lost to each reason, in the order they are looked for; a frame counts for the first. */
  readonly reasons: readonly { readonly why: string; readonly frames: number }[];
}

/**
 * Masks frames whose label cannot be trusted. The network's prediction plays no part in it: only time, residuals, forces and markers do.
 * @param times_s frames of the trial (or of a part of it)
 * @param trialStart_s first time stamp of the whole trial
 * @throws GenuError when a channel that the rule names is missing
 */
export function calcMask(
  times_s: Float64Array,
  trialStart_s: number,
  recordings: { moments?: Recording | undefined; ground?: Recording | undefined },
  rule: Study['mask'],
  where: string,
): FrameMask {
  const usable = new Uint8Array(times_s.length).fill(1);
  const reasons: { why: string; frames: number }[] = [];
  const drop = (why: string, isBad: (i: number) => boolean) => {
    let frames = 0;
    for (let i = 0; i < usable.length; i++) {
      if (usable[i] && isBad(i)) {
        usable[i] = 0;
        frames++;
      }
    }
    reasons.push({ why, frames });
  };
  if (rule.skip_start_s > 0)
    drop(`first ${rule.skip_start_s} s of the trial`, (i) => times_s[i] < trialStart_s + rule.skip_start_s);
  const { residual, cross_steps } = rule;
  if (residual && recordings.moments) {
    const channels = residual.channels.map((name) => getChannel(recordings.moments!, name, `${where}: moments`));
    const samples = channels.map((channel) => sampleNearest(channel, times_s));
    drop(
      `residual ${residual.channels.join(', ')} above ${residual.above_N} N`,
      // A residual that is missing says nothing of the label, which is then not trusted either.
      (i) => !(Math.hypot(...samples.map((s) => s[i])) <= residual.above_N),
    );
  }
  if (cross_steps && recordings.ground) {
    const left = getChannel(recordings.ground, cross_steps.left, `${where}: ground`);
    const right = getChannel(recordings.ground, cross_steps.right, `${where}: ground`);
    const [left_N, right_N] = [sampleNearest(left, times_s), sampleNearest(right, times_s)];
    const isUnknown = (i: number) => Number.isNaN(left_N[i]) || Number.isNaN(right_N[i]);
    if (left_N.some((_, i) => isUnknown(i))) drop('ground reaction force missing', isUnknown);
    const spans = findCrossSteps(left_N, right_N, cross_steps.above_N);
    const rate = times_s.length > 1 ? calcMeanRate_Hz(times_s) : 1;
    const pad = Math.round(cross_steps.pad_s * rate);
    drop('step on the other belt', (i) => spans.some(({ start, end }) => i >= start - pad && i < end + pad));
  }
  const comparable = usable.slice();
  if (rule.stance) maskStance(rule.stance, times_s, recordings.ground, where, drop, comparable);
  return { usable, comparable: comparable.map((ok, i) => ok & usable[i]), reasons };
}

/** Drops what is neither stance on a plate nor, where the rule says so, swing; leaves stance alone in `comparable`. */
function maskStance(
  rule: NonNullable<Study['mask']['stance']>,
  times_s: Float64Array,
  ground: Recording | undefined,
  where: string,
  drop: (why: string, isBad: (i: number) => boolean) => void,
  comparable: Uint8Array,
): void {
  if (!ground) {
    throw new GenuError('mask.stance needs the ground reaction force, but there is no ground file.', {
      where,
      mend: 'Say files: { ground: … } or files: { all: … }, or take mask.stance out.',
    });
  }
  const { stance, partial, swing } = findFootSpans(ground, rule, `${where}: ground`);
  // Frames lie anywhere between samples of the force; the nearest one tells.
  const slack_s = times_s.length > 1 ? 0.5 / calcMeanRate_Hz(times_s) : 0;
  const isIn = (spans: readonly Span[], i: number) =>
    spans.some(({ start_s, end_s }) => times_s[i] >= start_s - slack_s && times_s[i] <= end_s + slack_s);
  drop('foot only partly on a force plate', (i) => isIn(partial, i));
  drop(
    rule.swing === 'train' ? 'foot neither on a force plate nor swinging' : 'foot on no force plate',
    (i) => !isIn(stance, i) && !isIn(swing, i),
  );
  for (let i = 0; i < comparable.length; i++) if (!isIn(stance, i)) comparable[i] = 0;
}

/**
 * Spans in which both belts carry load for longer than a double support lasts: 1.5 × its median, or at all in running,
 * which is told by both belts being unloaded for more than 5 % of the time. A force that is not known (NaN) counts as load. Left and right must be of one length.
 */
export function findCrossSteps(left_N: Float64Array, right_N: Float64Array, above_N: number): Run[] {
  const spans = findRuns(left_N.length, (i) => !(left_N[i] <= above_N) && !(right_N[i] <= above_N));
  const unloaded = left_N.reduce((sum, force, i) => sum + (force <= above_N && right_N[i] <= above_N ? 1 : 0), 0);
  if (unloaded > 0.05 * left_N.length) return spans;
  const lengths = spans.map(({ start, end }) => end - start).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? 0;
  return spans.filter(({ start, end }) => end - start > 1.5 * median);
}

/** The sample nearest to each time; NaN before the first and after the last of them. */
export function sampleNearest(channel: Channel, times_s: Float64Array): Float64Array {
  const stamps = channel.clock.times_s;
  const slack_s = stamps.length > 1 ? 1 / calcMeanRate_Hz(stamps) : 0;
  return times_s.map((time) => {
    if (time < stamps[0] - slack_s || time > stamps[stamps.length - 1] + slack_s) return Number.NaN;
    const after = Math.min(findFirst(stamps, time), stamps.length - 1);
    const at = after > 0 && time - stamps[after - 1] < stamps[after] - time ? after - 1 : after;
    return channel.values[at];
  });
}

/** Runs of frames that are not usable, as seconds. */
export function listMaskedSpans(usable: Uint8Array, times_s: Float64Array): { start_s: number; end_s: number }[] {
  return findRuns(usable.length, (i) => !usable[i]).map(({ start, end }) => ({
    start_s: times_s[start],
    end_s: times_s[end - 1],
  }));
}
