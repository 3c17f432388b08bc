import { element, textElement } from './markup.js';

/** Styles of the page; A4 rules at the end. No selector or value needs escaping in XHTML. */
const styles = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 28px 24px 64px; max-width: 848px; background: #fff; color: #1a1a1a;
  font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums lining-nums; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 44px 0 10px; padding-top: 10px; border-top: 1px solid #1a1a1a; font-size: 18px; line-height: 1.3; }
p { margin: 0 0 10px; }
a { color: #00548a; }
.kicker { margin: 0 0 4px; color: #595959; font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; }
.byline { margin: 4px 0 14px; color: #404040; }
.protocol { color: #404040; }
.banner { margin: 14px 0; padding: 12px 16px; border: 3px solid #d55e00; background: #fdf0e6; font-size: 16px; }
.banner strong { display: block; font-size: 18px; }
.facts { display: flex; flex-wrap: wrap; margin: 14px 0; padding: 0; list-style: none; border: 1px solid #bfbfbf; }
.facts li { flex: 1 1 120px; padding: 9px 14px; border-left: 1px solid #e0e0e0; margin-left: -1px; }
.facts b { display: block; font-size: 22px; line-height: 1.2; font-weight: 600; }
.facts span { display: block; color: #404040; font-size: 12px; line-height: 1.35; }
.summary { font-size: 16px; }
.answer { margin: 12px 0 18px; padding: 10px 16px 4px; border-left: 4px solid #0072B2; background: #f2f7fb; }
.answer p:first-of-type { font-weight: 600; }
h3 { margin: 0 0 6px; font-size: 16px; }
nav { margin: 16px 0 0; font-size: 13px; }
nav ol { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; padding: 0; list-style: none; }
figure { margin: 16px 0 22px; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption, caption { color: #333; font-size: 13px; line-height: 1.45; }
figcaption { margin-top: 6px; }
caption { caption-side: top; padding: 0 0 6px; text-align: left; }
.table { margin: 16px 0 22px; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; border-bottom: 1px solid #1a1a1a; font-size: 12.5px; line-height: 1.35; }
thead th { padding: 5px 6px; border-top: 1px solid #1a1a1a; border-bottom: 1px solid #1a1a1a; font-weight: 600; text-align: right; vertical-align: bottom; }
td, tbody th { padding: 3px 6px; text-align: right; vertical-align: top; font-weight: 400; }
thead th:first-child, tbody th { text-align: left; white-space: nowrap; }
tbody tr.group th { padding-top: 8px; border-top: 1px solid #d0d0d0; font-weight: 600; }
tbody:first-of-type tr.group th { border-top: 0; }
table.words td:last-child, table.words thead th:last-child { width: 44%; text-align: left; padding-left: 16px; }
table.words td:not(:last-child) { white-space: nowrap; }
table.words tbody th { min-width: 9em; white-space: normal; overflow-wrap: anywhere; }
tr.best td, tr.best th { font-weight: 700; }
td small { display: block; color: #4d4d4d; font-size: 10.5px; font-weight: 400; white-space: nowrap; }
table.numbers { font-size: 12px; }
table.numbers td { white-space: nowrap; }
pre { overflow-x: auto; font: 11px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.references { font-size: 13px; overflow-wrap: anywhere; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.92em; overflow-wrap: anywhere; }
.hash { font-size: 9.5px; white-space: nowrap; }
details { margin: 6px 0; padding: 0 0 0 12px; border-left: 3px solid #e0e0e0; }
summary { padding: 3px 0; cursor: pointer; font-weight: 600; font-size: 13.5px; }
.none { color: #595959; font-style: italic; }
.warnings { margin: 0; padding: 10px 14px; border: 2px solid #1a1a1a; list-style: none; }
.warnings li { margin: 4px 0; padding-left: 22px; text-indent: -22px; }
dl { margin: 10px 0; display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; font-size: 13.5px; }
dt { font-weight: 600; }
dd { margin: 0; }
.printed { display: none; color: #595959; font-size: 12px; }
footer { margin-top: 44px; padding-top: 8px; border-top: 1px solid #bfbfbf; color: #595959; font-size: 12px; }
@page { size: A4; margin: 15mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; line-height: 1.4; color: #000; }
  h1 { font-size: 18pt; }
  h2 { margin-top: 16pt; font-size: 12.5pt; page-break-after: avoid; break-after: avoid; }
  .summary { font-size: 10.5pt; }
  .banner { background: #fff; font-size: 10.5pt; page-break-inside: avoid; }
  .banner strong { font-size: 12pt; }
  .answer { background: #fff; page-break-inside: avoid; }
  nav { display: none; }
  a { color: #000; text-decoration: none; }
  figure, tr, .facts, .warnings li, dd { page-break-inside: avoid; break-inside: avoid; }
  tbody { page-break-inside: avoid; break-inside: avoid; }
  table.words tbody { page-break-inside: auto; break-inside: auto; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
  .short, caption { page-break-inside: avoid; break-inside: avoid; }
  caption { page-break-after: avoid; break-after: avoid; }
  table, table.numbers { font-size: 7.6pt; }
  td, tbody th, thead th { padding: 1.6pt 3pt; }
  td small { font-size: 6.4pt; }
  .hash { font-size: 6pt; }
  figcaption, caption { font-size: 8.5pt; }
  dl { font-size: 9pt; }
  details { border-left: 0; padding: 0; }
  summary { list-style: none; page-break-after: avoid; break-after: avoid; }
  details:not([open]) { display: none; }
  .printed { display: block; }
  svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

/** The whole document. `body` is markup; the document is well-formed XML too, apart from its doctype. */
export function writePage(title: string, body: readonly string[]): string {
  const head = element('head', {}, [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'robots', content: 'noindex' }),
    // Refuses every request, should a string ever slip through.
    element('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; style-src 'unsafe-inline'",
    }),
    textElement('title', title),
    element('style', {}, styles),
  ]);
  return `<!DOCTYPE html>\n${element('html', { lang: 'en' }, [head, element('body', {}, body)])}\n`;
}
