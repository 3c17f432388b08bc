import { drawCycleTorque } from '../figures/cycle-torque.js';
import { drawTorqueTraces, stretch_s } from '../figures/torque-traces.js';
import { isNumber, joinWords } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeParagraph } from '../html.js';
import { findMainModel } from '../models.js';
import type { ErrorRow, ReportData, TorqueTrace } from '../types.js';
import { describeWho } from './errors.js';

/** Up to this many traces or cycles are shown at once; of more, one per activity, and the rest folded away. */
const mostShown = 6;

/** Measured against predicted torque over time. */
export function writeTraces(data: ReportData, numbering: Numbering): string[] {
  const { traces } = data;
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
      data.errors,
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
    const own = traces.filter((trace) => trace.activity === activity);
    if (own.length === 0) continue;
    const titles = own.map((trace) => trace.participant);
    parts.push(
      writeDetails(
        `${activity}: ${own.length === 1 ? 'the one trial' : `all ${own.length} trials`}`,
        writeFigure(
          numbering.folded,
          drawTorqueTraces(own, titles, positive, 3),
          `${activity}: measured and predicted ${data.target.name} (N·m/kg) over time in s, one panel per participant.`,
        ),
      ),
    );
  }
  return parts;
}

/** Torque over 0–100 % of the cycle. */
export function writeCycles(data: ReportData, numbering: Numbering): string[] {
  const { cycles } = data;
  const { positive } = data.target;
  if (cycles.length === 0)
    return [writeParagraph('No cycles were found or given, so there is no mean cycle to show.', 'none')];
  const bands = `Bands are ±\u00a01 standard deviation over cycles; cycles with masked runs longer than 0.1 s are left out. ${describeStarts(data)}`;
  const pooled = cycles.filter((cycle) => cycle.participant === null || cycle.participant === undefined);
  // What is pooled over one participant is that participant's already.
  const alone = pooled.length > 0 && data.participants.length === 1;
  const own = alone ? [] : cycles.filter((cycle) => !pooled.includes(cycle));
  const parts: string[] = [];
  if (pooled.length > 0)
    parts.push(
      writeFigure(
        numbering.shown,
        drawCycleTorque(
          pooled,
          pooled.map((cycle) => cycle.activity),
          positive,
          2,
        ),
        `Mean ${data.target.name} (N·m/kg, positive: ${positive}) over the cycle in %, ${describeWho(data)}. ${bands}`,
      ),
    );
  for (const activity of data.activities) {
    const theirs = own.filter((cycle) => cycle.activity === activity);
    if (theirs.length === 0) continue;
    const figure = writeFigure(
      own.length <= mostShown ? numbering.shown : numbering.folded,
      drawCycleTorque(
        theirs,
        theirs.map((cycle) => cycle.participant ?? ''),
        positive,
        3,
      ),
      `${activity}: mean ${data.target.name} (N·m/kg) over the cycle in %, one panel per participant. ${pooled.length > 0 ? 'Bands are ±\u00a01 standard deviation over cycles.' : bands}`,
    );
    parts.push(own.length <= mostShown ? figure : writeDetails(`${activity}: mean cycle by participant`, figure));
  }
  return parts;
}

/** `0 % is right heel strike (walk, run) and the start of the descent (squat).` */
function describeStarts(data: ReportData): string {
  const starts = [...new Set(data.cycles.map((cycle) => cycle.starts_with))];
  const said = starts.map((start) => {
    const own = data.cycles.filter((cycle) => cycle.starts_with === start).map((cycle) => cycle.activity);
    return `${start} (${[...new Set(own)].join(', ')})`;
  });
  return `0 % is ${joinWords(said)}.`;
}

function titleTrace(trace: TorqueTrace): string {
  return `${trace.activity}, ${trace.participant}`;
}

/** The trace of the participant whose error of the main model in this activity is in the middle; the first where errors are not known. */
function findMiddleTrace(traces: readonly TorqueTrace[], errors: readonly ErrorRow[]): TorqueTrace | undefined {
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
  return ranked.length === 0 ? traces[0] : ranked[Math.floor((ranked.length - 1) / 2)].trace;
}
