import { findHeadline, isOf, selectErrors } from '../conditions.js';
import { drawTorqueTraces, stretch_s } from '../figures/torque-traces.js';
import { isNumber } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeParagraph } from '../html.js';
import { findMainModel } from '../models.js';
import type { ErrorRow, ReportData, TorqueTrace } from '../types.js';

/** Up to this many traces or cycles are shown at once; of more, one per activity, and the rest folded away. */
const mostShown = 6;

/** Traces of one activity that are folded away; of more, some from the best to the worst. */
const mostFolded = 9;

/** Measured against predicted torque over time. */
export function writeTraces(data: ReportData, numbering: Numbering): string[] {
  const headline = findHeadline(data);
  const traces = data.traces.filter((trace) => isOf(trace, headline));
  const { positive } = data.target;
  if (traces.length === 0) return [writeParagraph('No trial was given to show over time.', 'none')];
  const howChosen = `Where a trial is longer than ${stretch_s} s, the panel shows the stretch whose error is nearest to that of the whole trial, neither its best nor its worst seconds. Grey: masked frames, left out of training and errors.`;
  if (traces.length <= mostShown)
    return [
      writeFigure(
        numbering.shown,
        drawTorqueTraces(traces, traces.map(titleTrace), positive, 2),
        `Measured and predicted ${data.target.name} (N·m/kg, positive: ${positive}) over time in s; one panel per activity and participant. ${howChosen}`,
      ),
    ];
  const shown = data.activities.flatMap((activity) => {
    const trace = findMiddleTrace(
      traces.filter((one) => one.activity === activity),
      selectErrors(data),
    );
    return trace === undefined ? [] : [trace];
  });
  const parts = [
    writeFigure(
      numbering.shown,
      drawTorqueTraces(shown, shown.map(titleTrace), positive, 2),
      `Measured and predicted ${data.target.name} (N·m/kg, positive: ${positive}) over time in s; for each activity the participant with the middle error. ${howChosen}`,
    ),
  ];
  for (const activity of data.activities) {
    const all = traces.filter((trace) => trace.activity === activity);
    if (all.length === 0) continue;
    const own = spreadTraces(rankTraces(all, selectErrors(data)), mostFolded);
    const which =
      own.length < all.length
        ? ` Of ${all.length} trials these ${own.length}: the one with the lowest error, the one with the highest, and others evenly between by rank, in that order.`
        : '';
    parts.push(
      writeDetails(
        `${activity}: ${all.length === 1 ? 'the one trial' : own.length < all.length ? `${own.length} of ${all.length} trials, from best to worst` : `all ${own.length} trials`}`,
        writeFigure(
          numbering.folded,
          drawTorqueTraces(
            own,
            own.map((trace) => trace.participant),
            positive,
            3,
          ),
          `${activity}: measured and predicted ${data.target.name} (N·m/kg) over time in s, one panel per participant.${which}`,
        ),
      ),
    );
  }
  return parts;
}

function titleTrace(trace: TorqueTrace): string {
  return `${trace.activity}, ${trace.participant}`;
}

/** The trace of the participant whose error of the main model in this activity is in the middle; the first where errors are not known. */
function findMiddleTrace(traces: readonly TorqueTrace[], errors: readonly ErrorRow[]): TorqueTrace | undefined {
  const ranked = rankTraces(traces, errors);
  return ranked[Math.floor((ranked.length - 1) / 2)];
}

/** Traces by their participant's error of the main model in this activity, the lowest first; as they are where errors are not known. */
function rankTraces(traces: readonly TorqueTrace[], errors: readonly ErrorRow[]): readonly TorqueTrace[] {
  const main = findMainModel((model) => errors.some((row) => row.model === model));
  const ranked = traces
    .map((trace) => ({
      trace,
      error: errors.find(
        (row) => row.model === main && row.activity === trace.activity && row.participant === trace.participant,
      )?.rmse_Nm_per_kg,
    }))
    .filter(({ error }) => isNumber(error))
    .sort((a, b) => a.error! - b.error!);
  return ranked.length === 0 ? traces : ranked.map(({ trace }) => trace);
}

/** `most` of a list, its ends among them, evenly spaced. */
function spreadTraces(traces: readonly TorqueTrace[], most: number): readonly TorqueTrace[] {
  if (traces.length <= most) return traces;
  return Array.from({ length: most }, (_, i) => traces[Math.round((i * (traces.length - 1)) / (most - 1))]);
}
