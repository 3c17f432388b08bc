import { cutRecording, GenuError, type Recording } from '../../data/index.js';
import type { TrialPart } from '../parts.js';

/**
 * The first seconds of each activity in a participant's training parts: separate recordings, so that no filter and no maximum
 * sees what comes later. Time that the mask skips does not count. Trials are used up in their order; where an activity has
 * less, all of it is taken and a note says so.
 * @throws GenuError where `adaptation_s` is no length of time
 */
export function cutAdaptation(
  training: readonly TrialPart[],
  adaptation_s: number,
  skip_start_s: number,
  notes: string[],
): TrialPart[] {
  if (!(adaptation_s > 0 && Number.isFinite(adaptation_s))) {
    throw new GenuError(`adaptation_s is ${adaptation_s}.`, {
      where: 'transfer',
      mend: 'Give the seconds of each activity to adapt with, above 0.',
    });
  }
  const cut: TrialPart[] = [];
  for (const activity of new Set(training.map(({ trial }) => trial.activity))) {
    let left_s = adaptation_s;
    const own = training.filter(({ trial }) => trial.activity === activity);
    for (const part of own) {
      const from_s = Math.max(part.start_s, part.trial_start_s + skip_start_s);
      const end_s = Math.min(part.end_s, from_s + left_s);
      // Less than a rounding error of the clock is nothing.
      if (end_s - from_s < 1e-6) continue;
      cut.push(shortenPart(part, end_s));
      left_s -= end_s - from_s;
    }
    if (left_s > 1e-3) {
      notes.push(
        `${own[0].participant.id}: the training parts have ${(adaptation_s - left_s).toFixed(1)} s of ${activity}, not ${adaptation_s} s.`,
      );
    }
  }
  return cut;
}

function shortenPart(part: TrialPart, end_s: number): TrialPart {
  const cut = (recording: Recording) => cutRecording(recording, part.start_s, end_s);
  const { emg, motion, moments } = part.recordings;
  return {
    ...part,
    recordings: { ...part.recordings, emg: cut(emg), motion: cut(motion), moments: moments && cut(moments) },
    ground: part.ground && cut(part.ground),
    end_s,
  };
}
