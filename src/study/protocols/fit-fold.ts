import { GenuError } from '../../data/index.js';
import { makeNewcomer, type Person } from '../../estimator/index.js';
import type { StudyEnvironment } from '../environment.js';
import { fitGroup, type GroupFit } from '../fit-group.js';
import { findMaxima, fitParticipant, type ParticipantFit } from '../fit-participant.js';
import type { TrialPart } from '../parts.js';
import type { Preparation } from '../preparation.js';
import type { Study } from '../schema.js';
import type { Tasks } from '../tasks.js';
import type { Fold } from './folds.js';
import type { ProgressPlan } from './progress.js';

/** A fold with all that was fitted to its training parts. */
export interface FittedFold {
  readonly fold: Fold;
  readonly members: readonly ParticipantFit[];
  readonly fit: GroupFit;
}

/** What every piece of a study's work needs. */
export interface StudyWork {
  readonly study: Study;
  readonly preparation: Preparation;
  readonly tasks: Tasks;
  readonly environment: StudyEnvironment;
  readonly progress: ProgressPlan;
  /** Sentences for people; equal ones count once. */
  readonly warnings: Set<string>;
  /** Fits one participant to some parts of their trials, once. */
  readonly fitMember: (parts: readonly TrialPart[]) => Promise<ParticipantFit>;
}

/** Says which parts of which trials; parts that agree in it are the same. */
export const describeParts = (parts: readonly TrialPart[]): string =>
  JSON.stringify(parts.map(({ participant, trial, start_s, end_s }) => [participant.id, trial.id, start_s, end_s]));

/** Shared by the folds: a participant who is in several of them with the same parts is calibrated once. */
export function makeMemberFitter(
  study: Study,
  preparation: Preparation,
  tasks: Tasks,
  environment: StudyEnvironment,
  progress: ProgressPlan,
): StudyWork['fitMember'] {
  const known = new Map<string, Promise<ParticipantFit>>();
  return (parts) => {
    const key = describeParts(parts);
    const fit =
      known.get(key) ??
      fitParticipant(
        study,
        preparation.findPerson(parts[0].participant.id),
        parts,
        preparation,
        tasks,
        environment,
        progress.report(`calibration ${key}`),
      );
    known.set(key, fit);
    return fit;
  };
}

/** The parts of each participant, in the order of the first of them. */
export function groupByParticipant(parts: readonly TrialPart[]): TrialPart[][] {
  const groups = new Map<string, TrialPart[]>();
  for (const part of parts) groups.set(part.participant.id, [...(groups.get(part.participant.id) ?? []), part]);
  return [...groups.values()];
}

/** Parts without a frame to learn from are left out, and said. */
export function listTrainable(parts: readonly TrialPart[], { preparation, warnings }: StudyWork): TrialPart[] {
  return parts.filter((part) => {
    const { usable, label, warnings: found } = preparation.prepare(part);
    for (const warning of found) warnings.add(warning);
    const learnable = usable.some((flag, i) => flag === 1 && Number.isFinite(label[i]));
    if (!learnable) warnings.add(`${part.recordings.id}: not trained on, for no frame of it has a label that holds.`);
    return learnable;
  });
}

/** Fits the participants of a fold, then the models of them all. */
export async function fitFold(fold: Fold, work: StudyWork): Promise<FittedFold> {
  const { study, tasks, environment, progress, warnings } = work;
  const training = listTrainable(fold.training, work);
  if (training.length === 0) {
    throw new GenuError('no part that it would train on has a frame whose label holds.', {
      where: `protocol ${fold.protocol}, ${fold.name}`,
      mend: 'See the warnings about masks, or give other trials.',
    });
  }
  const members = await Promise.all(groupByParticipant(training).map((parts) => work.fitMember(parts)));
  for (const member of members) for (const warning of member.warnings) warnings.add(warning);
  const who = fold.protocol === 'between' || fold.protocol === 'activity' ? `all but ${fold.name}` : fold.name;
  const fit = await fitGroup(study, members, who, tasks, environment, (kind) =>
    progress.report(`${fold.protocol} ${fold.name} ${kind}`),
  );
  for (const note of Object.values(fit.networks).flatMap((trained) => trained.flatMap((member) => member.notes)))
    warnings.add(`${who}: ${note}`);
  return { fold, members, fit };
}

/**
 * Somebody whom a fold did not see: average muscles in that person's own leg. EMG is divided by the maxima of maximal efforts where the
 * study has them; else by those of `warmUp`, recordings of that person which are not tested and whose torque nobody looks at; else by the
 * average maxima of the others.
 */
export function makeNewcomerOf(
  id: string,
  { members, fit }: FittedFold,
  warmUp: readonly TrialPart[],
  { study, preparation, warnings }: StudyWork,
): Person {
  const { participant, knee, geometry } = preparation.findPerson(id);
  const maximal = preparation.listMaximal(id);
  const alone = study.emg.maximum === 'training' && warmUp.length === 0;
  if (alone) {
    warnings.add(
      `${id}: there is no other recording of this participant to divide the EMG by the maximum of; the average maxima of the others are used.`,
    );
  }
  return makeNewcomer(
    members.map(({ fitted, uncalibrated }) => ({ person: fitted, uncalibrated })),
    {
      uncalibrated: knee.muscles.map((name) => knee.description.muscles.find((muscle) => muscle.name === name)!),
      mass_kg: participant.mass_kg,
      emg_maxima: alone
        ? fit.shared.anyone.emg_maxima
        : findMaxima(study, warmUp.map(preparation.prepare), maximal).emg_maxima,
      geometry,
    },
  );
}
