import { findHeadline, isPooled, listProtocols, sayProtocol, selectErrors } from '../conditions.js';
import { drawErrorDots, sortByModel } from '../figures/error-dots.js';
import { formatInterval, formatNumber, formatPercent, isNumber } from '../format.js';
import {
  type Counter,
  type Numbering,
  type TableGroup,
  writeDetails,
  writeFigure,
  writeParagraph,
  writeTable,
} from '../html.js';
import { escapeText, textElement } from '../markup.js';
import { findMainModel, modelLooks } from '../models.js';
import type { ErrorRow, Maybe, ProtocolName, ReportData } from '../types.js';
import { writeUnits } from './units.js';

const pooled = 'all';

/** Activities in their order, then everything pooled. */
function listErrorActivities(data: ReportData): string[] {
  return [...data.activities.filter((activity) => activity !== pooled), pooled];
}

/** Rows pooled over participants, of the protocol that a report speaks of first. */
export function listPooledErrors(data: ReportData): ErrorRow[] {
  return selectErrors(data).filter(isPooled);
}

/** The row with the lowest RMSE, or undefined without any. */
export function findBest(rows: readonly ErrorRow[]): ErrorRow | undefined {
  const known = rows.filter((row) => isNumber(row.rmse_Nm_per_kg));
  return known.reduce<ErrorRow | undefined>(
    (best, row) => (best === undefined || row.rmse_Nm_per_kg! < best.rmse_Nm_per_kg! ? row : best),
    undefined,
  );
}

/** Errors per activity and model: figure, pooled table, participants by activity, and each participant's own table; other protocols folded. */
export function writeErrors(data: ReportData, numbering: Numbering): string[] {
  const headline = findHeadline(data);
  const others = listProtocols(data).filter((name) => name !== headline && name !== 'transfer');
  return [
    ...writePooled(data, headline, numbering.shown),
    ...writePeople(data, headline, numbering),
    ...others.map((protocol) =>
      writeDetails(`Errors ${sayProtocol(protocol)}`, writePooled(data, protocol, numbering.folded).join('')),
    ),
  ];
}

function writePooled(data: ReportData, protocol: ProtocolName | undefined, counter: Counter): string[] {
  const rows = selectErrors(data, protocol).filter(isPooled);
  const activities = listErrorActivities(data);
  const under = protocol === undefined ? '' : ` ${sayProtocol(protocol)}`;
  if (rows.length === 0) return [writeParagraph('No errors pooled over participants were given.', 'none')];
  return [
    writeFigure(
      counter,
      drawErrorDots(rows, activities),
      `Error of each model in each activity${under}: RMSE in N·m/kg (left) and R² (right). ${describeBars(data)} An arrow at the left edge stands for an R² too low for the axis, with its value. "all" pools the activities.`,
    ),
    writeTable(
      counter,
      planErrorTable(rows, activities, `Errors on test frames${under}, ${describeWho(data)}. ${describeStar(data)}`),
    ),
  ];
}

function writePeople(data: ReportData, protocol: ProtocolName | undefined, numbering: Numbering): string[] {
  const all = selectErrors(data, protocol);
  const activities = listErrorActivities(data);
  // What is pooled over one participant is that participant's already.
  if (all.some(isPooled) && data.participants.length === 1) return [];
  const own = all.filter((row) => !isPooled(row));
  const participants = data.participants
    .map((participant) => participant.name)
    .filter((name) => own.some((row) => row.participant === name));
  if (participants.length === 0) return [];
  return [
    writeParticipants(data, own, participants, activities, numbering),
    ...(data.participants.some(({ height_m }) => isNumber(height_m))
      ? [writeDetails('The same in N·m and %BW·ht', writeUnits(data, numbering))]
      : []),
    ...participants.map((participant) => {
      const theirs = own.filter((row) => row.participant === participant);
      return writeDetails(
        `Errors of ${participant}`,
        writeTable(
          numbering.folded,
          planErrorTable(theirs, activities, `Errors on the test frames of ${participant}. ${describeStar(data)}`),
        ),
      );
    }),
  ];
}

function writeParticipants(
  data: ReportData,
  own: readonly ErrorRow[],
  participants: readonly string[],
  activities: readonly string[],
  numbering: Numbering,
): string {
  const model = findMainModel((name) => own.some((row) => row.model === name)) ?? own[0].model;
  const used = activities.filter((activity) => own.some((row) => row.activity === activity));
  return writeTable(numbering.shown, {
    caption: `The ${modelLooks[model].label} by participant and activity: RMSE in N·m/kg, with R² below it.`,
    columns: ['participant', 'mass, kg', ...used],
    groups: [
      {
        rows: participants.map((name) => ({
          cells: [
            escapeText(name),
            formatNumber(data.participants.find((participant) => participant.name === name)?.mass_kg, 1),
            ...used.map((activity) => {
              const row = own.find(
                (one) => one.participant === name && one.activity === activity && one.model === model,
              );
              return row === undefined
                ? formatNumber(null, 0)
                : formatNumber(row.rmse_Nm_per_kg, 3) + textElement('small', `R² ${formatNumber(row.r2, 2)}`);
            }),
          ],
        })),
      },
    ],
  });
}

interface Column {
  readonly label: string;
  readonly write: (row: ErrorRow) => string;
  readonly value?: (row: ErrorRow) => Maybe;
}

const columns: readonly Column[] = [
  { label: 'frames', write: (row) => formatNumber(row.frames, 0) },
  {
    label: 'RMSE, N·m/kg',
    write: (row) => formatNumber(row.rmse_Nm_per_kg, 3) + writeLimits(row.rmse_interval_Nm_per_kg, 3),
  },
  { label: 'RMSE, N·m', write: (row) => formatNumber(row.rmse_Nm, 2) },
  { label: 'NRMSE, %', write: (row) => formatNumber(scale(row.nrmse, 100), 1) },
  { label: 'R²', write: (row) => formatNumber(row.r2, 3) + writeLimits(row.r2_interval, 3) },
  { label: 'r', write: (row) => formatNumber(row.r, 3) },
  { label: 'MAE, N·m/kg', write: (row) => formatNumber(row.mae_Nm_per_kg, 3) },
  { label: 'skill vs mean', write: (row) => formatNumber(row.skill_vs_mean, 2) },
  { label: 'skill vs ridge', write: (row) => formatNumber(row.skill_vs_ridge, 2) },
  {
    label: 'peak error, N·m/kg',
    write: (row) => formatNumber(row.peak_error_Nm_per_kg, 3),
    value: (row) => row.peak_error_Nm_per_kg,
  },
  {
    label: 'peak timing, ms',
    write: (row) => formatNumber(scale(row.peak_timing_error_s, 1000), 0),
    value: (row) => row.peak_timing_error_s,
  },
];

function planErrorTable(rows: readonly ErrorRow[], activities: readonly string[], caption: string) {
  // The peak columns are there only where some row has a peak.
  const shown = columns.filter(({ value }) => value === undefined || rows.some((row) => isNumber(value(row))));
  const groups = activities.flatMap((activity): TableGroup[] => {
    const own = sortByModel(rows.filter((row) => row.activity === activity));
    if (own.length === 0) return [];
    const best = findBest(own);
    return [
      {
        heading: activity,
        rows: own.map((row) => ({
          marked: row === best,
          cells: [
            row === best ? `${modelLooks[row.model].label} ★` : modelLooks[row.model].label,
            ...shown.map((column) => column.write(row)),
          ],
        })),
      },
    ];
  });
  return { caption, columns: ['model', ...shown.map((column) => column.label)], groups, kind: 'numbers' };
}

function writeLimits(interval: readonly [Maybe, Maybe] | null | undefined, decimals: number): string {
  const text = formatInterval(interval, decimals);
  return text === formatInterval(null, 0) ? '' : textElement('small', text);
}

/** `pooled over 6 participants`, or `of P01`. */
export function describeWho(data: ReportData): string {
  const { participants } = data;
  return participants.length === 1 ? `of ${participants[0].name}` : `pooled over ${participants.length} participants`;
}

function describeStar(data: ReportData): string {
  const limits = data.interval
    ? ` Small print: ${formatPercent(data.interval.level, 0)} confidence interval (${data.interval.method}).`
    : '';
  return `★ and bold mark the lowest RMSE of each activity.${limits}`;
}

function describeBars(data: ReportData): string {
  return data.interval
    ? `Bars are ${formatPercent(data.interval.level, 0)} confidence intervals (${data.interval.method}).`
    : 'No confidence intervals were given.';
}

function scale(value: Maybe, factor: number): Maybe {
  return isNumber(value) ? value * factor : null;
}
