import { element, textElement } from '../markup.js';
import type { Look } from '../models.js';
import type { Series, Span } from '../types.js';
import { type Box, drawXAxis, drawYAxis } from './axis.js';
import { fitText } from './document.js';
import { drawMarker } from './marker.js';
import { makeBandPath, makeLinePath } from './path.js';
import { type Domain, makeLinearScale, makeLogScale } from './scale.js';

export interface AxisPlan {
  readonly label: string;
  readonly domain: Domain;
  readonly log?: boolean;
}

export interface Line {
  readonly x: Series;
  readonly y: Series;
  readonly look: Look;
}

export interface Band {
  readonly x: Series;
  readonly lower: Series;
  readonly upper: Series;
  readonly colour: string;
  readonly opacity: number;
}

/** One plot: shaded spans at the back, then bands, reference lines, lines, marked points. */
export interface Panel {
  readonly title: string;
  /** Small print at the right of the title. */
  readonly note?: string;
  readonly x: AxisPlan;
  readonly y: AxisPlan;
  readonly shaded?: readonly Span[];
  readonly bands?: readonly Band[];
  /** Horizontal reference lines. */
  readonly rules?: readonly { readonly y: number; readonly label: string }[];
  readonly lines: readonly Line[];
  readonly points?: readonly { readonly x: number; readonly y: number; readonly look: Look; readonly label: string }[];
}

/** Space around the plot for title, numbers and labels, px. */
export const margin = { top: 20, right: 8, bottom: 36, left: 48 };

/** Shade of masked frames. */
export const maskColour = '#d9d9d9';

/** One panel inside `box`; axis labels only where asked for, numbers always. */
export function drawPanel(panel: Panel, box: Box, labels: { readonly x: boolean; readonly y: boolean }): string {
  const plot: Box = {
    x: box.x + margin.left,
    y: box.y + margin.top,
    width: box.width - margin.left - margin.right,
    height: box.height - margin.top - margin.bottom,
  };
  const xRange: Domain = [plot.x, plot.x + plot.width];
  const yRange: Domain = [plot.y + plot.height, plot.y];
  const xScale = makeLinearScale(panel.x.domain, xRange, Math.max(2, Math.floor(plot.width / 55)));
  const yScale = panel.y.log
    ? makeLogScale(panel.y.domain, yRange)
    : makeLinearScale(panel.y.domain, yRange, Math.max(2, Math.floor(plot.height / 26)));
  const noteWidth = panel.note === undefined ? 0 : plot.width * 0.45;
  return element('g', {}, [
    textElement('text', fitText(panel.title, plot.width - noteWidth, 11.5), {
      x: plot.x,
      y: box.y + 13,
      'font-weight': 600,
      'font-size': 11.5,
    }),
    panel.note === undefined
      ? ''
      : textElement('text', fitText(panel.note, noteWidth, 9.5), {
          x: plot.x + plot.width,
          y: box.y + 13,
          'text-anchor': 'end',
          'font-size': 9.5,
          fill: '#4d4d4d',
        }),
    ...(panel.shaded ?? []).map((span) => drawShade(span, plot, xScale.domain, xScale.calc)),
    drawXAxis(xScale, plot, labels.x ? panel.x.label : undefined),
    drawYAxis(yScale, plot, labels.y ? panel.y.label : undefined),
    ...(panel.bands ?? []).map((band) => {
      const d = makeBandPath(band.x, band.lower, band.upper, xScale, yScale);
      return d === '' ? '' : element('path', { d, fill: band.colour, 'fill-opacity': band.opacity });
    }),
    ...(panel.rules ?? []).map((rule) => {
      const y = yScale.calc(rule.y);
      return (
        element('line', {
          x1: plot.x,
          x2: plot.x + plot.width,
          y1: y,
          y2: y,
          stroke: '#4d4d4d',
          'stroke-width': 1,
          'stroke-dasharray': '3 3',
        }) + textElement('text', rule.label, { x: plot.x + 4, y: y - 3, 'font-size': 9.5, fill: '#4d4d4d' })
      );
    }),
    ...panel.lines.map((line) => {
      const d = makeLinePath(line.x, line.y, xScale, yScale);
      return d === ''
        ? ''
        : element('path', {
            d,
            fill: 'none',
            stroke: line.look.colour,
            'stroke-width': line.look.width,
            'stroke-dasharray': line.look.dash,
            'stroke-linejoin': 'round',
            'stroke-linecap': line.look.dash === undefined ? 'round' : undefined,
          });
    }),
    ...(panel.points ?? []).map((point) => {
      const x = xScale.calc(point.x);
      const y = yScale.calc(point.y);
      const late = x > plot.x + 0.6 * plot.width;
      return (
        drawMarker(point.look, x, y, 4) +
        textElement('text', point.label, {
          x: late ? x - 6 : x + 6,
          y: y - 7,
          'text-anchor': late ? 'end' : 'start',
          'font-size': 10,
        })
      );
    }),
  ]);
}

function drawShade(span: Span, plot: Box, domain: Domain, calc: (value: number) => number): string {
  const start = Math.max(span.start_s, domain[0]);
  const end = Math.min(span.end_s, domain[1]);
  if (!(end > start)) return '';
  const x = calc(start);
  return element('rect', { x, y: plot.y, width: calc(end) - x, height: plot.height, fill: maskColour });
}
