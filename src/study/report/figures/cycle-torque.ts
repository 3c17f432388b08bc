import { formatCount, isNumber } from '../format.js';
import { findMainModel, type Look, measuredLook, modelLooks } from '../models.js';
import type { Key } from '../svg/legend.js';
import type { Band, Line, Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples, shareY } from '../svg/small-multiples.js';
import type { CycleTorque, MeanSd, ModelName, Series } from '../types.js';
import { torqueLabel } from './torque-traces.js';

export interface CycleOptions {
  /** Of the torque axis; N·m/kg where left out. */
  readonly label?: string;
  /** Per entry the stretches of the cycle, %, where the main model differs from what was measured. */
  readonly differences?: readonly (readonly { readonly start: number; readonly end: number }[])[];
}

/** Orange of Okabe and Ito (2008): ridge's, which has no line in these figures. */
const differenceColour = '#E69F00';

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
  { label = torqueLabel, differences = [] }: CycleOptions = {},
): string {
  const has = (model: ModelName) => cycles.some((cycle) => cycle.predicted[model] !== undefined);
  const main = findWaveModel(cycles) ?? 'network';
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
      note: `${(cycle.participants ?? 1) > 1 ? `n = ${cycle.participants}, ` : ''}${formatCount(cycle.cycles, 'cycle')}`,
      x: { label: 'cycle, %', domain: [0, 100] },
      y: { label, domain: findExtent(seen, [0]) },
      strips: (differences[i] ?? []).map((stretch) => ({ ...stretch, colour: differenceColour })),
      marks: cycle.toe_off_percent ? [{ x: cycle.toe_off_percent.mean, label: 'toe-off' }] : [],
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
  if (differences.some((stretches) => stretches.length > 0))
    legend.push({
      label: `${modelLooks[main].label} ≠ measured (SPM)`,
      kind: 'box',
      look: { ...measuredLook, colour: differenceColour },
      opacity: 0.5,
    });
  const one = new Set(cycles.map((cycle) => cycle.activity)).size === 1;
  return drawSmallMultiples(one ? shareY(panels) : panels, {
    title: 'Torque over the cycle',
    description: 'Mean torque over 0 to 100 % of the cycle, with bands of one standard deviation.',
    columns,
    panelHeight: columns > 2 ? 150 : 172,
    legend,
  });
}

/** The model whose mean and band are drawn beside what was measured: the main one, but for NMS, which has a line of its own. */
export function findWaveModel(cycles: readonly CycleTorque[]): ModelName | undefined {
  return findMainModel((model) => model !== 'nms' && cycles.some((cycle) => cycle.predicted[model] !== undefined));
}

function makeBand(percent: Series, { mean, sd }: MeanSd, look: Look, opacity: number): Band {
  const shift = (sign: number) =>
    mean.map((value, i) => (isNumber(value) && isNumber(sd[i]) ? value + sign * sd[i] : null));
  return { x: percent, lower: shift(-1), upper: shift(1), colour: look.colour, opacity };
}
