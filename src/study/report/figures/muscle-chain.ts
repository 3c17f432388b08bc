import { listDrawnModels, measuredLook, modelLooks, modelOrder } from '../models.js';
import { cutSeries, cutTimes, findStretch, maskSeries } from '../stretch.js';
import type { Box } from '../svg/axis.js';
import { figureWidth, writeSvg } from '../svg/document.js';
import { drawLanes, laneHeight } from '../svg/lanes.js';
import { drawLegend } from '../svg/legend.js';
import { drawPanel, margin } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import type { MuscleChain, Series } from '../types.js';
import { listTorqueKeys, torqueLabel } from './torque-traces.js';

/** Seconds of a trial that the figure shows. */
export const chain_s = 6;

const laneLabel = 104;
const torqueHeight = 168;

/**
 * EMG, activation, muscle force and torque of one trial, one above the other over the same seconds (up to `chain_s` of them).
 * Each muscle has its own lane, labelled at the left; the lanes of a stage share one scale, so that heights compare.
 * @param positive what a positive torque means
 */
export function drawMuscleChain(chain: MuscleChain, positive: string): string {
  const span = findStretch(chain, chain_s);
  const times_s = cutTimes(chain.times_s, span);
  const cut = (values: Series) => cutSeries(chain.times_s, values, span);
  const stages = [
    { title: 'EMG envelope', unit: ' of the maximum', series: chain.emg, colour: '#757575' },
    { title: 'Activation', unit: '', series: chain.activation, colour: '#009E73' },
    { title: 'Muscle-tendon force', unit: ' N', series: chain.force_N, colour: '#0072B2' },
  ].filter((stage) => stage.series.length > 0);
  const parts: string[] = [];
  let y = 0;
  for (const stage of stages) {
    const box: Box = {
      x: laneLabel,
      y: y + 20,
      width: figureWidth - laneLabel - margin.right,
      height: stage.series.length * laneHeight,
    };
    const series = stage.series.map(({ name, values }) => ({ name, values: cut(values) }));
    parts.push(drawLanes({ ...stage, series, times_s, span, shaded: chain.masked }, box));
    y = box.y + box.height + 12;
  }
  const models = listDrawnModels(modelOrder.filter((model) => chain.predicted_Nm_per_kg[model] !== undefined));
  const legend = drawLegend(listTorqueKeys(models, positive), laneLabel, y, figureWidth - laneLabel);
  const mask = (values: Series) => maskSeries(times_s, cut(values), chain.masked);
  const lines = [{ x: times_s, y: mask(chain.measured_Nm_per_kg), look: measuredLook }];
  for (const model of models)
    lines.push({ x: times_s, y: mask(chain.predicted_Nm_per_kg[model]!), look: modelLooks[model] });
  const extent = findExtent(
    lines.map((line) => line.y),
    [0],
  );
  const top = y + legend.height;
  parts.push(
    legend.svg,
    drawPanel(
      {
        title: 'Joint torque',
        x: { label: 'time in trial, s', domain: [span.start_s, span.end_s] },
        y: { label: torqueLabel, domain: extent },
        shaded: chain.masked,
        lines,
      },
      {
        x: laneLabel - margin.left,
        y: top,
        width: figureWidth - laneLabel + margin.left,
        height: torqueHeight,
      },
      { x: true, y: true },
    ),
  );
  return writeSvg(
    'From EMG to torque',
    `EMG, activation, muscle force and torque of trial ${chain.trial} of ${chain.participant} over time.`,
    figureWidth,
    top + torqueHeight,
    parts.join(''),
  );
}
