import { formatShort, formatSignificant, isNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import { modelLooks } from '../models.js';
import { figureWidth, fitText, writeSvg } from '../svg/document.js';
import { drawMarker } from '../svg/marker.js';
import type { CalibratedParameter, Calibration } from '../types.js';

const rowHeight = 16;
const track = { x: 250, width: 300 };

/** Share of the range within which a parameter counts as being at its bound. */
export const boundTolerance = 0.01;

/** Which bound a calibrated parameter ended at, or undefined. */
export function findBound(parameter: CalibratedParameter): 'lower' | 'upper' | undefined {
  const place = calcPlace(parameter, parameter.value);
  if (place === undefined) return undefined;
  if (place <= boundTolerance) return 'lower';
  return place >= 1 - boundTolerance ? 'upper' : undefined;
}

/** Calibrated values between their bounds, one row each: dot for the value, tick for the initial value, ▲ and words for one at a bound. */
export function drawParameters(calibration: Calibration): string {
  const groups = [...new Set(calibration.parameters.map((parameter) => parameter.group))];
  const parts: string[] = [
    textElement('text', 'lower', { x: track.x - 8, y: 12, 'text-anchor': 'end', 'font-size': 10, fill: '#4d4d4d' }),
    textElement('text', 'upper bound', { x: track.x + track.width + 8, y: 12, 'font-size': 10, fill: '#4d4d4d' }),
    textElement('text', 'calibrated', { x: 690, y: 12, 'text-anchor': 'end', 'font-size': 10, fill: '#4d4d4d' }),
  ];
  let y = 18;
  for (const group of groups) {
    const rows = calibration.parameters.filter((parameter) => parameter.group === group);
    const units = [...new Set(rows.map((row) => row.unit))].filter((unit) => unit !== '1');
    parts.push(
      textElement('text', units.length === 0 ? group : `${group}, ${units.join(' or ')}`, {
        x: 0,
        y: y + 12,
        'font-weight': 600,
        'font-size': 11.5,
      }),
    );
    y += 17;
    for (const row of rows) {
      parts.push(drawRow(row, y + rowHeight / 2));
      y += rowHeight;
    }
    y += 6;
  }
  return writeSvg(
    `Calibrated parameters of ${calibration.participant}`,
    'Each row shows a calibrated parameter between its lower and upper bound, with its initial value as a tick.',
    figureWidth,
    y,
    parts.join(''),
  );
}

function drawRow(parameter: CalibratedParameter, y: number): string {
  const bound = findBound(parameter);
  const value = calcPlace(parameter, parameter.value);
  const initial = calcPlace(parameter, parameter.initial);
  const look = bound === undefined ? modelLooks.hybrid : { ...modelLooks.nms, marker: 'triangle' as const };
  const small = { 'font-size': 9.5, fill: '#4d4d4d' };
  const x = (place: number) => track.x + place * track.width;
  return [
    textElement('text', fitText(parameter.name, 180, 10.5), { x: 10, y: y + 3.5, 'font-size': 10.5 }),
    textElement('text', formatShort(parameter.lower), {
      x: track.x - 8,
      y: y + 3.5,
      'text-anchor': 'end',
      ...small,
    }),
    textElement('text', formatShort(parameter.upper), { x: track.x + track.width + 8, y: y + 3.5, ...small }),
    element('rect', { x: track.x, y: y - 3, width: track.width, height: 6, fill: '#e6e6e6' }),
    initial === undefined
      ? ''
      : element('line', {
          x1: x(initial),
          x2: x(initial),
          y1: y - 6,
          y2: y + 6,
          stroke: '#1a1a1a',
          'stroke-width': 1.4,
        }),
    value === undefined ? '' : drawMarker(look, x(value), y, 4.2),
    textElement('text', formatSignificant(parameter.value, 4), {
      x: 690,
      y: y + 3.5,
      'text-anchor': 'end',
      'font-size': 10.5,
      'font-weight': bound ? 700 : 400,
    }),
    bound === undefined
      ? ''
      : textElement('text', `▲ at ${bound}`, {
          x: 698,
          y: y + 3.5,
          'font-size': 10,
          'font-weight': 700,
          fill: '#a14400',
        }),
  ].join('');
}

/** Where a value lies between the bounds, 0 to 1 (held to that); undefined without a value or a range. */
function calcPlace({ lower, upper }: CalibratedParameter, value: number | null | undefined): number | undefined {
  if (!isNumber(value) || !(upper > lower)) return undefined;
  return Math.min(1, Math.max(0, (value - lower) / (upper - lower)));
}
