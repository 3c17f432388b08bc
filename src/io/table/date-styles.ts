import { walkXml } from './xml.js';
import type { Archive } from './zip.js';

/**
 * For every cell style, whether it shows its number as a date or time. Excel turns 1.3 into 1 March where a language writes dates so, and
 * only the style still tells.
 */
export function readDateStyles(archive: Archive, name: string | undefined, where: string): boolean[] {
  const part = name === undefined ? undefined : archive.read(name);
  if (part === undefined) return [];
  const own = new Map<number, boolean>();
  const formats: number[] = [];
  let inCells = false;
  walkXml(part, name!, where, {
    open(element, attributes) {
      if (element === 'cellXfs') inCells = true;
      else if (element === 'numFmt') {
        const { numFmtId, formatCode = '' } = attributes();
        own.set(Number(numFmtId), isDateFormat(formatCode));
      } else if (element === 'xf' && inCells) formats.push(Number(attributes().numFmtId ?? 0));
    },
    close(element) {
      if (element === 'cellXfs') inCells = false;
    },
  });
  return formats.map((id) => own.get(id) ?? isBuiltInDate(id));
}

/** ECMA-376-1, 18.8.30: the numbers of the formats for dates and times that need not be written down. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

function isDateFormat(code: string): boolean {
  // Texts in quotes, escaped characters and colours or conditions in brackets say nothing; [h] does.
  const bare = code.replace(/"[^"]*"|[\\_*].|\[(?![hms]+\])[^\]]*\]/gi, '');
  return /[dhmsy]/i.test(bare.replace(/general/gi, ''));
}
