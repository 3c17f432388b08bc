import { listColumn, type Matrix } from '../cohort/matrix.js';
import { calcMedian } from '../cohort/spread.js';
import { formatNumber, isNumber } from '../format.js';
import { element, textElement } from '../markup.js';
import { pickShade } from '../svg/colour.js';
import { estimateWidth, figureWidth, fitText, writeSvg } from '../svg/document.js';

/** One half of the figure. */
export interface HeatPanel {
  readonly title: string;
  /** Participants (the same in every panel) by treatments. */
  readonly matrix: Matrix<string>;
  /** Whether dark is for large values, as of errors, or for small ones: dark is bad. */
  readonly dark: 'high' | 'low';
  readonly decimals: number;
  /** Treatments that the colours need not tell apart. */
  readonly unscaled?: readonly string[];
}

const labelWidth = 84;
const gap = 26;
const rowHeight = 17;

/** Participants by treatments as coloured cells with their numbers, panels side by side; the last row is the median. Dark is bad in every panel. */
export function drawHeatMap(panels: readonly HeatPanel[], title: string): string {
  const [{ matrix }] = panels;
  const width = (figureWidth - labelWidth - gap * (panels.length - 1)) / panels.length;
  const cell = Math.min(64, width / matrix.treatments.length);
  // Headings stand aslant: as high as they are wide times sin 40°.
  const widest = Math.max(...matrix.treatments.map((name) => estimateWidth(name, 10.5)));
  const top = 30 + Math.min(96, 0.66 * widest);
  const rows = matrix.participants.length;
  const medianTop = top + rows * rowHeight + 6;
  const parts: string[] = [];
  matrix.participants.forEach((name, i) => {
    parts.push(drawRowLabel(name, top + i * rowHeight));
  });
  parts.push(drawRowLabel('median', medianTop, 700));
  panels.forEach((panel, p) => {
    const left = labelWidth + p * (width + gap);
    const shade = makeShader(panel);
    parts.push(
      textElement('text', panel.title, { x: left, y: 13, 'font-weight': 600, 'font-size': 11.5 }),
      ...panel.matrix.treatments.map((name, column) => {
        const x = Math.round(left + (column + 0.5) * cell);
        return textElement('text', fitText(name, 120, 10.5), {
          x,
          y: top - 7,
          'text-anchor': 'end',
          'font-size': 10.5,
          transform: `rotate(40 ${x} ${Math.round(top - 7)})`,
        });
      }),
    );
    const draw = (value: number | null, column: number, y: number, bold = false) =>
      drawCell(value, { x: left + column * cell, y, width: cell }, panel.decimals, shade, bold);
    panel.matrix.values.forEach((values, i) => {
      parts.push(...values.map((value, column) => draw(value, column, top + i * rowHeight)));
    });
    parts.push(
      ...panel.matrix.treatments.map((_, column) => {
        const known = listColumn(panel.matrix, column);
        return draw(known.length === 0 ? null : calcMedian(known), column, medianTop, true);
      }),
    );
  });
  return writeSvg(
    title,
    'Each cell is one participant under one model, coloured by the value that is written in it; the darker, the worse.',
    figureWidth,
    medianTop + rowHeight + 4,
    parts.join(''),
  );
}

function drawRowLabel(name: string, y: number, weight = 400): string {
  return textElement('text', fitText(name, labelWidth - 8, 10.5), {
    x: labelWidth - 7,
    y: y + rowHeight / 2 + 3.7,
    'text-anchor': 'end',
    'font-size': 10.5,
    'font-weight': weight,
  });
}

function drawCell(
  value: number | null,
  box: { readonly x: number; readonly y: number; readonly width: number },
  decimals: number,
  shade: (value: number) => { readonly fill: string; readonly text: string },
  bold: boolean,
): string {
  const { fill, text } = value === null ? { fill: '#ffffff', text: '#595959' } : shade(value);
  // Thousandths need room for five characters.
  const shown = box.width < 31 ? Math.min(decimals, 2) : decimals;
  return (
    element('rect', { ...box, height: rowHeight, fill, stroke: '#ffffff', 'stroke-width': 1 }) +
    textElement('text', formatNumber(value, shown), {
      x: box.x + box.width / 2,
      y: box.y + rowHeight / 2 + 3.6,
      'text-anchor': 'middle',
      'font-size': box.width < 31 ? 9 : 10,
      'font-weight': bold ? 700 : 400,
      fill: text,
    })
  );
}

/** Colours between the 5th and 95th percentile: one hopeless cell must not bleach all others. R² below 0 is as dark as it gets. */
function makeShader({ matrix, dark }: HeatPanel) {
  const known = matrix.values
    .flat()
    .filter(isNumber)
    .sort((a, b) => a - b);
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? 0;
  const low = dark === 'low' ? Math.max(0, at(0.05)) : at(0.05);
  const high = at(0.95);
  return (value: number) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return pickShade(dark === 'high' ? share : 1 - share);
  };
}
