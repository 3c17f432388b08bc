import { drawSplitStrip } from '../figures/split-strip.js';
import { formatCount, formatNumber, formatPercent, formatSignificant } from '../format.js';
import { type Counter, type Numbering, writeDetails, writeFigure, writeParagraph, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import type { ReportData, TrialUse } from '../types.js';

/** Participants whose trials are shown unfolded. */
const mostOpen = 2;

/** Trials, masks and splits per participant, then EMG maxima. */
export function writeDataUse(data: ReportData, numbering: Numbering): string[] {
  if (data.trials.length === 0 && data.emg_maxima.length === 0)
    return [writeParagraph('No account of the trials was given.', 'none')];
  const parts: string[] = [];
  const participants = [...new Set(data.trials.map((trial) => trial.participant))];
  if (participants.length > 1) parts.push(writeOverview(data, participants, numbering));
  const counter = participants.length === 1 ? numbering.shown : numbering.folded;
  for (const participant of participants) {
    const own = data.trials.filter((trial) => trial.participant === participant);
    const content =
      writeFigure(
        counter,
        drawSplitStrip(own),
        `Use of the trials of ${participant} over time in s: seconds to train (pale blue), to validate (low, yellow) and to test (dark blue). Dark marks above a strip: masked frames; thin grey line: not used.`,
      ) + writeTrials(participant, own, counter);
    parts.push(
      participants.length === 1
        ? content
        : writeDetails(
            `Trials of ${participant}: ${formatCount(own.length, 'trial')}`,
            content,
            participants.length <= mostOpen,
          ),
    );
  }
  if (data.emg_maxima.length > 0) parts.push(writeMaxima(data, numbering));
  return parts;
}

function writeOverview(data: ReportData, participants: readonly string[], numbering: Numbering): string {
  return writeTable(numbering.shown, {
    caption: 'Frames by participant.',
    columns: ['participant', 'trials', 'frames', 'used', 'masked', 'why masked'],
    kind: 'words',
    groups: [
      {
        rows: participants.map((participant) => {
          const own = data.trials.filter((trial) => trial.participant === participant);
          return { cells: [escapeText(participant), formatNumber(own.length, 0), ...listFrameCells(own)] };
        }),
      },
    ],
  });
}

function writeTrials(participant: string, trials: readonly TrialUse[], counter: Counter): string {
  return writeTable(counter, {
    caption: `Frames of the trials of ${participant}.`,
    columns: ['trial', 'activity', 'frames', 'used', 'masked', 'why masked'],
    kind: 'words',
    groups: [
      {
        rows: trials.map((trial) => ({
          cells: [escapeText(trial.trial), escapeText(trial.activity), ...listFrameCells([trial])],
        })),
      },
    ],
  });
}

/** Frames, used, masked (with its share) and the reasons, summed over trials. */
function listFrameCells(trials: readonly TrialUse[]): string[] {
  const sum = (count: (trial: TrialUse) => number) => trials.reduce((total, trial) => total + count(trial), 0);
  const reasons = new Map<string, number>();
  for (const { why, frames } of trials.flatMap((trial) => trial.masked))
    reasons.set(why, (reasons.get(why) ?? 0) + frames);
  const frames = sum((trial) => trial.frames);
  const masked = [...reasons.values()].reduce((total, count) => total + count, 0);
  const why = [...reasons].map(([reason, count]) => `${reason}: ${formatNumber(count, 0)}`).join('; ');
  return [
    formatNumber(frames, 0),
    formatNumber(
      sum((trial) => trial.used),
      0,
    ),
    `${formatNumber(masked, 0)} (${formatPercent(frames > 0 ? masked / frames : null, 1)})`,
    escapeText(why === '' ? 'none masked' : why),
  ];
}

function writeMaxima(data: ReportData, numbering: Numbering): string {
  const participants = [...new Set(data.emg_maxima.map((one) => one.participant))];
  const table = writeTable(numbering.folded, {
    caption: 'EMG maxima: what each envelope was divided by, and the trials that were searched for it.',
    columns: ['channel', 'maximum', 'unit', 'from trials'],
    kind: 'words',
    groups: participants.map((participant) => ({
      heading: participant,
      rows: data.emg_maxima
        .filter((one) => one.participant === participant)
        .map((one) => ({
          cells: [
            escapeText(one.channel),
            formatSignificant(one.value, 3),
            escapeText(one.unit),
            escapeText(one.trials.join(', ')),
          ],
        })),
    })),
  });
  return writeDetails('EMG maxima', table, participants.length <= mostOpen);
}
