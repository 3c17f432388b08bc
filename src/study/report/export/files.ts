import { writeBibtex } from '../../cite/index.js';
import type { DrawnFigure } from '../html.js';
import type { ReportData } from '../types.js';
import { writeReportAndFigures } from '../write-report.js';
import { writeCsv, writeLatex } from './sheet.js';
import { listSheets } from './sheets.js';

/** A file of a report, by its path relative to the study's output. */
export interface ReportFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Turns an SVG document into a PNG image. */
export type Rasterise = (svg: string) => Uint8Array;

/**
 * The report, and everything one publishes from beside it: `figures/*.svg`, `figures/*.png`, `tables/*.csv`, `tables/*.tex`, `methods.md`,
 * `references.bib`. Figures bear the numbers they have in the report; folded ones begin with S.
 * @param rasterise where this host can; without it there are no PNG images
 * @throws GenuError as `writeReport`
 */
export function makeReportFiles(
  data: ReportData,
  rasterise?: Rasterise,
): { readonly report: string; readonly files: readonly ReportFile[] } {
  const { html, figures } = writeReportAndFigures(data);
  const text = new TextEncoder();
  const files: ReportFile[] = [];
  const add = (file: string, content: string | Uint8Array) =>
    files.push({ file, bytes: typeof content === 'string' ? text.encode(content) : content });
  for (const figure of figures) {
    const name = `figures/${nameFigure(figure)}`;
    add(`${name}.svg`, `${figure.svg}\n`);
    if (rasterise) add(`${name}.png`, rasterise(figure.svg));
  }
  for (const sheet of listSheets(data)) {
    add(`tables/${sheet.name}.csv`, writeCsv(sheet));
    if (!sheet.long) add(`tables/${sheet.name}.tex`, writeLatex(sheet));
  }
  if (figures.length > 0) add('figures/captions.md', writeCaptions(figures));
  const { paragraphs = [], references = [] } = data;
  if (paragraphs.length > 0) add('methods.md', `${paragraphs.join('\n\n')}\n`);
  if (references.length > 0) add('references.bib', writeBibtex(references));
  return { report: html, files };
}

/** `04-error-against-seconds-of-adaptation`, from the title that the figure has for screen readers. */
function nameFigure({ number, svg }: DrawnFigure): string {
  const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? 'figure';
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/&[a-z#0-9]+;/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const folded = number.startsWith('S');
  const padded = number.replace('S', '').padStart(2, '0');
  return `${folded ? 'S' : ''}${padded}-${words}`;
}

function writeCaptions(figures: readonly DrawnFigure[]): string {
  return figures
    .map((figure) => `**Figure ${figure.number}** (\`${nameFigure(figure)}\`). ${figure.caption}\n`)
    .join('\n');
}
