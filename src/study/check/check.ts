import type { Study } from '../schema.js';
import { checkAngles } from './checks/angles.js';
import { checkEmgMotion } from './checks/emg-motion.js';
import { checkEmgSide } from './checks/emg-side.js';
import { checkEmgSignals } from './checks/emg-signal.js';
import { checkEmgSwaps } from './checks/emg-swaps.js';
import { checkFiles } from './checks/files.js';
import { checkInverseDynamics } from './checks/inverse-dynamics.js';
import { checkLoadCell } from './checks/load-cell.js';
import { checkLoads } from './checks/loads.js';
import { checkMarkers } from './checks/markers.js';
import { checkMoments } from './checks/moments.js';

import { checkPlates } from './checks/plates.js';
import { checkScales } from './checks/scales.js';
import { checkTime } from './checks/time.js';
import { type Draft, type PersonCheck, placeOf, type TrialCheck } from './draft.js';
import type { CheckedTrial } from './evidence.js';
import { type Finding, sortFindings } from './finding.js';
import { drawPicture } from './picture.js';
import { makeTrialView, type TrialView } from './view.js';

const trialChecks: readonly (readonly [name: string, check: TrialCheck])[] = [
  ['the files', checkFiles],
  ['time stamps', checkTime],
  ['force plates', checkPlates],
  ['vertical forces', checkLoads],
  ['markers', checkMarkers],
  ['angles', checkAngles],
  ['knee moments', checkMoments],
  ['the load cell', checkLoadCell],
  ['inverse dynamics', checkInverseDynamics],
  ['EMG channels', checkEmgSignals],
  ['EMG beside movement', checkEmgMotion],
];

const personChecks: readonly (readonly [name: string, check: PersonCheck])[] = [
  ['the leg with the electrodes', checkEmgSide],
  ['EMG channels beside each other', checkEmgSwaps],
  ['the trials beside each other', checkScales],
];

/**
 * Looks at one person's trials, or at one file as a trial of its own. A check that fails says so in a note; none stops the others.
 * @param trials of one participant
 * @param options.pictures draws a small SVG document for each finding
 * @returns findings, the most severe first
 */
export function checkTrials(
  trials: readonly CheckedTrial[],
  study: Study | undefined,
  { pictures = false }: { readonly pictures?: boolean } = {},
): Finding[] {
  const views: TrialView[] = [];
  const drafts: Draft[] = [];
  const attempt = (name: string, trial: CheckedTrial, look: () => readonly Draft[]) => {
    try {
      drafts.push(...look());
    } catch (error) {
      drafts.push({
        id: 'not-checked',
        severity: 'note',
        where: placeOf(trial, trial.files[0]),
        what: `Could not look at ${name}: ${error instanceof Error ? error.message : String(error)}`,
        cause: 'The recording is of a kind that this check does not know.',
        mend: 'Look at it yourself, and report it if the recording is sound.',
      });
    }
  };
  for (const trial of trials) {
    attempt('the trial', trial, () => {
      views.push(makeTrialView(trial, study));
      return [];
    });
  }
  for (const view of views) {
    for (const [name, check] of trialChecks) attempt(name, view.trial, () => check(view, { study }));
  }
  if (views.length > 0) {
    for (const [name, check] of personChecks) attempt(name, views[0].trial, () => check(views, { study }));
  }
  return sortFindings(drafts.map((draft) => finish(draft, pictures)));
}

function finish({ picture, ...finding }: Draft, pictures: boolean): Finding {
  if (!pictures || !picture) return finding;
  try {
    const svg = drawPicture(picture());
    return svg === undefined ? finding : { ...finding, picture: svg };
  } catch {
    return finding; // A finding without its picture is still one.
  }
}
