import { GenuError } from '../data/index.js';
import {
  buildExcitations,
  type CalibrationJob,
  calcTorqueSign,
  type EstimatorSpec,
  findEmgMaxima,
  getKneeAngle,
  normaliseEnvelopes,
  type Person,
} from '../estimator/index.js';
import { findRange } from '../math/index.js';
import type { StudyEnvironment } from './environment.js';
import type { StudyPerson } from './load.js';
import type { TrialPart } from './parts.js';
import type { Preparation, PreparedPart } from './preparation.js';
import type { Calibration, EmgMaximum } from './report/index.js';
import type { Study } from './schema.js';
import { makeSpec } from './spec.js';
import type { Tasks } from './tasks.js';

/** All that is fitted to one participant: EMG maxima and muscles, from that participant's training parts alone. */
export interface ParticipantFit {
  readonly person: StudyPerson;
  readonly fitted: Person;
  /** The muscles of the participant's model as they were. */
  readonly uncalibrated: CalibrationJob['muscles'];
  readonly parts: readonly PreparedPart[];
  readonly calibration: Calibration | undefined;
  readonly emg_maxima: readonly EmgMaximum[];
  /** Which electrodes stand in for which muscles. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finds the EMG maxima of one participant and calibrates the muscles on the given training parts.
 * @throws GenuError when there is no training part, or an EMG channel has no maximum
 */
export async function fitParticipant(
  study: Study,
  person: StudyPerson,
  training: readonly TrialPart[],
  preparation: Preparation,
  tasks: Tasks,
  environment: StudyEnvironment,
  onProgress: (share: number, detail: string) => void,
): Promise<ParticipantFit> {
  const { participant, geometry } = person;
  const spec = makeSpec(study);
  if (training.length === 0) {
    throw new GenuError(`participant "${participant.id}" has no training trial.`, {
      where: study.study,
      mend: 'Name one of theirs under split.train.',
    });
  }
  const parts = training.map(preparation.prepare);
  const maximal = preparation.listMaximal(participant.id);
  const { emg_maxima, trials } = findMaxima(study, parts, maximal);

  const calibratedOn = study.calibration.maximum_trials ? [...parts, ...maximal.filter(hasTorque)] : parts;
  const job = makeCalibrationJob(study, person, spec, calibratedOn, emg_maxima);
  const progress = (share: number) => onProgress(share, `calibrating the muscles of ${participant.id}`);
  progress(0);
  const calibrated = await tasks.run('calibration', job, () => environment.calibrate(job, progress));
  onProgress(1, `calibrated the muscles of ${participant.id}`);
  const { muscles, passive_scale, report } = calibrated;
  return {
    person,
    fitted: { mass_kg: participant.mass_kg, emg_maxima, muscles, passive_scale, geometry },
    uncalibrated: job.muscles,
    parts,
    calibration: { participant: participant.id, parameters: report.parameters },
    emg_maxima: spec.emg.channels.map(({ channel }, c) => ({
      participant: participant.id,
      channel,
      value: emg_maxima[c],
      unit: spec.emg.kind === 'raw' ? 'V' : '1',
      trials,
    })),
    notes: job.excitations.notes,
    warnings: [
      ...new Set([...parts, ...maximal].flatMap((part) => part.warnings)),
      ...report.warnings.map((warning) => `${participant.id}: ${warning}`),
    ],
  };
}

/**
 * What EMG is divided by: the largest envelopes of maximal efforts where the study has them, else of the given parts.
 * @param parts with `use: study`, of one participant
 * @throws GenuError naming a channel whose envelope never rises above zero
 */
export function findMaxima(
  study: Study,
  parts: readonly PreparedPart[],
  maximal: readonly PreparedPart[],
): { emg_maxima: readonly number[]; trials: readonly string[] } {
  const spec = makeSpec(study);
  if (study.emg.maximum === 'none') return { emg_maxima: spec.emg.channels.map(() => 1), trials: [] };
  const sources = study.emg.maximum === 'maximum_trials' ? maximal : parts;
  const skip_s = study.emg.maximum === 'maximum_trials' ? 0 : study.mask.skip_start_s;
  const emg_maxima = findEmgMaxima(
    sources.map(({ prepared }) => prepared),
    spec,
    sources.map(({ source }) => source.trial_start_s + skip_s),
  );
  return { emg_maxima, trials: sources.map(({ source }) => source.trial.id) };
}

/** Whether a trial's torque is known and moves enough to calibrate on. */
function hasTorque({ label }: PreparedPart): boolean {
  const [low, high] = findRange(label);
  return high - low > 0.1;
}

function makeCalibrationJob(
  study: Study,
  { participant, knee }: StudyPerson,
  spec: EstimatorSpec,
  parts: readonly PreparedPart[],
  emg_maxima: readonly number[],
): CalibrationJob {
  const sign = calcTorqueSign(knee, spec);
  return {
    muscles: knee.description.muscles.filter((muscle) => knee.muscles.includes(muscle.name)),
    excitations: buildExcitations(knee.muscles, spec),
    trials: parts.map(({ source, prepared, label, usable }) => ({
      name: source.recordings.id,
      envelopes: normaliseEnvelopes(prepared, { emg_maxima }).map((values, c) => ({
        name: spec.emg.channels[c].muscle,
        values,
      })),
      lengths_m: prepared.lengths_m,
      speeds_m_per_s: prepared.speeds_m_per_s,
      moment_arms_m: prepared.moment_arms_m,
      knee_angle_rad: getKneeAngle(prepared, knee),
      torque_Nm: label.map((value) => sign * value * participant.mass_kg),
      usable,
    })),
    rate_Hz: study.rate_Hz,
    positive: knee.positive,
    damping: study.calibration.damping,
    fibre: study.calibration.fibre,
    strength: study.calibration.strength,
    starts: study.calibration.starts,
    frames: study.calibration.frames,
    seed: study.seed,
  };
}
