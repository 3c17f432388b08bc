import { calcSpread } from '../cohort/spread.js';
import { findHeadline, isOf, isPooled } from '../conditions.js';
import { drawCoverage } from '../figures/coverage.js';
import { formatNumber, formatPercent, isNumber } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeParagraph, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import { findMainModel, modelLooks } from '../models.js';
import type { IntervalCoverage, ModelName, ReportData } from '../types.js';

/** The level that is looked at by participant: the one nearest to it. */
const usualLevel = 0.9;

/** The coverage of the headline protocol's main model, and the level to speak of; undefined without any. */
export function selectCoverage(
  data: ReportData,
): { readonly rows: readonly IntervalCoverage[]; readonly model: ModelName; readonly level: number } | undefined {
  const known = (data.coverage ?? []).filter((row) => isNumber(row.inside));
  const headline = findHeadline(data);
  const own = known.filter((row) => isOf(row, headline));
  const chosen = own.length > 0 ? own : known.filter((row) => isOf(row, known[0]?.protocol));
  const model = findMainModel((name) => chosen.some((row) => row.model === name));
  if (model === undefined) return undefined;
  const rows = chosen.filter((row) => row.model === model);
  const level = rows.reduce(
    (best, row) => (Math.abs(row.level - usualLevel) < Math.abs(best - usualLevel) ? row.level : best),
    rows[0].level,
  );
  return { rows, model, level };
}

/** Whether intervals of prediction keep what they promise. */
export function writeUncertainty(data: ReportData, numbering: Numbering): string[] {
  const chosen = selectCoverage(data);
  if (chosen === undefined) return [writeParagraph('No intervals of prediction were tested.', 'none')];
  const { rows, model, level } = chosen;
  const levels = [...new Set(rows.map((row) => row.level))].sort((a, b) => a - b);
  const people = [...new Set(rows.filter((row) => !isPooled(row)).map((row) => row.participant!))];
  const { label } = modelLooks[model];
  return [
    writeParagraph(describeCoverage(rows, level, label)),
    writeFigure(
      numbering.shown,
      drawCoverage(rows, model, level),
      `Intervals of prediction of the ${label} on test frames. ${levels.length > 1 ? 'Left: share of frames that lay within the interval against what it promises; below the dashed line the interval is too narrow. Right: each' : 'Each'} participant at the ${formatPercent(level, 0)} level, coverage against mean half-width in N·m/kg.`,
    ),
    ...(people.length === 0
      ? []
      : [
          writeDetails(
            'Coverage by participant',
            writeTable(numbering.folded, {
              caption: `Share of test frames within the interval of the ${label}, per cent, and below it the mean half-width in N·m/kg.`,
              columns: ['participant', ...levels.map((value) => `${formatPercent(value, 0)}`)],
              kind: 'numbers',
              groups: [
                {
                  rows: people.map((name) => ({
                    cells: [
                      escapeText(name),
                      ...levels.map((value) => {
                        const row = rows.find((one) => one.participant === name && one.level === value);
                        return row === undefined
                          ? formatNumber(null, 0)
                          : `${formatNumber(100 * row.inside!, 1)}<small>${formatNumber(row.half_width_Nm_per_kg, 3)}</small>`;
                      }),
                    ],
                  })),
                },
              ],
            }),
          ),
        ]),
  ];
}

/** What was promised, what was kept, and by how many participants. */
export function describeCoverage(rows: readonly IntervalCoverage[], level: number, label: string): string {
  const at = rows.filter((row) => row.level === level);
  const pooled = at.find(isPooled);
  const own = at.filter((row) => !isPooled(row));
  const promised = formatPercent(level, 0);
  const head =
    pooled === undefined
      ? `The ${label}’s ${promised} intervals were tested by participant`
      : `The ${label}’s ${promised} intervals held ${formatPercent(pooled.inside, 1)} of all test frames, with a mean half-width of ${formatNumber(pooled.half_width_Nm_per_kg, 3)} N·m/kg`;
  if (own.length === 0) return `${head}.`;
  const inside = own.map((row) => row.inside!);
  const kept = inside.filter((value) => value >= level).length;
  const { median } = calcSpread(inside);
  return `${head}. By participant: median ${formatPercent(median, 1)}, from ${formatPercent(Math.min(...inside), 1)} to ${formatPercent(Math.max(...inside), 1)}; in ${kept} of ${own.length} they held at least what they promise. Coverage over everybody is no promise for one person: for somebody new the spread between participants is what counts.`;
}
