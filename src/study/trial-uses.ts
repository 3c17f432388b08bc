import type { ParticipantFit } from './fit-participant.js';
import { listMaskedSpans } from './mask.js';
import type { StudyRecording } from './parts.js';
import type { Fold } from './protocols/folds.js';
import type { TrialUse } from './report/index.js';
import type { ShownTrial } from './report-data.js';
import type { Study } from './schema.js';

/** What became of the frames of every trial: which part they were in, which were masked and why. */
export function listTrialUses(
  study: Study,
  recordings: readonly StudyRecording[],
  folds: readonly Pick<Fold, 'protocol' | 'training' | 'test'>[],
  shown: readonly ShownTrial[],
  fits: readonly ParticipantFit[],
): TrialUse[] {
  const share = study.split.validation;
  // Only within subjects has every trial one use; elsewhere it is trained on in some folds and tested on in others.
  const own = folds.filter(({ protocol }) => protocol === 'within');
  const shownFolds = own.length > 0 ? own : folds.filter(({ protocol }) => protocol === 'all');
  const split = {
    training: shownFolds.flatMap(({ training }) => training),
    test: shownFolds.flatMap(({ test }) => test),
  };
  return recordings
    .filter((recording) => recording.trial.use === 'study')
    .map(({ participant, trial, start_s, end_s }) => {
      const own = (part: { participant: { id: string }; trial: { id: string } }) =>
        part.participant.id === participant.id && part.trial.id === trial.id;
      const training = split.training.filter(own);
      const test = split.test.filter(own);
      const trained = fits.flatMap((fit) => fit.parts).filter((part) => own(part.source));
      const tested = shown.filter((part) => part.participant === participant.id && part.trial === trial.id);
      const masks = [
        ...trained.map(({ usable, prepared, mask }) => ({ usable, times_s: prepared.times_s, reasons: mask.reasons })),
        ...tested,
      ];
      const reasons = new Map<string, number>();
      for (const { reasons: list } of masks)
        for (const { why, frames } of list) reasons.set(why, (reasons.get(why) ?? 0) + frames);
      return {
        participant: participant.id,
        activity: trial.activity,
        trial: trial.id,
        start_s,
        end_s,
        frames: masks.reduce((sum, { usable }) => sum + usable.length, 0),
        used: masks.reduce((sum, { usable }) => sum + usable.reduce((a, b) => a + b, 0), 0),
        masked: [...reasons].map(([why, frames]) => ({ why, frames })),
        masked_spans: masks.flatMap(({ usable, times_s }) => listMaskedSpans(usable, times_s)),
        parts: [
          ...training.flatMap((part) => {
            const boundary = part.end_s - share * (Math.min(part.end_s, end_s) - part.start_s);
            return [
              { part: 'train' as const, start_s: part.start_s, end_s: boundary },
              { part: 'validation' as const, start_s: boundary, end_s: Math.min(part.end_s, end_s) },
            ];
          }),
          ...test.map((part) => ({ part: 'test' as const, start_s: part.start_s, end_s: Math.min(part.end_s, end_s) })),
        ],
      };
    });
}
