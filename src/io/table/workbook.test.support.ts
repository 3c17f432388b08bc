import { strToU8, zipSync } from 'fflate';

/** A cell as the file holds it: a number, a text (shared), or raw XML from `<c` on. */
export type TestCell = number | string | { readonly raw: string } | undefined;

export interface TestSheet {
  readonly rows?: readonly (readonly TestCell[])[];
  /** In place of rows: the XML inside of sheetData. */
  readonly data?: string;
  /** XML behind sheetData. */
  readonly tail?: string;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a small workbook, to change before they are zipped. Style 1 is a date, style 2 a date of its own, style 3 a number. */
export function makeParts(sheets: Readonly<Record<string, TestSheet>>): Record<string, string> {
  const names = Object.keys(sheets);
  const texts: string[] = [];
  const share = (text: string) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1);
  const encode = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const parts = names.map((name): [string, string] => {
    const { rows = [], data, tail = '' } = sheets[name];
    const cell = (value: TestCell, r: number, c: number) => {
      const at = `${String.fromCharCode(65 + c)}${r + 1}`;
      if (value === undefined) return '';
      if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
      if (typeof value === 'string') return `<c r="${at}" t="s"><v>${share(value)}</v></c>`;
      return value.raw.replace('<c', `<c r="${at}"`);
    };
    const lines = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, r, c)).join('')}</row>`);
    return [name, `<worksheet xmlns="${main}"><sheetData>${data ?? lines.join('')}</sheetData>${tail}</worksheet>`];
  });
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${links}/${type}" Target="${target}"/>`;
  return {
    '_rels/.rels': `<Relationships>${relation('a', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${links}"><sheets>${names
      .map((name, i) => `<sheet name="${encode(name)}" sheetId="${i + 1}" r:id="s${i}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, i) => relation(`s${i}`, 'worksheet', `worksheets/sheet${i + 1}.xml`))
      .join(
        '',
      )}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('y', 'styles', '/xl/styles.xml')}</Relationships>`,
    ...Object.fromEntries(parts.map(([, xml], i) => [`xl/worksheets/sheet${i + 1}.xml`, xml])),
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${texts.map((text) => `<si><t>${encode(text)}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="164" formatCode="[$-407]d\\. mmm"/><numFmt numFmtId="165" formatCode="[Red]0.00&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
  };
}

export function zipParts(parts: Readonly<Record<string, string>>, level: 0 | 6 = 6): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), { level });
}

export const makeWorkbook = (sheets: Readonly<Record<string, TestSheet>>): Uint8Array => zipParts(makeParts(sheets));
