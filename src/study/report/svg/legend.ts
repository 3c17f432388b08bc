import { element, textElement } from '../markup.js';
import type { Look } from '../models.js';
import { estimateWidth } from './document.js';
import { drawMarker } from './marker.js';

/** What one entry of a legend shows left of its label. */
export interface Key {
  readonly label: string;
  readonly kind: 'line' | 'marker' | 'both' | 'band' | 'box';
  readonly look: Pick<Look, 'colour' | 'width' | 'dash' | 'marker'>;
  /** Of a band or box. */
  readonly opacity?: number;
}

const legendRow = 18;

/** Entries from left to right, in as many rows as `width` needs. */
export function drawLegend(keys: readonly Key[], x: number, y: number, width: number): { svg: string; height: number } {
  const parts: string[] = [];
  let left = x;
  let top = y;
  for (const key of keys) {
    const needed = 30 + estimateWidth(key.label) + 16;
    if (left > x && left + needed > x + width) {
      left = x;
      top += legendRow;
    }
    parts.push(drawKey(key, left, top + 9), textElement('text', key.label, { x: left + 30, y: top + 13 }));
    left += needed;
  }
  return { svg: parts.join(''), height: keys.length === 0 ? 0 : top + legendRow - y };
}

function drawKey(key: Key, x: number, y: number): string {
  const { look } = key;
  const line = element('line', {
    x1: x,
    x2: x + 24,
    y1: y,
    y2: y,
    stroke: look.colour,
    'stroke-width': look.width,
    'stroke-dasharray': look.dash,
  });
  if (key.kind === 'line') return line;
  if (key.kind === 'both') return line + drawMarker({ ...look, label: key.label }, x + 12, y);
  if (key.kind === 'marker') return drawMarker({ ...look, label: key.label }, x + 15, y);
  const box = element('rect', {
    x,
    y: y - 5.5,
    width: 24,
    height: 11,
    fill: look.colour,
    'fill-opacity': key.opacity ?? 1,
  });
  return key.kind === 'box' ? box : box + line;
}
