import { formatCount, isNumber } from '../format.js';
import { findMainModel, type Look, measuredLook, modelLooks } from '../models.js';
import type { Key } from '../svg/legend.js';
import type { Band, Line, Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples, shareY } from '../svg/small-multiples.js';
import type { CycleTorque, MeanSd, ModelName, Series } from '../types.js';
import { torqueLabel } from './torque-traces.js';

/**
 * Torque over 0–100 % of the cycle, one panel per entry: measured mean ± SD, mean ± SD of the main model (but NMS), NMS mean. Panels of one activity share their torque axis.
 * @param titles one per entry
 * @param positive what a positive torque means
 */
export function drawCycleTorque(
  cycles: readonly CycleTorque[],
  titles: readonly string[],
  positive: string,
  columns: number,
): string {
  const has = (model: ModelName) => cycles.some((cycle) => cycle.predicted[model] !== undefined);
  const main = findMainModel((model) => has(model) && model !== 'nms') ?? 'network';
  const panels = cycles.map((cycle, i): Panel => {
    const percent = cycle.measured.mean.map((_, k, all) => (all.length < 2 ? 0 : (100 * k) / (all.length - 1)));
    const bands = [makeBand(percent, cycle.measured, measuredLook, 0.18)];
    const lines: Line[] = [{ x: percent, y: cycle.measured.mean, look: measuredLook }];
    const { nms } = cycle.predicted;
    if (nms) lines.push({ x: percent, y: nms.mean, look: modelLooks.nms });
    const best = cycle.predicted[main];
    if (best) {
      bands.push(makeBand(percent, best, modelLooks[main], 0.22));
      lines.push({ x: percent, y: best.mean, look: modelLooks[main] });
    }
    const seen: Series[] = [...lines.map((line) => line.y), ...bands.flatMap((band) => [band.lower, band.upper])];
    return {
      title: titles[i],
      note: formatCount(cycle.cycles, 'cycle'),
      x: { label: 'cycle, %', domain: [0, 100] },
      y: { label: torqueLabel, domain: findExtent(seen, [0]) },
      bands,
      lines,
    };
  });
  const legend: Key[] = [
    { label: `measured mean ± SD (positive: ${positive})`, kind: 'band', look: measuredLook, opacity: 0.18 },
  ];
  if (has(main))
    legend.push({ label: `${modelLooks[main].label} mean ± SD`, kind: 'band', look: modelLooks[main], opacity: 0.22 });
  if (has('nms')) legend.push({ label: `${modelLooks.nms.label} mean`, kind: 'line', look: modelLooks.nms });
  const one = new Set(cycles.map((cycle) => cycle.activity)).size === 1;
  return drawSmallMultiples(one ? shareY(panels) : panels, {
    title: 'Torque over the cycle',
    description: 'Mean torque over 0 to 100 % of the cycle, with bands of one standard deviation over cycles.',
    columns,
    panelHeight: columns > 2 ? 150 : 172,
    legend,
  });
}

function makeBand(percent: Series, { mean, sd }: MeanSd, look: Look, opacity: number): Band {
  const shift = (sign: number) =>
    mean.map((value, i) => (isNumber(value) && isNumber(sd[i]) ? value + sign * sd[i] : null));
  return { x: percent, lower: shift(-1), upper: shift(1), colour: look.colour, opacity };
}
