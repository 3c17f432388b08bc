import { listDrawnModels, measuredLook, modelLooks, modelOrder } from '../models.js';
import { cutSeries, cutTimes, findStretch, maskSeries } from '../stretch.js';
import type { Key } from '../svg/legend.js';
import { type Line, maskColour, type Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples, shareY } from '../svg/small-multiples.js';
import type { ModelName, TorqueTrace } from '../types.js';

/** Seconds of a trial that a panel shows. */
export const stretch_s = 4;

/** The label of a torque axis. */
export const torqueLabel = 'torque, N·m/kg';

/** Legend of the lines for measured torque and for the drawn models; says what a positive torque means. */
export function listTorqueKeys(models: readonly ModelName[], positive: string): Key[] {
  return [
    { label: `${measuredLook.label} (positive: ${positive})`, kind: 'line', look: measuredLook },
    ...[...models]
      .reverse()
      .map((model): Key => ({ label: modelLooks[model].label, kind: 'line', look: modelLooks[model] })),
  ];
}

/**
 * Measured against predicted torque, one panel per trace, a few seconds of each; masked frames are shaded and their lines broken.
 * Panels of one activity share their torque axis.
 * @param titles one per trace
 * @param positive what a positive torque means
 */
export function drawTorqueTraces(
  traces: readonly TorqueTrace[],
  titles: readonly string[],
  positive: string,
  columns: number,
): string {
  const models = listDrawnModels(
    modelOrder.filter((model) => traces.some((trace) => trace.predicted_Nm_per_kg[model] !== undefined)),
  );
  const panels = traces.map((trace, i): Panel => {
    const span = findStretch(trace, stretch_s);
    const times_s = cutTimes(trace.times_s, span);
    const cut = (values: readonly (number | null)[]) =>
      maskSeries(times_s, cutSeries(trace.times_s, values, span), trace.masked);
    const lines: Line[] = [{ x: times_s, y: cut(trace.measured_Nm_per_kg), look: measuredLook }];
    for (const model of models) {
      const values = trace.predicted_Nm_per_kg[model];
      if (values !== undefined) lines.push({ x: times_s, y: cut(values), look: modelLooks[model] });
    }
    const extent = findExtent(
      lines.map((line) => line.y),
      [0],
    );
    return {
      title: titles[i],
      note: trace.trial,
      x: { label: 'time in trial, s', domain: [span.start_s, span.end_s] },
      y: { label: torqueLabel, domain: extent },
      shaded: trace.masked,
      lines,
    };
  });
  const masks = traces.some((trace) => trace.masked.length > 0);
  const one = new Set(traces.map((trace) => trace.activity)).size === 1;
  return drawSmallMultiples(one ? shareY(panels) : panels, {
    title: 'Measured and predicted torque over time',
    description: `Each panel shows up to ${stretch_s} s of one test trial: measured torque as a thick dark line, predictions over it.`,
    columns,
    panelHeight: columns > 2 ? 148 : 168,
    legend: [
      ...listTorqueKeys(models, positive),
      ...(masks
        ? [{ label: 'masked frames', kind: 'box', look: { ...measuredLook, colour: maskColour } } satisfies Key]
        : []),
    ],
  });
}
