import { element, escapeText, textElement } from './markup.js';

/** Counts figures and tables in the order in which they are written. */
export interface Counter {
  readonly prefix: string;
  figures: number;
  tables: number;
  /** What was written, so that every figure of the page can be had as a file too. */
  readonly drawn: DrawnFigure[];
}

/** A figure as it stands in a report. */
export interface DrawnFigure {
  /** E.g. `3` or `S12`. */
  readonly number: string;
  /** A whole SVG document. */
  readonly svg: string;
  /** Text. */
  readonly caption: string;
}

/** Figures 1, 2, … in the open, and S1, S2, … in what is folded away, so that print counts without gaps. */
export interface Numbering {
  readonly shown: Counter;
  readonly folded: Counter;
}

export function makeNumbering(): Numbering {
  return { shown: makeCounter(''), folded: makeCounter('S') };
}

function makeCounter(prefix: string): Counter {
  return { prefix, figures: 0, tables: 0, drawn: [] };
}

/** A figure with its numbered caption; `caption` is text. */
export function writeFigure(counter: Counter, svg: string, caption: string): string {
  counter.figures++;
  counter.drawn.push({ number: `${counter.prefix}${counter.figures}`, svg, caption });
  return element('figure', {}, [
    svg,
    writeCaption('figcaption', `Figure ${counter.prefix}${counter.figures}`, caption),
  ]);
}

export interface Table {
  /** Text. */
  readonly caption: string;
  /** Texts; the first column holds the row headings. */
  readonly columns: readonly string[];
  readonly groups: readonly TableGroup[];
  /** Extra class names. */
  readonly kind?: string;
}

export interface TableGroup {
  /** A text above the group's rows. */
  readonly heading?: string;
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** Markup, one per column. */
  readonly cells: readonly string[];
  readonly marked?: boolean;
}

/** Tables up to this many rows stay on one printed page. */
const shortTable = 15;

/** A table with a numbered caption and scoped headings. */
export function writeTable(counter: Counter, table: Table): string {
  counter.tables++;
  const head = table.columns.map((column) => textElement('th', column, { scope: 'col' }));
  const bodies = table.groups.map((group) => {
    const heading =
      group.heading === undefined
        ? ''
        : element(
            'tr',
            { class: 'group' },
            textElement('th', group.heading, { scope: 'rowgroup', colspan: String(table.columns.length) }),
          );
    const rows = group.rows.map((row) =>
      element(
        'tr',
        { class: row.marked ? 'best' : undefined },
        row.cells.map((cell, i) => element(i === 0 ? 'th' : 'td', i === 0 ? { scope: 'row' } : {}, cell)),
      ),
    );
    return element('tbody', {}, [heading, ...rows]);
  });
  const rows = table.groups.reduce((sum, group) => sum + group.rows.length, 0);
  return element(
    'div',
    { class: rows <= shortTable ? 'table short' : 'table' },
    element('table', { class: table.kind }, [
      writeCaption('caption', `Table ${counter.prefix}${counter.tables}`, table.caption),
      element('thead', {}, element('tr', {}, head)),
      ...bodies,
    ]),
  );
}

/** A paragraph of text. */
export function writeParagraph(text: string, kind?: string): string {
  return textElement('p', text, { class: kind });
}

/** A list of texts. */
export function writeList(texts: readonly string[]): string {
  return element(
    'ul',
    {},
    texts.map((text) => textElement('li', text)),
  );
}

/** What can be folded away; print leaves it out while it is folded. */
export function writeDetails(summary: string, content: string, open = false): string {
  return element('details', { open: open ? 'open' : undefined }, [textElement('summary', summary), content]);
}

/** A numbered section: `id` is its anchor. */
export function writeSection(id: string, heading: string, content: readonly string[]): string {
  return element('section', { id }, [textElement('h2', heading), ...content]);
}

function writeCaption(tag: string, label: string, caption: string): string {
  return element(tag, {}, `${textElement('b', `${label}.`)} ${escapeText(caption)}`);
}
