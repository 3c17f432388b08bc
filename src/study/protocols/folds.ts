import { GenuError } from '../../data/index.js';
import { cutPart, type StudyRecording, splitWithin, type TrialPart } from '../parts.js';
import type { Study } from '../schema.js';

/** What is trained on and what is tested on, together, once. */
export interface Fold {
  /** `all` is no question: its model, of everybody, is for new recordings, and nothing is tested. */
  readonly protocol: 'within' | 'between' | 'activity' | 'all';
  /** Unique within its protocol: a participant, an activity, `fold-2` or `all`. */
  readonly name: string;
  readonly training: readonly TrialPart[];
  readonly test: readonly TrialPart[];
}

/** Splits the recordings for every protocol that a study asks for, and for the model of everybody. */
export function listFolds(study: Study, recordings: readonly StudyRecording[]): Fold[] {
  const studied = recordings.filter(({ trial }) => trial.use === 'study');
  const asked = new Set(study.protocols);
  const folds: Fold[] = [];
  const split = asked.has('within') || asked.has('transfer') ? splitWithin(recordings, study.split) : undefined;
  if (split && asked.has('within')) folds.push(...listWithin(split));
  // Transfer starts from the networks of the others.
  if (asked.has('between') || asked.has('transfer')) folds.push(...listBetween(study, studied));
  if (asked.has('activity')) folds.push(...listActivities(study, studied));
  // What is tested within participants may not be in the model of everybody, or its bundle could not be evaluated on it.
  const training = split && asked.has('within') ? split.training : studied.map(takeWhole);
  folds.push({ protocol: 'all', name: 'all', training, test: [] });
  return folds;
}

const takeWhole = (recording: StudyRecording): TrialPart =>
  cutPart(recording, recording.start_s, recording.end_s + 1e-9);

function listWithin(split: ReturnType<typeof splitWithin>): Fold[] {
  const ids = new Set([...split.training, ...split.test].map(({ participant }) => participant.id));
  return [...ids].map((id) => {
    const own = (parts: readonly TrialPart[]) => parts.filter(({ participant }) => participant.id === id);
    return { protocol: 'within', name: id, training: own(split.training), test: own(split.test) };
  });
}

function listBetween(study: Study, recordings: readonly StudyRecording[]): Fold[] {
  const ids = [...new Set(recordings.map(({ participant }) => participant.id))];
  if (ids.length < 2) {
    throw new GenuError(
      `leaving a participant out needs two at least; there ${ids.length === 1 ? 'is one' : 'are none'}.`,
      {
        where: study.study,
        mend: 'Add participants, or say protocols: [within].',
      },
    );
  }
  const count = Math.min(study.between.folds ?? ids.length, ids.length);
  return Array.from({ length: count }, (_, k): Fold => {
    const left = new Set(ids.filter((_, i) => i % count === k));
    return {
      protocol: 'between',
      name: count === ids.length ? ids[k] : `fold-${k + 1}`,
      training: recordings.filter(({ participant }) => !left.has(participant.id)).map(takeWhole),
      test: recordings.filter(({ participant }) => left.has(participant.id)).map(takeWhole),
    };
  });
}

function listActivities(study: Study, recordings: readonly StudyRecording[]): Fold[] {
  const activities = [...new Set(recordings.map(({ trial }) => trial.activity))];
  if (activities.length < 2) {
    throw new GenuError(`leaving an activity out needs two at least; there is "${activities.join('')}" only.`, {
      where: study.study,
      mend: 'Give trials of other activities, or take activity out of protocols.',
    });
  }
  return activities.map((left) => ({
    protocol: 'activity',
    name: left,
    training: recordings.filter(({ trial }) => trial.activity !== left).map(takeWhole),
    test: recordings.filter(({ trial }) => trial.activity === left).map(takeWhole),
  }));
}
