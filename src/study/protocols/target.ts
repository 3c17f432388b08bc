import { GenuError } from '../../data/index.js';
import type { Person } from '../../estimator/index.js';
import type { ParticipantFit } from '../fit-participant.js';
import { type GroupData, prepareGroup } from '../group-data.js';
import type { TrialPart } from '../parts.js';
import { type FittedFold, makeNewcomerOf, type StudyWork } from './fit-fold.js';

/** What is known of a new participant from the seconds to adapt with. */
export interface TargetKnowledge {
  /** Average muscles: no label was looked at. */
  readonly newcomer: Person;
  /** Muscles calibrated on the seconds. */
  readonly calibrated: ParticipantFit;
  /** With the calibrated muscles; its ridge knows the seconds alone. */
  readonly data: GroupData;
  /** The same seconds with the newcomer's muscles, for policies that look at no label: muscle forces would tell them of it. */
  readonly unlabelled: GroupData;
}

/** Undefined, with a warning that says why, where the seconds are too few. */
export async function prepareTarget(
  target: string,
  adaptation: readonly TrialPart[],
  source: FittedFold,
  work: StudyWork,
): Promise<TargetKnowledge | undefined> {
  const { study, warnings } = work;
  try {
    const calibrated = await work.fitMember(adaptation);
    const shared = { ...study, split: { ...study.split, validation: study.transfer.validation } };
    const newcomer = makeNewcomerOf(target, source, adaptation, work);
    return {
      newcomer,
      calibrated,
      data: prepareGroup(shared, [calibrated]),
      unlabelled: prepareGroup(shared, [{ ...calibrated, fitted: newcomer }]),
    };
  } catch (error) {
    if (!(error instanceof GenuError)) throw error;
    warnings.add(`${target}: cannot be adapted to: ${error.message}`);
    return undefined;
  }
}
