import { findPoint, fromScratch, listSeconds, notAdapted, type TransferCurve } from '../cohort/transfer.js';
import type { Policy } from '../conditions.js';
import { formatShort } from '../format.js';
import { type Look, modelLooks } from '../models.js';
import type { Key } from '../svg/legend.js';
import type { Band, Line, Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples, shareY } from '../svg/small-multiples.js';
import type { ModelName } from '../types.js';

/** Colours of Okabe and Ito (2008) again, by how much a policy trains; dashes and markers tell them apart in grey. */
const policyLooks: { readonly [policy: string]: Look } = {
  [notAdapted]: { label: 'no adaptation', colour: '#757575', width: 1.6, dash: '2 3', marker: 'cross' },
  statistics: { label: 'statistics only', colour: '#7F6000', width: 1.4, dash: '1.5 2.5', marker: 'square' },
  coral: { label: 'CORAL', colour: '#332288', width: 1.4, dash: '4 2 1 2', marker: 'diamond' },
  head: { label: 'head', colour: '#009E73', width: 1.6, dash: '7 3', marker: 'triangle' },
  'attention-and-head': { label: 'attention + head', colour: '#56B4E9', width: 1.6, dash: undefined, marker: 'square' },
  'recurrent-and-up': { label: 'recurrent and up', colour: '#CC79A7', width: 1.6, dash: '9 2', marker: 'diamond' },
  discriminative: { label: 'rates by depth', colour: '#E69F00', width: 1.6, dash: '5 2', marker: 'square' },
  'l2-sp': { label: 'L2-SP', colour: '#8C4A00', width: 1.6, dash: '9 2 2 2', marker: 'diamond' },
  all: { label: 'all layers', colour: '#0072B2', width: 1.8, dash: undefined, marker: 'circle' },
  [fromScratch]: { label: 'from scratch', colour: '#D55E00', width: 2, dash: '6 3', marker: 'triangle' },
};

/** Ridge as it stands beside a network. */
const ridgeLooks: { readonly [policy: string]: Look } = {
  [notAdapted]: { label: 'ridge of the others', colour: '#1a1a1a', width: 1.2, dash: '1 3', marker: 'cross' },
  [fromScratch]: { label: 'ridge of these seconds', colour: '#1a1a1a', width: 1.2, dash: '6 3', marker: 'square' },
};

const bandOpacity = 0.14;

/** How a policy of a model is drawn. */
export function findPolicyLook({ model, policy }: Policy): Look {
  const look = policyLooks[policy] ?? { ...policyLooks.all, label: policy, dash: '3 3' };
  if (model !== 'ridge') return look;
  return ridgeLooks[policy] ?? { ...look, label: `ridge, ${look.label}`, width: 1.2, colour: '#4d4d4d' };
}

/**
 * Median error against seconds of adaptation, one panel per model, one line per policy, ridge in every panel. Bands are the quartiles over
 * participants of what is best and of training from scratch.
 * @param best drawn with its band
 */
export function drawTransferCurves(curves: readonly TransferCurve[], best: Policy | undefined, label: string): string {
  const seconds = listSeconds(curves);
  const ticks = seconds.map((at) => ({ at: placeSeconds(at, seconds), label: formatShort(at) }));
  const others = curves.filter(({ model }) => model === 'ridge');
  const models = [...new Set(curves.map(({ model }) => model))].filter((model) => model !== 'ridge');
  const panels = (models.length === 0 ? (['ridge'] as ModelName[]) : models).map((model): Panel => {
    const own = curves.filter((curve) => curve.model === model);
    const shown = model === 'ridge' ? own : [...others, ...own];
    const bands: Band[] = [];
    const lines = shown.map((curve): Line => {
      const look = findPolicyLook(curve);
      // What was tested once, without adaptation, is the same for all seconds: a line across.
      const points = seconds.flatMap((at) => {
        const point = findPoint(curve, at);
        return point === undefined ? [] : [{ x: placeSeconds(at, seconds), ...point.spread }];
      });
      const x = points.map((point) => point.x);
      const isBest = best?.model === curve.model && best.policy === curve.policy;
      if (isBest || (curve.policy === fromScratch && curve.model === model))
        bands.push({
          x,
          lower: points.map(({ low }) => low),
          upper: points.map(({ high }) => high),
          colour: look.colour,
          opacity: bandOpacity,
        });
      return { x, y: points.map(({ median }) => median), look: isBest ? { ...look, width: 3 } : look, marked: true };
    });
    const [low, high] = findExtent([
      ...lines.map((line) => line.y),
      ...bands.flatMap(({ lower, upper }) => [lower, upper]),
    ]);
    const first = ticks[0].at;
    const last = ticks[ticks.length - 1].at;
    const pad = 0.04 * Math.max(1, last - first);
    return {
      title: modelLooks[model].label,
      x: { label: 'seconds of the new participant (even steps: doubling)', domain: [first - pad, last + pad], ticks },
      y: { label, domain: [low, high] },
      bands,
      lines,
    };
  });
  return drawSmallMultiples(shareY(panels), {
    title: 'Error against seconds of adaptation',
    description:
      'Median error over participants of each adaptation policy against the seconds of the new participant that it was given.',
    columns: 2,
    panelHeight: panels.length === 1 ? 300 : 270,
    legend: listKeys(curves),
  });
}

function listKeys(curves: readonly TransferCurve[]): Key[] {
  const looks = new Map(curves.map((curve) => [findPolicyLook(curve).label, findPolicyLook(curve)]));
  return [...looks.values()].map((look) => ({ label: look.label, kind: 'both', look }));
}

/** Logarithmic, so that doubling is an even step; 0 s stands one step before the fewest. */
function placeSeconds(adaptation_s: number, seconds: readonly number[]): number {
  if (adaptation_s > 0) return Math.log2(adaptation_s);
  const fewest = seconds.find((value) => value > 0) ?? 1;
  return Math.log2(fewest) - 1;
}
