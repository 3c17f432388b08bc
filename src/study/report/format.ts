import type { Maybe } from './types.js';

/** Stands for a number that is not there. */
export const missing = '–';

const minus = '\u2212';
const narrowSpace = '\u202f';
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** True for a finite number. */
export function isNumber(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** `value` with that many decimals, a true minus sign and groups of thousands; "–" when it is missing. */
export function formatNumber(value: Maybe, decimals: number): string {
  if (!isNumber(value)) return missing;
  if (Math.abs(value) >= 1e9) return formatPower(value);
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const digits = fraction === undefined ? groupThousands(whole) : `${groupThousands(whole)}.${fraction}`;
  // A rounded zero has no sign.
  return value < 0 && /[1-9]/.test(digits) ? minus + digits : digits;
}

/** A number to as many significant digits, for quantities of unknown size. */
export function formatSignificant(value: Maybe, digits: number): string {
  if (!isNumber(value)) return missing;
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent > 8) return formatPower(value);
  return formatNumber(value, Math.max(0, digits - 1 - exponent));
}

/** A number to at most four significant digits, without the zeros that say nothing: `0.5`, `−2.999`. */
export function formatShort(value: Maybe): string {
  const text = formatSignificant(value, 4);
  return text.includes('.') && !text.includes('×') ? text.replace(/\.?0+$/, '') : text;
}

/** A fraction in per cent, e.g. 0.0712 as `7.1 %`. */
export function formatPercent(fraction: Maybe, decimals: number): string {
  return isNumber(fraction) ? `${formatNumber(100 * fraction, decimals)}${narrowSpace}%` : missing;
}

/** `0.104 to 0.121`; "–" unless both limits are there. */
export function formatInterval(interval: readonly [Maybe, Maybe] | null | undefined, decimals: number): string {
  if (!interval || !isNumber(interval[0]) || !isNumber(interval[1])) return missing;
  return `${formatNumber(interval[0], decimals)} to ${formatNumber(interval[1], decimals)}`;
}

/** `1 cycle`, `12 cycles`. */
export function formatCount(count: Maybe, one: string, many = `${one}s`): string {
  return `${formatNumber(count, 0)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function groupThousands(digits: string): string {
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, narrowSpace);
}

function formatPower(value: number): string {
  const [mantissa, exponent] = Math.abs(value).toExponential(1).split('e');
  const raised = exponent
    .replace('+', '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)]);
  return `${value < 0 ? minus : ''}${mantissa.replace('.0', '')}×10${raised}`;
}
