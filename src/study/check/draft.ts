import type { Study, StudyTrial } from '../schema.js';
import type { CheckedFile, CheckedTrial } from './evidence.js';
import type { Finding, Place } from './finding.js';
import type { Picture } from './picture.js';
import type { TrialView } from './view.js';

/** A finding whose picture is not drawn yet. */
export type Draft = Omit<Finding, 'picture'> & { readonly picture?: (() => Picture) | undefined };

/** What a check knows beside the trial. */
export interface CheckContext {
  /** Undefined where a file is looked at by itself. */
  readonly study: Study | undefined;
}

/** Looks at one trial. It may throw: what it could not look at is then said in a note. */
export type TrialCheck = (view: TrialView, context: CheckContext) => Draft[];

/** Looks at all trials of one participant together. */
export type PersonCheck = (views: readonly TrialView[], context: CheckContext) => Draft[];

/** A finding, or a note that names the line of the study which already takes care of it. */
export function makeMendable(draft: Draft, mended_by: string | undefined): Draft {
  if (mended_by === undefined) return draft;
  const { yaml: _, ...rest } = draft;
  return { ...rest, severity: 'note', mended_by };
}

/** Names the place of a finding. */
export function placeOf(trial: CheckedTrial, file: CheckedFile | undefined, channel?: string): Place {
  return {
    ...(file ? { file: file.file } : {}),
    ...(trial.participant === undefined ? {} : { participant: trial.participant }),
    ...(trial.trial === undefined ? {} : { trial: trial.trial }),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** A number with three digits that matter. */
export function print(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return String(Number(value.toPrecision(3)));
}

/** A share as a percentage. */
export const printPercent = (share: number): string => `${print(100 * share)} %`;

/** Names, the first few of many. */
export function listSome(names: readonly string[], most = 6): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}

/** The trial as the study lists it. */
export function findStudyTrial(study: Study | undefined, { participant, trial }: CheckedTrial): StudyTrial | undefined {
  return study?.participants.find(({ id }) => id === participant)?.trials.find(({ id }) => id === trial);
}
