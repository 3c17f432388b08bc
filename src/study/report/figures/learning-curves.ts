import { isNumber } from '../format.js';
import { type Look, modelLooks } from '../models.js';
import type { Panel } from '../svg/line-chart.js';
import { type Domain, findExtent } from '../svg/scale.js';
import { drawSmallMultiples } from '../svg/small-multiples.js';
import type { LearningCurve } from '../types.js';

const trainLook: Look = { ...modelLooks.hybrid, label: 'training loss', width: 1.5 };
const validationLook: Look = { ...modelLooks.nms, label: 'validation loss', width: 1.5, dash: '6 2' };
const bestLook: Look = { ...modelLooks.nms, label: 'kept epoch', marker: 'diamond' };

/** Losses per epoch, one panel per network, the kept epoch marked; a logarithmic axis where losses span more than a factor of ten. */
export function drawLearningCurves(curves: readonly LearningCurve[], columns: number): string {
  const panels = curves.map((curve): Panel => {
    const epochs = Math.max(curve.train.length, curve.validation.length);
    const number = (values: readonly unknown[]) => values.map((_, i) => i + 1);
    const best = curve.best_epoch;
    const loss = best === null ? null : (curve.validation[best - 1] ?? curve.train[best - 1]);
    return {
      title: curve.network,
      x: { label: 'epoch', domain: [1, Math.max(2, epochs)] },
      y: { label: 'loss', ...planLossAxis(curve) },
      lines: [
        { x: number(curve.train), y: curve.train, look: trainLook },
        { x: number(curve.validation), y: curve.validation, look: validationLook },
      ],
      points: best !== null && isNumber(loss) ? [{ x: best, y: loss, look: bestLook, label: `epoch ${best}` }] : [],
    };
  });
  return drawSmallMultiples(panels, {
    title: 'Learning curves',
    description: 'Training and validation loss over epochs of each network; a diamond marks the epoch that was kept.',
    columns,
    panelHeight: 142,
    legend: [
      { label: trainLook.label, kind: 'line', look: trainLook },
      { label: validationLook.label, kind: 'line', look: validationLook },
      { label: bestLook.label, kind: 'marker', look: bestLook },
    ],
  });
}

function planLossAxis(curve: LearningCurve): { domain: Domain; log: boolean } {
  const [low, high] = findExtent([curve.train, curve.validation]);
  if (low > 0 && high / low > 10) return { domain: [low * 0.9, high * 1.1], log: true };
  return { domain: [Math.min(low, 0), high], log: false };
}
