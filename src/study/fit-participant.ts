import { GenuError } from '../data/index.js';
import {
  buildExcitations,
  type CalibrationJob,
  findEmgMaxima,
  getKneeAngle,
  normaliseEnvelopes,
  type Person,
  prepareLabel,
  prepareTrial,
  type TrainingPart,
} from '../estimator/index.js';
import type { StudyEnvironment } from './environment.js';
import { makeSpec, type StudyPerson } from './load.js';
import { calcMask, type FrameMask } from './mask.js';
import type { StudyRecording, TrialPart } from './parts.js';
import type { Calibration, EmgMaximum } from './report/index.js';
import type { Study } from './schema.js';
import type { Tasks } from './tasks.js';

/** A training part with what was prepared of it. */
export interface PreparedPart extends TrainingPart {
  readonly source: TrialPart;
  readonly mask: FrameMask;
}

/** All that is fitted to one participant: EMG maxima and muscles, from that participant's training parts alone. */
export interface ParticipantFit {
  readonly person: StudyPerson;
  readonly fitted: Person;
  readonly parts: readonly PreparedPart[];
  readonly calibration: Calibration | undefined;
  readonly emg_maxima: readonly EmgMaximum[];
  readonly warnings: readonly string[];
}

/** Prepares the training parts of one participant, finds the EMG maxima and calibrates the muscles on them. */
export async function fitParticipant(
  study: Study,
  person: StudyPerson,
  training: readonly TrialPart[],
  recordings: readonly StudyRecording[],
  tasks: Tasks,
  environment: StudyEnvironment,
  onProgress: (share: number, detail: string) => void,
): Promise<ParticipantFit> {
  const { participant, knee, geometry } = person;
  const spec = makeSpec(study);
  if (training.length === 0) {
    throw new GenuError(`participant "${participant.id}" has no training trial.`, { where: study.study, mend: 'Name one of theirs under split.train.' });
  }
  const warnings: string[] = [];
  const parts = training.map((part): PreparedPart => {
    const prepared = prepareTrial(part.recordings, spec, knee);
    warnings.push(...prepared.notes);
    const mask = calcMask(prepared.times_s, part.trial_start_s, { moments: part.recordings.moments, ground: part.ground }, study.mask, part.recordings.id);
    return {
      source: part,
      participant: participant.id,
      activity: part.trial.activity,
      prepared,
      label: prepareLabel(part.recordings, prepared.times_s, spec, participant.mass_kg, warnings),
      usable: mask.usable,
      mask,
    };
  });

  const maximumTrials = recordings.filter((r) => r.participant.id === participant.id && r.trial.use === 'maximum');
  const fromMaxima = study.emg.maximum === 'maximum_trials';
  const sources = fromMaxima ? maximumTrials.map((r) => prepareTrial(r.loaded.recordings, spec, knee)) : parts.map((part) => part.prepared);
  const skip_s = fromMaxima ? 0 : study.mask.skip_start_s;
  const starts = fromMaxima ? maximumTrials.map((r) => r.start_s) : parts.map((part) => part.source.trial_start_s);
  const emg_maxima = study.emg.maximum === 'none' ? spec.emg.channels.map(() => 1) : findEmgMaxima(sources, spec, starts.map((start) => start + skip_s));

  const sign = knee.positive === spec.torque.positive ? 1 : -1;
  const job: CalibrationJob = {
    muscles: knee.description.muscles.filter((muscle) => knee.muscles.includes(muscle.name)),
    excitations: buildExcitations(knee.muscles, spec),
    trials: parts.map(({ source, prepared, label, usable }) => ({
      name: source.recordings.id,
      envelopes: normaliseEnvelopes(prepared, { emg_maxima }).map((values, c) => ({ name: spec.emg.channels[c].muscle, values })),
      lengths_m: prepared.lengths_m,
      speeds_m_per_s: prepared.speeds_m_per_s,
      moment_arms_m: prepared.moment_arms_m,
      knee_angle_rad: getKneeAngle(prepared, knee),
      torque_Nm: label.map((value) => sign * value * participant.mass_kg),
      usable,
    })),
    rate_Hz: study.rate_Hz,
    positive: knee.positive,
    starts: study.calibration.starts,
    frames: study.calibration.frames,
    seed: study.seed,
  };
  const progress = (share: number) => onProgress(share, `calibrating the muscles of ${participant.id}`);
  progress(0);
  const calibrated = await tasks.run('calibration', job, () => environment.calibrate(job, progress));
  onProgress(1, `calibrated the muscles of ${participant.id}`);
  return {
    person,
    fitted: { mass_kg: participant.mass_kg, emg_maxima, muscles: calibrated.muscles, passive_scale: calibrated.passive_scale, geometry },
    parts,
    calibration: { participant: participant.id, parameters: calibrated.report.parameters },
    emg_maxima: spec.emg.channels.map(({ channel }, c) => ({
      participant: participant.id,
      channel,
      value: emg_maxima[c],
      unit: spec.emg.kind === 'raw' ? 'V' : '1',
      trials: fromMaxima ? maximumTrials.map((r) => r.trial.id) : study.emg.maximum === 'none' ? [] : training.map((part) => part.trial.id),
    })),
    warnings: [...warnings, ...job.excitations.notes.map((note) => `${participant.id}: ${note}`), ...calibrated.report.warnings.map((warning) => `${participant.id}: ${warning}`)],
  };
}
