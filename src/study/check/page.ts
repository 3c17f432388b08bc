import { element, textElement } from '../report/markup.js';
import { countFindings, type Finding } from './finding.js';
import { groupByParticipant } from './listing.js';

const styles = `
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 24px 64px; max-width: 900px; background: #fff; color: #1a1a1a;
  font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums lining-nums; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 40px 0 6px; padding-top: 10px; border-top: 1px solid #1a1a1a; font-size: 18px; }
h3 { margin: 0; font-size: 15px; }
p { margin: 4px 0; }
.byline { color: #404040; }
.counts { display: flex; gap: 0; margin: 16px 0; padding: 0; list-style: none; border: 1px solid #bfbfbf; }
.counts li { flex: 1; padding: 9px 14px; border-left: 1px solid #e0e0e0; }
.counts li:first-child { border-left: 0; }
.counts b { display: block; font-size: 22px; line-height: 1.2; }
.counts span { color: #404040; font-size: 12px; }
article { margin: 14px 0; padding: 10px 16px 12px; border: 1px solid #d9d9d9; border-left: 5px solid #8c8c8c; }
article.error { border-left-color: #b2182b; }
article.warning { border-left-color: #e69f00; }
article.mended { border-left-color: #009e73; }
.tag { display: inline-block; min-width: 78px; font-size: 11px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; }
.error .tag { color: #b2182b; }
.warning .tag { color: #7a5200; }
.mended .tag { color: #00664b; }
.place { color: #4d4d4d; font-size: 13px; overflow-wrap: anywhere; }
.cause { color: #404040; }
pre { margin: 8px 0 4px; padding: 8px 12px; background: #f4f4f4; font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
article svg { display: block; max-width: 100%; height: auto; margin-top: 6px; }
details { margin: 14px 0; }
summary { cursor: pointer; font-weight: 600; font-size: 14px; }
nav { font-size: 13.5px; }
nav a { color: #00548a; margin-right: 14px; white-space: nowrap; }
@media print { article { break-inside: avoid; } details:not([open]) { display: none; } }
`;

/** One page without script and without requests: every finding with its picture. @returns HTML that is well-formed XML apart from its doctype */
export function writeCheckPage(findings: readonly Finding[], path: string, date: string): string {
  const counts = countFindings(findings);
  const mended = findings.filter(({ mended_by }) => mended_by !== undefined).length;
  const groups = groupByParticipant(findings);
  const tiles = [
    [counts.error, 'errors: results would be wrong'],
    [counts.warning, 'warnings: results may be wrong'],
    [counts.note - mended, 'notes'],
    [mended, 'taken care of by the study'],
  ] as const;
  const head = element('head', {}, [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; style-src 'unsafe-inline'",
    }),
    textElement('title', `Check of ${path}`),
    element('style', {}, styles),
  ]);
  const body = element('body', {}, [
    textElement('h1', `Check of ${path}`),
    textElement('p', `genu check, ${date}`, { class: 'byline' }),
    element(
      'ul',
      { class: 'counts' },
      tiles.map(([count, label]) => element('li', {}, [textElement('b', String(count)), textElement('span', label)])),
    ),
    groups.length > 1
      ? element(
          'nav',
          {},
          groups.map(([name], i) => textElement('a', name === '' ? 'All' : name, { href: `#p${i}` })),
        )
      : '',
    findings.length === 0 ? textElement('p', 'Nothing was found.') : '',
    ...groups.map(([name, own], i) => writeGroup(name, own, `p${i}`)),
  ]);
  return `<!DOCTYPE html>\n${element('html', { lang: 'en', xmlns: 'http://www.w3.org/1999/xhtml' }, [head, body])}\n`;
}

function writeGroup(name: string, findings: readonly Finding[], id: string): string {
  const open = findings.filter(({ severity }) => severity !== 'note');
  const notes = findings.filter(({ severity, mended_by }) => severity === 'note' && mended_by === undefined);
  const mended = findings.filter(({ mended_by }) => mended_by !== undefined);
  const fold = (title: string, list: readonly Finding[]) =>
    list.length === 0
      ? ''
      : element('details', {}, [textElement('summary', `${title} (${list.length})`), ...list.map(writeArticle)]);
  return element('section', { id }, [
    name === '' ? '' : textElement('h2', name),
    ...open.map(writeArticle),
    open.length === 0 ? textElement('p', 'No error and no warning.') : '',
    fold('Taken care of by the study', mended),
    fold('Notes', notes),
  ]);
}

function writeArticle({ id, severity, where, what, cause, mend, yaml, mended_by, picture }: Finding): string {
  const tag = mended_by === undefined ? severity : 'mended';
  const place = [where.trial, where.file, where.channel].filter((part) => part !== undefined).join(' · ');
  return element('article', { class: tag }, [
    element('h3', {}, [textElement('span', tag, { class: 'tag' }), textElement('span', id)]),
    textElement('p', place, { class: 'place' }),
    textElement('p', what),
    ...(mended_by === undefined
      ? [textElement('p', `Likely cause: ${cause}`, { class: 'cause' }), textElement('p', mend)]
      : [textElement('p', `Taken care of by ${mended_by}.`, { class: 'cause' })]),
    yaml === undefined ? '' : textElement('pre', yaml),
    picture ?? '',
  ]);
}
