import { element, textElement } from '../markup.js';

/** Size of the text in figures, px, at the figure's own width. */
export const fontSize = 11;

/** Width that figures are drawn for, px: the text column of the report, and of A4. */
export const figureWidth = 800;

/** Estimated width of a label in the sans-serif face of figures; there is nothing here to measure it with. */
export function estimateWidth(text: string, size = fontSize): number {
  return 0.56 * size * text.length;
}

/** `text` cut to a width, with an ellipsis. */
export function fitText(text: string, width: number, size = fontSize): string {
  const most = Math.max(1, Math.floor(width / (0.56 * size)));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/**
 * A whole SVG document: stands alone as a file, and inline in HTML.
 * @param title a short name, read out by screen readers
 * @param description what is seen, in one or two sentences
 */
export function writeSvg(title: string, description: string, width: number, height: number, content: string): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: Math.ceil(width),
      height: Math.ceil(height),
      role: 'img',
      'aria-label': title,
      'font-family': 'system-ui, "Segoe UI", Helvetica, Arial, sans-serif',
      'font-size': fontSize,
      fill: '#1a1a1a',
    },
    [textElement('title', title), textElement('desc', description), content],
  );
}
