import { type BlandAltmanResult, calcBlandAltman, describeBlandAltman } from '../../statistics/index.js';
import { findHeadline, isOf } from '../conditions.js';
import { drawAgreement } from '../figures/agreement.js';
import { formatInterval, formatNumber } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeList, writeParagraph, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import { findMainModel, modelLooks } from '../models.js';
import type { PeakPair, ReportData } from '../types.js';

export interface Agreement {
  readonly activity: string;
  readonly peaks: readonly PeakPair[];
  readonly result: BlandAltmanResult;
}

/** Fewest participants for limits of agreement. */
const fewest = 3;

/** Bland–Altman of the headline protocol's main model, for every activity with enough participants. */
export function listAgreements(data: ReportData): Agreement[] {
  const headline = findHeadline(data);
  const own = (data.peaks ?? []).filter((peak) => isOf(peak, headline));
  const main = findMainModel((model) => own.some((peak) => peak.model === model));
  return data.activities.flatMap((activity) => {
    const peaks = own.filter((peak) => peak.model === main && peak.activity === activity);
    const people = [...new Set(peaks.map(({ participant }) => participant))];
    if (people.length < fewest) return [];
    const differences = people.map((name) =>
      peaks
        .filter(({ participant }) => participant === name)
        .map((peak) => peak.predicted_Nm_per_kg - peak.measured_Nm_per_kg),
    );
    return [{ activity, peaks, result: calcBlandAltman(differences) }];
  });
}

/** Agreement of predicted with measured peaks. */
export function writeAgreement(data: ReportData, numbering: Numbering): string[] {
  const agreements = listAgreements(data);
  if (agreements.length === 0)
    return [writeParagraph(`No activity has peaks of ${fewest} participants, which limits of agreement need.`, 'none')];
  const { label } = modelLooks[agreements[0].peaks[0].model];
  const quantity = 'predicted − measured peak torque';
  return [
    writeFigure(
      numbering.shown,
      drawAgreement(agreements.map(({ activity, ...rest }) => ({ title: activity, ...rest }))),
      `Bland–Altman plots of the peak torque (positive: ${data.target.positive}) in each cycle, or trial where there are no cycles, ${label}: predicted − measured against their mean, N·m/kg. Small dots are cycles, ringed dots participants’ means. Solid line: bias; dashed: limits between which 95 % of single peaks are expected; shades are their 95 % intervals.`,
    ),
    writeTable(numbering.shown, {
      caption: `Agreement of the ${label}’s peak torque with the measured one, N·m/kg, for repeated measures (Bland & Altman 2007; intervals Zou 2013).`,
      columns: ['activity', 'n', 'peaks', 'bias', '95 % interval', 'lower limit', 'upper limit'],
      kind: 'numbers',
      groups: [
        {
          rows: agreements.map(({ activity, peaks, result }) => ({
            cells: [
              escapeText(activity),
              formatNumber(result.n, 0),
              formatNumber(peaks.length, 0),
              formatNumber(result.bias, 3),
              formatInterval(result.biasInterval, 3),
              formatNumber(result.lower, 3),
              formatNumber(result.upper, 3),
            ],
          })),
        },
      ],
    }),
    writeDetails(
      'Agreement in words',
      writeList(
        agreements.map(
          ({ activity, result }) =>
            `${activity}: ${describeBlandAltman(result, { quantity, unit: 'N·m/kg' })
              .replace(/single frames/g, 'single peaks')
              .replace(/(\d) frames?\b/g, '$1 peaks')}`,
        ),
      ),
    ),
  ];
}
