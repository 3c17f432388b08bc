export type Decimal = 'point' | 'comma';

const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const MISSING = /^(?:|nan|n\/a|na|#n\/a|null)$/i;

/** The number a cell's text holds; NaN where it says that a value is missing; undefined where it is neither. */
export function parseNumber(text: string, decimal: Decimal): number | undefined {
  const trimmed = text.trim().replace(/^\u2212/, '-');
  if (decimal === 'point' ? POINT.test(trimmed) : COMMA.test(trimmed)) {
    const value = Number(decimal === 'point' ? trimmed : trimmed.replace(',', '.'));
    return Number.isFinite(value) ? value : undefined;
  }
  return MISSING.test(trimmed) ? Number.NaN : undefined;
}

const GROUPED = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+$/;

/** How the fractions of some cells are written; `ambiguous` names a cell such as 1,234, which may be a thousand or a fraction. */
export function findDecimal(cells: Iterable<string>): { decimal: Decimal } | { ambiguous: string } {
  let ambiguous: string | undefined;
  let comma = false;
  for (const cell of cells) {
    const text = cell.trim();
    if (text.includes('.') && POINT.test(text)) return { decimal: 'point' };
    if (!text.includes(',') || !(COMMA.test(text) || GROUPED.test(text))) continue;
    if (GROUPED.test(text)) ambiguous ??= text;
    else comma = true;
  }
  if (comma) return { decimal: 'comma' };
  return ambiguous === undefined ? { decimal: 'point' } : { ambiguous };
}

/** Why a text that should be a number is none, and how to mend it. */
export function explainNumber(text: string, decimal: Decimal): string {
  const digits = text.trim();
  if (decimal === 'point' && COMMA.test(digits) && !GROUPED.test(digits)) {
    return 'If the comma is the decimal sign, write decimal: comma in the declaration.';
  }
  if (/^[+-]?\d{1,3}([,.' \u00a0\u202f’]\d{3})+([.,]\d+)?$/.test(digits)) {
    return 'If it has separators between thousands, export it without; if the sign is the decimal one, say decimal: comma or decimal: point in the declaration.';
  }
  if (decimal === 'comma' && POINT.test(digits)) {
    return 'Fractions are written with a comma elsewhere; write decimal: point in the declaration if that is wrong.';
  }
  if (/^[+-]?inf(inity)?$/i.test(digits)) return 'Write NaN where a value is missing or beyond the range.';
  return 'If the rows above the numbers are headers, raise header_rows in the declaration; write NaN where a value is missing.';
}
