import { isNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import type { Look } from '../models.js';
import type { Series, Span } from '../types.js';
import { type Box, drawXAxis, drawYAxis } from './axis.js';
import { estimateWidth, fitText } from './document.js';
import { drawMarker } from './marker.js';
import { makeBandPath, makeLinePath } from './path.js';
import { type Domain, findRoundDomain, makeLinearScale, makeLogScale, type Scale } from './scale.js';

export interface AxisPlan {
  readonly label: string;
  /** Kept as it is along x; widened to round numbers along y, unless that is logarithmic. */
  readonly domain: Domain;
  readonly log?: boolean;
  /** Of x: ticks in place of round numbers. */
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
}

export interface Line {
  readonly x: Series;
  readonly y: Series;
  readonly look: Look;
  /** Draws the look's marker at every sample. */
  readonly marked?: boolean;
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
  /** Stretches of x: a pale shade over the plot and a bar at its top. */
  readonly strips?: readonly { readonly start: number; readonly end: number; readonly colour: string }[];
  /** Vertical reference lines. */
  readonly marks?: readonly { readonly x: number; readonly label: string; readonly colour?: string }[];
  readonly bands?: readonly Band[];
  /** Horizontal reference lines. */
  readonly rules?: readonly { readonly y: number; readonly label: string }[];
  readonly lines: readonly Line[];
  readonly points?: readonly { readonly x: number; readonly y: number; readonly look: Look; readonly label: string }[];
}

/** Space around the plot for title, numbers and labels, px. */
export const margin = { top: 20, right: 14, bottom: 36, left: 48 };

/** Size of a panel's title, px. */
export const titleSize = 11.5;

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
  const xScale = setTicks(makeLinearScale(panel.x.domain, xRange, countTicks(plot.width)), panel.x.ticks);
  const most = Math.max(2, Math.floor(plot.height / 24));
  const yScale = panel.y.log
    ? makeLogScale(panel.y.domain, yRange)
    : makeLinearScale(findRoundDomain(...panel.y.domain, most), yRange, most);
  // The title has the first claim to the line; the note takes what is left.
  const titleWidth = Math.min(plot.width, 1.1 * estimateWidth(panel.title, titleSize));
  const noteWidth = plot.width - titleWidth - 8;
  return element('g', {}, [
    textElement('text', fitText(panel.title, plot.width, titleSize), {
      x: plot.x,
      y: box.y + 13,
      'font-weight': 600,
      'font-size': titleSize,
    }),
    panel.note === undefined || noteWidth < 45
      ? ''
      : textElement('text', fitText(panel.note, noteWidth, 9.5), {
          x: plot.x + plot.width,
          y: box.y + 13,
          'text-anchor': 'end',
          'font-size': 9.5,
          fill: '#4d4d4d',
        }),
    drawShades(panel.shaded ?? [], plot, xScale),
    ...(panel.strips ?? []).map(({ start, end, colour }) => {
      const x = xScale.calc(start);
      // A stretch of one sample must be seen too.
      const width = Math.max(1.5, xScale.calc(end) - x);
      return (
        element('rect', { x, y: plot.y, width, height: plot.height, fill: colour, 'fill-opacity': 0.16 }) +
        element('rect', { x, y: plot.y, width, height: 4, fill: colour })
      );
    }),
    drawXAxis(xScale, plot, labels.x ? panel.x.label : undefined),
    drawYAxis(yScale, plot, labels.y ? panel.y.label : undefined),
    ...(panel.bands ?? []).map((band) => {
      const d = makeBandPath(band.x, band.lower, band.upper, xScale, yScale);
      return d === ''
        ? ''
        : element('path', {
            d,
            fill: band.colour,
            'fill-opacity': band.opacity,
            stroke: band.colour,
            'stroke-opacity': 0.45,
            'stroke-width': 0.6,
          });
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
    ...(panel.marks ?? []).map((mark) => {
      const x = xScale.calc(mark.x);
      const late = x > plot.x + 0.7 * plot.width;
      return (
        element('line', {
          x1: x,
          x2: x,
          y1: plot.y,
          y2: plot.y + plot.height,
          stroke: mark.colour ?? '#4d4d4d',
          'stroke-width': 1.1,
          'stroke-dasharray': '5 3',
        }) +
        textElement('text', mark.label, {
          x: late ? x - 4 : x + 4,
          y: plot.y + plot.height - 5,
          'text-anchor': late ? 'end' : 'start',
          'font-size': 9.5,
          fill: '#333',
        })
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
    ...panel.lines.flatMap((line) =>
      line.marked
        ? line.y.map((value, i) => {
            const at = line.x[i];
            return isNumber(value) && isNumber(at) ? drawMarker(line.look, xScale.calc(at), yScale.calc(value)) : '';
          })
        : [],
    ),
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

function setTicks(scale: Scale, ticks: AxisPlan['ticks']): Scale {
  if (ticks === undefined) return scale;
  const labels = new Map(ticks.map(({ at, label }) => [at, label]));
  return { ...scale, ticks: ticks.map(({ at }) => at), format: (tick) => labels.get(tick) ?? '' };
}

/** Masked spans as grey areas, cut to the domain of time. */
export function drawShades(spans: readonly Span[], plot: Box, scale: Scale): string {
  return spans
    .map((span) => {
      const start = Math.max(span.start_s, scale.domain[0]);
      const end = Math.min(span.end_s, scale.domain[1]);
      if (!(end > start)) return '';
      const x = scale.calc(start);
      return element('rect', { x, y: plot.y, width: scale.calc(end) - x, height: plot.height, fill: maskColour });
    })
    .join('');
}

/** How many steps of a horizontal axis that wide leave room for their numbers. */
export function countTicks(width: number): number {
  return Math.max(2, Math.floor(width / 45));
}
