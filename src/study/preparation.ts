import {
  checkLabel,
  type EstimatorSpec,
  type KneeBody,
  prepareLabel,
  prepareTrial,
  type TrainingPart,
} from '../estimator/index.js';
import type { LoadedStudy, StudyPerson } from './load.js';
import { calcMask, type FrameMask } from './mask.js';
import { cutPart, type TrialPart } from './parts.js';
import type { Study } from './schema.js';
import { makeSpec } from './spec.js';

/** A part of a trial with what was prepared of it: inputs, label and mask. */
export interface PreparedPart extends TrainingPart {
  readonly source: TrialPart;
  readonly mask: FrameMask;
  readonly warnings: readonly string[];
}

/** Prepares each part once, however many folds use it. */
export interface Preparation {
  /** @throws GenuError when the part cannot be what the study says it is */
  readonly prepare: (part: TrialPart) => PreparedPart;
  /** The maximal-effort trials of a participant, whole. */
  readonly listMaximal: (participant: string) => readonly PreparedPart[];
  readonly findPerson: (participant: string) => StudyPerson;
}

export function makePreparation(study: Study, { people, recordings }: LoadedStudy): Preparation {
  const known = new Map<string, PreparedPart>();
  const findPerson = (id: string) => people.find(({ participant }) => participant.id === id)!;
  const prepare = (part: TrialPart): PreparedPart => {
    const key = JSON.stringify([part.participant.id, part.trial.id, part.start_s, part.end_s]);
    const prepared = known.get(key) ?? preparePart(study, part, findPerson(part.participant.id).knee);
    known.set(key, prepared);
    return prepared;
  };
  return {
    prepare,
    findPerson,
    listMaximal: (id) =>
      recordings
        .filter(({ participant, trial }) => participant.id === id && trial.use === 'maximum')
        .map((recording) => prepare(cutPart(recording, recording.start_s, Number.MAX_VALUE))),
  };
}

/** Prepares one part. @throws GenuError when it cannot be what the study says it is */
export function preparePart(
  study: Study,
  part: TrialPart,
  knee: KneeBody,
  spec: EstimatorSpec = makeSpec(study),
): PreparedPart {
  const { recordings, ground, trial, participant } = part;
  const warnings: string[] = [];
  const prepared = prepareTrial(recordings, spec, knee);
  warnings.push(...prepared.notes);
  const known = recordings.moments !== undefined || trial.use === 'study';
  const label = known
    ? prepareLabel(recordings, prepared.times_s, spec, participant.mass_kg, warnings)
    : new Float64Array(prepared.times_s.length).fill(Number.NaN);
  if (trial.use === 'study') checkLabel(label, recordings.id);
  // Maximal efforts are done on a dynamometer: what masks gait does not apply.
  const rule = trial.use === 'study' ? study.mask : { skip_start_s: 0 };
  const mask = calcMask(
    prepared.times_s,
    part.trial_start_s,
    { moments: recordings.moments, ground },
    rule,
    recordings.id,
  );
  return {
    source: part,
    participant: participant.id,
    activity: trial.activity,
    prepared,
    label,
    usable: mask.usable,
    mask,
    warnings,
  };
}
