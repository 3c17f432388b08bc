import { parseNumber } from './numbers.js';
import { type CellBudget, type CellRange, makeSheetBuilder, type OddCell, type Sheet } from './sheet.js';
import { walkXml } from './xml.js';
import { refuseDamage } from './zip.js';

/** What a worksheet needs beside its own bytes. */
export interface WorksheetContext {
  readonly name: string;
  /** Name of its part, for errors. */
  readonly part: string;
  readonly where: string;
  readonly texts: readonly string[];
  /** For every cell style, whether it shows a date. */
  readonly dates: readonly boolean[];
  readonly budget: CellBudget;
}

const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;

/**
 * Reads the cells of one worksheet (ECMA-376-1, 18.3): of a formula, the value it had when the file was saved.
 * @throws GenuError when the part is damaged or spreads too wide
 */
export function readWorksheet(bytes: Uint8Array, context: WorksheetContext): Sheet {
  const { name, part, where, texts, dates } = context;
  const builder = makeSheetBuilder(name, where, context.budget);
  const merged: CellRange[] = [];
  let hidden_rows = 0;
  let formulas = 0;
  let [row, column] = [-1, -1];
  let cell: Record<string, string> | undefined;
  let value = '';
  let hasFormula = false;
  let inValue = false;
  let phonetic = false;
  const damaged = (how: string) => refuseDamage(where, `in ${part}, ${how}`);

  walkXml(bytes, part, where, {
    open(element, attributes) {
      if (element === 'c') {
        cell = attributes();
        const [at, next] = cell.r === undefined ? [row, column + 1] : readReference(cell.r);
        // A cell that stands twice, or not in its row, would overwrite what was read before.
        if (at !== row || next <= column) throw damaged(`cell ${cell.r ?? next + 1} is out of order in row ${row + 1}`);
        column = next;
        value = '';
        hasFormula = false;
      } else if (element === 'v' || (element === 't' && !phonetic)) inValue = cell !== undefined;
      else if (element === 'row') {
        const { r, hidden } = attributes();
        const next = r === undefined ? row + 1 : Number(r) - 1;
        if (!(Number.isInteger(next) && next > row && next < MOST_ROWS))
          throw damaged(`row "${r ?? next + 1}" follows row ${row + 1}`);
        row = next;
        column = -1;
        if (hidden === '1' || hidden === 'true') hidden_rows++;
      } else if (element === 'f') {
        if (cell !== undefined) hasFormula = true;
      } else if (element === 'rPh') phonetic = true;
      else if (element === 'mergeCell') merged.push(readRange(attributes().ref ?? ''));
    },
    close(element) {
      if (element === 'v' || element === 't') inValue = false;
      else if (element === 'rPh') phonetic = false;
      else if (element === 'c' && cell !== undefined) {
        put(cell);
        cell = undefined;
      }
    },
    text(text) {
      if (inValue) value += text;
    },
  });
  return builder.finish({ merged, hidden_rows, formulas });

  function put({ t = 'n', s }: Record<string, string>): void {
    if (hasFormula) formulas++;
    const read = t === 'n' ? readPlain(s) : readTyped(t);
    if (read !== undefined) builder.put(row, column, read);
  }

  function readPlain(style: string | undefined): number | OddCell | undefined {
    if (value === '') return hasFormula ? { kind: 'formula', text: 'a formula without a value' } : undefined;
    const number = parseNumber(value, 'point');
    if (number === undefined) throw damaged(`row ${row + 1} holds "${value.slice(0, 40)}" as a number`);
    return style !== undefined && dates[Number(style)] ? { kind: 'date', text: value } : number;
  }

  function readTyped(type: string): OddCell | undefined {
    switch (type) {
      case 's': {
        const text = texts[Number(value)];
        if (value === '' || text === undefined)
          throw damaged(`row ${row + 1} refers to a text "${value}" that is not there`);
        return text.trim() === '' ? undefined : { kind: 'text', text: text.trim() };
      }
      case 'str':
      case 'inlineStr':
        return value.trim() === '' ? undefined : { kind: 'text', text: value.trim() };
      case 'e':
        return { kind: 'error', text: value };
      case 'b':
        return { kind: 'boolean', text: value === '1' ? 'TRUE' : 'FALSE' };
      case 'd':
        return { kind: 'date', text: value };
      default:
        throw damaged(`row ${row + 1} has a cell of the unknown type "${type}"`);
    }
  }

  /** Row and column, from 0, of a reference such as B5. */
  function readReference(reference: string): [number, number] {
    let at = 0;
    let letters = 0;
    for (let c = reference.charCodeAt(at); c >= 65 && c <= 90; c = reference.charCodeAt(++at)) {
      letters = letters * 26 + (c - 64);
    }
    let digits = 0;
    const start = at;
    for (let c = reference.charCodeAt(at); c >= 48 && c <= 57; c = reference.charCodeAt(++at)) {
      digits = digits * 10 + (c - 48);
    }
    const good = at === reference.length && at > start && letters > 0 && letters <= MOST_COLUMNS;
    if (!good || digits < 1 || digits > MOST_ROWS) throw damaged(`there is a cell "${reference.slice(0, 40)}"`);
    return [digits - 1, letters - 1];
  }

  function readRange(reference: string): CellRange {
    const [from, to = from] = reference.split(':');
    const [[top, left], [bottom, right]] = [readReference(from), readReference(to)];
    return { top, left, bottom, right };
  }
}
