import { formatCount, isNumber } from '../format.js';
import { modelLooks } from '../models.js';
import type { Band, Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples } from '../svg/small-multiples.js';
import type { AttentionProfile, Series } from '../types.js';

/** Mean attention weight over the window, one panel per activity on one scale; the dashed line is a network that attends everywhere alike. */
export function drawAttention(profiles: readonly AttentionProfile[], columns: number): string {
  const look = modelLooks.hybrid;
  const drawn = profiles.map((profile) => {
    const bands: Band[] = [];
    const { sd, weight } = profile;
    if (sd) {
      const shift = (sign: number): Series =>
        weight.map((value, i) => (isNumber(value) && isNumber(sd[i]) ? Math.max(0, value + sign * sd[i]) : null));
      bands.push({ x: profile.lag_s, lower: shift(-1), upper: shift(1), colour: look.colour, opacity: 0.2 });
    }
    return { profile, bands, uniform: 1 / Math.max(1, weight.length) };
  });
  const seen = drawn.flatMap(({ profile, bands }) => [profile.weight, ...bands.map((band) => band.upper)]);
  const [, top] = findExtent(seen, [0, ...drawn.map(({ uniform }) => uniform)]);
  const panels = drawn.map(({ profile, bands, uniform }): Panel => {
    const [first, last] = findExtent([profile.lag_s]);
    return {
      title: profile.activity,
      note: formatCount(profile.windows, 'window'),
      x: { label: 'time relative to the predicted frame, s', domain: first < last ? [first, last] : [first - 1, last] },
      y: { label: 'attention weight', domain: [0, top] },
      bands,
      rules: [{ y: uniform, label: 'uniform' }],
      lines: [{ x: profile.lag_s, y: profile.weight, look }],
    };
  });
  return drawSmallMultiples(panels, {
    title: 'Attention over the window',
    description: 'Mean attention weight against time relative to the predicted frame, for each activity.',
    columns,
    panelHeight: 146,
    legend: [{ label: 'mean weight ± SD over windows', kind: 'band', look, opacity: 0.2 }],
  });
}
