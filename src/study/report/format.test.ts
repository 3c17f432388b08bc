import { describe, expect, it } from 'vitest';
import { formatInterval, formatNumber, formatPercent, formatShort, formatSignificant, joinWords } from './format.js';
import { element, escapeText } from './markup.js';

describe('numbers', () => {
  it('have fixed decimals, a true minus and grouped thousands', () => {
    expect(formatNumber(-0.12345, 3)).toBe('−0.123');
    expect(formatNumber(-0.0001, 3)).toBe('0.000');
    expect(formatNumber(12345.6, 0)).toBe('12\u202f346');
    expect(formatNumber(1e12, 3)).toBe('1×10¹²');
    expect(formatPercent(0.0712, 1)).toBe('7.1\u202f%');
    expect(formatInterval([0.1, 0.2], 2)).toBe('0.10 to 0.20');
    expect(formatSignificant(0.000213, 2)).toBe('0.00021');
    expect(formatSignificant(-0.0000021, 2)).toBe('−2.1×10⁻⁶');
    expect(formatShort(-2.999)).toBe('−2.999');
    expect(formatShort(1000)).toBe('1000');
    expect(formatShort(0.5)).toBe('0.5');
  });

  it('that are missing are a dash', () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(formatNumber(value, 2)).toBe('–');
      expect(formatSignificant(value, 2)).toBe('–');
      expect(formatPercent(value, 2)).toBe('–');
      expect(formatInterval([value, 1], 2)).toBe('–');
    }
  });
});

describe('words and markup', () => {
  it('join', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(joinWords)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });

  it('escape', () => {
    expect(escapeText(`<a href="x" title='y'>&\u0000\ud800`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;\ufffd\ufffd',
    );
    expect(escapeText('knee 🦵')).toBe('knee 🦵');
    expect(element('p', { title: '"<' }, 'x')).toBe('<p title="&quot;&lt;">x</p>');
  });

  it('refuses a coordinate that is no number', () => {
    expect(() => element('line', { x1: Number.NaN })).toThrow('x1');
  });
});
