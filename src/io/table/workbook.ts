import { GenuError, listNearest } from '../../data/index.js';
import { readDateStyles } from './date-styles.js';
import { makeCellBudget, type Sheet } from './sheet.js';
import { readWorksheet } from './worksheet.js';
import { walkXml } from './xml.js';
import { type Archive, openArchive, refuseDamage } from './zip.js';

/** A workbook of which single sheets are read as they are asked for. */
export interface Workbook {
  readonly sheet_names: readonly string[];
  /** @throws GenuError when there is no such sheet (naming those there are), or it is damaged */
  read(sheet: string): Sheet;
}

/**
 * Opens an .xlsx workbook (Office Open XML, ECMA-376 part 1, section 18: SpreadsheetML, transitional or strict).
 * @throws GenuError for other kinds of workbooks, encrypted ones, and damaged ones
 */
export function openWorkbook(bytes: Uint8Array, where: string): Workbook {
  refuseOthers(bytes, where);
  const archive = openArchive(bytes, where);
  const need = (name: string) => {
    const part = archive.read(name);
    if (part === undefined) throw refuseDamage(where, `its part ${name} is missing`);
    return part;
  };
  const main = findMain(archive, where);
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const links = readLinks(archive, `${folder}_rels/${main.slice(folder.length)}.rels`, folder, where);
  const sheets = new Map<string, string>();
  walkXml(need(main), main, where, {
    open(name, attributes) {
      if (name !== 'sheet') return;
      const given = attributes();
      const id = Object.entries(given).find(([key]) => /(^|:)id$/.test(key) && key !== 'id')?.[1] ?? '';
      const target = links.get(id);
      if (target?.type === 'worksheet') sheets.set(given.name ?? '', target.part);
    },
  });
  if (sheets.size === 0)
    throw new GenuError('the workbook has no sheet with cells.', {
      where,
      mend: 'Check that it is the file you meant.',
    });
  const find = (type: string) => [...links.values()].find((link) => link.type === type)?.part;
  const budget = makeCellBudget();
  let shared: { readonly texts: readonly string[]; readonly dates: readonly boolean[] } | undefined;
  return {
    sheet_names: [...sheets.keys()],
    read(sheet) {
      const part = sheets.get(sheet);
      if (part === undefined) {
        throw new GenuError(`there is no sheet "${sheet}".`, {
          where,
          mend: `It has: ${listNearest(sheet, [...sheets.keys()])}.`,
        });
      }
      shared ??= {
        texts: readSharedTexts(archive, find('sharedStrings'), where),
        dates: readDateStyles(archive, find('styles'), where),
      };
      return readWorksheet(need(part), { ...shared, name: sheet, part, where, budget });
    },
  };
}

function refuseOthers(bytes: Uint8Array, where: string): void {
  const starts = (...head: number[]) => head.every((byte, i) => bytes[i] === byte);
  if (starts(0x50, 0x4b)) return;
  if (bytes.length === 0) throw new GenuError('the file is empty.', { where, mend: 'Copy or export it again.' });
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) {
    throw new GenuError('this is an old Excel workbook (.xls), or one with a password.', {
      where,
      mend: 'Open it and save it as an Excel workbook (.xlsx) without a password.',
    });
  }
  throw new GenuError('this is no .xlsx workbook.', {
    where,
    mend: 'If it is text, name it .csv; else open it in a spreadsheet program and save it as .xlsx.',
  });
}

function findMain(archive: Archive, where: string): string {
  const links = [...readLinks(archive, '_rels/.rels', '', where).values()];
  const main = links.find(({ type }) => type === 'officeDocument')?.part;
  if (main?.endsWith('.xml')) return main;
  const what = main?.endsWith('.bin')
    ? 'a binary workbook (.xlsb)'
    : archive.names.includes('content.xml')
      ? 'an OpenDocument file (.ods)'
      : 'a zip archive without a workbook in it';
  throw new GenuError(`this is ${what}.`, { where, mend: 'Open it in a spreadsheet program and save it as .xlsx.' });
}

interface Link {
  /** Last word of its type, e.g. `worksheet`. */
  readonly type: string;
  readonly part: string;
}

function readLinks(archive: Archive, name: string, folder: string, where: string): Map<string, Link> {
  const links = new Map<string, Link>();
  const part = archive.read(name);
  if (part === undefined) return links;
  walkXml(part, name, where, {
    open(element, attributes) {
      if (element !== 'Relationship') return;
      const { Id = '', Type = '', Target = '' } = attributes();
      const path = Target.startsWith('/') ? Target.slice(1) : `${folder}${Target}`;
      // ../ in a target leads out of the folder before it.
      const plain = path.replace(/(^|\/)\.\//g, '$1').replace(/[^/]+\/\.\.\//g, '');
      links.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), part: plain });
    },
  });
  return links;
}

/** Texts that cells refer to by number; the runs of a rich text are joined, phonetic guides left out. */
function readSharedTexts(archive: Archive, name: string | undefined, where: string): string[] {
  const texts: string[] = [];
  const part = name === undefined ? undefined : archive.read(name);
  if (part === undefined) return texts;
  let inText = false;
  let phonetic = false;
  walkXml(part, name!, where, {
    open(element) {
      if (element === 'si') texts.push('');
      else if (element === 'rPh') phonetic = true;
      else if (element === 't') inText = !phonetic && texts.length > 0;
    },
    close(element) {
      if (element === 't') inText = false;
      else if (element === 'rPh') phonetic = false;
    },
    text(text) {
      if (inText) texts[texts.length - 1] += text;
    },
  });
  return texts;
}
