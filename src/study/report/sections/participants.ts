import { describeFriedman, describeP } from '../../statistics/index.js';
import { type Comparison, compareTreatments } from '../cohort/compare.js';
import { keepTreatments, listColumn, type Matrix, makeMatrix, orderParticipants } from '../cohort/matrix.js';
import { calcMedian } from '../cohort/spread.js';
import { findHeadline, isPooled, listProtocols, sayProtocol, selectErrors } from '../conditions.js';
import { drawHeatMap } from '../figures/heat-map.js';
import { drawPairedDots } from '../figures/paired-dots.js';
import { formatInterval, formatNumber, formatPercent, isNumber, joinWords } from '../format.js';
import {
  type Counter,
  type Numbering,
  writeDetails,
  writeFigure,
  writeList,
  writeParagraph,
  writeTable,
} from '../html.js';
import { escapeText } from '../markup.js';
import { findMainModel, modelLooks, modelOrder } from '../models.js';
import type { ErrorRow, Maybe, ModelName, ProtocolName, ReportData } from '../types.js';

/** Below this R² dots are drawn at the edge. */
const lowestR2 = -0.2;

/** Whether there are participants to set side by side. */
export function hasParticipants(data: ReportData): boolean {
  return data.participants.length > 1 && listProtocols(data).some((protocol) => listOwn(data, protocol).length > 0);
}

/** Every participant under every model, and what can be said of the difference between models. */
export function writeParticipants(data: ReportData, numbering: Numbering): string[] {
  const headline = findHeadline(data);
  const others = listProtocols(data).filter((name) => name !== headline && listOwn(data, name).length > 0);
  return [
    ...writeProtocol(data, headline, numbering.shown),
    ...others.map((protocol) =>
      writeDetails(`Participants ${sayProtocol(protocol)}`, writeProtocol(data, protocol, numbering.folded).join('')),
    ),
  ];
}

function listOwn(data: ReportData, protocol: ProtocolName | undefined): ErrorRow[] {
  return selectErrors(data, protocol).filter((row) => !isPooled(row) && row.activity === 'all');
}

function writeProtocol(data: ReportData, protocol: ProtocolName | undefined, counter: Counter): string[] {
  const rmse = arrangeParticipants(data, protocol, (row) => row.rmse_Nm_per_kg);
  const r2 = arrangeParticipants(data, protocol, (row) => row.r2);
  if (rmse.participants.length < 2) return [writeParagraph('No errors by participant were given.', 'none')];
  const under = protocol === undefined ? '' : ` ${sayProtocol(protocol)}`;
  const unscaled = [modelLooks.mean.label];
  // The mean baseline is far above all else and would squeeze what there is to compare.
  const isDrawn = (model: ModelName) => model !== 'mean' || rmse.treatments.length < 3;
  const [lineRmse, lineR2] = [keepTreatments(rmse, isDrawn), keepTreatments(r2, isDrawn)];
  const colours = lineRmse.treatments.map((model) => modelLooks[model].colour);
  const without = lineRmse.treatments.length < rmse.treatments.length ? ', without the mean baseline' : '';
  return [
    writeFigure(
      counter,
      drawHeatMap(
        [
          { title: 'RMSE, N·m/kg', matrix: label(rmse), dark: 'high', decimals: 3, unscaled },
          { title: 'R²', matrix: label(r2), dark: 'low', decimals: 2, unscaled },
        ],
        `Participants by models${under}`,
      ),
      `RMSE (left) and R² (right) of every participant under every model${under}, all activities together. The darker the cell, the worse. Participants stand in the order of the ${modelLooks[findOrdering(rmse)].label}’s RMSE, models in the order of their median; the last row is the median. Colours reach from the 5th to the 95th percentile of all models but the mean.`,
    ),
    writeFigure(
      counter,
      drawPairedDots(
        [
          { label: 'RMSE, N·m/kg', matrix: label(lineRmse), colours, decimals: 3 },
          { label: 'R²', matrix: label(lineR2), colours, decimals: 2, lowest: lowestR2 },
        ],
        `Participants from model to model${under}`,
      ),
      `The same${under}${without}, one line per participant. Lines that run alike from one model to the next show a difference that holds for most people; lines that cross show one that does not. Values of R² below ${formatNumber(lowestR2, 1)} are counted at the edge.`,
    ),
    ...writeComparison(rmse, compareTreatments(rmse, findOrdering(rmse), isAsked), `RMSE${under}`, counter, data),
  ];
}

/** Participants by models: participants by the error of the main model, models by their median error. */
export function arrangeParticipants(
  data: ReportData,
  protocol: ProtocolName | undefined,
  measure: (row: ErrorRow) => Maybe,
): Matrix<ModelName> {
  const rows = listOwn(data, protocol);
  const names = data.participants.map(({ name }) => name);
  const place = (row: ErrorRow) => row.model;
  const present = modelOrder.filter((model) => rows.some((row) => row.model === model));
  const errors = makeMatrix(rows, names, present, place, (row) => row.rmse_Nm_per_kg);
  const medians = present.map((_, i) =>
    listColumn(errors, i).length > 0 ? calcMedian(listColumn(errors, i)) : Infinity,
  );
  const models = present
    .map((_, i) => i)
    .sort((a, b) => medians[a] - medians[b])
    .map((i) => present[i]);
  const matrix = makeMatrix(rows, errors.participants, models, place, measure);
  const main = findMainModel((model) => models.includes(model));
  const ranks = makeMatrix(
    rows,
    errors.participants,
    [main],
    () => main,
    (row) => (row.model === main ? row.rmse_Nm_per_kg : null),
  );
  const value = (i: number) => {
    const row = ranks.participants.indexOf(matrix.participants[i]);
    return ranks.values[row]?.[0] ?? Infinity;
  };
  return orderParticipants(
    matrix,
    matrix.participants.map((_, i) => i).sort((a, b) => value(a) - value(b)),
  );
}

function label(matrix: Matrix<ModelName>): Matrix<string> {
  return { ...matrix, treatments: matrix.treatments.map((model) => modelLooks[model].label) };
}

/** The model that the others are compared with and participants are ordered by: the main one, as planned before, not the one that happens to win. */
function findOrdering(matrix: Matrix<ModelName>): ModelName {
  return findMainModel((model) => matrix.treatments.includes(model))!;
}

/** The mean baseline shows what nothing would give; that a model is better is no question, and would cost the others power. */
const isAsked = (model: ModelName) => model !== 'mean';

/** Friedman's sentence, a table of the reference against each other model, and what the study cannot show. */
function writeComparison(
  matrix: Matrix<ModelName>,
  comparison: Comparison<ModelName> | undefined,
  quantity: string,
  counter: Counter,
  data: ReportData,
): string[] {
  if (comparison === undefined)
    return [
      writeParagraph(
        `With ${matrix.participants.length} participants no test of a difference between models is possible: the figures above are all there is to see.`,
      ),
    ];
  const reference = modelLooks[comparison.reference].label;
  const models = matrix.treatments.map((model) => modelLooks[model].label);
  return [
    ...(comparison.friedman ? [writeParagraph(describeFriedman(comparison.friedman, { models, quantity }))] : []),
    writeTable(counter, {
      caption: `The ${reference} against each other model (but the mean baseline), participant by participant: ${quantity}, Wilcoxon signed-rank tests (two-sided), p corrected for these ${comparison.contrasts.length} comparisons after Holm. Difference: Hodges–Lehmann estimate, negative where the ${reference} has the lower error. Rank-biserial correlation: −1 where it has so in everybody, 1 in nobody.`,
      columns: ['against', 'n', 'difference, N·m/kg', '95 % interval', 'p', 'p corrected', 'rank-biserial'],
      kind: 'numbers',
      groups: [
        {
          rows: comparison.contrasts.map(({ treatment, test, adjustedP }) => ({
            marked: adjustedP <= 0.05,
            cells: [
              escapeText(modelLooks[treatment].label),
              formatNumber(test.n, 0),
              formatNumber(test.location.estimate, 3),
              formatInterval(test.location.interval, 3),
              escapeText(showP(test.p)),
              escapeText(showP(adjustedP)),
              formatNumber(test.rankBiserial, 2),
            ],
          })),
        },
      ],
    }),
    writeParagraph(describeContrasts(comparison)),
    writeList(listLimits(comparison, data)),
  ];
}

/** `< 0.001` or `0.016`. */
export function showP(p: number): string {
  return describeP(p).replace(/^p (= )?/, '');
}

/** Which differences were found, in one or two sentences. */
export function describeContrasts({ n, reference, contrasts }: Comparison<ModelName>): string {
  const name = (model: ModelName) => `the ${modelLooks[model].label}`;
  const say = (found: typeof contrasts) =>
    joinWords(
      found.map(
        ({ treatment, test, adjustedP }) =>
          `${name(treatment)} (by ${formatNumber(Math.abs(test.location.estimate), 3)} N·m/kg, ${describeP(adjustedP)})`,
      ),
    );
  const found = contrasts.filter(({ adjustedP }) => adjustedP <= 0.05);
  const lower = found.filter(({ test }) => test.location.estimate < 0);
  const higher = found.filter(({ test }) => test.location.estimate >= 0);
  const open = contrasts.filter(({ adjustedP }) => adjustedP > 0.05).map(({ treatment }) => name(treatment));
  const parts = [
    ...(lower.length > 0 ? [`a lower error than ${say(lower)}`] : []),
    ...(higher.length > 0 ? [`a higher error than ${say(higher)}`] : []),
  ];
  const head = `In these ${n} participants ${name(reference)} has `;
  const tail =
    open.length === 0
      ? ''
      : `Against ${joinWords(open)} no difference was shown, which does not show that there is none.`;
  return [parts.length === 0 ? '' : `${head}${joinWords(parts)}.`, tail].filter((part) => part !== '').join(' ');
}

/** What the number and the choice of participants do not allow to conclude. */
export function listLimits<T>(comparison: Comparison<T>, data: ReportData): string[] {
  const { n, left_out, smallest_adjustedP, contrasts } = comparison;
  return [
    ...(smallest_adjustedP > 0.05
      ? [
          `With n = ${n} and ${contrasts.length} comparisons the smallest corrected p there can be is ${showP(smallest_adjustedP)}: nothing here could have been significant, whatever the data.`,
        ]
      : [
          `With n = ${n} and ${contrasts.length} comparisons the smallest corrected p there can be is ${showP(smallest_adjustedP)}.`,
        ]),
    ...(left_out > 0
      ? [`${left_out} of the participants lack a value under some model and are left out of these tests.`]
      : []),
    ...(n < 20
      ? [
          `From ${n} participants rare failures cannot be excluded: were one person in five served badly, ${n} would hold none of them with a chance of ${formatPercent(0.8 ** n, 0)}.`,
        ]
      : []),
    data.simulated
      ? 'The participants are simulated: a difference shows how the models cope with the assumptions of the simulation, not with people.'
      : 'The participants were not drawn at random, so the results speak of people like them, recorded like them.',
  ];
}

/** The comparison that the section shows, for exports. */
export function compareModels(data: ReportData, protocol: ProtocolName | undefined): Comparison<ModelName> | undefined {
  const rmse = arrangeParticipants(data, protocol, (row) => row.rmse_Nm_per_kg);
  return rmse.participants.length < 2 || !rmse.values.flat().some(isNumber)
    ? undefined
    : compareTreatments(rmse, findOrdering(rmse), isAsked);
}
