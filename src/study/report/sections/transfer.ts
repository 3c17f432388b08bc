import { describeP } from '../../statistics/index.js';
import { type PairedGains, type Recommendation, recommend } from '../cohort/recommend.js';
import { sayChoice, sayPolicy } from '../cohort/standing.js';
import { findPoint, fromScratch, listSeconds, listTransferCurves, notAdapted } from '../cohort/transfer.js';
import { drawTransferCurves } from '../figures/transfer-curve.js';
import { formatInterval, formatNumber, formatPercent, formatShort, joinWords } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeParagraph, writeTable } from '../html.js';
import { element, escapeText, textElement } from '../markup.js';
import { modelLooks } from '../models.js';
import type { ReportData } from '../types.js';

/** Whether the study adapted anything. */
export function hasTransfer(data: ReportData): boolean {
  return listTransferCurves(data, 'rmse').length > 0;
}

/** Error against seconds of adaptation, and how many are needed. */
export function writeTransfer(data: ReportData, numbering: Numbering): string[] {
  const rmse = listTransferCurves(data, 'rmse');
  const r2 = listTransferCurves(data, 'r2');
  const found = recommend(rmse);
  const seconds = listSeconds(rmse);
  const scale = seconds.includes(0) ? 'logarithmic; 0 s: none' : 'logarithmic';
  const caption = (what: string) =>
    `${what} on the new participant’s other trials against the seconds of theirs that were given to adapt with (${scale}). One panel per network, one line per policy: medians over participants. Bands: quartiles over participants, of ${found ? 'the best policy (thick)' : 'the best policy'} and of training from scratch. Ridge, in every panel: fitted to the other participants, and to these seconds alone.`;
  return [
    ...(found === undefined
      ? [writeParagraph('Too few participants have every figure for a recommendation.', 'none')]
      : [
          element('div', { class: 'answer' }, [
            textElement('h3', 'How much data do I need?'),
            ...describeRecommendation(found, data).map((sentence) => textElement('p', sentence)),
          ]),
        ]),
    writeFigure(numbering.shown, drawTransferCurves(rmse, found?.best, 'RMSE, N·m/kg'), caption('RMSE in N·m/kg')),
    writeTable(numbering.shown, {
      caption: 'Median RMSE over participants in N·m/kg, with its 95 % bootstrap interval, by seconds of adaptation.',
      columns: ['policy', ...seconds.map((value) => `${formatShort(value)} s`)],
      kind: 'numbers',
      groups: [...new Set(rmse.map(({ model }) => model))].map((model) => ({
        heading: modelLooks[model].label,
        rows: rmse
          .filter((curve) => curve.model === model)
          .map((curve) => ({
            marked: found !== undefined && found.best.model === model && found.best.policy === curve.policy,
            cells: [
              escapeText(sayPolicy(curve.policy)),
              ...seconds.map((value) => {
                const point = findPoint(curve, value);
                if (point === undefined) return formatNumber(null, 0);
                const { median, interval } = point.spread;
                return formatNumber(median, 3) + (interval ? textElement('small', formatInterval(interval, 3)) : '');
              }),
            ],
          })),
      })),
    }),
    ...(r2.length === 0
      ? []
      : [
          writeDetails(
            'The same as R²',
            writeFigure(numbering.folded, drawTransferCurves(r2, found?.best, 'R²'), caption('R²')),
          ),
        ]),
  ];
}

/** How many seconds are needed, in sentences. */
export function describeRecommendation(found: Recommendation, data: ReportData): string[] {
  const { n, best, enough, tolerance, enough_interval_s: limits } = found;
  const name = (choice: typeof best) => `${modelLooks[choice.model].label} (${sayChoice(choice)})`;
  const median = (choice: typeof best) => `${formatNumber(choice.spread.median, 3)} N·m/kg`;
  const near = `within ${formatPercent(tolerance, 0)} of the lowest median of all (${median(best)}, ${name(best)})`;
  const range =
    limits === null
      ? 'too few participants for an interval'
      : `95 % bootstrap interval over participants: ${formatShort(limits[0])} to ${formatShort(limits[1])} s`;
  const first =
    enough.policy === notAdapted
      ? `None: ${modelLooks[enough.model].label} without adaptation has a median RMSE of ${median(enough)}, ${near} (${range}).`
      : `${formatShort(enough.adaptation_s)} s of the new person: ${modelLooks[enough.model].label} (${sayPolicy(enough.policy)}) then has a median RMSE of ${median(enough)}, ${near}; ${range}.`;
  return [
    first,
    ...describeGain(found.against_none, 'no adaptation', best),
    ...describeGain(found.against_scratch, 'training from scratch on the same seconds', best),
    best.policy === fromScratch
      ? 'What is best here was trained from scratch: what other people could teach did not help.'
      : found.scratch_enough_s === null
        ? `Trained from scratch, the ${modelLooks[best.model].label} does not come that near with any number of seconds that was tried.`
        : `Trained from scratch, the ${modelLooks[best.model].label} comes that near from ${formatShort(found.scratch_enough_s)} s on.`,
    `This rests on n = ${n}${data.simulated ? ' simulated' : ''} participants. Policy and seconds were chosen on the same participants they are reported for, which flatters them a little${n < 10 ? `, and of ${n} the interval of such a choice is rough` : ''}; fewer or more seconds than were tried, other activities and other electrodes may need more.`,
  ];
}

/** Whether the best policy was shown to be better than another with the same seconds, over all of them and with which. */
function describeGain(gains: PairedGains | undefined, other: string, best: Recommendation['best']): string[] {
  if (gains === undefined) return [];
  const { overall, each } = gains;
  const policy = `${modelLooks[best.model].label} (${sayPolicy(best.policy)})`;
  const size = `${formatNumber(Math.abs(overall.location.estimate), 3)} N·m/kg`;
  const test = `Wilcoxon signed-rank, ${describeP(overall.p)}, rank-biserial ${formatNumber(overall.rankBiserial, 2)}`;
  const found = each.filter(({ adjustedP, test }) => adjustedP <= 0.05 && test.location.estimate < 0);
  const singly =
    each.length < 2
      ? ''
      : found.length === 0
        ? '; with no single number of seconds (p corrected over them after Holm)'
        : `; singly with ${joinWords(found.map(({ adaptation_s, adjustedP }) => `${formatShort(adaptation_s)} s (${describeP(adjustedP)})`))}, corrected over the seconds after Holm`;
  if (overall.p > 0.05)
    return [
      `Over all seconds together ${policy} was not shown to differ from ${other} (${size}; ${test}); this is no evidence that they are equal${singly}.`,
    ];
  const side = overall.location.estimate < 0 ? 'lower' : 'higher';
  return [
    `Over all seconds together the error of ${policy} is ${size} ${side} than that of ${other} (${test})${singly}.`,
  ];
}
