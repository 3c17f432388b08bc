import { GenuError } from '../../data/index.js';

/** One entry of a BibTeX file. */
export interface BibEntry {
  readonly key: string;
  /** E.g. `article`. */
  readonly type: string;
  /** Fields by their names in lower case, without braces and TeX accents. */
  readonly fields: ReadonlyMap<string, string>;
  /** The entry as it stands in the file. */
  readonly bibtex: string;
}

/**
 * Reads what of BibTeX references.bib uses: entries in braces with fields in braces or as bare words; text between entries is skipped.
 * @param file named in errors
 * @throws GenuError for an entry without its closing brace, a field without a value, a key given twice
 */
export function readBibliography(text: string, file = 'references.bib'): Map<string, BibEntry> {
  const entries = new Map<string, BibEntry>();
  for (const match of text.matchAll(/^@(\w+)\{\s*([^\s,]+)\s*,/gm)) {
    const [opening, type, key] = match;
    const end = findClosing(text, match.index + opening.indexOf('{'));
    if (end < 0)
      throw new GenuError(`the entry "${key}" is not closed.`, { where: file, mend: 'Its closing brace is missing.' });
    if (entries.has(key)) throw new GenuError(`the key "${key}" is given twice.`, { where: file, mend: 'Rename one.' });
    entries.set(key, {
      key,
      type: type.toLowerCase(),
      fields: readFields(text.slice(match.index + opening.length, end), key, file),
      bibtex: text.slice(match.index, end + 1),
    });
  }
  return entries;
}

function readFields(body: string, key: string, file: string): Map<string, string> {
  const fields = new Map<string, string>();
  const names = /\s*(\w+)\s*=\s*/y;
  for (let at = 0; at < body.length; ) {
    names.lastIndex = at;
    const name = names.exec(body);
    if (name === null) break;
    const start = names.lastIndex;
    const braced = body[start] === '{';
    const end = braced ? findClosing(body, start) : body.slice(start).search(/[,\s]|$/) + start;
    if (end < 0)
      throw new GenuError(`the field "${name[1]}" of "${key}" is not closed.`, {
        where: file,
        mend: 'Close its brace.',
      });
    fields.set(name[1].toLowerCase(), readText(body.slice(braced ? start + 1 : start, end)));
    at = braced ? end + 1 : end;
    while (at < body.length && /[,\s]/.test(body[at])) at++;
  }
  return fields;
}

/** Place of the brace that closes the one at `start`; −1 without one. */
function findClosing(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

/** Combining characters by their TeX commands. */
const accents: { readonly [mark: string]: string } = {
  '"': '\u0308',
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '~': '\u0303',
  c: '\u0327',
  v: '\u030c',
};

/** Text without TeX: accents composed, dashes, no braces. */
function readText(tex: string): string {
  const compose = (_: string, mark: string, letter: string) => (letter + accents[mark]).normalize('NFC');
  return tex
    .replace(/\{?\\(["'`^~])\{?\\?([A-Za-z])\}?\}?/g, compose)
    .replace(/\{?\\([cv])\{([A-Za-z])\}\}?/g, compose)
    .replace(/\\o\b\s?/g, 'ø')
    .replace(/\\L\b\s?/g, 'Ł')
    .replace(/\\url\{([^}]*)\}/g, '$1')
    .replace(/\\&/g, '&')
    .replace(/[{}]/g, '')
    .replaceAll('--', '–')
    .replace(/\s+/g, ' ')
    .trim();
}

/** An entry written out: `Hoerl AE, Kennard RW (1970). Ridge regression: … Technometrics 12(1):55–67. doi:10.1080/…`. */
export function writeReference({ fields }: BibEntry): string {
  const get = (name: string) => fields.get(name);
  const authors = get('author') ?? get('institution') ?? '';
  const where = get('journal') ?? get('booktitle') ?? get('publisher') ?? get('school') ?? get('institution');
  const volume = get('volume') && `${get('volume')}${get('number') ? `(${get('number')})` : ''}`;
  const numbers = [volume, get('pages')].filter((part) => part !== undefined).join(':');
  const source = [where, numbers].filter((part) => part !== undefined && part !== '').join(' ');
  const arxiv = get('eprint') && `arXiv:${get('eprint')}`;
  const links = [get('doi') && `doi:${get('doi')}`, !get('doi') && arxiv, get('howpublished')].filter(Boolean);
  const head = [authors === '' ? '' : writeAuthors(authors), get('year') ? `(${get('year')})` : ''];
  return [
    `${head.filter((part) => part !== '').join(' ')}.`,
    `${get('title') ?? ''}.`,
    source === '' ? '' : `${source}.`,
    ...links.map((link) => `${link}`),
  ]
    .filter((part) => part !== '' && part !== '.')
    .join(' ')
    .replaceAll('..', '.');
}

/** `Hoerl AE, Kennard RW`; of more than six the first three. */
function writeAuthors(authors: string): string {
  const people = authors.split(/\s+and\s+/).map((name) => {
    const [family, given = ''] = name.split(/,\s*/);
    const initials = given.replace(/[^\p{Lu}]/gu, '');
    return initials === '' ? family : `${family} ${initials}`;
  });
  return people.length > 6 ? `${people.slice(0, 3).join(', ')} et al.` : people.join(', ');
}
