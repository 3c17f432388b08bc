import { drawAttention } from '../figures/attention.js';
import { drawLearningCurves } from '../figures/learning-curves.js';
import { chain_s, drawMuscleChain } from '../figures/muscle-chain.js';
import { boundTolerance, drawParameters, findBound } from '../figures/parameters.js';
import { formatCount, formatPercent } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeParagraph, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import type { Calibration, ReportData } from '../types.js';

/** Learning curves in the open; more are folded away. */
const mostCurves = 12;

/** EMG → activation → muscle force → torque. */
export function writeChains(data: ReportData, numbering: Numbering): string[] {
  if (data.chains.length === 0) return [writeParagraph('No trial was given to follow from EMG to torque.', 'none')];
  return data.chains.map((chain) =>
    writeFigure(
      numbering.shown,
      drawMuscleChain(chain, data.target.positive),
      `From EMG to torque in ${chain.activity}, ${chain.participant}, trial ${chain.trial}: EMG envelopes (fraction of their maxima), activations (0 to 1), muscle-tendon forces (N) and ${data.target.name} (N·m/kg) over the same seconds, up to ${chain_s} s of the trial. Grey: masked frames.`,
    ),
  );
}

/** Learning curves. */
export function writeTraining(data: ReportData, numbering: Numbering): string[] {
  const { training } = data;
  if (training.length === 0) return [writeParagraph('No network was trained in this study.', 'none')];
  const losses = [...new Set(training.map((curve) => curve.loss))].join('; ');
  const caption = `Learning curves: loss (${losses}) over epochs. ◆ marks the epoch whose weights were kept. The loss axis is logarithmic where losses span more than a factor of ten. A validation loss that rises while the training loss falls means overfitting.`;
  const shown = training.slice(0, mostCurves);
  const rest = training.slice(mostCurves);
  const parts = [writeFigure(numbering.shown, drawLearningCurves(shown, shown.length > 4 ? 3 : 2), caption)];
  if (rest.length > 0)
    parts.push(
      writeDetails(
        `Learning curves of ${formatCount(rest.length, 'more network')}`,
        writeFigure(numbering.folded, drawLearningCurves(rest, 3), caption),
      ),
    );
  return parts;
}

/** Attention over the window. */
export function writeAttention(data: ReportData, numbering: Numbering): string[] {
  const { attention } = data;
  if (attention.length === 0) return [writeParagraph('No attention weights were given.', 'none')];
  return [
    writeFigure(
      numbering.shown,
      drawAttention(attention, attention.length > 4 ? 3 : 2),
      'Mean attention weight over the test windows (the weights of a window sum to 1) against time relative to the predicted frame in s; negative is the past. Above the dashed line the network attends more than evenly. Attention shows where the network looks, not what caused its output.',
    ),
  ];
}

/** Calibrated parameters against their bounds. */
export function writeCalibrations(data: ReportData, numbering: Numbering): string[] {
  const { calibrations } = data;
  if (calibrations.length === 0) return [writeParagraph('No NMS solver was calibrated in this study.', 'none')];
  const caption = (calibration: Calibration) =>
    `Calibrated NMS parameters of ${calibration.participant} between their bounds: dot, calibrated value; tick, initial value; ▲ with words, at a bound (within ${formatPercent(boundTolerance, 0)} of the range). Units stand beside the group.`;
  const figures = calibrations.map((calibration) =>
    writeFigure(
      calibrations.length === 1 ? numbering.shown : numbering.folded,
      drawParameters(calibration),
      caption(calibration),
    ),
  );
  return [
    writeTable(numbering.shown, {
      caption: 'Calibrated parameters that ended at a bound. Such a value is the limit that was set, not a finding.',
      columns: ['participant', 'parameters', 'at a bound', 'which'],
      kind: 'words',
      groups: [{ rows: calibrations.map((calibration) => ({ cells: listBoundCells(calibration) })) }],
    }),
    ...(calibrations.length === 1
      ? figures
      : figures.map((figure, i) => writeDetails(`Parameters of ${calibrations[i].participant}`, figure, i === 0))),
  ];
}

function listBoundCells(calibration: Calibration): string[] {
  const bound = calibration.parameters.filter((parameter) => findBound(parameter) !== undefined);
  const groups = [...new Set(bound.map((parameter) => parameter.group))];
  const which = groups
    .map((group) => {
      const own = bound.filter((parameter) => parameter.group === group);
      return `${group}: ${own.map((parameter) => `${parameter.name} (${findBound(parameter)})`).join(', ')}`;
    })
    .join('; ');
  return [
    escapeText(calibration.participant),
    String(calibration.parameters.length),
    bound.length === 0 ? '0' : `▲ ${bound.length}`,
    which === '' ? 'none' : escapeText(which),
  ];
}
