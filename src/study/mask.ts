import {
  type Channel,
  calcMeanRate_Hz,
  findFirst,
  findRuns,
  getChannel,
  type Recording,
  type Run,
} from '../data/index.js';
import type { Study } from './schema.js';

/** Which frames of a trial may be trained and tested on, and why the others may not. */
export interface FrameMask {
  /** 1 where the label holds. */
  readonly usable: Uint8Array;
  /** Frames lost to each reason, in the order they are looked for; a frame counts for the first. */
  readonly reasons: readonly { readonly why: string; readonly frames: number }[];
}

/**
 * Masks frames whose label cannot be trusted. The network's prediction plays no part in it: only time, residuals and forces do.
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
  return { usable, reasons };
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
