import { compareTreatments } from '../cohort/compare.js';
import { listColumn, type Matrix, makeMatrix } from '../cohort/matrix.js';
import { isPooled, isWhole, sayProtocol } from '../conditions.js';
import { drawPairedDots, sayMedian } from '../figures/paired-dots.js';
import { formatInterval, formatNumber } from '../format.js';
import { type Numbering, writeFigure, writeParagraph, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import { modelLooks, modelOrder } from '../models.js';
import type { ErrorRow, Maybe, ModelName, ProtocolName, ReportData } from '../types.js';
import { listLimits, showP } from './participants.js';

/** One ablation: a model under one protocol, with ever fewer inputs. */
export interface Ablation {
  readonly protocol: ProtocolName | undefined;
  readonly model: ModelName;
  /** Sets of inputs, the fewest first. */
  readonly inputs: readonly string[];
  readonly rows: readonly ErrorRow[];
}

/** Every model and protocol that was given more than one set of inputs. */
export function listAblations(data: ReportData): Ablation[] {
  const ablated = data.errors.filter((row) => !isWhole(row) && !isPooled(row) && row.activity === 'all');
  const protocols = [...new Set(ablated.map((row) => row.protocol))];
  return protocols.flatMap((protocol) =>
    modelOrder.flatMap((model) => {
      const rows = ablated.filter((row) => row.model === model && row.protocol === protocol);
      const inputs = [...new Set(rows.map((row) => row.inputs!))].sort(
        (a, b) => count(a) - count(b) || a.localeCompare(b),
      );
      return inputs.length < 2 ? [] : [{ protocol, model, inputs, rows }];
    }),
  );
}

/** One measure of an ablation, participants by inputs. */
export function arrangeAblation(
  { inputs, rows }: Ablation,
  data: ReportData,
  measure: (row: ErrorRow) => Maybe,
): Matrix<string> {
  return makeMatrix(
    rows,
    data.participants.map(({ name }) => name),
    inputs,
    (row) => row.inputs ?? undefined,
    measure,
  );
}

/** What each input is worth: the same model without some of them. */
export function writeAblation(data: ReportData, numbering: Numbering): string[] {
  return listAblations(data).flatMap((ablation) => {
    const { model, inputs, protocol } = ablation;
    const under = protocol === undefined ? '' : `, ${sayProtocol(protocol)}`;
    const rmse = arrangeAblation(ablation, data, (row) => row.rmse_Nm_per_kg);
    const r2 = arrangeAblation(ablation, data, (row) => row.r2);
    const fullest = inputs[inputs.length - 1];
    const comparison = compareTreatments(rmse, fullest);
    const colours = inputs.map(() => modelLooks[model].colour);
    const words = (matrix: Matrix<string>) => ({ ...matrix, treatments: matrix.treatments.map(sayInputs) });
    return [
      writeFigure(
        numbering.shown,
        drawPairedDots(
          [
            { label: 'RMSE, N·m/kg', matrix: words(rmse), colours, decimals: 3 },
            { label: 'R²', matrix: words(r2), colours, decimals: 2, lowest: -0.2 },
          ],
          `Inputs of the ${modelLooks[model].label}`,
        ),
        `The ${modelLooks[model].label}${under} with different inputs, trained anew with each set; one line per participant.`,
      ),
      writeTable(numbering.shown, {
        caption: `Median over participants by inputs, with its 95 % bootstrap interval, and each set against ${sayInputs(fullest)}: Hodges–Lehmann difference (negative where ${sayInputs(fullest)} has the lower error), Wilcoxon signed-rank p corrected after Holm.`,
        columns: ['inputs', 'RMSE, N·m/kg', 'R²', 'difference, N·m/kg', '95 % interval', 'p corrected'],
        kind: 'numbers',
        groups: [
          {
            rows: inputs.map((name, i) => {
              const contrast = comparison?.contrasts.find(({ treatment }) => treatment === name);
              return {
                cells: [
                  escapeText(sayInputs(name)),
                  escapeText(sayMedian(listColumn(rmse, i), 3, name)),
                  escapeText(sayMedian(listColumn(r2, i), 2, name)),
                  contrast ? formatNumber(contrast.test.location.estimate, 3) : '',
                  contrast ? formatInterval(contrast.test.location.interval, 3) : '',
                  contrast ? escapeText(showP(contrast.adjustedP)) : '',
                ],
              };
            }),
          },
        ],
      }),
      ...(comparison ? [writeParagraph(listLimits(comparison, data).join(' '))] : []),
    ];
  });
}

/** `emg+angles` as `EMG + angles`. */
export function sayInputs(inputs: string): string {
  return inputs
    .split('+')
    .map((name) => (name.toLowerCase() === 'emg' ? 'EMG' : name.replaceAll('_', ' ')))
    .join(' + ');
}

function count(inputs: string): number {
  return inputs.split('+').length;
}
