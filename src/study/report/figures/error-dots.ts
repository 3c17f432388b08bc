import { formatNumber, isNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import { modelLooks, modelOrder } from '../models.js';
import { type Box, drawXAxis } from '../svg/axis.js';
import { figureWidth, fitText, writeSvg } from '../svg/document.js';
import { drawLegend } from '../svg/legend.js';
import { drawMarker } from '../svg/marker.js';
import { type Domain, findExtent, findRoundDomain, makeLinearScale, type Scale } from '../svg/scale.js';
import type { ErrorRow, Maybe } from '../types.js';

const rowHeight = 11;
const groupGap = 10;
const labelWidth = 118;
const panelGap = 36;

/** R² below this is drawn at the edge, with its number: a useless model must not squeeze the others. */
const lowestR2 = 0;

interface Measure {
  readonly label: string;
  readonly domain: Domain;
  readonly value: (row: ErrorRow) => Maybe;
  readonly interval: (row: ErrorRow) => readonly [Maybe, Maybe] | null | undefined;
}

/**
 * Dots with confidence intervals of every activity and model: RMSE on the left, R² on the right.
 * @param rows of one group: pooled over participants, or of one participant
 * @param activities in the order to show them, `all` included where it has rows
 */
export function drawErrorDots(rows: readonly ErrorRow[], activities: readonly string[]): string {
  const groups = activities
    .map((activity) => ({ activity, rows: sortByModel(rows.filter((row) => row.activity === activity)) }))
    .filter((group) => group.rows.length > 0);
  const present = modelOrder.filter((model) => rows.some((row) => row.model === model));
  const legend = drawLegend(
    present.map((model) => ({ label: modelLooks[model].label, kind: 'marker', look: modelLooks[model] })),
    labelWidth,
    0,
    figureWidth - labelWidth,
  );
  const top = legend.height + 6;
  const height = groups.reduce((sum, group) => sum + group.rows.length * rowHeight + groupGap, 0);
  const width = (figureWidth - labelWidth - panelGap - 10) / 2;
  const panels = listMeasures(rows).map((measure, i) => {
    const plot: Box = { x: labelWidth + i * (width + panelGap), y: top, width, height };
    return { measure, plot, scale: makeLinearScale(measure.domain, [plot.x, plot.x + width], 6) };
  });
  const parts = [legend.svg];
  let y = top;
  groups.forEach((group, i) => {
    const groupHeight = group.rows.length * rowHeight + groupGap;
    if (i % 2 === 0) parts.push(element('rect', { x: 0, y, width: figureWidth, height: groupHeight, fill: '#f4f4f4' }));
    parts.push(
      textElement('text', fitText(group.activity, labelWidth - 14), {
        x: labelWidth - 10,
        y: y + groupHeight / 2 + 4,
        'text-anchor': 'end',
        'font-weight': group.activity === 'all' ? 700 : 400,
      }),
    );
    y += groupHeight;
  });
  for (const { measure, plot, scale } of panels) {
    parts.push(drawXAxis(scale, plot, measure.label));
    let rowY = top + (groupGap + rowHeight) / 2;
    for (const group of groups) {
      for (const row of group.rows) {
        parts.push(drawDot(row, measure, scale, plot, rowY));
        rowY += rowHeight;
      }
      rowY += groupGap;
    }
  }
  return writeSvg(
    'Errors by activity and model',
    'Dots show RMSE and R² of each model in each activity; horizontal bars show their confidence intervals.',
    figureWidth,
    top + height + 36,
    parts.join(''),
  );
}

function listMeasures(rows: readonly ErrorRow[]): Measure[] {
  const rmse = rows.flatMap((row) => [row.rmse_Nm_per_kg ?? null, ...listLimits(row.rmse_interval_Nm_per_kg)]);
  return [
    {
      label: 'RMSE, N·m/kg (lower is better)',
      domain: findRoundDomain(0, findExtent([rmse], [0])[1], 6),
      value: (row) => row.rmse_Nm_per_kg,
      interval: (row) => row.rmse_interval_Nm_per_kg,
    },
    {
      label: 'R² (higher is better)',
      domain: [lowestR2, 1],
      value: (row) => row.r2,
      interval: (row) => row.r2_interval,
    },
  ];
}

function drawDot(row: ErrorRow, measure: Measure, scale: Scale, plot: Box, y: number): string {
  const look = modelLooks[row.model];
  const value = measure.value(row);
  if (!isNumber(value)) return '';
  const [low, high] = scale.domain;
  if (value < low) {
    return (
      element('path', {
        d: `M${plot.x + 9} ${Math.round(y - 4)}l-7 4l7 4z`,
        fill: look.colour,
      }) +
      textElement('text', formatNumber(value, 2), { x: plot.x + 13, y: y + 3.5, 'font-size': 9.5, fill: '#4d4d4d' })
    );
  }
  const limits = measure.interval(row);
  const bar =
    limits && isNumber(limits[0]) && isNumber(limits[1])
      ? element('line', {
          x1: scale.calc(Math.max(limits[0], low)),
          x2: scale.calc(Math.min(limits[1], high)),
          y1: y,
          y2: y,
          stroke: look.colour,
          'stroke-width': 1.6,
        })
      : '';
  return bar + drawMarker(look, scale.calc(value), y);
}

function listLimits(interval: readonly [Maybe, Maybe] | null | undefined): (number | null)[] {
  return interval ? [interval[0] ?? null, interval[1] ?? null] : [];
}

/** Rows in the models' order. */
export function sortByModel(rows: readonly ErrorRow[]): ErrorRow[] {
  return [...rows].sort((a, b) => modelOrder.indexOf(a.model) - modelOrder.indexOf(b.model));
}
